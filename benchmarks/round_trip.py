"""Short questions with short answers: from Enter to the answer on the screen."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.figure import Figure, quantile
from benchmarks.stage import FLOOR, SHOW_CHAT, SHOW_FLOOR, Scene, Stage, View
from browser.pages import CHAT

BLOCKS = 5
EXCHANGES = 10  # in each block
MOST_RATIO = 1.1


def run(stage: Stage, *, quick: bool) -> Iterator[Figure]:
    """Ask floor and chat by turns, some questions each, in one page."""
    with stage.scene(SHOW_FLOOR, SHOW_CHAT) as scene:
        (floor,), (chat,) = scene.show(1, FLOOR), scene.show(2, CHAT)
        floor_ms, chat_ms = [], []
        for block in range(2 if quick else BLOCKS):
            floor_ms += _ask(scene, floor, block)
            chat_ms += _ask(scene, chat, block)
    for part in (0.5, 0.95):
        most_ratio = MOST_RATIO if part == 0.5 else None
        p = f"p{100 * part:.0f}"
        yield Figure(f"echo, {p}", quantile(chat_ms, part), "ms", quantile(floor_ms, part), most_ratio=most_ratio)


def _ask(scene: Scene, view: View, block: int) -> list[float]:
    """Ask when everything is quiet, as a user does who reads before writing."""
    times = []
    for tag in range(block * EXCHANGES, (block + 1) * EXCHANGES):
        scene.wait_until_quiet(0.3)
        times.append(view.ask("echo", tag).ms)
    return times
