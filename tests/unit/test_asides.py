"""Callbacks that run aside: they wait for no turn, and speak at one that is there."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from typing import Any

import pytest

import anychat as cl
from anychat.errors import HandlerError, SessionEndedError
from anychat.testing import ChatDriver


def aside(user: ChatDriver, *arguments: object, name: str = "do", at: str | None = None) -> Future[Any]:
    return user._dispatcher.runner.aside(f"action_callback({name!r})", *arguments, at=at)


async def outcome(future: Future[Any]) -> Any:
    return await asyncio.wait_for(asyncio.wrap_future(future), 5)


@pytest.mark.parametrize(
    "callback",
    [lambda: "answer", lambda one: "answer", lambda one, two=None: "answer", lambda *all: "answer"],
    ids=["none", "one", "default", "all"],
)
async def test_what_it_returns_is_given_and_not_shown(callback: Callable[..., str]) -> None:
    app = cl.App(on_message=lambda message: "ok")
    app.action_callback("do")(callback)
    async with ChatDriver(app) as user:
        await user.send("hello")
        assert await outcome(aside(user, 1)) == "answer"
        assert await outcome(aside(user, name="other")) is None
        assert [message.content for message in user.messages] == ["hello", "ok"]


async def test_it_speaks_in_its_session_and_at_its_turn_while_another_runs() -> None:
    app, go_on = cl.App(), asyncio.Event()

    @app.on_message
    async def reply(message: cl.Message) -> None:
        if message.content == "wait":
            await go_on.wait()

    @app.action_callback("do")
    async def do(number: int) -> AsyncIterator[str]:
        cl.user_session.set("number", number)
        await cl.Message("sent").send()
        yield "yiel"
        yield "ded"

    async with ChatDriver(app) as user:
        first = await user.send("first")
        waiting = user.post("wait")
        await user.until(lambda user: user.turns[-1].status == "running")
        await outcome(aside(user, 7, at=first.id))
        await outcome(aside(user, 8))
        await user.until(lambda user: len(user.messages) == 6)
        said = {turn.id: [item.content for item in turn.items] for turn in user.turns}
        assert said == {first.id: ["first", "sent", "yielded"], waiting: ["wait", "sent", "yielded"]}
        assert user.state.number == 8
        go_on.set()
        await user.until(lambda user: user.turns[-1].status == "done")


async def test_what_it_leaves_streaming_ends_with_it_unless_the_turn_goes_on() -> None:
    app, go_on = cl.App(), asyncio.Event()

    @app.on_message
    async def reply(message: cl.Message) -> None:
        await cl.Message("").stream_token("turn")
        await go_on.wait()

    @app.action_callback("do")
    async def do() -> None:
        await cl.Message("").stream_token("aside")

    async with ChatDriver(app) as user:
        running = user.post("hello")
        await user.until(lambda user: len(user.messages) == 2)
        await outcome(aside(user))
        await user.until(lambda user: len(user.messages) == 3)
        assert [message.streaming for message in user.messages] == [False, True, True]
        go_on.set()
        await user.until(lambda user: user.turns[-1].status == "done")
        await outcome(aside(user, at=running))
        await user.until(lambda user: len(user.messages) == 4 and not user.messages[-1].streaming)
        assert [message.streaming for message in user.messages] == [False, False, False, False]


async def test_an_error_is_shown_at_the_turn_and_ends_nothing_else() -> None:
    app = cl.App(on_message=lambda message: "ok")
    app.action_callback("do")(lambda: 1 / 0)
    async with ChatDriver(app) as user:
        await user.send("hello")
        assert await outcome(aside(user)) is None
        await user.until(lambda user: len(user.messages) == 3)
        assert (user.messages[-1].content, user.messages[-1].is_error) == ("ZeroDivisionError: division by zero", True)
        assert (await user.send("and now?")).text == "ok"


async def test_before_anything_was_said_it_opens_a_turn_only_to_say_something() -> None:
    app = cl.App(on_message=lambda message: "ok")
    app.action_callback("quiet")(lambda: "answer")
    app.action_callback("loud")(lambda: print("not shown here") or cl.Message("hello").show())  # type: ignore[func-returns-value]
    async with ChatDriver(app) as user:
        assert await outcome(aside(user, name="quiet")) == "answer"
        assert user.session.transcript.turns == []
        await outcome(aside(user, name="loud"))
        await user.until(lambda user: [message.content for message in user.messages] == ["hello"])


async def test_it_runs_when_the_app_has_begun() -> None:
    app, order = cl.App(on_message=lambda message: "ok"), list[str]()

    @app.on_app_startup
    async def begin() -> None:
        await asyncio.sleep(0)
        order.append("startup")

    @app.action_callback("do")
    def do() -> None:
        order.append("do")

    async with ChatDriver(app) as user:
        await outcome(aside(user))
        assert order == ["startup", "do"]


async def test_the_sessions_end_cancels_it_before_on_chat_end_runs() -> None:
    app, order, begun = cl.App(on_message=lambda message: "ok"), list[str](), asyncio.Event()

    @app.action_callback("do")
    async def do() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            order.append("cancelled")
            raise

    @app.on_chat_end
    def end() -> None:
        order.append("end")

    async with ChatDriver(app) as user:
        for leave in (user.restart, user._dispatcher.end):
            begun.clear()
            answer, runner = aside(user), user._dispatcher.runner
            await begun.wait()
            ending = leave()
            if asyncio.iscoroutine(ending):
                await ending
            assert await outcome(answer) is None
            await asyncio.wrap_future(runner.end())
        assert order == ["cancelled", "end"] * 2
        assert not any(message.is_error for message in user.messages)
        with pytest.raises(SessionEndedError):
            aside(user)


async def test_stop_means_the_turn_and_only_without_one_what_runs_aside() -> None:
    app, begun = cl.App(on_message=lambda message: asyncio.Event().wait()), asyncio.Event()

    @app.action_callback("do")
    async def do() -> None:
        begun.set()
        await asyncio.Event().wait()

    async with ChatDriver(app) as user:
        user.post("hello")
        await user.until(lambda user: bool(user.turns) and user.turns[-1].status == "running")
        answer = aside(user)
        await begun.wait()
        await user.stop()
        assert user.turns[-1].status == "stopped"
        assert not answer.done()
        user._dispatcher.runner.stop()
        assert await outcome(answer) is None
        assert [message.content for message in user.messages] == ["hello"]


async def test_there_is_one_callback_for_each_name_and_the_last_one_counts() -> None:
    app = cl.App()
    app.action_callback("do")(lambda: "old")
    app.action_callback("do")(lambda: "new")
    app.action_callback("other")(lambda: "other")
    async with ChatDriver(app) as user:
        assert [await outcome(aside(user)), await outcome(aside(user, name="other"))] == ["new", "other"]
    assert repr(app) == "<App 'Assistant': action_callback('do'), action_callback('other')>"


def test_a_callback_that_cannot_be_called_is_refused() -> None:
    with pytest.raises(HandlerError, match=r"^@action_callback\('do'\) calls <lambda> with the action, but it needs 2"):
        cl.App().action_callback("do")(lambda one, two: None)
    with pytest.raises(HandlerError, match="takes the name of the buttons, not <function"):
        cl.App().action_callback(lambda action: None)  # type: ignore[arg-type]
