"""Sync code waits for async code, and the other way round."""

import asyncio
import gc
import sys
import threading
import time
import weakref
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

import greenlet
import pytest

import anychat as cl
from anychat import stepper
from anychat.concurrency import thread_loop
from anychat.testing import ChatDriver

depth: ContextVar[int] = ContextVar("depth", default=0)


@pytest.fixture
def no_greenlet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As where greenlet is not installed."""
    monkeypatch.setitem(sys.modules, "greenlet", None)
    stepper.library.cache_clear()
    yield
    stepper.library.cache_clear()


# ── run_sync in an async callback ────────────────────────────────────────────────────────────────


async def look_up(question: str, rounds: int = 0) -> str:
    """An async tool, as an agent calls it: it really waits, and it calls a sync tool again."""
    await asyncio.sleep(0.001)
    return f"({summarise(question, rounds - 1)})" if rounds else question


def summarise(question: str, rounds: int = 0) -> str:
    return cl.run_sync(look_up(question, rounds))


@pytest.mark.parametrize("loop", ["main", "thread"])
async def test_a_sync_tool_under_an_async_callback_waits_for_async_ones_as_deep_as_it_likes(loop: Any) -> None:
    async def reply(message: cl.Message) -> str:
        return summarise(message.content, rounds=3)

    async with ChatDriver(reply, loop=loop) as user:
        assert (await user.send("x")).text == "(((x)))"


async def test_others_go_on_while_sync_code_waits() -> None:
    asked, answered = asyncio.Event(), asyncio.Event()

    async def wait() -> str:
        asked.set()
        await answered.wait()
        return "at last"

    async def slow(message: cl.Message) -> str:
        return cl.run_sync(wait())

    async with ChatDriver(slow) as alice, ChatDriver(lambda message: "at once") as bob:
        alice.post("go")
        await asked.wait()
        assert (await bob.send("go")).text == "at once"
        answered.set()
        await alice.until(lambda user: len(user.messages) == 2)
        assert alice.messages[-1].content == "at last"


async def test_many_callbacks_wait_side_by_side_each_in_its_session() -> None:
    everybody = asyncio.Barrier(20)

    async def wait() -> None:
        await everybody.wait()

    async def reply(message: cl.Message) -> None:
        depth.set(int(message.content))
        cl.run_sync(wait())
        cl.run_sync(cl.Message(f"{depth.get()} {cl.user_session.get('id')}").send())

    drivers = [ChatDriver(reply) for _ in range(20)]
    for driver in drivers:
        await driver.__aenter__()
    turns = await asyncio.gather(*(driver.send(str(number)) for number, driver in enumerate(drivers)))
    assert [turn.text for turn in turns] == [f"{n} {driver.session.id}" for n, driver in enumerate(drivers)]
    for driver in drivers:
        await driver.__aexit__()


async def test_it_waits_in_the_callbacks_own_task_and_context() -> None:
    seen: list[object] = []

    async def look() -> None:
        await asyncio.sleep(0)
        depth.set(depth.get() + 1)
        seen.append(asyncio.current_task())

    async def reply(message: cl.Message) -> str:
        cl.run_sync(look())
        seen.append(asyncio.current_task())
        return str(depth.get())

    async with ChatDriver(reply) as user:
        assert (await user.send("go")).text == "1"
    assert seen[0] is seen[1]


async def test_what_the_coroutine_raises_is_raised_where_it_is_waited_for() -> None:
    async def fail() -> None:
        await asyncio.sleep(0)
        raise LookupError("no such thing")

    def tool() -> str:
        try:
            cl.run_sync(fail())
        except LookupError as error:
            return f"caught {error}"
        return "nothing came"

    async def reply(message: cl.Message) -> str:
        if message.content == "let it":
            cl.run_sync(fail())
        return tool()

    async with ChatDriver(reply) as user:
        assert (await user.send("catch it")).text == "caught no such thing"
        turn = await user.send("let it")
        assert isinstance(turn.error, LookupError)
        assert turn.messages[0].traceback is not None
        assert 'raise LookupError("no such thing")' in turn.messages[0].traceback


async def test_stop_cancels_what_sync_code_waits_for_and_all_clean_up() -> None:
    events: list[str] = []
    waiting = asyncio.Event()

    async def wait() -> None:
        try:
            waiting.set()
            await asyncio.Event().wait()
        finally:
            events.append("coroutine")

    def tool() -> None:
        try:
            cl.run_sync(wait())
        except Exception:
            events.append("never")  # CancelledError is no Exception
        finally:
            events.append("sync")

    app = cl.App()

    @app.on_message
    async def reply(message: cl.Message) -> None:
        try:
            tool()
        finally:
            events.append("callback")

    app.on_stop(lambda: events.append("on_stop"))
    async with ChatDriver(app) as user:
        user.post("go")
        await waiting.wait()
        await user.stop()
        assert events == ["coroutine", "sync", "callback", "on_stop"]
        assert user.turns[-1].status == "stopped"


async def test_a_timeout_around_sync_code_reaches_into_it() -> None:
    async def wait() -> None:
        await asyncio.Event().wait()

    async def reply(message: cl.Message) -> str:
        try:
            async with asyncio.timeout(0.01):
                cl.run_sync(wait())
        except TimeoutError:
            return "too late"
        return "in time"

    async with ChatDriver(reply) as user:
        assert (await user.send("go")).text == "too late"


async def test_it_waits_in_tasks_that_a_callback_starts_and_in_generators() -> None:
    async def reply(message: cl.Message) -> Any:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(look_up(word, 2)) for word in ("one", "two")]
        yield summarise("zero ")
        yield " ".join(task.result() for task in tasks)

    async with ChatDriver(reply) as user:
        assert (await user.send("go")).text == "zero ((one)) ((two))"


async def test_others_greenlets_may_lie_between() -> None:
    async def reply(message: cl.Message) -> str:
        between = greenlet.greenlet(lambda: summarise("x", 1))
        between.gr_context = greenlet.getcurrent().gr_context
        return str(between.switch())

    async with ChatDriver(reply) as user:
        assert (await user.send("go")).text == "(x)"


async def test_nothing_that_a_callback_held_stays_behind() -> None:
    class Held:
        """Something large."""

    held: list[weakref.ref[Held]] = []

    async def give(value: Held) -> Held:
        await asyncio.sleep(0)
        return value

    async def reply(message: cl.Message) -> None:
        value = Held()
        held.append(weakref.ref(value))
        assert cl.run_sync(give(value)) is value

    async with ChatDriver(reply) as user:
        await user.send("go")
        gc.collect()
        assert held[0]() is None


# ── without greenlet ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("no_greenlet")
async def test_without_greenlet_it_runs_what_does_not_really_wait() -> None:
    async def reply(message: cl.Message) -> None:
        answer = cl.Message("")
        for token in ("a", "b"):
            cl.run_sync(answer.stream_token(token))
        cl.run_sync(answer.send())

    async with ChatDriver(reply) as user:
        assert (await user.send("go")).text == "ab"


@pytest.mark.usefixtures("no_greenlet")
async def test_without_greenlet_waiting_fails_at_once_and_says_what_to_install() -> None:
    cleaned_up: list[bool] = []

    async def wait() -> None:
        try:
            await asyncio.sleep(10)
        finally:
            cleaned_up.append(True)

    async def reply(message: cl.Message) -> None:
        cl.run_sync(wait())

    async with ChatDriver(reply) as user:
        turn = await user.send("go")
        assert "pip install greenlet" in str(turn.error)
        assert "await" in str(turn.error)
        assert cleaned_up == [True]


# ── run_sync in threads ──────────────────────────────────────────────────────────────────────────


async def test_a_sync_callback_waits_on_the_sessions_loop() -> None:
    async def where() -> Any:
        await asyncio.sleep(0)
        return asyncio.get_running_loop(), cl.user_session.get("id")

    def reply(message: cl.Message) -> str:
        loop, id = cl.run_sync(where())
        assert loop is cl.context.loop
        return str(id)

    async with ChatDriver(reply) as user:
        assert (await user.send("go")).text == user.session.id
        assert user.session.loop is asyncio.get_running_loop()


async def test_a_thread_that_waits_ends_when_its_turn_is_stopped() -> None:
    waiting = asyncio.Event()
    ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    loop = asyncio.get_running_loop()

    async def wait() -> None:
        waiting.set()
        await asyncio.Event().wait()

    def reply(message: cl.Message) -> None:
        try:
            cl.run_sync(wait())
        except BaseException as error:
            loop.call_soon_threadsafe(ended.set_result, type(error).__name__)
            raise

    async with ChatDriver(reply) as user:
        user.post("go")
        await waiting.wait()
        await user.stop()
        assert await ended == "CancelledError"
        assert [turn.status for turn in user.turns] == ["stopped"]


async def test_in_a_plain_thread_that_bind_made_one_of_ours() -> None:
    def reply(message: cl.Message) -> None:
        say = cl.bind(lambda: cl.run_sync(cl.Message("from a thread").send()))
        thread = threading.Thread(target=say)
        thread.start()
        thread.join()

    async with ChatDriver(reply) as user:
        assert (await user.send("go")).text == "from a thread"


# ── run_sync elsewhere ───────────────────────────────────────────────────────────────────────────


async def test_in_a_plain_cell_it_runs_on_the_packages_own_loop() -> None:
    async def where() -> asyncio.AbstractEventLoop:
        await asyncio.sleep(0)
        return asyncio.get_running_loop()

    assert cl.run_sync(where()) is thread_loop()
    assert await asyncio.to_thread(lambda: cl.run_sync(where())) is thread_loop()


async def test_a_cell_may_wait_for_a_chat_that_lives_on_a_loop_of_its_own() -> None:
    chat = cl.Chat(lambda message: message.content.upper(), loop="thread")
    assert cl.run_sync(chat.send("hello")).text == "HELLO"
    chat.close()


async def test_a_cell_cannot_wait_for_a_chat_on_the_loop_that_it_holds() -> None:
    chat = cl.Chat(lambda message: message.content.upper())
    with pytest.raises(cl.AnychatError, match=r"await chat\.send"):
        cl.run_sync(chat.send("hello"))
    assert (await chat.send("hello")).text == "HELLO"
    chat.close()


async def test_what_is_no_coroutine_is_refused() -> None:
    with pytest.raises(cl.AnychatError, match="takes a coroutine"):
        cl.run_sync("hello")  # type: ignore[arg-type]


# ── make_async, sleep ────────────────────────────────────────────────────────────────────────────


async def test_a_blocking_function_runs_in_a_thread_of_the_session() -> None:
    def work(one: int, *, other: int) -> Any:
        depth.set(99)  # its own copy
        return threading.current_thread(), cl.user_session.get("id"), one + other

    async def reply(message: cl.Message) -> str:
        thread, id, total = await cl.make_async(work)(1, other=2)
        assert thread is not threading.current_thread()
        assert (id, depth.get()) == (cl.user_session.get("id"), 0)
        return str(total)

    async with ChatDriver(reply) as user:
        turn = await user.send("go")
        assert (turn.text, turn.error) == ("3", None)


async def test_stop_ends_the_waiting_for_a_thread() -> None:
    working, go_on = threading.Event(), threading.Event()

    def work() -> None:
        working.set()
        go_on.wait()

    async def reply(message: cl.Message) -> None:
        await cl.make_async(work)()

    async with ChatDriver(reply) as user:
        user.post("go")
        await asyncio.to_thread(working.wait)
        await user.stop()
        assert user.turns[-1].status == "stopped"
        go_on.set()


async def test_a_limiter_lets_one_at_a_time() -> None:
    limiter, now, most = asyncio.Semaphore(1), [0], [0]

    @cl.make_async
    def bare() -> str:
        return "as a decorator"

    def work() -> None:
        now[0] += 1
        most[0] = max(most[0], now[0])
        time.sleep(0.001)
        now[0] -= 1

    one_at_a_time = cl.make_async(work, abandon_on_cancel=True, limiter=limiter)
    await asyncio.gather(*(one_at_a_time() for _ in range(5)))
    assert most == [1]
    assert await bare() == "as a decorator"


def test_a_coroutine_function_needs_no_thread() -> None:
    with pytest.raises(cl.AnychatError, match="is awaited"):
        cl.make_async(look_up)


async def test_sleep_lets_others_run() -> None:
    order: list[str] = []

    async def other() -> None:
        order.append("other")

    task = asyncio.create_task(other())
    await cl.sleep(0)
    order.append("here")
    await task
    assert order == ["other", "here"]
