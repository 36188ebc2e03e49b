"""Between sync and async code: `make_async`, `run_sync`, `sleep`."""

from __future__ import annotations

import asyncio
import inspect
from asyncio import AbstractEventLoop
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, nullcontext
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar

from .concurrency import in_worker, thread_loop, wait_in_thread
from .context import current_session
from .errors import ContextError, OptionError
from .stepper import current_stepper, library

P = ParamSpec("P")
T = TypeVar("T")


def make_async(
    function: Callable[P, T],
    *,
    abandon_on_cancel: bool = False,  # noqa: ARG001  # as documented
    cancellable: bool | None = None,  # noqa: ARG001
    limiter: AbstractAsyncContextManager[Any] | None = None,
) -> Callable[P, Coroutine[Any, Any, T]]:
    """Make a function that blocks awaitable: it runs in a worker thread, in the session of whoever awaits it.

    Parameters
    ----------
    function
        A sync function.
    abandon_on_cancel, cancellable
        Taken for Chainlit's sake. A thread cannot be cancelled: after *Stop* the waiting ends at once, always, and
        the thread goes on until it ends, or until it calls `run_sync`.
    limiter
        Held while the function runs, such as an ``asyncio.Semaphore``.

    Returns
    -------
    coroutine function
        It takes the same arguments.

    Raises
    ------
    OptionError
        For a coroutine function, which needs no thread.

    Examples
    --------
    >>> import anychat as cl
    >>> @cl.on_message
    ... async def reply(message: cl.Message):
    ...     lines = await cl.make_async(lambda: open("notes.txt").readlines())()

    Arguments as in Chainlit's ``cl.make_async``.
    """
    if not callable(function) or inspect.iscoroutinefunction(function):
        raise OptionError(f"cl.make_async takes a sync function, not {function!r}. A coroutine function is awaited.")

    @wraps(function)
    async def in_thread(*args: P.args, **kwargs: P.kwargs) -> T:
        async with limiter or nullcontext():
            value: T = await in_worker(partial(function, *args, **kwargs))
            return value

    return in_thread


def run_sync(awaitable: Awaitable[T]) -> T:
    """Wait for a coroutine from sync code, wherever that runs.

    In a worker thread (a sync callback, `make_async`) the coroutine runs on the session's loop, and the thread blocks.
    In sync code that an async callback calls, the callback's task waits, and the loop goes on: that takes the package
    greenlet, unless the coroutine never really waits, as ``cl.Message(...).send()`` does not. In a plain cell the
    coroutine runs on a loop in a thread of the package.

    Parameters
    ----------
    awaitable
        A coroutine, or anything else that can be awaited.

    Returns
    -------
    object
        What it returns. What it raises is raised here; when the turn was stopped, that is ``CancelledError``.

    Raises
    ------
    ContextError
        Where waiting is not possible. It says what to do instead.
    OptionError
        When it is nothing to await.

    Examples
    --------
    >>> import anychat as cl
    >>> @cl.on_message
    ... def reply(message: cl.Message):
    ...     cl.run_sync(cl.Message("Let me think.").send())
    """
    if not isinstance(awaitable, Awaitable):
        raise OptionError(f"cl.run_sync takes a coroutine, such as cl.Message(...).send(), not {awaitable!r}.")
    coroutine = _awaited(awaitable)
    session, here = current_session.get(None), _running_loop()
    loop = session.loop if session else None
    is_part_of_task = here is not None and (here is loop or (loop is None and current_stepper() is not None))
    value: T = _drive(coroutine) if is_part_of_task else wait_in_thread(coroutine, loop or thread_loop(), here)
    return value


async def sleep(duration: float) -> None:
    """Wait some seconds, while others go on: ``asyncio.sleep``, by Chainlit's name."""
    await asyncio.sleep(duration)


async def _awaited(awaitable: Awaitable[T]) -> T:
    return await awaitable


def _running_loop() -> AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _drive(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine to its end in the middle of sync code, on the loop's own thread and as part of its task."""
    step: Callable[[], Any] = partial(coroutine.send, None)
    while True:
        try:
            future = step()
        except StopIteration as stop:
            return stop.value
        try:
            step = partial(coroutine.send, _wait_for(future))
        except BaseException as error:  # also the task's cancellation: the coroutine cleans up, and raises it again
            step = partial(coroutine.throw, error)


def _wait_for(future: Any) -> Any:
    stepper = current_stepper()
    if stepper is not None:
        return stepper.wait_for(future)
    if future is None:  # it only lets others run, and they can run later
        return None
    raise ContextError(
        "cl.run_sync cannot wait here: this sync code runs on the event loop that it would wait for. "
        + (
            "Call it from an async callback, or from a sync function that one calls; or await instead."
            if library()
            else "Install the package greenlet (pip install greenlet) and restart the kernel; or await instead; or "
            "make the callback a sync function, which runs in a thread."
        )
    )
