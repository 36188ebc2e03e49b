"""Tasks that a callback starts: their errors belong to its chat, the notebook's stop button reaches them, and sync code
under them can wait.

asyncio reports the error of a task that nobody awaits to the loop, when the task is collected, and by then nobody knows
whose it was. So each task that is started in a callback remembers its home.
"""

from __future__ import annotations

from asyncio import AbstractEventLoop, Future, Task
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from typing import Any, NamedTuple

from .stepper import stepped


class Home(NamedTuple):
    """What the tasks of a callback need of where they come from."""

    show_error: Callable[[BaseException], None]
    interruptible: Callable[[Coroutine[Any, Any, None]], Coroutine[Any, Any, None]]


home: ContextVar[Home | None] = ContextVar("anychat_home", default=None)
"""Set by whoever runs a callback, and followed by the tasks that it starts."""


def watch_loop(loop: AbstractEventLoop) -> None:
    """Bring the errors of forgotten tasks home; those of tasks that are not ours go where they went before."""
    if not isinstance(loop.get_exception_handler(), _Handler):
        loop.set_task_factory(_Factory(loop.get_task_factory()))
        loop.set_exception_handler(_Handler(loop.get_exception_handler()))


class _Factory:
    def __init__(self, before: Callable[..., Future[Any]] | None) -> None:
        self._before = before

    def __call__(self, loop: AbstractEventLoop, coroutine: Any, **options: Any) -> Any:
        context = options.get("context")
        origin = home.get() if context is None else context.get(home)
        if origin is not None:
            coroutine = origin.interruptible(stepped(coroutine))
        task: Any = (self._before or _plain_task)(loop, coroutine, **options)
        if origin is not None:
            task.anychat_home = origin
        return task


class _Handler:
    def __init__(self, before: Callable[[AbstractEventLoop, dict[str, Any]], object] | None) -> None:
        self._before = before

    def __call__(self, loop: AbstractEventLoop, report: dict[str, Any]) -> None:
        origin: Home | None = getattr(report.get("task") or report.get("future"), "anychat_home", None)
        error = report.get("exception")
        if origin is not None and isinstance(error, BaseException) and not loop.is_closed():
            # Not here: this may be a garbage collection in the middle of anything.
            loop.call_soon_threadsafe(origin.show_error, error)
        elif self._before is not None:
            self._before(loop, report)
        else:
            loop.default_exception_handler(report)


def _plain_task(loop: AbstractEventLoop, coroutine: Any, **options: Any) -> Task[Any]:
    return Task(coroutine, loop=loop, **options)
