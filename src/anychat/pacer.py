"""When messages may leave the kernel.

The server between kernel and page drops what comes faster than 1,000 messages/s per kernel, without a
word, and ZMQ drops more behind it. So all chats of a kernel share one budget, and nobody sends without
a slot. Slots are given in the order they are asked for: who streams at the same time gets the same share.
"""

from __future__ import annotations

import heapq
import itertools
import sys
import threading
import time
from asyncio import AbstractEventLoop, get_event_loop
from collections.abc import Callable
from functools import cache
from typing import Protocol

from .logger import logger

MESSAGES_PER_SECOND = 250
BURST = 60  # slots that a quiet kernel has in stock: a click must not wait for somebody's stream


class Timers(Protocol):
    """Something that calls back later, from any thread."""

    def call_later(self, delay: float, callback: Callable[[], None], /) -> object:
        """Call `callback` after `delay` seconds, once."""


class Pacer:
    """The budget of one kernel (a generic cell rate), and its clock.

    Parameters
    ----------
    timers
        Who wakes a sender whose turn comes later.
    clock
        Seconds, monotonic.
    rate
        Messages per second in the long run.
    burst
        Messages that may leave at once after a rest.
    """

    def __init__(
        self,
        timers: Timers,
        clock: Callable[[], float] = time.monotonic,
        rate: float = MESSAGES_PER_SECOND,
        burst: int = BURST,
    ) -> None:
        self.clock = clock
        self.call_later = timers.call_later
        self._gap = 1 / rate
        self._stock = burst * self._gap
        self._next = 0.0
        self._lock = threading.Lock()

    def reserve(self) -> float:
        """Take the next slot; returns how many seconds away it is (0: now)."""
        with self._lock:
            now = self.clock()
            slot = max(self._next, now - self._stock)
            self._next = slot + self._gap
            return max(0.0, slot - now)


class TimerThread:
    """One daemon thread for all timers, so that a blocked kernel loop does not hold the stream back."""

    def __init__(self) -> None:
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._count = itertools.count()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def call_later(self, delay: float, callback: Callable[[], None]) -> None:
        """Call `callback` in the timer thread, `delay` seconds from now."""
        entry = (time.monotonic() + delay, next(self._count), callback)
        with self._changed:
            heapq.heappush(self._due, entry)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="anychat-timers", daemon=True)
                self._thread.start()
            elif self._due[0] is entry:
                self._changed.notify()

    def _run(self) -> None:
        while True:
            try:
                self._next_due()()
            except Exception:  # one chat's mishap must not stop the clock of all
                logger.exception("A timer raised.")

    def _next_due(self) -> Callable[[], None]:
        with self._changed:
            while True:
                wait = self._due[0][0] - time.monotonic() if self._due else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._due)[2]
                self._changed.wait(wait)


class LoopTimers:
    """Timers of an event loop: for tests, and where there are no threads (Pyodide)."""

    def __init__(self, loop: AbstractEventLoop) -> None:
        self._loop = loop

    def call_later(self, delay: float, callback: Callable[[], None]) -> None:
        """Call `callback` on the loop, `delay` seconds from now."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._loop.call_later, delay, callback)


@cache
def kernel_pacer() -> Pacer:
    """The pacer that all chats of this process share."""
    return Pacer(LoopTimers(get_event_loop()) if sys.platform == "emscripten" else TimerThread())
