"""Many chats at once: from running their cell until all can be written in, and what they cost from then on."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.figure import Figure
from benchmarks.stage import FLOOR, Stage, Traffic, difference
from browser.pages import CHAT

NUMBERS = (1, 20, 100)
MOST_BYTES = {100: 1.5}  # MB
MOST_KERNEL_MS = {100: 5.0}
IDLE_SECONDS = 5.0
BUNDLE_BYTES = 50_000  # no other module that is made from bytes is so large
CELL_CHATS = 20  # JupyterLab shows no more than 50 outputs of a cell unasked
SHOW = """
began = time.process_time()
for _ in range({number}): display({what})
took += time.process_time() - began
"""


@dataclass(frozen=True)
class Start:
    """What a start took and cost: ms, the kernel's ms each, traffic then and afterwards, evaluations of the bundle."""

    ms: float
    kernel_ms: float
    traffic: Traffic
    afterwards: Traffic
    bundles: int


def run(stage: Stage, *, quick: bool) -> Iterator[Figure]:
    """Measure each number in pages and kernels of their own."""
    for number in (1, 100) if quick else NUMBERS:
        floor = _start(stage, number, "Floor()", FLOOR)
        chat = _start(stage, number, "cl.Chat(app)", CHAT)
        some = f"{number} chat{'s' if number > 1 else ''}"
        yield Figure(f"{some}, usable", chat.ms, "ms", floor.ms)
        yield Figure(f"{some}, on the websocket", _megabytes(chat), "MB", _megabytes(floor), MOST_BYTES.get(number))
        yield Figure(f"{some}, kernel CPU each", chat.kernel_ms, "ms", floor.kernel_ms, MOST_KERNEL_MS.get(number))
        yield Figure(f"{some}, evaluations of the bundle", chat.bundles, "", most=1)
        yield Figure(f"{some}, messages while idle", chat.afterwards["messages"], "", most=0)


def _start(stage: Stage, number: int, what: str, selector: str) -> Start:
    show = SHOW.format(number=min(number, CELL_CHATS), what=what)
    with stage.scene("took = 0.0", *([show] * math.ceil(number / CELL_CHATS))) as scene:
        scene.notebook.run(1)
        before, modules = scene.traffic(), len(scene.modules())
        opening, _ = scene.time_to_use(2, selector, command="notebook:run-all-below", number=number)
        scene.wait_until_quiet()
        traffic = difference(before, scene.traffic())
        bundles = sum(size > BUNDLE_BYTES for size in scene.modules()[modules:])
        afterwards = scene.listen(IDLE_SECONDS)
        kernel_ms = 1000 * float(scene.notebook.eval("took")) / number
    return Start(opening.usable, kernel_ms, traffic, afterwards, bundles)


def _megabytes(start: Start) -> float:
    return (start.traffic["received"] + start.traffic["sent"]) / 1e6
