"""``python -m benchmarks``: measures all, or what ``--only`` names, and prints a table."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from benchmarks import history, huge, memory, paced, rendering, round_trip, startup, state, table, transport
from benchmarks.figure import Figure, Summary, summarize
from benchmarks.stage import Stage

REPETITIONS = 3


class Scenario(Protocol):
    """Measures something once."""

    def __call__(self, stage: Stage, /, *, quick: bool) -> Iterator[Figure]:
        """Yield the figures, the same ones each time; `quick` asks for fewer and smaller ones."""


SCENARIOS: dict[str, Scenario] = {
    "transport": transport.run,
    "rendering": rendering.run,
    "huge": huge.run,
    "paced": paced.run,
    "history": history.run,
    "round-trip": round_trip.run,
    "start-up": startup.run,
    "state": state.run,
    "memory": memory.run,
}


def main() -> None:
    """Measure, and print what came of it."""
    options = _parse()
    began, load = time.monotonic(), _load()
    results = measure(options.only or list(SCENARIOS), options.repetitions, quick=options.quick)
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, load {load} before and {_load()} after"
    print(f"{options.repetitions} × in {time.monotonic() - began:.0f} s on {machine}\n\n{table.render(results)}")
    if options.out:
        scenarios = {name: [summary.to_dict() for summary in summaries] for name, summaries in results.items()}
        options.out.write_text(json.dumps({"machine": machine, "scenarios": scenarios}, indent=1) + "\n")


def measure(names: Sequence[str], repetitions: int, *, quick: bool) -> dict[str, list[Summary]]:
    """Run the scenarios so many times. All run once before any runs again, so that all meet the same drift."""
    figures: dict[str, dict[str, list[Figure]]] = {name: {} for name in names}
    with Stage() as stage:
        for repetition in range(repetitions):
            for name in names:
                print(f"{repetition + 1}/{repetitions} {name} (load {_load()})", file=sys.stderr, flush=True)
                for figure in SCENARIOS[name](stage, quick=quick):
                    print(f"    {figure.name}: {figure.value:.4g} {figure.unit}", file=sys.stderr, flush=True)
                    figures[name].setdefault(figure.name, []).append(figure)
    return {name: [summarize(same) for same in by_name.values()] for name, by_name in figures.items()}


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks", description="Measures anychat: see benchmarks/README.md.")
    parser.add_argument("--only", action="append", choices=SCENARIOS, help="a scenario; may be given several times")
    parser.add_argument("--quick", action="store_true", help="once, and less of everything: about four minutes")
    parser.add_argument("--repetitions", type=int, metavar="N", help=f"how often; {REPETITIONS} by default")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the result as JSON, too")
    options = parser.parse_args()
    options.repetitions = options.repetitions or (1 if options.quick else REPETITIONS)
    return options


def _load() -> str:
    """How many processes wanted the processor in the last minute, where the system tells."""
    read: Callable[[], tuple[float, float, float]] | None = getattr(os, "getloadavg", None)
    return f"{read()[0]:.1f}" if read else "unknown"


if __name__ == "__main__":
    main()
