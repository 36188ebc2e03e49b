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


async def test_answers_bring_the_passages_that_they_rest_on() -> None:
    async with ChatDriver(cl.load(APPS / "sources.py")) as user:
        turn = await user.send("How many days of holidays?")
        (answer,) = turn.messages
        assert answer.content == (
            "Everybody has thirty days of holidays each year. \n\nSources: Holidays, handbook.pdf"
        )
        assert not answer.streaming
        assert [(step[:3]) for step in steps(turn)] == [
            (0, "retrieval", "retrieve"),
            (1, "embedding", "embed"),
            (0, "rerank", "rerank"),
        ]
        passage, handbook = user.elements
        assert (passage.type, passage.name, passage.display, passage.content, passage.for_id) == (
            "text", "Holidays", "side", "Everybody has thirty days of holidays each year.", answer.id,
        )  # fmt: skip
        assert (handbook.type, handbook.display, handbook.mime) == ("pdf", "page", "application/pdf")
        assert handbook.page == 2
        assert await user.fetch(handbook) == b"%PDF-1.4 the handbook"
        assert (await user.send("xx")).text == "The handbook says nothing about that."


async def test_a_drawer_of_files_of_every_kind() -> None:
    async with ChatDriver(cl.load(APPS / "media.py")) as user:
        await user.send("picture poster sound film paper code archive")
        assert [(each.name, each.type, each.mime, each.display, each.size) for each in user.elements] == [
            ("picture", "image", "image/png", "inline", "small"),
            ("poster", "image", "image/png", "page", "medium"),
            ("sound", "audio", "audio/wav", "inline", None),
            ("film", "video", "video/mp4", "inline", "medium"),
            ("paper", "pdf", "application/pdf", "side", None),
            ("code", "text", "text/plain", "inline", None),
            ("media.py", "file", "text/x-python", "inline", None),
        ]
        picture, poster, *_, archive = user.elements
        assert (await user.fetch(picture)).startswith(b"\x89PNG")
        assert (poster.url, poster.asset) == ("https://example.org/poster.png", None)
        assert await user.fetch(archive) == (APPS / "media.py").read_bytes()


async def test_files_are_taken_away_and_come_later() -> None:
    async with ChatDriver(cl.load(APPS / "media.py")) as user:
        turn = await user.send("archive, away, and one later")
        assert [(each.name, each.for_id) for each in user.elements] == [("code", turn.messages[0].id)]


async def test_words_are_changed_taken_back_and_kept() -> None:
    async with ChatDriver(cl.load(APPS / "debate.py")) as user:
        turn = await user.send("Is it?")
        assert [(each.author, each.type, each.content, each.language) for each in turn.messages] == [
            ("Assistant", "system_message", "The question: Is it?", None),
            ("Ada", "assistant_message", "Yes, mostly.", None),
            ("Ada", "assistant_message", "Agreed.", None),
            ("Assistant", "assistant_message", '{\n    "said": 4,\n    "last": "Agreed."\n}', "json"),
        ]
        assert user.session.chat_context == {}


async def test_a_package_that_is_not_there_is_not_needed() -> None:
    async with ChatDriver(cl.load(APPS / "mistral_client.py")) as user:
        assert (await user.send("hi")).text == "Install mistralai first."


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
