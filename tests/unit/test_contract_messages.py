"""Messages, callbacks and their context keep what Chainlit's own tests state of them."""

import asyncio
import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

import anychat as cl
from anychat.errors import ContextError
from anychat.testing import ChatDriver
from anychat.turn import Turn


class Odd:
    """An object that JSON does not know."""

    def __str__(self) -> str:
        return "odd"


async def run(callback: Callable[..., Any]) -> Turn:
    """Send a message to an App with this callback; returns its turn, which has not failed."""
    async with ChatDriver(callback) as user:
        turn = await user.send("go")
        assert turn.error is None
        return turn


# ── Messages ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("content", "text", "language"),
    [
        ("**bold**", "**bold**", "python"),
        ({"a": ["é"]}, '{\n    "a": [\n        "é"\n    ]\n}', "json"),
        ({"a": Odd}, str({"a": Odd}), "text"),
        (7, "7", "text"),
        (None, "None", "text"),
        ([1, 2], "[1, 2]", "text"),
        (Odd(), "odd", "text"),
    ],
)
async def test_any_content_is_text_and_says_what_language_it_is_in(content: object, text: str, language: str) -> None:
    async def reply() -> None:
        await cl.Message(content, language="python").send()

    (message,) = (await run(reply)).messages
    assert (message.content, message.language) == (text, language)


async def test_what_is_not_given_is_filled_in() -> None:
    sent: list[cl.Message] = []

    async def reply() -> None:
        sent.append(await cl.Message("hello").send())

    (shown,) = (await run(reply)).messages
    (message,) = sent
    assert (message.author, message.type, message.metadata, message.tags) == (
        "Assistant",
        "assistant_message",
        {},
        None,
    )
    assert (message.id, message.created_at) == (shown.id, shown.created_at)
    assert message.streaming is False


async def test_a_message_becomes_a_dict_and_comes_back() -> None:
    dicts: list[dict[str, Any]] = []

    async def reply() -> None:
        dicts.append({"threadId": cl.context.session.thread_id})
        given = cl.Message(
            "hello", author="Ada", language="text", type="system_message", metadata={"a": 1}, tags=["x"], id="1",
            parent_id="2", command="Search", modes={"model": "small"}, created_at="2030-01-01T00:00:00Z",
        )  # fmt: skip
        dicts.append(given.to_dict())
        dicts.append(cl.Message.from_dict(json.loads(json.dumps(given.to_dict()))).to_dict())
        dicts.append(cl.Message.from_dict({"output": "hello", "id": "3", "createdAt": "now"}).to_dict())

    await run(reply)
    session, given_dict, again, least = dicts
    assert given_dict == again
    assert given_dict == {
        "id": "1", **session, "parentId": "2", "createdAt": "2030-01-01T00:00:00Z",
        "command": "Search", "modes": {"model": "small"}, "start": "2030-01-01T00:00:00Z",
        "end": "2030-01-01T00:00:00Z", "output": "hello", "name": "Ada", "type": "system_message", "language": "text",
        "streaming": False, "isError": False, "waitForAnswer": False, "metadata": {"a": 1}, "tags": ["x"],
    }  # fmt: skip
    assert (least["id"], least["name"], least["type"]) == ("3", "Assistant", "assistant_message")


async def test_a_message_is_updated_and_taken_back() -> None:
    history: list[list[str]] = []

    async def reply() -> None:
        message = cl.Message("")
        await message.stream_token("one")
        message.content = "two"
        assert (message.streaming, await message.update(), message.streaming) == (True, True, False)
        history.append([each.content for each in cl.chat_context.get()])
        assert await message.remove() is True
        history.append([each.content for each in cl.chat_context.get()])

    turn = await run(reply)
    assert history == [["go", "two"], ["go"]]
    assert turn.messages == []


async def test_a_stream_ignores_empty_tokens_and_a_sequence_replaces() -> None:
    async def reply() -> None:
        message = cl.Message("")
        await message.stream_token("")
        await message.stream_token("a")
        await message.stream_token("b")
        assert message.content == "ab"
        await message.stream_token("c", is_sequence=True)
        assert message.content == "c"
        await message.send()

    assert (await run(reply)).text == "c"


async def test_no_content_is_shown_as_nothing() -> None:
    async def reply() -> None:
        message = cl.Message("something")
        message.content = None
        await message.send()

    assert [message.content for message in (await run(reply)).messages] == [""]


async def test_an_error_message_is_one() -> None:
    async def reply() -> None:
        await cl.ErrorMessage("no", fail_on_persist_error=True).send()

    (message,) = (await run(reply)).messages
    assert (message.content, message.author, message.is_error) == ("no", "Assistant", True)


def test_unknown_arguments_are_refused() -> None:
    with pytest.raises(TypeError, match="colour"):
        cl.Message("hello", colour="red")  # type: ignore[call-arg]


async def test_arguments_may_be_given_as_chainlit_takes_them() -> None:
    id, parent = uuid.uuid4(), uuid.uuid4()

    async def reply() -> None:
        await cl.Message("hello", "Ada", None, [], [], "system_message", {}, ["x"], id, parent).send()  # type: ignore[arg-type]

    (message,) = (await run(reply)).messages
    assert (message.author, message.type, message.id, message.parent_id) == (
        "Ada", "system_message", str(id), str(parent),
    )  # fmt: skip


def test_what_stands_below_a_message_is_a_list_of_its_kind() -> None:
    image = cl.Image(url="https://example.org/cat.png")
    assert cl.Message("hello", elements=(each for each in [image])).elements == [image]  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"elements=...\) takes a list of cl.Image and the like, not <Image"):
        cl.Message("hello", elements=image)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"takes a list of cl.Image and the like, but 'cat.png' is in it"):
        cl.Message("hello", elements=["cat.png"])  # type: ignore[list-item]


# ── The history for models ───────────────────────────────────────────────────────────────────────


async def test_the_history_is_a_copy_without_doubles_that_can_be_changed() -> None:
    async def reply() -> None:
        note = cl.Message("note", type="system_message")
        assert cl.chat_context.add(note) is note
        cl.chat_context.add(note)
        cl.chat_context.get().clear()
        assert cl.chat_context.to_openai() == [
            {"role": "user", "content": "go"},
            {"role": "system", "content": "note"},
        ]
        assert (cl.chat_context.remove(note), cl.chat_context.remove(note)) == (True, False)
        odd = cl.Message("odd", type="tool")  # type: ignore[arg-type]
        cl.chat_context.add(odd)
        assert cl.chat_context.to_openai()[-1] == {"role": "system", "content": "odd"}
        cl.chat_context.clear()
        assert cl.chat_context.get() == []

    await run(reply)


async def test_each_session_has_a_history_of_its_own() -> None:
    def reply(message: cl.Message) -> str:
        return str(len(cl.chat_context.get()))

    async with ChatDriver(reply) as alice, ChatDriver(reply) as bob:
        await alice.send("a")
        assert [(await user.send("b")).text for user in (alice, bob)] == ["3", "1"]


# ── Context and user session ─────────────────────────────────────────────────────────────────────


def test_outside_of_a_callback_there_is_no_context_and_the_error_says_so() -> None:
    for use in (
        lambda: cl.context.session,
        lambda: cl.context.emitter,
        lambda: cl.user_session.get("a"),
        lambda: cl.user_session.set("a", 1),
        lambda: cl.chat_context.get(),
    ):
        with pytest.raises(ContextError, match="no callback is running here"):
            use()


async def test_the_user_session_keeps_and_mirrors() -> None:
    async def reply() -> None:
        cl.user_session.set("key", "value")
        cl.user_session.set("nothing", None)
        assert cl.user_session.get("key") == "value"
        assert cl.user_session.get("unknown") is None
        assert cl.user_session.get("unknown", 7) == 7
        assert cl.user_session.get("nothing", 7) is None
        assert cl.user_session.get("id") == cl.context.session.id
        assert cl.user_session.get("env") == cl.context.session.env

    await run(reply)


async def test_the_session_has_chainlits_members() -> None:
    seen: list[object] = []

    async def look() -> None:
        session = cl.context.session
        seen.append((session.has_first_interaction, session.current_task is asyncio.current_task()))
        assert (session.thread_id, session.user_env) == (session.id, session.env)
        assert (session.environ, session.mcp_sessions, dict(session.files)) == ({}, {}, {})

    app = cl.App(on_message=look)
    app.on_chat_start(look)
    async with ChatDriver(app) as user:
        assert (await user.send("go")).error is None
    assert seen == [(False, True), (True, True)]


async def test_tasks_and_threads_of_a_callback_know_its_session() -> None:
    async def reply() -> str:
        id = cl.user_session.get("id")
        found = [
            await asyncio.create_task(asyncio.to_thread(cl.user_session.get, "id")),
            await cl.make_async(cl.user_session.get)("id"),
        ]
        return str(found == [id, id])

    assert (await run(reply)).text == "True"


# ── Callbacks ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", [name for name in cl.__all__ if name.startswith(("on_", "set_"))])
def test_a_decorator_gives_its_function_back(name: str) -> None:
    app = cl.App()

    def callback(*arguments: object) -> None:
        """Says nothing."""

    assert getattr(app, name)(callback) is callback
    assert callback.__doc__ == "Says nothing."
    assert app.callback(name) is callback


async def test_callbacks_take_as_much_as_they_like() -> None:
    app = cl.App()
    seen: list[str] = []

    @app.on_chat_start
    def start(greeting: str = "hello") -> None:
        seen.append(greeting)

    @app.on_message
    async def reply(message: cl.Message, polite: bool = True) -> None:
        seen.append(f"{message.content} {polite}")

    async with ChatDriver(app) as user:
        await user.send("go")
    assert seen == ["hello", "go True"]
