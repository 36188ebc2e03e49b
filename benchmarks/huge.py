"""One block without end: what comes at its end must not cost what the whole block does."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.answers import BLOCKS
from benchmarks.figure import Figure
from benchmarks.stage import FLOOR, SHOW_CHAT, SHOW_FLOOR, Scene, Stage
from browser.pages import CHAT

MOST_MS = 50


def run(stage: Stage, *, quick: bool) -> Iterator[Figure]:
    """Stream a block of each kind, and look for the longest task."""
    with stage.scene(SHOW_FLOOR, SHOW_CHAT) as scene:
        for kind in ("code", "line") if quick else BLOCKS:
            floor, chat = (_longest_task(scene, index, selector, kind) for index, selector in ((1, FLOOR), (2, CHAT)))
            yield Figure(f"{kind}, the longest task's CPU", chat, "ms", floor, most=MOST_MS)


def _longest_task(scene: Scene, index: int, selector: str, kind: str) -> float:
    """In a new chat that has said something before."""
    view = scene.show(index, selector)[0]
    view.ask("echo", 1)
    longest = scene.longest_task(lambda: view.ask(f"block {kind}", 2))
    scene.clear(index)
    return longest
