"""Stand-ins that put time and the network into a test's hands."""

import heapq
from collections.abc import Callable

from anychat.protocol import Info, MessageItem


class Time:
    """A clock that moves when it is told to, and the timers that hang on it."""

    def __init__(self) -> None:
        self.now = 0.0
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0

    def clock(self) -> float:
        return self.now

    def call_later(self, delay: float, callback: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._due, (self.now + delay, self._count, callback))

    def pass_(self, seconds: float) -> None:
        end = self.now + seconds
        while self._due and self._due[0][0] <= end:
            self.now, _, callback = heapq.heappop(self._due)
            callback()
        self.now = end

    @property
    def is_quiet(self) -> bool:
        return not self._due


INFO = Info(session="s", assistant="A", has_on_message=True)


def message(id: str, content: str = "") -> MessageItem:
    return MessageItem(id=id, type="assistant_message", author="A", content=content, created_at="now")
