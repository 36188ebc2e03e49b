"""What Chainlit's documentation uses sessions for, as scripts that were written for Chainlit; and what they say."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent / "patterns"

TALKS: dict[str, list[tuple[str, str]]] = {
    "counter": [("a", "You sent 1 message(s)!"), ("b", "You sent 2 message(s)!")],
    "history": [("hello", "2 so far, the last: hello "), ("again", "4 so far, the last: again ")],
    "client": [("abc", "mirror-1 call 1: cba"), ("de", "mirror-1 call 2: ed")],
    "preferences": [
        ("hi", "(friendly, en) hi"),
        ("/set tone dry", "tone is now dry"),
        ("hi", "(dry, en) hi"),
    ],
    "documents": [
        ("the red fox", "1 document(s)"),
        ("the blue sea", "2 document(s)"),
        ("find the", "the red fox; the blue sea"),
        ("find sky", "nothing"),
    ],
    "shared": [
        ("x", "shared: True; mine: ['x']; all: []"),
        ("y", "shared: True; mine: ['x', 'y']; all: []"),
    ],
    "cleanup": [("go", "draft: something"), ("done", "draft: None")],
    "identity": [("who", "id, env, chat_settings; no such key")],
}
"""By script: what is said, and what must be answered."""


def source(name: str) -> str:
    """A script, unchanged but for the import."""
    text = (FOLDER / f"{name}.py").read_text("utf-8")
    assert "import chainlit as cl" in text
    return text.replace("import chainlit as cl", "import anychat as cl")
