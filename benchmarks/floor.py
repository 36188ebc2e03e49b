"""The floor: a widget without sessions, Markdown or any guarantee. Runs in kernels."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any, ClassVar

from anywidget import AnyWidget

from benchmarks.answers import answer

INTERVAL = 0.016  # seconds: one frame of the page


class Floor(AnyWidget):
    """Appends the tokens of `answer` to one text node.

    Parameters
    ----------
    coalesced
        Send what comes within a frame together; else each token is a message of its own.
    """

    _esm = Path(__file__).with_name("floor.js").read_text()
    _tasks: ClassVar[set[asyncio.Task[None]]] = set()

    def __init__(self, *, coalesced: bool = True) -> None:
        super().__init__()
        self._interval = INTERVAL if coalesced else 0.0
        self.on_msg(Floor._receive)

    def _receive(self, content: Any, _buffers: object) -> None:
        task = asyncio.ensure_future(self._answer(content["message"]))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, message: str) -> None:
        held: list[str] = []
        timer: asyncio.TimerHandle | None = None
        sent_at = float("-inf")

        def flush() -> None:
            nonlocal timer, sent_at
            timer, sent_at = None, time.perf_counter()
            self.send({"token": "".join(held)})
            held.clear()

        async for token in answer(message):
            held.append(token)
            wait = sent_at + self._interval - time.perf_counter()
            if wait <= 0:
                if timer:
                    timer.cancel()
                flush()
            elif timer is None:
                timer = asyncio.get_running_loop().call_later(wait, flush)
        if timer:
            timer.cancel()
        if held:
            flush()
