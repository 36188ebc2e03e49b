"""Tasks that a callback starts and nobody awaits: their errors belong to the chat they come from.

asyncio reports such an error to the loop when the task is collected, and by then nobody knows whose task it was. So
each task that is started where an error has a home remembers it.
"""

from __future__ import annotations

from asyncio import AbstractEventLoop, Future, Task
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

ShowError = Callable[[BaseException], None]

error_home: ContextVar[ShowError | None] = ContextVar("anychat_error_home", default=None)
"""Shows an error of the running code; set by whoever runs it, and followed by the tasks it starts."""


def watch_loop(loop: AbstractEventLoop) -> None:
    """Bring the errors of forgotten tasks home; those of tasks that are not ours go where they went before."""
    if not isinstance(loop.get_exception_handler(), _Handler):
        loop.set_task_factory(_Factory(loop.get_task_factory()))
        loop.set_exception_handler(_Handler(loop.get_exception_handler()))


class _Factory:
    def __init__(self, before: Callable[..., Future[Any]] | None) -> None:
        self._before = before

    def __call__(self, loop: AbstractEventLoop, coroutine: Any, **options: Any) -> Any:
        task: Any = (self._before or _plain_task)(loop, coroutine, **options)
        context = options.get("context")
        home = error_home.get() if context is None else context.get(error_home)
        if home is not None:
            task.anychat_error_home = home
        return task


class _Handler:
    def __init__(self, before: Callable[[AbstractEventLoop, dict[str, Any]], object] | None) -> None:
        self._before = before

    def __call__(self, loop: AbstractEventLoop, report: dict[str, Any]) -> None:
        home: ShowError | None = getattr(report.get("task") or report.get("future"), "anychat_error_home", None)
        error = report.get("exception")
        if home is not None and isinstance(error, BaseException) and not loop.is_closed():
            # Not here: this may be a garbage collection in the middle of anything.
            loop.call_soon_threadsafe(home, error)
        elif self._before is not None:
            self._before(loop, report)
        else:
            loop.default_exception_handler(report)


def _plain_task(loop: AbstractEventLoop, coroutine: Any, **options: Any) -> Task[Any]:
    return Task(coroutine, loop=loop, **options)
