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
from typing import Any, NoReturn

from ..errors import CallbackInterrupted


class Interruptible(collections.abc.Coroutine[Any, Any, None]):
    """A coroutine whose steps on the main thread can be interrupted."""

    def __init__(self, coroutine: Coroutine[Any, Any, None]) -> None:
        self._coroutine = coroutine

    def send(self, value: Any) -> Any:
        """Run to the next pause."""
        return _interruptibly(self._coroutine.send, value)

    def throw(self, *exception: Any) -> Any:
        """Raise at the pause, and run to the next."""
        return _interruptibly(self._coroutine.throw, *exception)

    def close(self) -> None:
        """End without running further."""
        self._coroutine.close()

    def __await__(self) -> NoReturn:
        raise TypeError("An Interruptible is run as a task, not awaited.")


def _interruptibly(step: Callable[..., Any], *arguments: Any) -> Any:
    if threading.current_thread() is not threading.main_thread():
        return step(*arguments)
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        try:
            return step(*arguments)
        finally:
            signal.signal(signal.SIGINT, previous)
    except KeyboardInterrupt:
        raise CallbackInterrupted("The kernel was interrupted while this callback was running.") from None
