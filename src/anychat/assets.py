"""The page's own code: a loader for each widget, and the bundle and its chunks, served by hash.

The files are built from ``js/`` and committed; ``static/manifest.json`` names them by SHA-256.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def loader() -> str:
    """The module that each widget carries: small, it fetches the rest once per page."""
    return (files(__package__) / "static" / "loader.js").read_text("utf-8")


EVERY_PAGE = ("core.js", "healing.js")


def for_every_page() -> list[tuple[str, bytes]]:
    """What each page needs sooner or later, with its hashes; the core bundle first."""
    digests = {name: digest for digest, name in _manifest()["assets"].items()}
    return [(digests[name], (files(__package__) / "static" / name).read_bytes()) for name in EVERY_PAGE]


@cache
def find_asset(digest: str) -> bytes | None:
    """The file with this SHA-256, if it is one of ours."""
    name = _manifest()["assets"].get(digest)
    return (files(__package__) / "static" / name).read_bytes() if name else None


def watch(changed: Callable[[str], None]) -> None:
    """For development: call back with the hash of the core whenever the bundle was built anew (in a thread)."""

    def look() -> None:
        stamp = _stamp()
        while True:
            time.sleep(0.3)
            if (latest := _stamp()) != stamp:
                stamp = latest
                _manifest.cache_clear()
                find_asset.cache_clear()
                loader.cache_clear()
                changed(_manifest()["core"])

    threading.Thread(target=look, name="anychat-dev", daemon=True).start()


def _stamp() -> bytes:
    return (files(__package__) / "static" / "manifest.json").read_bytes()


@cache
def _manifest() -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((files(__package__) / "static" / "manifest.json").read_text("utf-8"))
    return manifest
