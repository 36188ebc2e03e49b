"""Are the apps in tests/apps Chainlit's, and do their users see the same here? ``nox -s chainlit``.

Each app is run by the real package, on a server of its own, and by anychat; both hear the same, and what is shown is
compared: messages and steps, with authors, texts and languages. Tests need no Chainlit; this does.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import warnings
from difflib import unified_diff
from pathlib import Path

import anychat as cl
from anychat.protocol import Item, MessageItem, StepItem
from anychat.testing import ChatDriver
from real.chainlit_page import Shown, chainlit_page

APPS = Path(__file__).parents[1] / "apps"
FIRST_PORT = 8765

STORIES: dict[str, list[str]] = {
    "canvas": ["one", "two", "close"],
    "crawler": ["/"],
    "debate": ["Is it?"],
    "errors": ["2"],
    "expenses": ["Taxi", "12", "[Undo]"],
    "generations": ["abc"],
    "langchain_chain": ["Which bee?", "now which?"],
    "langchain_streaming": ["all of it", "the answer"],
    "llama_index_query": ["What do bees do?"],
    "mcp_tools": ["hello"],
    "media": ["picture poster sound film paper code archive", "archive away later"],
    "memory": ["one", "two"],
    "mistral_client": ["hello"],
    "model_cache": ["hello"],
    "openai_client": ["hello", "again"],
    "plain_names": ["hello"],
    "project/app": ["tea", "beer"],
    "recipes": ["How do I bake a cake?"],
    "rename": ["hello"],
    "research_agent": ["bees and ants"],
    "semantic_kernel_filter": ["hello"],
    "sources": ["How many days of holidays?"],
    "streaming": ["hello"],
    "thumbs": ["hello"],
    "tools": ["x"],
    "trip_form": ["hello"],
    "voice": ["hello"],
}
"""What the user does in each app: says a text, or clicks a ``[button]``."""


async def main(names: list[str]) -> int:
    """Run the stories; returns how many differ."""
    differ = 0
    for number, name in enumerate(names or STORIES):
        app = APPS / f"{name}.py"
        theirs, ours = await by_chainlit(app, STORIES[name], FIRST_PORT + number), await by_anychat(app, STORIES[name])
        difference = list(unified_diff(as_lines(theirs), as_lines(ours), "Chainlit", "anychat", lineterm=""))
        print(f"{'differs' if difference else 'the same'}: {name}, {len(theirs)} shown", *difference, sep="\n  ")
        differ += bool(difference) or not theirs
    return differ


async def by_chainlit(app: Path, story: list[str], port: int) -> list[Shown]:
    """What the real package shows."""
    with tempfile.TemporaryDirectory() as home:
        async with chainlit_page(app, Path(home), port) as page:
            for deed in story:
                await (page.click(deed[1:-1]) if deed.startswith("[") else page.say(deed))
            return page.shown()


async def by_anychat(app: Path, story: list[str]) -> list[Shown]:
    """What anychat shows."""
    warnings.filterwarnings("ignore", "cl.* has no effect in a notebook")
    async with ChatDriver(cl.load(app)) as user:
        for deed in story:
            if deed.startswith("["):
                await user.click(deed[1:-1])
            elif any(ask.type == "text" for ask in user.pending_asks):
                await user.answer(deed)
            else:
                await user.send(deed)
        return [shown for turn in user.turns for item in turn.items for shown in as_shown(item)]


def as_shown(item: Item) -> list[Shown]:
    match item:
        case MessageItem() if item.type != "user_message":
            return [(item.author, item.content, item.language, item.is_error)]
        case StepItem():
            return [(item.name, item.content, item.language, item.is_error)]
    return []


def as_lines(shown: list[Shown]) -> list[str]:
    return [repr(each) for each in shown]


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
