"""What goes wrong in user code ends its turn, and nothing else."""

import asyncio
import gc
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

import anychat as cl
from anychat import concurrency, emitter, runner
from anychat.errors import OptionError, SessionEndedError
from anychat.host import MimeBundle
from anychat.pacer import TimerThread
from anychat.protocol import encode
from anychat.reply import TurnReply
from anychat.testing import ChatDriver
from anychat.turn import Turn


class Unprintable(Exception):
    def __str__(self) -> str:
        raise ValueError("no words")


def leaves(message: cl.Message) -> None:
    sys.exit(3)


async def leaves_async(message: cl.Message) -> None:
    sys.exit(3)


def stops_iterating(message: cl.Message) -> None:
    next(iter([]))


async def raises_unprintable(message: cl.Message) -> None:
    raise Unprintable


async def says_what_cannot_be_written(message: cl.Message) -> None:
    await cl.Message("x", language=object()).send()  # type: ignore[arg-type]


async def cancels_itself(message: cl.Message) -> None:
    raise asyncio.CancelledError


async def raises_a_group(message: cl.Message) -> None:
    raise ExceptionGroup("two", [ValueError("one"), TypeError("other")])


TROUBLE = {
    leaves: "HandlerError: The callback left with SystemExit: 3.",
    leaves_async: "HandlerError: The callback left with SystemExit: 3.",
    stops_iterating: "HandlerError: The callback left with StopIteration: .",
    raises_unprintable: "Unprintable: (its message cannot be shown: ValueError)",
    says_what_cannot_be_written: "OptionError: A chat cannot show this MessageItem: What goes to the page is text, "
    "numbers, lists and dicts, not a object.",
    cancels_itself: "CancelledError: What the callback awaited was cancelled.",
    raises_a_group: "ExceptionGroup: two (2 sub-exceptions)",
}


@pytest.mark.parametrize("handler", TROUBLE, ids=lambda handler: handler.__name__)
@pytest.mark.parametrize("loop", ["main", "thread"])
async def test_whatever_a_callback_raises_is_shown_and_the_chat_goes_on(handler: object, loop: str) -> None:
    app = cl.App(on_message=handler)  # type: ignore[arg-type]
    async with ChatDriver(app, loop=loop) as user:  # type: ignore[arg-type]
        turn = await user.send("go")
        assert [(m.content, m.is_error) for m in turn.messages] == [(TROUBLE[handler], True)]  # type: ignore[index]
        app.on_message(lambda message: "fine")
        assert (await user.send("and now?")).text == "fine"


async def test_a_message_streams_on_after_it_was_sent() -> None:
    async def reply(message: cl.Message) -> None:
        answer = await cl.Message("").send()
        for token in ["one ", "two ", "three"]:
            await answer.stream_token(token)
        await answer.update()
        await answer.stream_token("!")

    async with ChatDriver(reply) as user:
        assert (await user.send("go")).text == "one two three!"


async def test_an_observer_that_raises_harms_nobody() -> None:
    async with ChatDriver(lambda message: "ok") as user:
        user.session.observe(lambda change: 1 / 0, "status")
        assert (await user.send("go")).text == "ok"


async def test_who_cancels_all_tasks_does_not_stop_the_chat() -> None:
    async def reply(message: cl.Message) -> str:
        for task in asyncio.all_tasks():
            if "Runner" in repr(task):
                task.cancel()
        await asyncio.sleep(0)
        return "never"

    app = cl.App(on_message=reply)
    async with ChatDriver(app) as user:
        await user.send("go")
        app.on_message(lambda message: "alive")
        assert (await user.send("go")).text == "alive"


async def test_a_collected_task_says_its_error_later_and_not_in_the_middle_of_a_packet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(emitter, "encode", lambda event: (gc.collect(), encode(event))[1])

    async def fail() -> None:
        cycle: list[object] = []
        cycle.append(cycle)
        raise ValueError("forgotten")

    async def reply(message: cl.Message) -> AsyncIterator[str]:
        asyncio.create_task(fail())  # noqa: RUF006  # that it is forgotten is the point
        await asyncio.sleep(0)
        for token in "ABC":
            yield token

    async with ChatDriver(reply) as user:
        turn = await user.send("go")
        await user.until(lambda user: any(message.is_error for message in user.messages))
        assert turn.text == "ABC"


async def test_a_generator_that_swallows_its_cancellation_is_stopped_all_the_same() -> None:
    async def reply(message: cl.Message) -> AsyncIterator[str]:
        number = 0
        while True:
            number += 1
            try:
                yield f"{number} "
                await asyncio.sleep(0.001)
            except asyncio.CancelledError:
                pass

    async with ChatDriver(reply) as user:
        user.post("go")
        await user.until(lambda user: len(user.messages) == 2)
        await user.stop()
        assert user.turns[-1].status == "stopped"


async def test_a_second_stop_reaches_on_stop() -> None:
    app, begun = cl.App(), asyncio.Event()
    app.on_message(lambda message: threading.Event().wait() if message.content == "hang" else "ok")

    @app.on_stop
    async def hang() -> None:
        begun.set()
        await asyncio.Event().wait()

    async with ChatDriver(app) as user:
        turn = user.post("hang")
        await user.until(lambda user: bool(user.turns) and user.turns[-1].status == "running")
        stopping = asyncio.create_task(user.stop())
        await begun.wait()
        await user.stop()
        await stopping
        assert user.turns[-1].id == turn
        assert (await user.send("go on")).text == "ok"


async def test_callbacks_that_never_end_keep_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "LANDING", 0.05)
    app = cl.App()

    @app.on_chat_end
    async def end() -> None:
        await asyncio.Event().wait()

    @app.on_message
    async def reply(message: cl.Message) -> None:
        while True:
            try:
                await asyncio.sleep(0.01 if message.content == "obstinate" else 0)
                if message.content != "obstinate" or cl.context.turn is None:
                    return
            except asyncio.CancelledError:
                if user.session.status == "ended":
                    raise

    async with ChatDriver(app) as user:
        chat = user._dispatcher
        hanging = chat.submit("obstinate")
        await user.until(lambda user: bool(user.turns) and user.turns[-1].status == "running")
        await user.restart()
        assert hanging is not None
        with pytest.raises(SessionEndedError):
            await asyncio.wrap_future(hanging.finished)
        app.on_message(lambda message: "ok")
        assert (await user.send("go")).text == "ok"


async def test_restarts_end_each_session_that_began_once_and_in_order() -> None:
    app = cl.App()
    events: list[str] = []

    @app.on_chat_start
    async def start() -> None:
        cl.user_session.set("number", sum(event.startswith("start") for event in events))
        events.append(f"start {cl.user_session.get('number')}")
        await asyncio.sleep(0.01)

    @app.on_chat_end
    async def end() -> None:
        await asyncio.sleep(0.01)
        events.append(f"end {cl.user_session.get('number')}")

    async with ChatDriver(app) as user:
        chat = user._dispatcher
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.wrap_future(chat.restart()), 0)  # who gives up waiting changes nothing
        chat.restart()
        await user.restart()
    assert events[0] == "start 0"
    assert [events.count(event) for event in set(events)] == [1] * len(events)
    assert [event for event in events if event.startswith("end")] == sorted(e for e in events if e.startswith("end"))
    for number in range(len(events) // 2):
        assert events.index(f"end {number}") > events.index(f"start {number}")


async def test_a_chat_that_has_ended_stays_so() -> None:
    chat = cl.Chat(lambda message: "ok")
    assert (await chat.send("go")).text == "ok"
    chat.close()
    with pytest.raises(SessionEndedError):
        await chat.restart()
    with pytest.raises(SessionEndedError):
        await chat.send("go")
    chat.close()


async def test_a_name_belongs_to_the_chat_made_last() -> None:
    first = cl.Chat(lambda message: "one", name="tutor")
    await first.send("go")
    second = cl.Chat(lambda message: "two", name="tutor")
    first.close()  # it has nothing to end any more
    assert (await second.send("go")).text == "two"
    assert [message.content for message in second.messages] == ["go", "one", "go", "two"]
    assert first.comm is None
    second.close()


async def test_readers_in_threads_lose_nothing() -> None:
    async def reply(message: cl.Message) -> AsyncIterator[str]:
        for _ in range(5_000):
            yield "x"

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        async with ChatDriver(reply) as user:
            over = threading.Event()
            transcript = user.session.emitter.transcript

            def read() -> None:
                while not over.is_set():
                    list(transcript.messages())

            readers = [threading.Thread(target=read) for _ in range(3)]
            for reader in readers:
                reader.start()
            turn = await user.send("go")
            over.set()
            for reader in readers:
                reader.join()
            assert turn.text == "x" * 5_000 == next(m.content for m in transcript.messages() if m.role == "assistant")
    finally:
        sys.setswitchinterval(interval)


async def test_a_sync_callback_that_never_ends_keeps_no_other_from_a_thread() -> None:
    gate = threading.Event()
    stuck = [asyncio.create_task(concurrency.in_worker(gate.wait)) for _ in range(100)]
    assert await asyncio.wait_for(concurrency.in_worker(lambda: "free"), 5) == "free"
    gate.set()
    await asyncio.gather(*stuck)


def _fail() -> None:
    raise ValueError


def test_a_timer_that_raises_does_not_stop_the_clock() -> None:
    timers, rung = TimerThread(), threading.Event()
    timers.call_later(0, _fail)
    timers.call_later(0.01, rung.set)
    assert rung.wait(5)


def test_a_chat_whose_loop_is_closed_says_so() -> None:
    chats: list[cl.Chat] = []

    async def make() -> None:
        chats.append(cl.Chat(lambda message: "ok"))

    asyncio.run(make())
    with pytest.raises(SessionEndedError, match='loop="thread"'):
        asyncio.run(_send(chats[0]))
    chats[0].close()


async def _send(chat: cl.Chat) -> None:
    await chat.send("go")


def test_a_chat_lives_in_a_plain_script() -> None:
    chat = cl.Chat(lambda message: message.content.upper(), loop="thread")
    assert asyncio.run(chat.send("go")).text == "GO"
    chat.close()


async def test_progress_bars_write_their_line_anew() -> None:
    async with ChatDriver(lambda message: None) as user:
        turn = await user.send("go")
        reply = TurnReply(user.session, Turn(turn.id, user.session.emitter.transcript), user._dispatcher._host)
        for text in ["start\n", "\r 10%", "\r 20%", "\r100%\n", "a\r\nb"]:
            reply.printed("stdout", text)
        for _ in range(30):
            reply.printed("stdout", "x" * 10_000)
        printed = user.session.emitter.transcript.turn(turn.id)
        assert printed is not None
        content = printed.items[-1].content
        assert content.startswith("start\n100%\na\nbxxx")
        assert content.endswith("the rest is left out.\n")
        assert len(content) < 201_000
        reply.cleared()
        assert [item.id for item in printed.items] == [turn.id]


async def test_what_is_printed_is_bounded_also_when_its_lines_are_written_anew() -> None:
    async with ChatDriver(lambda message: None) as user:
        turn = Turn((await user.send("go")).id, user.session.transcript)
        reply = TurnReply(user.session, turn, user._dispatcher._host)
        for _ in range(30):
            reply.printed("stdout", "\r  5%\r" + "x" * 10_000 + "\r\n")
        content = turn.outputs[0].content
        assert len(content) < 201_000
        assert content.endswith("the rest is left out.\n")


async def test_pictures_that_are_cleared_are_not_kept() -> None:
    async with ChatDriver(lambda message: None) as user:
        turn = await user.send("go")
        reply = TurnReply(user.session, Turn(turn.id, user.session.transcript), user._dispatcher._host)
        for frame in range(3):
            reply.cleared()
            reply.displayed(MimeBundle({}, {"image/png": b"frame %d" % frame}))
        assert list(user.session.assets.values()) == [b"frame 2"]


@pytest.mark.parametrize(
    "send",
    [
        lambda: cl.Message("hello", language=5).send(),  # type: ignore[arg-type]
        lambda: cl.Message("hello", actions=[cl.Action("a", {}, icon=object())]).send(),  # type: ignore[arg-type]
        lambda: cl.Text(name=5, content="words").send(),  # type: ignore[arg-type]
        lambda: cl.Step("look", type="nothing").send(),  # type: ignore[arg-type]
        lambda: cl.context.emitter.set_commands([{"id": "a", "icon": 5}]),
        lambda: cl.CopilotFunction(5).acall(),  # type: ignore[arg-type]
    ],
)
async def test_what_no_page_could_read_is_refused_where_it_is_sent(send: Callable[[], Awaitable[object]]) -> None:
    async def reply(message: cl.Message) -> str:
        if message.content == "bad":
            await send()
        return message.content

    async with ChatDriver(reply) as user:
        turn = await user.send("bad")
        assert (turn.status, type(turn.error)) == ("failed", OptionError)
        assert user.session.status == "idle"
        assert (await user.send("good")).text == "good"


async def test_starters_that_no_page_could_read_are_told_of() -> None:
    app = cl.App()

    @app.set_starters
    def starters() -> list[cl.Starter]:
        return [cl.Starter("Begin", None)]  # type: ignore[arg-type]

    async with ChatDriver(app) as user:
        await user.until(lambda user: [message.is_error for message in user.messages] == [True])
        assert "Expected `str`, got `null` - at `$.starters[0].starters[0].message`" in user.messages[0].content
