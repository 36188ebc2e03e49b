"""The variables of a session: what setting and getting one costs, against an attribute of a HasTraits object.

In a callback also against the real Chainlit, where there is one: in this environment, or in that of the interpreter
that the variable ANYCHAT_CHAINLIT_PYTHON names.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from traitlets import HasTraits, Int

from anychat.nodes import Nodes
from anychat.secrets import Secrets
from anychat.state import SessionState
from benchmarks.apart import apart
from benchmarks.figure import Figure
from benchmarks.stage import Stage

KEYS = (10, 1_000, 100_000)
CALLS = 20_000
TURNS = 3
"""How often both packages take turns; of each, the quickest counts."""

HISTORIES = (10, 1_000, 10_000)
SCRIPT = Path(__file__).with_name("in_callback.py").resolve()


class Plain(HasTraits):
    """What a session's state would be if its keys were known beforehand."""

    value = Int()


def run(_stage: Stage, *, quick: bool) -> Iterator[Figure]:
    """Measure in a fresh process."""
    calls = CALLS // 4 if quick else CALLS
    yield from apart(measure, calls)
    yield from in_callback(calls)
    yield from apart(turns)
    yield from apart(inspected)


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
            figures.append(Figure(f"set, {of}", state_set, "µs", plain_set, most=10 if is_observed else 5))
            if not is_observed:
                figures.append(Figure(f"get, {keys:,} keys", state_get, "µs", plain_get))
    return figures


def turns() -> list[Figure]:
    """Time what a turn does to the state: a checkpoint at its beginning, and a look at what changed at its end."""
    figures = []
    for length in HISTORIES:
        state = SessionState(history=[_said(number) for number in range(length)], settings={"tone": "dry"})
        state.observe(_ignore)
        state.begin_turn()
        begins, ends = [], []
        for number in range(30):
            state.history.append(_said(number))
            begins.append(_milliseconds(state.begin_turn))
            state.history[-1]["content"] += "!"
            ends.append(_milliseconds(state.end_turn))
        most = 2 if length <= 1_000 else None
        of = f"a history of {length:,} messages"
        figures.append(Figure(f"checkpoint, {of}", statistics.median(begins), "ms", most=most))
        figures.append(Figure(f"changes in place, {of}", statistics.median(ends), "ms", most=most))
    return figures


def inspected() -> list[Figure]:
    """Time one picture for an inspector, which is made ten times a second at most, and only while one is open."""
    return [figure for keys in (10, 100) for figure in _inspected(keys)]


def _inspected(keys: int) -> list[Figure]:
    values: dict[str, object] = {f"key_{index}": {"number": index, "text": "x" * 1000} for index in range(keys)}
    values["history"] = [_said(number) for number in range(1_000)]
    mask = Secrets().find(values, {})
    opened = {("state",): 1_000, ("state", ".history"): 100}
    finding = [_milliseconds(lambda: Secrets().find(values, {})) for _ in range(10)]
    making = [_milliseconds(lambda: Nodes(mask, opened, lambda key: None).state(values)) for _ in range(10)]
    of = f"{keys} keys and 1,000 messages"
    return [
        Figure(f"inspector, finding secrets of {of}", statistics.median(finding), "ms"),
        Figure(f"inspector, making a tree of {of}", statistics.median(making), "ms"),
    ]


def _said(number: int) -> dict[str, str]:
    return {"role": "user", "content": f"This is message {number} of a conversation."}


def _milliseconds(function: Callable[[], object]) -> float:
    began = time.process_time()
    function()
    return 1e3 * (time.process_time() - began)


def in_callback(calls: int) -> Iterator[Figure]:
    """Time ``cl.user_session`` in a callback of anychat, and in one of Chainlit if there is one."""
    chainlit = os.environ.get("ANYCHAT_CHAINLIT_PYTHON") or (sys.executable if find_spec("chainlit") else None)
    rounds = [
        (_run(sys.executable, "anychat", calls), _run(chainlit, "chainlit", calls) if chainlit else {})
        for _ in range(TURNS)
    ]
    for what in ("set", "get"):
        ours = min(our[what] for our, _ in rounds)
        theirs = min(their[what] for _, their in rounds) if chainlit else None
        yield Figure(f"user_session.{what} in a callback, the floor is Chainlit's", ours, "µs", theirs, most_ratio=1)


def _run(python: str, package: str, calls: int) -> dict[str, float]:
    """In a folder that is thrown away: Chainlit leaves files where it runs."""
    paths = os.pathsep.join(str(Path(path).resolve()) for path in sys.path if path)
    environment = {**os.environ, **({"PYTHONPATH": paths} if package == "anychat" else {})}
    if package == "chainlit":
        environment.pop("PYTHONPATH", None)
    with TemporaryDirectory() as folder:
        command = [python, str(SCRIPT), package, str(calls)]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    times: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return times


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
