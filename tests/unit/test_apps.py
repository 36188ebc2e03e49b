"""Apps as people write them for Chainlit, unchanged, and what their users see.

Each is driven through the real protocol. That together they use every name that Chainlit has is a test, too.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import anychat as cl
from anychat import names
from anychat.names import CHAINLIT
from anychat.testing import ChatDriver
from anychat.turn import Turn

APPS = Path(__file__).parents[1] / "apps"


@pytest.fixture(autouse=True)
def nothing_said_yet() -> Iterator[None]:
    names._warn_once.cache_clear()
    yield
    names._warn_once.cache_clear()


def steps(turn: Turn) -> list[tuple[int, str, str, str]]:
    """What readers see of a turn's steps: how deep, type, name, output."""
    depth: dict[str | None, int] = {}
    for step in turn.steps:
        depth[step.id] = depth.get(step.owner, -1) + 1
    return [(depth[step.id], step.type, step.name, step.content) for step in turn.steps]


async def test_an_agent_whose_tools_use_tools_shows_what_it_did() -> None:
    async with ChatDriver(cl.load(APPS / "research_agent.py")) as user:
        turn = await user.send("about bees and yaks")
        assert [message.content for message in turn.messages] == [
            "Nothing is known of about.",
            "Nothing is known of yaks.",
            "Bees dance. Bees count to four.\n\n(Plan: about, bees, yaks)",
        ]
        assert steps(turn) == [
            (0, "run", "Plan", '[\n    "about",\n    "bees",\n    "yaks"\n]'),
            (0, "tool", "research", "Nothing is known of about."),
            (1, "retrieval", "Library", "[]"),
            (0, "tool", "research", "Bees dance. Bees count to four."),
            (1, "retrieval", "Library", '[\n    "Bees dance.",\n    "Bees count to four."\n]'),
            (0, "tool", "research", "Nothing is known of yaks."),
            (1, "retrieval", "Library", "[]"),
            (0, "llm", "Writer", "- Bees dance. Bees count to four.\n"),
        ]


# ── All together ─────────────────────────────────────────────────────────────────────────────────


def test_together_they_use_every_name_that_chainlit_has() -> None:
    used = {name for path in APPS.rglob("*.py") for name in used_names(ast.parse(path.read_text("utf-8")))}
    assert set(CHAINLIT) - used == set()


def used_names(tree: ast.Module) -> Iterator[str]:
    """What a script takes from Chainlit: as ``cl.name``, or by an import."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="cl" | "chainlit"), attr=name):
                yield name
            case ast.ImportFrom(module=str(module), names=aliases) if module.partition(".")[0] == "chainlit":
                yield from (alias.name for alias in aliases)
