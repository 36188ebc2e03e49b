"""Calling user code: sync or async, function or generator, on which loop, in which thread."""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import sys
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import Any, Protocol

WORKERS = 64  # blocking callbacks at the same time; a session has one, so few kernels come near


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
            if reply.yielded(value):
                await asyncio.sleep(0)  # a generator without a pause must not keep the loop from others
    finally:
        await generator.aclose()


async def in_worker(function: Callable[[], Any]) -> Any:
    """Run a blocking function in a worker thread, in a copy of the context."""
    loop = asyncio.get_running_loop()
    run = contextvars.copy_context().run
    try:
        running = loop.run_in_executor(_workers(), run, function)
    except RuntimeError:  # the process is going down and starts no threads any more
        return run(function)
    return await running


@cache
def _workers() -> ThreadPoolExecutor | None:
    if sys.platform == "emscripten":  # no threads there: the loop's own executor runs it in place
        return None
    return ThreadPoolExecutor(WORKERS, thread_name_prefix="anychat-worker")


@cache
def thread_loop() -> asyncio.AbstractEventLoop:
    """The package's own event loop, in a thread of its own: it goes on while a cell blocks."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="anychat-loop", daemon=True).start()
    return loop
