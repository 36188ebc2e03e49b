"""What a callback waits for."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from .protocol import AskItem
from .turn import Turn


class PendingAsk:
    """A question of a callback, until it is answered or nobody waits for it any more.

    The first answer counts, wherever it comes from. Used from any thread.

    Parameters
    ----------
    item
        How it is shown.
    turn
        What the callback that waits belongs to.
    read
        Makes the callback's result of an answer; raises `OptionError` when it is not one to this question.
    """

    def __init__(self, item: AskItem, turn: Turn | None, read: Callable[[object], object]) -> None:
        self.item = item
        self.turn = turn
        self._read = read
        self._lock = threading.RLock()
        self._is_over = False
        self._is_cancelled = False
        self._is_answered = False
        self._result: object = None
        self._end: Future[None] = Future()
        self._end.set_running_or_notify_cancel()  # whoever waits may give up

    @property
    def is_open(self) -> bool:
        """Whether an answer would be taken. One that was answered stands in the chat until its callback goes on."""
        return not self._is_over

    def take(self, answer: object) -> bool:
        """Take an answer; returns whether somebody waited for it.

        Raises
        ------
        OptionError
            When it is no answer to this question, which stays open.
        """
        with self._lock:
            if self._is_over:
                return False
            self._result = self._read(answer)
            self._is_answered = self._is_over = True
        self._end.set_result(None)
        return True

    def withdraw(self) -> None:
        """Let the question be over without an answer: its result is None."""
        with self._lock:
            was_over, self._is_over, self._is_answered = self._is_over, True, True
        if not was_over:
            self._end.set_result(None)

    def cancel(self) -> None:
        """Let whoever waits be cancelled."""
        with self._lock:
            self._is_cancelled |= not self._is_over
        self.withdraw()

    async def result(self, timeout: float | None) -> Any:
        """Wait for the answer, and for no other that comes later.

        Raises
        ------
        TimeoutError
            When none comes in so many seconds.
        asyncio.CancelledError
            When the question was cancelled.
        """
        try:
            await asyncio.wait([asyncio.wrap_future(self._end)], timeout=timeout)
        finally:
            with self._lock:
                self._is_over = True
        if self._is_cancelled:
            raise asyncio.CancelledError("Nobody will answer this question any more.")
        if not self._is_answered:
            raise TimeoutError(f"The user did not answer within {timeout:g} s.")
        return self._result
