"""A reply that comes as fast as the kernel makes it, in a browser: from Enter to its last character on the screen."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.figure import Figure
from benchmarks.stage import FLOOR, SHOW_CHAT, SHOW_FLOOR, SHOW_PLAIN_FLOOR, Exchange, Scene, Stage
from browser.pages import CHAT

MOST_RATIOS = {2_000: 4.0, 10_000: 5.0, 50_000: None}
WARM = "echo"


def run(stage: Stage, *, quick: bool) -> Iterator[Figure]:
    """Measure each size in the same page: the floor, then a chat."""
    cells = [SHOW_FLOOR, SHOW_CHAT, SHOW_PLAIN_FLOOR]
    with stage.scene(*cells) as scene:
        yield _compare_plain(scene, 2_000)
        for size, most_ratio in MOST_RATIOS.items():
            if not (quick and size > 10_000):
                yield from _compare(scene, size, most_ratio)


def _compare_plain(scene: Scene, size: int) -> Figure:
    """A message for each token: more than these the server would drop."""
    plain, _ = _stream(scene, 3, FLOOR, size)
    floor, _ = _stream(scene, 1, FLOOR, size)
    return Figure(f"{size:,} tokens, the floor not coalesced", plain.ms, "ms", floor.ms)


def _compare(scene: Scene, size: int, most_ratio: float | None) -> Iterator[Figure]:
    floor, floor_task = _stream(scene, 1, FLOOR, size)
    chat, chat_task = _stream(scene, 2, CHAT, size)
    yield Figure(f"{size:,} tokens, Enter to last character", chat.ms, "ms", floor.ms, most_ratio=most_ratio)
    yield Figure(f"{size:,} tokens, main thread at work", 1000 * chat_task, "ms", 1000 * floor_task)
    yield Figure(f"{size:,} tokens, worst frame", chat.worst, "ms", floor.worst)
    yield Figure(f"{size:,} tokens, tasks over 50 ms", chat.long, "", floor.long)
    yield Figure(f"{size:,} tokens, longest task over 50 ms", chat.longest, "ms", floor.longest)


def _stream(scene: Scene, index: int, selector: str, size: int) -> tuple[Exchange, float]:
    """One reply in a new chat that has said something before; and the main thread's seconds."""
    view = scene.show(index, selector)[0]
    view.ask(WARM, 1)
    before = scene.main_thread()
    exchange = view.ask(f"stream {size}", 2)
    seconds = scene.main_thread() - before
    scene.clear(index)
    return exchange, seconds
