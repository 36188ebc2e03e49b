"""Where Chainlit's users find what a login is made of, which a notebook has not: see ``cl.Chat(user=...)``."""

from __future__ import annotations

from secrets import token_urlsafe

from .names import say_once
from .user import User

__all__ = ["create_jwt"]


def create_jwt(data: User) -> str:  # noqa: ARG001  # Chainlit's
    """Accepted: a text that no server takes for a token, another one each time."""
    say_once("server")
    return token_urlsafe()
