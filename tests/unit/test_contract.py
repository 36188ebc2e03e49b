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
        "files, with paths": "ask_files::the_callback_gets_files_that_lie_on_its_disk",
        "no files": "ask_files::no_files_and_no_time_are_none",
        "limits": "ask_files::each_question_has_limits_of_its_own_whatever_the_app_takes",
        "element: submitted, cancelled": "custom_elements::a_question_is_answered_with_an_element",
        "element: timed out": "custom_elements::a_question_with_an_element_may_time_out",
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
    "elements": {
        "need a source": "elements::an_element_needs_something_to_show",
        "dict form": "elements::dicts_have_chainlits_keys_and_come_back",
        "type by MIME": "elements::the_type_of_a_mime",
        "remove": "elements::an_element_can_be_sent_for_a_message_and_taken_back",
        "displays": "apps::a_drawer_of_files_of_every_kind",
        "task list": "elements::a_task_list_is_shown_where_it_was_sent_and_follows_its_updates",
        "props of custom elements": "custom_elements::props_are_what_json_has",
        "update of custom elements": "custom_elements::a_change_in_python_reaches_the_page",
        "pandas as polars": "elements::tables_of_pandas_and_polars_are_the_same",
        "dates become text": "elements::what_json_has_not_is_text_in_a_table",
        "wrong data": "elements::only_tables_are_tables",
    },
    "actions": {
        "dict and back, unique ids": "actions::it_is_a_dict_and_back_as_in_chainlit",
        "several sends": "actions::one_action_may_be_shown_below_several_messages",
        "any payload": "actions::the_payload_may_be_anything_and_never_leaves_the_kernel",
    },
    "sidebar": {
        "title, elements in order": "elements::the_sidebar_shows_elements_in_order_and_their_updates",
        "key": "elements::a_sidebar_with_the_same_key_stays_until_it_is_closed",
        "empty list": "apps::a_draft_stands_beside_the_conversation",
    },
    "cache": {
        "one call per arguments, order of keywords": "cache::it_is_called_once_for_each_set_of_arguments",
        "threads": "cache::threads_that_ask_at_once_wait_for_one_call_and_others_do_not_wait",
        "errors": "cache::an_error_is_not_kept",
        "names": "cache::functions_of_the_same_name_are_kept_apart",
        "unhashable": "cache::arguments_must_be_hashable_and_the_function_sync",
    },
    "files": {
        "types": "files::the_bytes_decide_what_is_accepted",
        "sizes": "files::a_file_that_is_too_large_is_refused_before_it_is_sent",
        "numbers": "files::too_many_files_are_refused_with_their_message",
        "another session": "files::a_file_for_an_earlier_conversation_is_not_taken_by_the_next",
    },
    "langchain, llama_index": {
        "run types, nesting": "langchain::runs_nest_as_they_are_run_and_glue_is_left_out",
        "ignore filters": "langchain::what_is_ignored_and_what_is_kept_can_be_said",
        "error path": "langchain::what_fails_is_a_step_that_failed",
        "final answer": "langchain::the_final_answer_is_streamed_after_its_prefix",
        "events": "llama_index::a_query_is_a_step_with_its_retrieval_and_the_call_of_the_model",
    },
    "life": {
        "on_chat_start once": "conversation::a_session_starts_once_and_ends_once",
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
    """The names of the tests in a file beside this one, or of those with other packages."""
    paths = [folder / f"test_{file}.py" for folder in (UNIT, UNIT.parent / "frameworks")]
    tree = ast.parse(next(path for path in paths if path.exists()).read_text("utf-8"))
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return {function.name.removeprefix("test_") for function in functions}
