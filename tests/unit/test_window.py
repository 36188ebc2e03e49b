"""The window around a chat: what an App sends there, hears from there, and calls there."""

import asyncio
from typing import Any

import pytest

import anychat as cl
from anychat import copilot
from anychat.errors import ContextError, OptionError, SessionEndedError
from anychat.protocol import PostWindow, encode
from anychat.testing import ChatDriver


def echo_app(heard: list[Any]) -> cl.App:
    app = cl.App(on_message=lambda message: cl.send_window_message({"said": message.content}))

    @app.on_window_message
    async def hear(data: Any) -> None:
        heard.append(data)
        await cl.send_window_message({"heard": data})

    return app


async def test_an_app_hears_the_window_and_speaks_to_it() -> None:
    heard: list[Any] = []
    async with ChatDriver(echo_app(heard)) as user:
        await user.send("hi")
        await user.post_window_message([1, {"two": None}])
        assert heard == [[1, {"two": None}]]
        assert user.window_messages == [{"said": "hi"}, {"heard": [1, {"two": None}]}]


async def test_it_waits_for_no_turn() -> None:
    heard: list[Any] = []
    app = echo_app(heard)

    @app.on_message
    async def wait(message: cl.Message) -> None:
        await cl.AskUserMessage("?").send()

    async with ChatDriver(app) as user:
        turn = await user.send("hi")
        await user.post_window_message("now")
        assert (heard, turn.status) == (["now"], "running")
        await user.answer("done")


async def test_a_message_that_the_page_repeats_is_heard_once() -> None:
    heard: list[Any] = []
    async with ChatDriver(echo_app(heard)) as user:
        for _ in range(3):
            user.inject(encode(PostWindow(post="p1", epoch=1, data="once")))
        user.inject(encode(PostWindow(post="p2", epoch=7, data="for another conversation")))
        await user.post_window_message("again")
        assert heard == ["once", "again"]


async def test_an_app_that_does_not_want_to_hear_hears_nothing() -> None:
    async with ChatDriver(lambda message: "ok") as user:
        await user.post_window_message("anybody?")
        assert (user.notices, user.messages) == ([], [])


async def test_what_goes_wrong_is_shown_in_the_chat() -> None:
    app = cl.App()

    @app.on_window_message
    def hear(data: Any) -> None:
        raise ValueError(data)

    async with ChatDriver(app) as user:
        await user.post_window_message("oh")
        assert [(message.content, message.is_error) for message in user.messages] == [("ValueError: oh", True)]


async def test_python_stands_for_the_window_too() -> None:
    heard: list[Any] = []
    told: list[Any] = []
    chat = cl.Chat(echo_app(heard))

    def broken(data: Any) -> None:
        raise RuntimeError("a listener's own")

    chat.on_window_message(broken)
    chat.on_window_message(told.append)
    await chat.post_window_message("from a cell")
    chat.on_window_message(told.append, remove=True)
    await chat.post_window_message("more")
    assert (heard, told) == (["from a cell", "more"], [{"heard": "from a cell"}])

    with pytest.raises(OptionError, match="JSON"):
        await chat.post_window_message(object())
    with pytest.raises(OptionError, match="1,000,000 characters"):
        await chat.post_window_message("x" * 1_000_000)
    with pytest.raises(OptionError, match="no on_window_message callback"):
        await cl.Chat(lambda message: None).post_window_message("anybody?")
    with pytest.raises(ContextError, match="no callback is running"):
        await cl.send_window_message("from nowhere")
    chat.close()
    with pytest.raises(SessionEndedError):
        await chat.post_window_message("too late")


@pytest.mark.parametrize(("data", "why"), [({1j}, "JSON"), ("x" * 1_000_000, "characters")])
async def test_an_app_cannot_send_what_cannot_travel(data: Any, why: str) -> None:
    async with ChatDriver(lambda message: cl.send_window_message(data)) as user:
        turn = await user.send("go")
        assert isinstance(turn.error, OptionError)
        assert why in str(turn.error)


# ── Functions ────────────────────────────────────────────────────────────────────────────────────


async def call_add(message: cl.Message) -> str:
    return f"It makes {await cl.CopilotFunction('add', {'a': 1, 'b': 2}).acall()}."


async def test_a_function_of_the_page_answers() -> None:
    async with ChatDriver(call_add) as user:
        await user.send("add")
        (call,) = user.pending_asks
        assert (call.type, call.content, call.args) == ("function", "add", {"a": 1, "b": 2})
        await user.answer_call(3)
        assert user.messages[-1].content == "It makes 3."
        assert user.pending_asks == []


@pytest.mark.parametrize("is_async", [False, True])
async def test_a_function_of_python_answers(is_async: bool) -> None:
    async def add_later(a: int, b: int) -> int:
        await asyncio.sleep(0)
        return a + b

    chat = cl.Chat(call_add)
    chat.functions["add"] = add_later if is_async else lambda a, b: a + b
    assert (await chat.send("add")).text == "It makes 3."
    await chat.restart()
    assert (await chat.send("add")).text == "It makes 3."
    chat.functions["add"] = lambda: None
    assert isinstance((await chat.send("add")).error, TypeError)
    chat.close()


async def test_a_page_that_does_not_answer_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copilot, "PATIENCE", 0.01)
    async with ChatDriver(call_add) as user:
        await user.send("add")
        await user.until(lambda user: user.turns[0].status == "done")
        assert user.messages[-1].content == "It makes None."


async def test_stop_ends_the_waiting() -> None:
    async with ChatDriver(call_add) as user:
        turn = await user.send("add")
        await user.stop()
        assert (turn.status, user.pending_asks) == ("stopped", [])
