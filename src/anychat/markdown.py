"""A conversation as one text in Markdown, to keep or to pass on."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .protocol import MessageItem


def as_markdown(messages: Iterable[MessageItem]) -> str:
    """Each message below the name of who says it."""
    return "".join(f"**{' '.join(message.author.split())}**\n\n{_text(message).strip()}\n\n" for message in messages)


def _text(message: MessageItem) -> str:
    """Markdown as it is; what is in another language, as code."""
    if message.language is None:
        return message.content
    longest = max(map(len, re.findall("`+", message.content)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{message.language}\n{message.content}\n{fence}"
