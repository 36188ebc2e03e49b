"""The variables of a session: what setting and getting one costs, against an attribute of a HasTraits object."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from traitlets import HasTraits, Int

from anychat.state import SessionState
from benchmarks.apart import apart
from benchmarks.figure import Figure
from benchmarks.stage import Stage

KEYS = (10, 1_000, 100_000)
CALLS = 20_000


class Plain(HasTraits):
    """What a session's state would be if its keys were known beforehand."""

    value = Int()


def run(_stage: Stage, *, quick: bool) -> Iterator[Figure]:
    """Measure in a fresh process."""
    yield from apart(measure, CALLS // 4 if quick else CALLS)


def measure(calls: int) -> list[Figure]:
    """Time sets and gets, with one observer and with none."""
    figures = []
    for is_observed in (False, True):
        plain = Plain()
        if is_observed:
            plain.observe(_ignore, "value")
        plain_set, plain_get = _set_and_get(plain, "value", calls)
        for keys in KEYS:
            state = SessionState(**{f"key_{index}": index for index in range(keys)})
            key = f"key_{keys // 2}"
            if is_observed:
                state.observe(_ignore, key)
            state_set, state_get = _set_and_get(state, key, calls)
            of = f"{keys:,} keys, {'observed' if is_observed else 'unobserved'}"
            figures.append(Figure(f"set, {of}", state_set, "µs", plain_set))
            if not is_observed:
                figures.append(Figure(f"get, {keys:,} keys", state_get, "µs", plain_get))
    return figures


def _set_and_get(owner: Any, key: str, calls: int) -> tuple[float, float]:
    """Microseconds of a set and of a get."""
    return _time(lambda index: setattr(owner, key, index), calls), _time(lambda _: getattr(owner, key), calls)


def _time(call: Callable[[int], object], calls: int) -> float:
    began = time.process_time()
    for index in range(calls):
        call(index)
    return 1e6 * (time.process_time() - began) / calls


def _ignore(_change: object) -> None:
    pass
