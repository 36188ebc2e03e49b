"""The chats that are measured. Runs in kernels."""

from __future__ import annotations

from collections.abc import AsyncIterator

import anychat as cl
from benchmarks.answers import answer

app = cl.App("benchmark")


@app.on_message
async def reply(message: cl.Message) -> AsyncIterator[str]:
    """Stream the answer."""
    async for token in answer(message.content):
        yield token
