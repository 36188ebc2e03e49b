"""Blocking code in an async callback, within reach of the notebook's stop button.

ipykernel ignores SIGINT between messages, so a callback that blocks the kernel's main loop would freeze it for good.
Here the coroutine is driven by hand: during each of its steps SIGINT raises, and the exception ends the callback,
not the loop nor a cell that happens to be waiting.
"""

from __future__ import annotations

import collections.abc
import signal
import threading
from collections.abc import Callable, Coroutine
from types import FrameType
from typing import Any, NoReturn

from ..errors import CallbackInterrupted
from ..stepper import stepped
from ..sync import run_sync
from ..tracebacks import is_package_file

INTERRUPTED = "The kernel was interrupted while this callback was running."


class Interruptible(collections.abc.Coroutine[Any, Any, None]):
    """A coroutine whose steps on the main thread can be interrupted."""

    def __init__(self, coroutine: Coroutine[Any, Any, None]) -> None:
        self._coroutine = coroutine

    def send(self, value: Any) -> Any:
        """Run to the next pause."""
        return _interruptibly(self._coroutine, self._coroutine.send, value)

    def throw(self, *exception: Any) -> Any:
        """Raise at the pause, and run to the next."""
        return _interruptibly(self._coroutine, self._coroutine.throw, *exception)

    def close(self) -> None:
        """End without running further."""
        self._coroutine.close()

    def __getattr__(self, name: str) -> Any:
        """``cr_running`` and its like: libraries look whether a task's coroutine has started."""
        return getattr(self._coroutine, name)

    def __await__(self) -> NoReturn:
        raise TypeError("An Interruptible is run as a task, not awaited.")


def _interruptibly(coroutine: Coroutine[Any, Any, None], step: Callable[..., Any], *arguments: Any) -> Any:
    if threading.current_thread() is not threading.main_thread():
        return step(*arguments)
    is_asked = False

    def interrupt(_signal: int, frame: FrameType | None) -> None:
        nonlocal is_asked
        if is_asked or not _is_in_our_midst(frame):
            raise KeyboardInterrupt
        is_asked = True  # an event is half sent: the step ends first, and streaming ones do so soon

    previous = signal.signal(signal.SIGINT, interrupt)
    try:
        try:
            paused_at = step(*arguments)
        finally:
            signal.signal(signal.SIGINT, previous)
        return coroutine.throw(CallbackInterrupted(INTERRUPTED)) if is_asked else paused_at
    except KeyboardInterrupt:
        raise CallbackInterrupted(INTERRUPTED) from None


_STEPPER = stepped.__code__.co_filename
_SYNC = run_sync.__code__.co_filename


def _is_in_our_midst(frame: FrameType | None) -> bool:
    """Whether user code has called anychat, and is there now."""
    if frame is not None and frame.f_code.co_filename == _STEPPER:
        return True  # on the way into a step, or out of it
    is_ours = False
    while frame is not None and frame.f_code is not _interruptibly.__code__:
        filename = frame.f_code.co_filename
        if filename == _SYNC:
            pass  # user code has called it, but it has called user code in turn
        elif is_package_file(filename):
            is_ours = True
        elif is_ours:
            return True
        frame = frame.f_back
    return False
