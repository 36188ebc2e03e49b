"""Sessions that have answered once and wait: what each keeps of the kernel's memory, and what a closed one leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from benchmarks import ROOT
from benchmarks.apart import apart
from benchmarks.figure import Figure
from benchmarks.stage import Stage
from kernel.kernel import Kernel

SESSIONS = 200
SETUP = f"""
import sys
sys.path.append({str(ROOT)!r})
import gc, tracemalloc
import anychat as cl
from benchmarks.chats import app
from benchmarks.floor import Floor

def bytes_used():
    gc.collect()
    return tracemalloc.get_traced_memory()[0]

async def make_floor():
    return Floor()

async def make_chat():
    chat = cl.Chat(app)
    await chat.send("echo 1")
    return chat

first = [await make_floor(), await make_chat()]  # what is made once is no session's
tracemalloc.start()
"""


def run(_stage: Stage, *, quick: bool) -> Iterator[Figure]:
    """Measure floors, then chats, each in a kernel of its own."""
    sessions = SESSIONS // 4 if quick else SESSIONS
    floor_kept, floor_left = apart(measure, "make_floor", sessions)
    kept, left = apart(measure, "make_chat", sessions)
    yield Figure("an idle session", kept, "KB", floor_kept)
    yield Figure("left of a closed session", left, "KB", floor_left)


def measure(kind: str, sessions: int) -> tuple[float, float]:
    """Kilobytes that each keeps, and that are left of each when it was closed."""
    return asyncio.run(_measure(kind, sessions))


async def _measure(kind: str, sessions: int) -> tuple[float, float]:
    async with Kernel() as kernel:
        await _execute(kernel, SETUP)
        await _execute(kernel, "before = bytes_used()")
        await _execute(kernel, f"made = [await {kind}() for _ in range({sessions})]")
        used = await kernel.eval("bytes_used() - before")
        await _execute(kernel, "for each in made: each.close()")
        await _execute(kernel, "del made, each")
        left = await kernel.eval("bytes_used() - before")
    return used / sessions / 1000, left / sessions / 1000


async def _execute(kernel: Kernel, code: str) -> None:
    run = await kernel.execute(code)
    if run.error:
        raise RuntimeError(run.traceback)
