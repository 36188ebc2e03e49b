"""A reply of many tokens through a real kernel, to a page that only counts: speed, packets, bytes and CPU."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Self
from uuid import uuid4

from anychat.protocol import Ack, Command, UserMessage, encode
from anychat.testing import Page
from anychat.turn import Turn
from benchmarks import ROOT
from benchmarks.answers import last_words
from benchmarks.apart import apart
from benchmarks.figure import Figure
from benchmarks.stage import Stage
from kernel.kernel import Kernel, Widget

SIZES = (2_000, 10_000, 50_000)
MOST_CPU = 15.0  # µs per token
MOST_GROWTH = 6.0
ACK_SECONDS = 0.2  # as often as a browser's page says what it has
SETUP = f"""
import sys, time
sys.path.append({str(ROOT)!r})
import anychat as cl
from benchmarks.chats import app
from benchmarks.floor import Floor
"""


@dataclass(frozen=True)
class Reply:
    """What a reply took and cost, in seconds; packets and characters on the wire."""

    seconds: float
    cpu: float
    packets: int
    chars: int


class ChatEnd:
    """The page's end of a chat; acknowledges as a browser's page does."""

    def __init__(self, kernel: Kernel, widget: Widget) -> None:
        self.packets = 0
        self.chars = 0
        self._kernel = kernel
        self._widget = widget
        self._page = Page()
        self._owed: Ack | None = None
        widget.listeners.append(self._hear)
        self._send(self._page.ask())

    @classmethod
    async def open(cls, kernel: Kernel, widget: Widget) -> Self:
        """Say hello, and wait for the picture."""
        end = cls(kernel, widget)
        await kernel.until(lambda: end._page.epoch > 0)
        return end

    async def ask(self, message: str) -> None:
        """Send a message, and wait until its turn has ended."""
        turn = str(uuid4())
        self._send(UserMessage(turn=turn, content=message))
        await self._kernel.until(lambda: Turn(turn, self._page.transcript).status == "done")

    def _hear(self, content: Any, _buffers: Sequence[bytes]) -> None:
        text: str = content["text"]
        self.packets += 1
        self.chars += len(text)
        for command in self._page.receive(text):
            if isinstance(command, Ack):
                self._owe(command)
            else:
                self._send(command)

    def _owe(self, ack: Ack) -> None:
        if self._owed is None:
            asyncio.get_running_loop().call_later(ACK_SECONDS, self._acknowledge)
        self._owed = ack

    def _acknowledge(self) -> None:
        if self._owed is not None:
            self._send(self._owed)
        self._owed = None

    def _send(self, command: Command) -> None:
        self._kernel.send_custom(self._widget, {"text": encode(command)})


class FloorEnd:
    """The page's end of a floor."""

    def __init__(self, kernel: Kernel, widget: Widget) -> None:
        self.packets = 0
        self.chars = 0
        self._tail = ""
        self._kernel = kernel
        self._widget = widget
        widget.listeners.append(self._hear)

    async def ask(self, message: str) -> None:
        """Send a message, and wait for the end of its answer."""
        self._tail = ""
        self._kernel.send_custom(self._widget, {"message": message})
        ending = last_words(message.split()[-1])
        await self._kernel.until(lambda: self._tail.endswith(ending))

    def _hear(self, content: Any, _buffers: Sequence[bytes]) -> None:
        self.packets += 1
        self.chars += len(content["token"])
        self._tail = (self._tail + content["token"])[-50:]


def run(_stage: Stage, *, quick: bool) -> Iterator[Figure]:
    """Measure all sizes in one kernel."""
    yield from apart(measure, SIZES[:2] if quick else SIZES)


def measure(sizes: Sequence[int]) -> list[Figure]:
    """Stream replies of these sizes, each in a chat of its own."""
    return asyncio.run(_measure(sizes))


async def _measure(sizes: Sequence[int]) -> list[Figure]:
    figures: list[Figure] = []
    replies: dict[int, Reply] = {}
    async with Kernel() as kernel:
        await kernel.execute(SETUP)
        plain = await _stream(kernel, await _show_floor(kernel, "coalesced=False"), sizes[0])
        for size in sizes:
            floor = await _stream(kernel, await _show_floor(kernel), size)
            chat = replies[size] = await _stream(kernel, await _show_chat(kernel), size)
            figures += _figures(size, chat, floor)
        figures.append(_cpu(f"{sizes[0]:,} tokens, the floor not coalesced, kernel CPU per token", sizes[0], plain))
    for smaller, larger in pairwise(sizes):
        figures += _growth(f"{larger:,} tokens, {{what}}, times that of {smaller:,}", replies[smaller], replies[larger])
    return figures


def _growth(name: str, smaller: Reply, larger: Reply) -> list[Figure]:
    """How many times more the larger reply cost; five times as much text should not cost much more than that."""
    return [
        Figure(name.format(what="kernel CPU"), larger.cpu / smaller.cpu, "", most=MOST_GROWTH),
        Figure(name.format(what="in the packets"), larger.chars / smaller.chars, "", most=MOST_GROWTH),
    ]


def _figures(size: int, chat: Reply, floor: Reply) -> list[Figure]:
    of = f"{size:,} tokens"
    return [
        Figure(f"{of}, time", 1000 * chat.seconds, "ms", 1000 * floor.seconds),
        Figure(f"{of}, speed", size / chat.seconds, "tokens/s"),
        Figure(f"{of}, packets", chat.packets, "", floor.packets),
        Figure(f"{of}, in the packets", chat.chars / 1000, "KB", floor.chars / 1000),
        _cpu(f"{of}, kernel CPU per token", size, chat, floor),
    ]


def _cpu(name: str, size: int, reply: Reply, floor: Reply | None = None) -> Figure:
    """The floor alone has nothing to keep to."""
    per_token = 1e6 / size
    if floor is None:
        return Figure(name, per_token * reply.cpu, "µs")
    return Figure(name, per_token * reply.cpu, "µs", per_token * floor.cpu, most=MOST_CPU)


async def _show_chat(kernel: Kernel) -> ChatEnd:
    await kernel.execute("cl.Chat(app)")
    return await ChatEnd.open(kernel, kernel.chats[-1])


async def _show_floor(kernel: Kernel, options: str = "") -> FloorEnd:
    await kernel.execute(f"Floor({options})")
    return FloorEnd(kernel, kernel.chats[-1])


async def _stream(kernel: Kernel, end: ChatEnd | FloorEnd, size: int) -> Reply:
    await end.ask("echo 1")
    packets, chars = end.packets, end.chars
    cpu = await _kernel_cpu(kernel)
    began = time.perf_counter()
    await end.ask(f"stream {size} 2")
    seconds = time.perf_counter() - began
    return Reply(seconds, await _kernel_cpu(kernel) - cpu, end.packets - packets, end.chars - chars)


async def _kernel_cpu(kernel: Kernel) -> float:
    used: float = await kernel.eval("time.process_time()")
    return used
