"""A conversation that is already there: how soon it can be gone on with, and what it is to write and to read in it."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from benchmarks.answers import last_words
from benchmarks.figure import Figure
from benchmarks.stage import SHOW_CHAT, Scene, Stage, View
from browser.pages import CHAT

PAIRS, MANY = 2_000, 10_000  # messages
MOST_USABLE = {PAIRS: 500.0}  # ms
MOST_PAINTED = {PAIRS: 500.0, MANY: 1_000.0}  # ms
MOST_RATIO = 1.3
MOST_FRAME = 50.0  # ms
EXCHANGES = 25
QUIET = 0.2  # seconds
SCROLL_FRAMES = 600
SHOW = "display(cl.Chat(app, messages=past[{size}]))"


def run(stage: Stage, *, quick: bool) -> Iterator[Figure]:
    """Show an empty chat and long ones, in one page."""
    prepare = f"past = {{size: conversation(size) for size in {(PAIRS, MANY)}}}"
    with stage.scene(prepare, SHOW_CHAT, *(SHOW.format(size=size) for size in (PAIRS, MANY))) as scene:
        scene.notebook.run(1)
        scene.time_to_use(2, CHAT)  # with the bundle's arrival
        scene.clear(2)
        empty, _ = scene.time_to_use(2, CHAT)
        scene.clear(2)
        for index, size in enumerate((PAIRS, MANY), start=3):
            heap = scene.heap()
            opening, _ = scene.time_to_use(index, CHAT, ending=last_words(0))
            yield Figure(
                f"{size:,} messages, composer usable", opening.usable, "ms", empty.usable, MOST_USABLE.get(size)
            )
            yield Figure(f"{size:,} messages, newest turn painted", opening.painted, "ms", most=MOST_PAINTED.get(size))
            scene.wait_until_quiet()  # the page gets earlier turns while it has nothing else to do
            yield Figure(f"{size:,} messages, page heap a moment later", scene.heap() - heap, "MB")
            scene.clear(index)
        yield from _go_on(scene, EXCHANGES // 3 if quick else EXCHANGES)


def _go_on(scene: Scene, exchanges: int) -> Iterator[Figure]:
    """Write and read in the longest, with an empty chat beside it."""
    heap = scene.heap()
    (empty,), (full,) = scene.show(2, CHAT), scene.show(4, CHAT)
    scene.wait_until_quiet()
    empty_ms, full_ms = _ask_by_turns(scene, empty, full, exchanges)
    yield Figure(f"{MANY:,} messages, next exchange", full_ms, "ms", empty_ms, most_ratio=MOST_RATIO)
    scene.clear(2)
    scroll = full.scroll_up(SCROLL_FRAMES)
    said = f"{MANY:,} messages, scrolling up"
    yield Figure(f"{said}, worst frame", scroll.worst, "ms", most=MOST_FRAME)
    yield Figure(f"{said}, turns in the page then", scroll.turns, "")
    yield Figure(f"{said}, page heap then", scene.heap() - heap, "MB")
    longest = scene.longest_task(lambda: full.scroll_up(SCROLL_FRAMES))
    yield Figure(f"{said}, the longest task's CPU", longest, "ms", most=MOST_FRAME)


def _ask_by_turns(scene: Scene, empty: View, full: View, exchanges: int) -> tuple[float, float]:
    """Medians of so many exchanges in each, one here and one there, so that the load is the same for both."""
    times: dict[View, list[float]] = {empty: [], full: []}
    for tag in range(1, exchanges + 1):
        for view in (empty, full) if tag % 2 else (full, empty):
            scene.wait_until_quiet(QUIET)
            times[view].append(view.ask("echo", tag).ms)
    return statistics.median(times[empty]), statistics.median(times[full])
