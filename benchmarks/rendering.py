"""A reply that comes as fast as the kernel makes it, in a browser: from Enter to its last character on the screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from statistics import median

from benchmarks.answers import tokens
from benchmarks.figure import Figure
from benchmarks.stage import FLOOR, SHOW_CHAT, SHOW_FLOOR, SHOW_PLAIN_FLOOR, Exchange, Scene, Stage
from browser.pages import CHAT, ChatPage

ROUNDS = {2_000: 5, 10_000: 3, 50_000: 2}
MOST_RATIOS = {2_000: 4.0, 10_000: 5.0}
MOST_GROWTH = 6.0
WARM = "echo"
TAG = 2


@dataclass(frozen=True)
class Replies:
    """What replies of one size took, in ms: to the last character, of the main thread's CPU, and at worst."""

    ms: float
    cpu: float
    worst: float
    longest: float
    long: int


def run(stage: Stage, *, quick: bool) -> Iterator[Figure]:
    """Measure each size in the same page: floor and chat by turns."""
    sizes = list(ROUNDS)[:2] if quick else list(ROUNDS)
    cpu: dict[int, float] = {}
    with stage.scene(SHOW_FLOOR, SHOW_CHAT, SHOW_PLAIN_FLOOR) as scene:
        yield _first(scene, 2_000)
        yield _compare_plain(scene, 2_000)
        for size in sizes:
            rounds = [(_stream(scene, 1, FLOOR, size), _stream(scene, 2, CHAT, size)) for _ in range(ROUNDS[size])]
            floor, chat = (_sum_up(replies) for replies in zip(*rounds, strict=True))
            cpu[size] = chat.cpu
            yield from _figures(f"{size:,} tokens", chat, floor, MOST_RATIOS.get(size))
            yield _longest_task(scene, size)
    for smaller, larger in pairwise(sizes):
        growth = cpu[larger] / cpu[smaller]
        yield Figure(f"{larger:,} tokens, main thread's CPU, times that of {smaller:,}", growth, "", most=MOST_GROWTH)


def _first(scene: Scene, size: int) -> Figure:
    """What the page does for the first time takes longer: code is fetched and compiled."""
    (floor, _), (chat, _) = _stream(scene, 1, FLOOR, size), _stream(scene, 2, CHAT, size)
    return Figure(f"{size:,} tokens, the page's first", chat.ms, "ms", floor.ms)


def _compare_plain(scene: Scene, size: int) -> Figure:
    """A message for each token: more than these the server would drop."""
    plain, _ = _stream(scene, 3, FLOOR, size)
    floor, _ = _stream(scene, 1, FLOOR, size)
    return Figure(f"{size:,} tokens, the floor not coalesced", plain.ms, "ms", floor.ms)


def _longest_task(scene: Scene, size: int) -> Figure:
    """In rounds of their own. The processor's time: what a task waits for it, the clock counts, too."""
    floor, chat = (
        scene.longest_task(partial(_stream, scene, index, selector, size))
        for index, selector in ((1, FLOOR), (2, CHAT))
    )
    return Figure(f"{size:,} tokens, the longest task's CPU", chat, "ms", floor, most=50)


def _sum_up(replies: Sequence[tuple[Exchange, float]]) -> Replies:
    exchanges = [exchange for exchange, _ in replies]
    return Replies(
        ms=median(exchange.ms for exchange in exchanges),
        cpu=1000 * median(seconds for _, seconds in replies),
        worst=max(exchange.worst for exchange in exchanges),
        longest=max(exchange.longest for exchange in exchanges),
        long=max(exchange.long for exchange in exchanges),
    )


def _figures(of: str, chat: Replies, floor: Replies, most_ratio: float | None) -> Iterator[Figure]:
    yield Figure(f"{of}, Enter to last character", chat.ms, "ms", floor.ms, most_ratio=most_ratio)
    yield Figure(f"{of}, main thread's CPU", chat.cpu, "ms", floor.cpu)
    yield Figure(f"{of}, worst frame", chat.worst, "ms", floor.worst)
    yield Figure(f"{of}, tasks over 50 ms", chat.long, "", floor.long, most=0)
    yield Figure(f"{of}, longest task over 50 ms", chat.longest, "ms", floor.longest)


def _stream(scene: Scene, index: int, selector: str, size: int) -> tuple[Exchange, float]:
    """One reply in a new chat that has said something before; and the CPU seconds of the main thread."""
    view = scene.show(index, selector)[0]
    view.ask(WARM, 1)
    before = scene.main_thread()
    exchange = view.ask(f"stream {size}", TAG)
    seconds = scene.main_thread() - before
    if selector == CHAT and ChatPage(view.host).copy() != "".join(tokens(size, str(TAG))):
        raise RuntimeError(f"Of {size} tokens some are missing in the page.")
    scene.clear(index)
    return exchange, seconds
