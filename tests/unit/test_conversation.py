"""What a conversation does, driven as a user would drive it."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator

import pytest

import anychat as cl
from anychat.errors import OptionError
from anychat.history import check_history
from anychat.testing import ChatDriver


async def test_each_driver_is_a_user_of_its_own() -> None:
    app = cl.App()

    @app.on_chat_start
    async def start() -> None:
        cl.user_session.set("count", 0)

    @app.on_message
    async def reply(message: cl.Message) -> None:
        count = cl.user_session.get("count") + 1
        cl.user_session.set("count", count)
        await cl.Message(f"message {count}: {message.content}").send()

    async with ChatDriver(app) as alice, ChatDriver(app) as bob:
        await alice.send("a")
        assert (await alice.send("b")).text == "message 2: b"
        assert (await bob.send("c")).text == "message 1: c"
        assert (alice.state.count, bob.state.count) == (2, 1)
        assert [message.content for message in bob.messages] == ["c", "message 1: c"]


async def test_a_handler_may_be_sync_and_runs_in_a_thread_that_knows_its_session() -> None:
    def reply(message: cl.Message) -> str:
        cl.user_session.set("thread", threading.current_thread())
        return message.content.upper()

    async with ChatDriver(reply) as user:
        assert (await user.send("hello")).text == "HELLO"
        assert user.state.thread is not threading.current_thread()


def returns_text(message: cl.Message) -> str:
    return "one two"


async def returns_a_message(message: cl.Message) -> cl.Message:
    return cl.Message("one two")


def yields(message: cl.Message) -> Iterator[str]:
    yield "one "
    yield "two"


async def yields_async(message: cl.Message) -> AsyncIterator[str]:
    yield "one "
    await asyncio.sleep(0)
    yield "two"


async def streams(message: cl.Message) -> None:
    answer = cl.Message("")
    await answer.stream_token("one ")
    await answer.stream_token("two")


async def replaces(message: cl.Message) -> None:
    answer = cl.Message("zero")
    await answer.stream_token("one", is_sequence=True)
    await answer.stream_token("one two", is_sequence=True)
    await answer.update()


async def sends_and_returns(message: cl.Message) -> cl.Message:
    return await cl.Message("one two").send()


async def takes_nothing() -> str:
    return "one two"


async def takes_anything(*args: object) -> str:
    return "one two"


HANDLERS = [
    returns_text, returns_a_message, yields, yields_async, streams, replaces, sends_and_returns, takes_nothing,
    takes_anything, lambda message: yields(message), lambda message: yields_async(message),
    lambda message: takes_nothing(),
]  # fmt: skip


@pytest.mark.parametrize("handler", HANDLERS)
async def test_whatever_a_handler_gives_is_one_finished_message(handler: object) -> None:
    async with ChatDriver(handler) as user:  # type: ignore[arg-type]
        turn = await user.send("go")
        assert turn.error is None
        assert [(m.content, m.streaming, m.author) for m in turn.messages] == [("one two", False, "Assistant")]


async def test_an_error_is_shown_at_its_turn_and_the_chat_goes_on() -> None:
    async def reply(message: cl.Message) -> str:
        await asyncio.sleep(0)
        return str(1 / int(message.content))

    async with ChatDriver(reply) as user:
        turn = await user.send("0")
        assert isinstance(turn.error, ZeroDivisionError)
        assert turn.status == "failed"
        (error,) = turn.messages
        assert error.is_error
        assert error.content == "ZeroDivisionError: division by zero"
        assert error.traceback is not None
        assert "1 / int(message.content)" in error.traceback
        assert "concurrency.py" not in error.traceback
        assert (await user.send("2")).text == "0.5"


async def test_an_error_in_a_task_that_nobody_awaits_is_shown_at_its_turn() -> None:
    async def fail() -> None:
        raise ValueError("in the background")

    async def reply(message: cl.Message) -> str:
        asyncio.create_task(fail())  # noqa: RUF006  # that it is forgotten is the point
        return "started"

    async with ChatDriver(reply) as user:
        turn = await user.send("go")
        await user.until(lambda user: any(message.is_error for message in user.messages))
        assert [message.content for message in turn.messages] == ["started", "ValueError: in the background"]


async def test_messages_of_one_session_wait_for_each_other_and_can_be_withdrawn() -> None:
    gate = asyncio.Event()
    order: list[str] = []

    async def reply(message: cl.Message) -> None:
        await gate.wait()
        order.append(message.content)

    async with ChatDriver(reply) as user:
        user.post("first")
        second = user.post("second")
        await user.until(lambda user: [turn.status for turn in user.turns] == ["running", "queued"])
        user.withdraw(second)
        gate.set()
        await user.send("third")
        assert order == ["first", "third"]
        assert [message.content for message in user.messages] == ["first", "third"]


async def test_stop_lands_before_on_stop_runs() -> None:
    app, events = cl.App(), []

    @app.on_message
    async def reply(message: cl.Message) -> None:
        try:
            await cl.Message("thinking").stream_token("…")
            await asyncio.Event().wait()
        finally:
            events.append("landed")

    @app.on_stop
    def stopped() -> None:
        events.append("on_stop")

    async with ChatDriver(app) as user:
        user.post("go")
        await user.until(lambda user: len(user.messages) == 2)
        await user.stop()
        assert events == ["landed", "on_stop"]
        assert user.turns[-1].status == "stopped"
        assert not user.messages[-1].streaming


async def test_what_a_stopped_thread_still_says_is_dropped() -> None:
    waiting, go_on, done = threading.Event(), threading.Event(), threading.Event()

    def reply(message: cl.Message) -> str:
        waiting.set()
        go_on.wait()
        cl.Message("too late").show()
        done.set()
        return "later still"

    async with ChatDriver(reply) as user:
        user.post("go")
        await asyncio.to_thread(waiting.wait)
        await user.stop()
        go_on.set()
        await asyncio.to_thread(done.wait)
        assert [message.content for message in user.messages] == ["go"]


async def test_a_session_starts_once_and_ends_once() -> None:
    app, events = cl.App(), []

    @app.on_chat_start
    async def start() -> cl.Message:
        events.append("start")
        return cl.Message("welcome")

    @app.on_chat_end
    async def end() -> None:
        events.append(cl.user_session.get("id"))

    async with ChatDriver(app) as user:
        first = user.session.id
        assert [message.content for message in user.messages] == ["welcome"]
        await user.restart()
        assert events == ["start", first, "start"]
        assert user.session.id != first
        assert [message.content for message in user.messages] == ["welcome"]
    assert events == ["start", first, "start", user.session.id]


async def test_a_conversation_can_already_be_there() -> None:
    def reply(message: cl.Message) -> str:
        return str(cl.chat_context.to_openai())

    history = [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}]
    async with ChatDriver(reply, messages=history) as user:
        assert [(m.role, m.content) for m in user.messages] == [("user", "hi"), ("assistant", "hello")]
        assert len(user.turns) == 1
        turn = await user.send("again")
        assert turn.text == str([*history, {"role": "user", "content": "again"}])


@pytest.mark.parametrize("role", ["nobody", None, ["user"]])
def test_a_conversation_that_cannot_be_read_is_refused(role: object) -> None:
    with pytest.raises(OptionError, match="with the role user, assistant or system"):
        check_history([{"role": role, "content": "hi"}])


async def test_callbacks_are_looked_up_when_they_run() -> None:
    app = cl.App()
    async with ChatDriver(app) as user:
        turn = await user.send("hello")
        assert isinstance(turn.error, cl.AnychatError)
        assert "@cl.on_message" in turn.messages[0].content
        app.on_message(lambda message: "now")
        assert (await user.send("hello")).text == "now"


async def test_callbacks_can_run_on_a_loop_of_their_own() -> None:
    async def reply(message: cl.Message) -> None:
        await asyncio.sleep(0)
        cl.user_session.set("loop", asyncio.get_running_loop())

    async with ChatDriver(reply, loop="thread") as user:
        await user.send("go")
        assert user.state.loop is not asyncio.get_running_loop()


async def test_who_observes_the_state_goes_on_after_a_restart() -> None:
    app, seen = cl.App(), []
    app.on_message(lambda message: cl.user_session.set("count", len(message.content)))
    app.on_chat_end(lambda: seen.append(("end", cl.user_session.get("count"))))

    async with ChatDriver(app) as user:
        user.state.observe(lambda change: seen.append((change.name, change.new)), "count")
        await user.send("one")
        await user.restart()
        assert "count" not in user.state
        await user.send("three")
    assert seen == [("count", 3), ("end", 3), ("count", 5), ("end", 5)]


async def test_an_observer_is_outside_of_the_callback_that_changed_the_state() -> None:
    where: list[str] = []
    async with ChatDriver(lambda message: cl.user_session.set("x", 1)) as user:
        user.state.observe(lambda change: where.append(repr(cl.context)))
        await user.send("go")
    assert where == ["<Context: no callback is running here>"]


async def test_a_turn_tells_what_was_displayed() -> None:
    async with ChatDriver(lambda message: 1 / 4) as user:
        turn = await user.send("go")
        assert turn.text == "0.25"
        assert [output.data for output in turn.outputs] == [{"text/plain": "0.25"}]


async def test_an_emoji_that_is_streamed_in_halves_arrives_whole() -> None:
    async def reply(message: cl.Message) -> AsyncIterator[str]:
        for half in "\ud83d\ude80":
            yield half
            await asyncio.sleep(0.03)

    async with ChatDriver(reply) as user:
        turn = await user.send("half an emoji: \ud83d")
        assert turn.error is None
        assert turn.text.encode("utf-16", "surrogatepass").decode("utf-16") == "🚀"
        assert user.messages[0].content == "half an emoji: \ud83d"


async def test_a_conversation_can_be_kept_as_a_text() -> None:
    async def reply(message: cl.Message) -> None:
        await cl.Message("Like **this**:").send()
        await cl.Message("print('```')", language="python").send()

    chat = cl.Chat(cl.App("Guide", reply), user="Ada")
    await chat.send("How?")
    assert chat.to_markdown() == (
        "**Ada**\n\nHow?\n\n**Guide**\n\nLike **this**:\n\n**Guide**\n\n````python\nprint('```')\n````\n\n"
    )
    chat.close()
