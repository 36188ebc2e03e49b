"""Apps as people write them for Chainlit, unchanged, and what their users see.

Each is driven through the real protocol. That together they use every name that Chainlit has is a test, too.
"""

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import anychat as cl
from anychat import names
from anychat.names import CHAINLIT
from anychat.protocol import MessageItem, TurnRecord
from anychat.testing import ChatDriver
from anychat.turn import Turn

APPS = Path(__file__).parents[1] / "apps"


@pytest.fixture(autouse=True)
def nothing_said_yet() -> Iterator[None]:
    names.say_once.cache_clear()
    yield
    names.say_once.cache_clear()


def steps(turn: Turn) -> list[tuple[int, str, str, str]]:
    """What readers see of a turn's steps: how deep, type, name, output."""
    depth: dict[str | None, int] = {}
    for step in turn.steps:
        depth[step.id] = depth.get(step.owner, -1) + 1
    return [(depth[step.id], step.type, step.name, step.content) for step in turn.steps]


def texts(turn: Turn | TurnRecord) -> list[str]:
    """What was said in a turn after the message that began it."""
    items = turn.messages if isinstance(turn, Turn) else turn.items
    return [item.content for item in items if isinstance(item, MessageItem) and item.id != turn.id]


async def test_an_agent_whose_tools_use_tools_shows_what_it_did() -> None:
    async with ChatDriver(cl.load(APPS / "research_agent.py")) as user:
        turn = await user.send("about bees and yaks")
        assert [message.content for message in turn.messages] == [
            "Nothing is known of about.",
            "Nothing is known of yaks.",
            "Bees dance. Bees count to four.\n\n(Plan: about, bees, yaks)",
        ]
        assert steps(turn) == [
            (0, "run", "Plan", '[\n    "about",\n    "bees",\n    "yaks"\n]'),
            (0, "tool", "research", "Nothing is known of about."),
            (1, "retrieval", "Library", "[]"),
            (0, "tool", "research", "Bees dance. Bees count to four."),
            (1, "retrieval", "Library", '[\n    "Bees dance.",\n    "Bees count to four."\n]'),
            (0, "tool", "research", "Nothing is known of yaks."),
            (1, "retrieval", "Library", "[]"),
            (0, "llm", "Writer", "- Bees dance. Bees count to four.\n"),
        ]


async def test_answers_bring_the_passages_that_they_rest_on() -> None:
    async with ChatDriver(cl.load(APPS / "sources.py")) as user:
        turn = await user.send("How many days of holidays?")
        (answer,) = turn.messages
        assert answer.content == (
            "Everybody has thirty days of holidays each year. \n\nSources: Holidays, handbook.pdf"
        )
        assert not answer.streaming
        assert [(step[:3]) for step in steps(turn)] == [
            (0, "retrieval", "retrieve"),
            (1, "embedding", "embed"),
            (0, "rerank", "rerank"),
        ]
        passage, handbook = user.elements
        assert (passage.type, passage.name, passage.display, passage.content, passage.for_id) == (
            "text", "Holidays", "side", "Everybody has thirty days of holidays each year.", answer.id,
        )  # fmt: skip
        assert (handbook.type, handbook.display, handbook.mime) == ("pdf", "page", "application/pdf")
        assert handbook.page == 2
        assert await user.fetch(handbook) == b"%PDF-1.4 the handbook"
        assert (await user.send("xx")).text == "The handbook says nothing about that."


async def test_a_drawer_of_files_of_every_kind() -> None:
    async with ChatDriver(cl.load(APPS / "media.py")) as user:
        await user.send("picture poster sound film paper code archive")
        assert [(each.name, each.type, each.mime, each.display, each.size) for each in user.elements] == [
            ("picture", "image", "image/png", "inline", "small"),
            ("poster", "image", "image/png", "page", "medium"),
            ("sound", "audio", "audio/wav", "inline", None),
            ("film", "video", "video/mp4", "inline", "medium"),
            ("paper", "pdf", "application/pdf", "side", None),
            ("code", "text", "text/plain", "inline", None),
            ("media.py", "file", "text/x-python", "inline", None),
        ]
        picture, poster, *_, archive = user.elements
        assert (await user.fetch(picture)).startswith(b"\x89PNG")
        assert (poster.url, poster.asset) == ("https://example.org/poster.png", None)
        assert await user.fetch(archive) == (APPS / "media.py").read_bytes()


async def test_files_are_taken_away_and_come_later() -> None:
    async with ChatDriver(cl.load(APPS / "media.py")) as user:
        turn = await user.send("archive, away, and one later")
        assert [(each.name, each.for_id) for each in user.elements] == [("code", turn.messages[0].id)]


async def test_words_are_changed_taken_back_and_kept() -> None:
    async with ChatDriver(cl.load(APPS / "debate.py")) as user:
        turn = await user.send("Is it?")
        assert [(each.author, each.type, each.content, each.language) for each in turn.messages] == [
            ("Assistant", "system_message", "The question: Is it?", None),
            ("Ada", "assistant_message", "Yes, mostly.", None),
            ("Ada", "assistant_message", "Agreed.", None),
            ("Assistant", "assistant_message", '{\n    "said": 4,\n    "last": "Agreed."\n}', "json"),
        ]
        assert user.session.chat_context == {}


async def test_expenses_are_asked_for_approved_and_taken_back() -> None:
    async with ChatDriver(cl.load(APPS / "expenses.py")) as user:
        turn = await user.send("Taxi")
        assert [ask.content for ask in user.pending_asks] == ["What did Taxi cost?"]
        await user.answer("120")
        assert [button.content for button in user.actions] == ["Total", "Approve", "Refuse"]
        await user.click("Approve")
        assert texts(turn) == [
            "What did Taxi cost?",
            "120 for Taxi: does your manager approve?\n\n**Selected:** Approve",
            "Taxi is booked.",
        ]
        assert [button.content for button in user.actions] == ["Total", "Undo"]

        await user.click("Total")
        await user.click("Undo")
        await user.click("Total")
        assert [message.content for message in user.messages if "Total" in message.content] == [
            "Total: 120",
            "Total: 0",
        ]
        assert [button.content for button in user.actions] == ["Total"]


async def test_what_is_refused_is_not_booked() -> None:
    async with ChatDriver(cl.load(APPS / "expenses.py")) as user:
        turn = await user.send("Yacht")
        await user.answer("9000")
        await user.click("Refuse")
        assert turn.text.endswith("Yacht was refused.")
        assert user.state.booked == []


async def test_a_quiz_begins_the_chat() -> None:
    async with ChatDriver(cl.load(APPS / "quiz.py")) as user:
        await user.answer("6")
        await user.answer("4")
        assert [(button.name, button.content, button.icon) for button in user.actions] == [
            ("again", "", "repeat"),
            ("enough", "", None),
        ]
        await user.click(user.actions[0])
        assert [(message.author, message.content) for message in user.messages] == [
            ("Master", "How many legs has a bee?"),
            ("User", "6"),
            ("Assistant", "Right."),
            ("Master", "How many eyes has a bee?"),
            ("User", "4"),
            ("Assistant", "Wrong."),
            ("Assistant", "1 of 2. Again?\n\n**Selected:** again"),
        ]
        assert user.state.again == "again"


async def test_a_crawlers_tasks_grow_and_are_worked_off() -> None:
    async with ChatDriver(cl.load(APPS / "crawler.py")) as user:
        turn = await user.send("/")
        assert texts(turn) == ["/ has 2 links.", "/about has 0 links.", "/shop has 1 links."]
        (tasks,) = user.elements
        links = [message.id for message in turn.messages]
        assert json.loads(tasks.content) == {
            "status": "Done",
            "tasks": [
                {"title": "Read /", "status": "done", "forId": links[0]},
                {"title": "Read /about", "status": "done", "forId": links[1]},
                {"title": "Read /shop", "status": "done", "forId": links[2]},
                {"title": "Read /broken", "status": "failed", "forId": None},
            ],
        }


async def test_a_draft_stands_beside_the_conversation() -> None:
    async with ChatDriver(cl.load(APPS / "canvas.py")) as user:
        await user.send("one")
        await user.send("two")
        assert (user.sidebar.title, user.sidebar.key) == ("Draft", "draft-2")
        assert [(each.name, each.content) for each in user.sidebar.elements] == [
            ("draft", "one\ntwo"),
            ("notes", "2 lines"),
        ]
        await user.send("close")
        assert user.sidebar.elements == []


async def test_a_table_is_asked_for_and_explored() -> None:
    async with ChatDriver(cl.load(APPS / "csv_explorer.py"), uploads=True) as user:
        (ask,) = user.pending_asks
        assert (ask.content, ask.accept, ask.max_files, ask.max_size_mb) == (
            "Please upload a CSV file.", [".csv"], 2, 1.0,
        )  # fmt: skip
        await user.answer(files=[await user.upload(b"age,size\n30,170\n40,180\n", "people.csv", ask=ask)])
        assert user.messages[-1].content == "`people.csv` has 2 rows."

        assert (await user.send("age")).text == "The mean of age is 35."
        *_, line, histogram = user.elements
        assert (line.type, line.size, line.content[:1]) == ("plotly", "small", "{")
        assert (histogram.type, histogram.mime) == ("image", "image/png")

        assert (await user.send("shoes")).text == "Columns: age, size"
        table = user.elements[-1]
        assert (table.type, table.size) == ("dataframe", "large")
        assert json.loads(table.content)["data"] == [[30, 170], [40, 180]]

        again = await user.upload(b"year\n2030\n", "years.csv")
        assert (await user.send("year", files=[again])).text == "The mean of year is 2030."


async def test_a_card_of_ones_own_is_filled_in_and_changed_from_both_sides() -> None:
    async with ChatDriver(cl.load(APPS / "ticket.py")) as user:
        turn = await user.send("Printer")
        card, form = user.elements
        assert (card.name, form.name, json.loads(form.content)) == (
            "Ticket", "TicketForm", {"fields": ["owner", "urgent"]},
        )  # fmt: skip
        await user.submit_element(form, {"owner": "Ada"})
        assert json.loads(texts(turn)[-1]) == {"title": "Printer", "status": "open", "owner": "Ada"}

        (card,) = user.elements
        assert await user.call_action(card, "close_ticket", {"status": "closed"}) == {"closed": True}
        (card,) = user.elements
        assert json.loads(card.content)["status"] == "closed"


async def test_a_card_that_nobody_fills_in() -> None:
    async with ChatDriver(cl.load(APPS / "ticket.py")) as user:
        turn = await user.send("Printer")
        await user.submit_element(user.elements[1], None)
        assert texts(turn)[-1] == "Nobody, then."


# ── What the user is offered ─────────────────────────────────────────────────────────────────────


async def test_a_form_is_filled_in_beside_the_chat() -> None:
    async with ChatDriver(cl.load(APPS / "trip_form.py")) as user:
        tabs = user.offers.settings
        assert [(tab.type, tab.label, [field.type for field in tab.inputs]) for tab in tabs] == [
            ("tab", "Where", ["select", "radio", "multiselect", "tags"]),
            ("tab", "Who", ["textinput", "numberinput", "slider", "switch", "checkbox", "datepicker"]),
        ]
        assert user.messages[0].content == "A trip to Spain. Change it in the settings."

        await user.edit_settings(means="plane")
        (budget,) = [field for field in user.offers.settings[1].inputs if field.id == "budget"]
        assert budget.value == 2000

        await user.update_settings(country="Japan", people=3)
        assert user.messages[-1].content == "Planned: Japan by train."
        assert user.state.trips == ["Japan"]
        assert (await user.send("when?")).text == "3 people to Japan, 2030-05-01"


async def test_a_help_desk_has_profiles_starters_commands_and_modes() -> None:
    async with ChatDriver(cl.load(APPS / "help_desk.py")) as user:
        offers = user.offers
        assert [profile.name for profile in offers.profiles] == ["Printers", "Networks"]
        assert [(starter.label, starter.command) for starter in user.starters] == [
            ("Paper jam", None),
            ("Find a driver", "Search"),
        ]
        assert [(command.id, command.button, command.persistent) for command in offers.commands] == [
            ("Search", True, True),
            ("Draw", False, False),
        ]
        assert [(mode.id, mode.default) for mode in offers.modes] == [("model", "large")]
        assert user.messages[0].content == "This is Printers."
        assert (await user.send("a driver", command="Search")).text == "Large Search: a driver"

        await user.restart(profile="Networks")
        assert user.messages[0].content == "This is Networks."
        assert [starter.label for starter in user.starters] == ["Slow?"]
        assert (await user.send("a cable", command="Draw", modes={"model": "small"})).text == "Small Draw: a cable"
        assert user.offers.commands == []
        assert [(toast.message, toast.kind) for toast in user.toasts] == [("That was the only picture.", "warning")]


async def test_recipes_in_groups_and_a_reminder_after_the_answer() -> None:
    async with ChatDriver(cl.load(APPS / "recipes.py"), user="Ada") as user:
        assert [(group.label, [starter.label for starter in group.starters]) for group in user.offers.starters] == [
            ("Sweet", ["Cake"]),
            ("Salty", ["Soup"]),
        ]
        turn = await user.send(user.starters[1].message)
        assert texts(turn) == ["Put your soup on the fire."]
        await user.until(lambda user: len(user.messages) == 3)
        assert texts(turn)[-1] == "Look after your soup!"


# ── Models and frameworks ────────────────────────────────────────────────────────────────────────


async def test_calls_of_the_openai_client_are_steps() -> None:
    async with ChatDriver(cl.load(APPS / "openai_client.py")) as user:
        await user.send("hi")
        turn = await user.send("ho")
        assert turn.text == "3 messages, 'ho' is the last"
        assert steps(turn) == [(0, "llm", "parrot-1", "3 messages, 'ho' is the last")]


async def test_calls_of_mistrals_client_are_steps() -> None:
    async with ChatDriver(cl.load(APPS / "mistral_client.py")) as user:
        turn = await user.send("hi")
        assert (turn.text, steps(turn)) == ("HI", [(0, "llm", "parrot-2", "HI")])


async def test_what_a_model_was_asked_is_kept_with_its_step() -> None:
    async with ChatDriver(cl.load(APPS / "generations.py")) as user:
        turn = await user.send("abc")
        assert turn.text == "cba abc..."
        assert steps(turn) == [(0, "llm", "chat", "cba"), (0, "llm", "complete", "abc...")]


async def test_runs_of_a_langchain_chain_are_steps() -> None:
    async with ChatDriver(cl.load(APPS / "langchain_chain.py")) as user:
        turn = await user.send("which bee?")
        assert turn.text == "It is the honey bee."
        assert ("llm", "It is the honey bee.") in [(type, output) for _, type, _, output in steps(turn)]
        assert (await user.send("now what?")).text == "It dances."


async def test_a_langchain_handler_streams_the_final_answer() -> None:
    async with ChatDriver(cl.load(APPS / "langchain_streaming.py")) as user:
        assert (await user.send("the answer")).text.strip() == "42 bees"
        assert (await user.send("all of it")).text == "I have an idea. Final Answer: 42 bees"


async def test_what_a_llama_index_engine_does_are_steps() -> None:
    async with ChatDriver(cl.load(APPS / "llama_index_query.py")) as user:
        turn = await user.send("who dances?")
        assert turn.text != ""
        assert {"tool", "llm"} <= {type for _, type, _, _ in steps(turn)}


async def test_without_semantic_kernel_an_app_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "semantic_kernel", None)
    async with ChatDriver(cl.load(APPS / "semantic_kernel_filter.py")) as user:
        assert [message.content for message in user.messages] == ["Semantic Kernel is not installed."]
        assert (await user.send("hm")).text == "hm"


# ── What belongs to a server, a store, a microphone ──────────────────────────────────────────────


async def test_doors_of_a_server_are_accepted_and_stay_closed() -> None:
    with pytest.warns(UserWarning, match="has no effect in a notebook"):
        app = cl.load(APPS / "accounts.py")
    async with ChatDriver(app, user="ada") as user:
        assert (await user.send("?")).text == "Assistant greets ada."


async def test_editions_of_an_app_are_profiles() -> None:
    async with ChatDriver(cl.load(APPS / "editions.py"), user="ada") as user:
        assert [offer.label for offer in user.offers.profiles] == ["Free", "Pro"]
        assert (await user.send("?")).text.startswith("free in ")


async def test_an_app_for_mcp_servers_runs_without_one() -> None:
    with pytest.warns(UserWarning, match="connect in `on_chat_start`"):
        app = cl.load(APPS / "mcp_tools.py")
    async with ChatDriver(app) as user:
        assert (await user.send("?")).text == "0 servers are connected."


async def test_names_come_from_their_own_modules_too() -> None:
    async with ChatDriver(cl.load(APPS / "plain_names.py")) as user:
        assert (await user.send("?")).text == "[2, True, True] 1"


async def test_a_store_is_found_and_a_conversation_taken_up_again() -> None:
    with pytest.warns(UserWarning, match="cl.(data_layer|password_auth_callback) has no effect"):
        app = cl.load(APPS / "resume.py")
    async with ChatDriver(app) as user:
        assert (await user.send("where?")).text == "1: where?\n\nMemory"
        said = user.messages
    async with ChatDriver(app, messages=said) as user:
        assert user.messages[-1].content == "Welcome back! You said 1 things."
        assert (await user.send("more")).text == "2: more"


async def test_thumbs_are_counted() -> None:
    async with ChatDriver(cl.load(APPS / "thumbs.py")) as user:
        assert (await user.send("?")).text == "0 up, 0 down"
        await user.feedback(user.messages[-1], 1)
        assert (await user.send("?")).text == "1 up, 0 down"


async def test_a_voice_assistant_can_be_written_to() -> None:
    with pytest.warns(UserWarning, match="The page has no microphone"):
        app = cl.load(APPS / "voice.py")
    async with ChatDriver(app) as user:
        assert (await user.send("hello")).text == "You write 'hello' instead of saying it."


# ── All together ─────────────────────────────────────────────────────────────────────────────────


def test_together_they_use_every_name_that_chainlit_has() -> None:
    used = {name for path in APPS.rglob("*.py") for name in used_names(ast.parse(path.read_text("utf-8")))}
    assert set(CHAINLIT) - used == set()


def used_names(tree: ast.Module) -> Iterator[str]:
    """What a script takes from Chainlit: as ``cl.name``, or by an import."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="cl" | "chainlit"), attr=name):
                yield name
            case ast.ImportFrom(module=str(module), names=aliases) if module.partition(".")[0] == "chainlit":
                yield from (alias.name for alias in aliases)
