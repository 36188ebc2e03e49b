"""Calling user code: sync or async, function or generator, on which loop, in which thread."""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import threading
from asyncio import AbstractEventLoop
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Generator
from concurrent.futures import CancelledError as FutureCancelled
from concurrent.futures import Future
from contextvars import ContextVar
from functools import cache, partial
from typing import Any, Protocol

from .errors import ContextError, HandlerError, SessionEndedError


class Reply(Protocol):
    """Takes what a callback returns and yields. Called from any thread."""

    def returned(self, value: object) -> None:
        """The callback returned this."""

    def yielded(self, value: object) -> bool:
        """The callback yielded this; returns whether others should get a chance to run."""

    @property
    def is_over(self) -> bool:
        """Whether nobody listens any more, so that a generator may end."""


class Unheard:
    """A reply that takes what comes, for callbacks whose values mean nothing."""

    is_over = False

    def returned(self, value: object) -> None:
        """Not shown."""

    def yielded(self, value: object) -> bool:
        """Not shown."""
        return True


async def call(function: Callable[..., Any], arguments: tuple[object, ...], reply: Reply) -> None:
    """Run a callback to its end, and give `reply` what comes out of it.

    Async functions and async generators run on this loop; all else runs in a worker thread, in a copy of the
    context. An awaitable that a sync function returns is awaited here.
    """
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        value = function(*arguments)
    else:
        value = await in_worker(partial(_call_sync, function, arguments, reply))
    await _settle(value, reply)


def _call_sync(function: Callable[..., Any], arguments: tuple[object, ...], reply: Reply) -> object:
    value = function(*arguments)
    if isinstance(value, Generator):
        return _drain(value, reply)
    return value


def _drain(generator: Generator[object, None, object], reply: Reply) -> object:
    while True:
        try:
            value = next(generator)
        except StopIteration as stop:
            return stop.value
        if reply.is_over:
            generator.close()
            return None
        reply.yielded(value)


async def _settle(value: object, reply: Reply) -> None:
    if isinstance(value, AsyncGenerator):
        await _drain_async(value, reply)
    elif isinstance(value, Awaitable):
        await _settle(await value, reply)
    else:
        reply.returned(value)


async def _drain_async(generator: AsyncGenerator[object, None], reply: Reply) -> None:
    try:
        async for value in generator:
            if reply.is_over:
                break
            if reply.yielded(value):
                await asyncio.sleep(0)  # a generator without a pause must not keep the loop from others
    finally:
        await generator.aclose()


async def in_worker(function: Callable[[], Any]) -> Any:
    """Run a blocking function in a thread of its own, in a copy of the context.

    A daemon thread, for one that never ends must keep neither others waiting nor the process from ending. When the
    waiting for it is cancelled, what it waits for itself is cancelled, too.
    """
    worker, context = Worker(), contextvars.copy_context()
    context.run(current_worker.set, worker)
    outcome: Future[Any] = Future()
    outcome.set_running_or_notify_cancel()  # whoever waits may give up, the thread goes on
    thread = threading.Thread(target=_run_into, args=(outcome, context, function), name="anychat-worker", daemon=True)
    try:
        thread.start()
    except RuntimeError:  # no threads here (Pyodide), or not any more (the process is going down)
        return context.run(function)
    try:
        return await asyncio.wrap_future(outcome)
    except asyncio.CancelledError:
        worker.abandon()
        raise


class Worker:
    """A thread that works for somebody, and what it waits for on a loop."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_abandoned = False
        self._awaited: set[Future[Any]] = set()

    def abandon(self) -> None:
        """Nobody waits for the thread any more: it gets no answers."""
        with self._lock:
            self._is_abandoned = True
            awaited = list(self._awaited)
        for future in awaited:
            future.cancel()

    def wait_for(self, future: Future[Any]) -> Any:
        """Block until the future is done.

        Raises
        ------
        asyncio.CancelledError
            When the thread is abandoned, or what it waits for was cancelled.
        """
        with self._lock:
            self._awaited.add(future)
            if self._is_abandoned:
                future.cancel()
        try:
            return future.result()
        except FutureCancelled:
            raise asyncio.CancelledError("What this thread waited for was cancelled.") from None
        finally:
            future.cancel()  # an interrupted cell leaves nothing behind
            self._awaited.discard(future)


current_worker: ContextVar[Worker | None] = ContextVar("anychat_worker", default=None)
"""The thread that this code runs in, if it works for a callback."""

blocked_loop: ContextVar[AbstractEventLoop | None] = ContextVar("anychat_blocked_loop", default=None)
"""The loop that stands still until this code has ended, because a cell waits for it."""


def wait_in_thread(
    coroutine: Coroutine[Any, Any, Any], loop: AbstractEventLoop, blocks: AbstractEventLoop | None = None
) -> Any:
    """Run a coroutine on the loop of another thread, in a copy of this context, and block until it is done.

    Parameters
    ----------
    coroutine, loop
        What to run, and where.
    blocks
        The loop of this thread, which stands still meanwhile.

    Raises
    ------
    SessionEndedError
        When that loop does not run any more.
    """
    if not loop.is_running():
        coroutine.close()
        raise SessionEndedError("The event loop that this chat lives on is over, so nothing can be waited for on it.")
    worker = current_worker.get() or Worker()
    token = blocked_loop.set(blocks)
    try:
        future = asyncio.run_coroutine_threadsafe(coroutine, loop)  # copies the context
    finally:
        blocked_loop.reset(token)
    return worker.wait_for(future)


def _run_into(outcome: Future[Any], context: contextvars.Context, function: Callable[[], Any]) -> None:
    try:
        outcome.set_result(context.run(function))
    except StopIteration as error:  # asyncio cannot carry these; generators do the same (PEP 479)
        outcome.set_exception(_because(error))
    except Exception as error:
        outcome.set_exception(error)
    except BaseException as error:  # SystemExit and its like would end the loop
        outcome.set_exception(_because(error))


def _because(cause: BaseException) -> HandlerError:
    error = HandlerError(f"The callback left with {type(cause).__name__}: {cause}.")
    error.__cause__ = cause
    return error.with_traceback(cause.__traceback__)


def thread_loop() -> AbstractEventLoop:
    """The package's own event loop, in a thread of its own: it goes on while a cell blocks.

    Raises
    ------
    ContextError
        Where there are no threads.
    """
    try:
        return _thread_loop()
    except RuntimeError as error:
        raise ContextError(f"This needs a thread, and none can be started here ({error}): await instead.") from error


@cache
def _thread_loop() -> AbstractEventLoop:
    loop = asyncio.new_event_loop()
    started = threading.Event()
    loop.call_soon(started.set)
    threading.Thread(target=loop.run_forever, name="anychat-loop", daemon=True).start()
    started.wait()  # so that whoever gets it sees it run
    return loop
