"""A conversation that is already there: how soon it can be gone on with, and what each exchange costs in it."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from benchmarks.answers import last_words
from benchmarks.figure import Figure
from benchmarks.stage import Stage, View
from browser.pages import CHAT

SIZES = (1_000, 2_000, 10_000)
MOST_USABLE = {2_000: 500.0}  # ms
MOST_PAINTED = {10_000: 1_000.0}  # ms
MOST_RATIO = 1.3
EXCHANGES = 7
SHOW = "display(cl.Chat(app, messages=past[{size}]))"


def run(stage: Stage, *, quick: bool) -> Iterator[Figure]:
    """Measure an empty chat, then each size, in one page."""
    sizes = SIZES[-1:] if quick else SIZES
    prepare = f"past = {{size: conversation(size) for size in (0, *{sizes})}}"
    with stage.scene(prepare, *(SHOW.format(size=size) for size in (0, *sizes))) as scene:
        scene.notebook.run(1)
        scene.time_to_use(2, CHAT)  # with the bundle's arrival
        scene.clear(2)
        empty_heap = scene.heap()
        empty, view = scene.time_to_use(2, CHAT)
        empty_ms = _next_exchange(view)
        scene.clear(2)
        for index, size in enumerate(sizes, start=3):
            opening, view = scene.time_to_use(index, CHAT, ending=last_words(0))
            said = f"{size:,} messages"
            yield Figure(f"{said}, composer usable", opening.usable, "ms", empty.usable, MOST_USABLE.get(size))
            yield Figure(f"{said}, newest turn painted", opening.painted, "ms", most=MOST_PAINTED.get(size))
            most_ratio = MOST_RATIO if size == SIZES[-1] else None
            yield Figure(f"{said}, next exchange", _next_exchange(view), "ms", empty_ms, most_ratio=most_ratio)
            yield Figure(f"{said}, page heap", scene.heap() - empty_heap, "MB")
            scene.clear(index)


def _next_exchange(view: View) -> float:
    return statistics.median(view.ask("echo", tag).ms for tag in range(1, EXCHANGES + 1))
