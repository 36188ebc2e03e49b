"""Where Chainlit's users find small things."""

from __future__ import annotations

from .message import utc_now
from .names import say_once

__all__ = ["mount_chainlit", "utc_now"]


def mount_chainlit(app: object, target: str, path: str = "/chainlit") -> None:  # noqa: ARG001  # Chainlit's
    """Accepted: there is no web server to mount an app on. In a notebook, write ``cl.Chat(cl.load(target))``."""
    say_once("server")
