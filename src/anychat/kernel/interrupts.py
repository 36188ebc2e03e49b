"""Blocking code in an async callback, within reach of the notebook's stop button.

ipykernel ignores SIGINT between messages, so a callback that blocks the kernel's main loop would freeze it for good.
Here the coroutine is driven by hand: during each of its steps SIGINT raises, and the exception ends the callback,
not the loop nor a cell that happens to be waiting.
"""

from __future__ import annotations

import _thread
import collections.abc
import signal
import threading
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from types import FrameType
from typing import Any, NoReturn

from ..errors import CallbackInterrupted
from ..stepper import stepped
from ..sync import run_sync
from ..tracebacks import is_package_file

INTERRUPTED = "The kernel was interrupted while this callback was running."

REMIND_AFTER = 0.05
"""Seconds after which an interrupt that came while anychat was at work is tried again."""


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
    button = _StopButton()
    previous = signal.signal(signal.SIGINT, button.press)
    try:
        try:
            paused_at = step(*arguments)
        finally:
            button.disconnect()
            signal.signal(signal.SIGINT, previous)
        return coroutine.throw(CallbackInterrupted(INTERRUPTED)) if button.is_pressed else paused_at
    except KeyboardInterrupt:
        raise CallbackInterrupted(INTERRUPTED) from None


class _StopButton:
    """The notebook's stop button, during one step: it raises in user code, at once or when anychat has let go of it."""

    def __init__(self) -> None:
        self.is_pressed = False
        self._is_reminder = False
        self._is_over = False
        self._lock = threading.Lock()

    def press(self, _signal: int, frame: FrameType | None) -> None:
        """Handle SIGINT."""
        is_first, self._is_reminder = self._is_reminder or not self.is_pressed, False
        if self._is_over:
            self.is_pressed = True
        elif not is_first or not _is_in_our_midst(frame):
            self.is_pressed = False  # now it is heard; the callback may clean up, even wait
            raise KeyboardInterrupt
        else:  # an event is half sent
            self.is_pressed = True
            # Not threading.Thread: its start takes locks that the code under this very handler may hold.
            with suppress(RuntimeError):  # no threads here: the step ends first
                _thread.start_new_thread(self._remind, ())

    def disconnect(self) -> None:
        """The step is over: no reminder comes after this."""
        self._is_over = True
        with self._lock:
            pass

    def _remind(self) -> None:
        time.sleep(REMIND_AFTER)
        with self._lock:
            if self.is_pressed and not self._is_over:
                self._is_reminder = True
                _interrupt_main_thread()


def _interrupt_main_thread() -> None:
    main = threading.main_thread().ident
    if hasattr(signal, "pthread_kill") and main is not None:
        signal.pthread_kill(main, signal.SIGINT)  # a real one: it ends what blocks
    else:
        _thread.interrupt_main()


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
