"""What Chainlit's own tests state of its behaviour, by area, and which test of ours says the same.

Where anychat differs on purpose, the README says so under "Differences from Chainlit"; the words are quoted here.
"""

import ast
from pathlib import Path

import pytest

UNIT = Path(__file__).parent
README = UNIT.parents[1] / "README.md"

# fmt: off
CONTRACT = {
    "context": {
        "outside, it raises": "contract_messages::outside_of_a_callback_there_is_no_context_and_the_error_says_so",
        "tasks and threads have it": "contract_messages::tasks_and_threads_of_a_callback_know_its_session",
    },
    "user session": {
        "set, get, default, mirrored keys": "contract_messages::the_user_session_keeps_and_mirrors",
        "reserved keys are kept": "state::reserved_keys_read_through_to_the_session",
        "an accessor": "state::an_accessor_keeps_one_key",
    },
    "messages": {
        "any content": "contract_messages::any_content_is_text_and_says_what_language_it_is_in",
        "defaults": "contract_messages::what_is_not_given_is_filled_in",
        "to_dict and from_dict": "contract_messages::a_message_becomes_a_dict_and_comes_back",
        "update and remove": "contract_messages::a_message_is_updated_and_taken_back",
        "tokens, sequences, empty tokens": "contract_messages::a_stream_ignores_empty_tokens_and_a_sequence_replaces",
        "None as content": "contract_messages::no_content_is_shown_as_nothing",
        "author rename": "app::the_app_says_what_authors_are_called_however_they_speak",
        "actions are sent": "actions::a_click_gives_the_callback_a_fresh_action_with_its_payload",
        "elements are sent": "elements::an_element_stands_below_its_message_and_its_bytes_come_when_asked_for",
        "remove on an ask clears it": "asks::a_question_that_is_removed_is_answered_with_nothing",
    },
    "asks": {
        "text": "asks::the_answer_has_chainlits_form_and_models_hear_question_and_answer",
        "action: selected": "asks::a_click_on_one_of_its_buttons_answers_and_runs_no_callback",
        "action: timed out": "asks::buttons_that_nobody_clicks_go_and_the_message_says_so",
        "timeout gives None": "asks::who_does_not_answer_in_time_is_waited_for_no_more",
        "timeout raises": "asks::a_timeout_can_raise_the_built_in_error",
    },
    "steps": {
        "defaults, input, output": "steps::a_step_shows_what_goes_in_and_comes_out",
        "conversion": "steps::anything_can_go_in_and_come_out",
        "to_dict": "steps::a_step_as_a_dict_has_the_keys_of_chainlit",
        "send, update, remove": "steps::a_step_without_a_block_is_sent_changed_and_removed",
        "streams on both sides": "steps::both_sides_stream",
        "an exception marks it and goes on": "steps::an_error_is_shown_in_its_step_and_goes_on",
        "nesting": "steps::steps_nest_wherever_they_are_begun",
        "the decorator": "steps::a_decorated_function_shows_its_arguments_and_what_it_returns",
        "its errors": "steps::an_error_in_a_decorated_function_is_that_of_the_call",
        "unique ids": "steps::no_two_calls_share_an_id",
        "hidden mode": "steps::an_app_says_which_steps_readers_see",
    },
    "callbacks": {
        "decorators register and give back": "contract_messages::a_decorator_gives_its_function_back",
        "sync and async, no arguments": "conversation::whatever_a_handler_gives_is_one_finished_message",
        "defaults": "contract_messages::callbacks_take_as_much_as_they_like",
        "exceptions": "An error in any callback is shown in the chat",
        "it ends once, also on error": "conversation::an_error_is_shown_at_its_turn_and_the_chat_goes_on",
    },
    "chat context": {
        "copies, doubles, add, remove, clear, roles":
            "contract_messages::the_history_is_a_copy_without_doubles_that_can_be_changed",
        "isolation": "contract_messages::each_session_has_a_history_of_its_own",
        "outside, it is empty": "Outside of a callback",
    },
}
# fmt: on


@pytest.mark.parametrize("area", CONTRACT)
def test_each_behaviour_has_a_test_or_the_readme_says_how_it_differs(area: str) -> None:
    readme = " ".join(README.read_text("utf-8").partition("## Differences from Chainlit")[2].split())
    for behaviour, where in CONTRACT[area].items():
        file, is_test, name = where.partition("::")
        found = name in names_in(file) if is_test else where in readme
        assert found, f"{behaviour}: {where}"


def names_in(file: str) -> set[str]:
    """The names of the tests in a file beside this one."""
    tree = ast.parse((UNIT / f"test_{file}.py").read_text("utf-8"))
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return {function.name.removeprefix("test_") for function in functions}
