"""Calling user code: sync or async, function or generator, on which loop, in which thread."""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from concurrent.futures import Future
from functools import cache, partial
from typing import Any, Protocol

from .errors import HandlerError


class Reply(Protocol):
    """Takes what a callback returns and yields. Called from any thread."""

    def returned(self, value: object) -> None:
        """The callback returned this."""

    def yielded(self, value: object) -> bool:
        """The callback yielded this; returns whether others should get a chance to run."""

    @property
    def is_over(self) -> bool:
        """Whether nobody listens any more, so that a generator may end."""


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

    A daemon thread, for one that never ends must keep neither others waiting nor the process from ending.
    """
    context = contextvars.copy_context()
    outcome: Future[Any] = Future()
    outcome.set_running_or_notify_cancel()  # whoever waits may give up, the thread goes on
    worker = threading.Thread(target=_run_into, args=(outcome, context, function), name="anychat-worker", daemon=True)
    try:
        worker.start()
    except RuntimeError:  # no threads here (Pyodide), or not any more (the process is going down)
        return context.run(function)
    return await asyncio.wrap_future(outcome)


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


@cache
def thread_loop() -> asyncio.AbstractEventLoop:
    """The package's own event loop, in a thread of its own: it goes on while a cell blocks."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="anychat-loop", daemon=True).start()
    return loop
