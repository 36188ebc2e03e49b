"""What the chat and the floor answer: the same tokens. Runs in kernels.

::

    stream 2000 17      2,000 tokens of Markdown at once
    paced 800 17        800 tokens, 100 each second, each with the time when it was made
    block table 17      one of `BLOCKS`, 50 KB at once and then some more at the pace of a model
    echo 17             a few words

The number at the end makes each answer another; its last characters are `last_words` of it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from itertools import count

TOKEN_CHARS = 4
TOKENS_PER_SECOND = 100

PARAGRAPHS = (
    "The wind over the *northern* hills carries {n} seeds, and **nobody** counts them all; `seed_{n}` is one.",
    "## Part {n}: what the river brought",
    "- a first thing, number {n}\n- a second thing with [a link](https://example.org/{n})\n- a third thing",
    "```python\ndef part_{n}(stones):\n    return sum(stone.weight for stone in stones if stone.age > {n})\n```",
    "| name | count |\n| --- | --- |\n| heron | {n} |\n| otter | 12 |",
    "Over the bridge the road turns east. It is {n} miles to the sea, they say, and every mile has its inn.",
    "> Who asks the way twice, said the miller of part {n}, arrives before dark.",
    "1. wait for the ferry\n2. pay {n} coins\n3. hold the rope, and look at the *other* bank",
)


BLOCK_CHARS = 50_000
BLOCK_TOKENS = 200
# What a block begins with, what it consists of, and what ends it.
BLOCKS = {
    "code": ("```python\n", "value_{n} = compute({n})  # a comment on it\n", "```\n\n"),
    "list": (
        "",
        "- a thing, number {n}, with **bold** text, `code_{n}` and [a link](https://example.org/{n})\n",
        "\n\n",
    ),
    "table": (
        "| name | count | what |\n| --- | --- | --- |\n",
        "| heron {n} | {n} | flies over the **river** with `{n}` others |\n",
        "\n\n",
    ),
    "line": ("", "word {n} is **bold**, `code_{n}` is not, and it goes on. ", "\n\n"),
    "words": ("", "word {n} follows the one before it, without any mark, and so on. ", "\n\n"),
}


async def answer(message: str) -> AsyncIterator[str]:
    """The tokens that answer a message."""
    kind, *arguments = message.split()
    if kind == "echo":
        yield f"heard {last_words(arguments[0])}"
    elif kind == "stream":
        for token in tokens(int(arguments[0]), arguments[1]):
            yield token
    elif kind == "paced":
        async for token in _paced(int(arguments[0]), arguments[1]):
            yield token
    else:
        async for token in _block(arguments[0], arguments[1]):
            yield token


def last_words(tag: object) -> str:
    """How the answer with this number ends."""
    return f"END{tag}END"


def tokens(number: int, tag: str) -> Iterator[str]:
    """Markdown in so many pieces, as a model streams it."""
    text = _markdown(number * TOKEN_CHARS, f"\n\n{last_words(tag)}")
    yield from (text[start : start + TOKEN_CHARS] for start in range(0, len(text), TOKEN_CHARS))


async def _paced(number: int, tag: str) -> AsyncIterator[str]:
    start = time.perf_counter()
    for index in range(number):
        await asyncio.sleep(max(0.0, start + index / TOKENS_PER_SECOND - time.perf_counter()))
        yield f"t{time.time() * 1000:.3f}t" + (" " if index % 40 else "\n\n")
    yield last_words(tag)


async def _block(name: str, tag: str) -> AsyncIterator[str]:
    """Whole pieces at first, and a piece in small parts at the end."""
    head, piece, end = BLOCKS[name]
    count = BLOCK_CHARS // len(piece)
    yield head
    for index in range(count):
        yield piece.format(n=index)
    for index in range(BLOCK_TOKENS):
        await asyncio.sleep(1 / TOKENS_PER_SECOND)
        text = piece.format(n=count + index // 10)
        yield text[index % 10 * len(text) // 10 : (index % 10 + 1) * len(text) // 10]
    yield f"{end}{last_words(tag)}"


def _markdown(chars: int, end: str) -> str:
    """So many characters, paragraph after paragraph, with this end."""
    parts: list[str] = []
    room = chars - len(end)
    for index in count():
        parts.append(PARAGRAPHS[index % len(PARAGRAPHS)].format(n=index))
        room -= len(parts[-1]) + 2
        if room <= 0:
            break
    text = "\n\n".join(parts)[: chars - len(end)]
    is_in_code = text.count("```") % 2 == 1
    return (text[:-4] + "\n```" if is_in_code else text) + end


def conversation(messages: int) -> list[dict[str, str]]:
    """So many messages that were said already, user and assistant in turn; the last ends with `last_words` of 0."""
    said = []
    for index in range(messages):
        role = "assistant" if index % 2 else "user"
        content = PARAGRAPHS[index // 2 % len(PARAGRAPHS)].format(n=index) if index % 2 else f"And part {index}?"
        said.append({"role": role, "content": content})
    if said:
        said[-1]["content"] += f"\n\n{last_words(0)}"
    return said
