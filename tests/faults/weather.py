"""What becomes of what travels: lost, late, twice, or there."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from random import Random

LATENCY = (0.002, 0.02)  # seconds
LATE = (0.05, 0.6)
BURST = (5, 40)  # packets
WINDOW = 3.0  # seconds that the server counts
HEADROOM = 0.8


@dataclass(frozen=True)
class Faults:
    """How bad a line is; chances are per packet or command.

    Attributes
    ----------
    lost, twice, late, burst
        The chance to be lost, to arrive twice, to be overtaken, and to be the first of several that are lost.
    dead
        From when to when, in seconds, nothing arrives.
    is_told
        While the line is dead, sending raises, as JupyterLab's models do when the connection is closed.
    limit
        The messages per second above which the server drops them.
    """

    lost: float = 0
    twice: float = 0
    late: float = 0
    burst: float = 0
    dead: tuple[float, float] = (0, 0)
    is_told: bool = False
    limit: int | None = None


class Line:
    """One direction between one tab and the kernel."""

    def __init__(self, faults: Faults, random: Random) -> None:
        self.faults = faults
        self._random = random
        self._last = 0.0
        self._burst = 0
        self._limit = ServerLimit(faults.limit) if faults.limit else None

    def clear_up(self) -> None:
        """From now on nothing goes wrong; but the server's limit stays."""
        self.faults, self._burst = Faults(), 0

    def arrivals(self, now: float) -> list[float]:
        """When what is sent now arrives: never, once or twice."""
        if self._limit is not None and not self._limit.lets_pass(now):
            return []
        if self._is_lost(now):
            return []
        copies = 2 if self._random.random() < self.faults.twice else 1
        return [self._arrival(now) for _ in range(copies)]

    def _is_lost(self, now: float) -> bool:
        first, last = self.faults.dead
        if first <= now < last:
            return True
        if self._burst == 0 and self._random.random() < self.faults.burst:
            self._burst = self._random.randint(*BURST)
        self._burst = max(self._burst - 1, 0)
        return self._burst > 0 or self._random.random() < self.faults.lost

    def _arrival(self, now: float) -> float:
        if self._random.random() < self.faults.late:
            return now + self._random.uniform(*LATE)
        self._last = max(now + self._random.uniform(*LATENCY), self._last + 0.000_001)  # in order, whatever it takes
        return self._last


class ServerLimit:
    """Drops as Jupyter's server does: once the rate is above the limit, everything, until it is well below."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._counted: deque[float] = deque()
        self._is_dropping = False

    def lets_pass(self, now: float) -> bool:
        while self._counted and self._counted[0] <= now - WINDOW:
            self._counted.popleft()
        rate = (len(self._counted) + 1) / WINDOW
        if rate > self._limit:
            self._is_dropping = True
        elif rate < HEADROOM * self._limit:
            self._is_dropping = False
        if not self._is_dropping:
            self._counted.append(now)
        return not self._is_dropping
