"""The mistralai package: its calls as steps. See `App.instrument_mistralai`."""

from __future__ import annotations

from typing import Any

from .model_calls import import_optional, watch
from .openai import ChatReading

PACKAGE = "mistralai"
STREAM = "generator"
"""Where the package's streams keep their pieces."""


def instrument() -> None:
    """Watch the package's client.

    Raises
    ------
    MissingPackageError
        When it is not installed.
    """
    import_optional("mistralai", "instrument_mistralai", "mistralai")
    chat = _import_chat()
    for method in ("complete", "complete_async", "stream", "stream_async"):
        watch(chat.Chat, method, PACKAGE, MistralReading, STREAM)


def _import_chat() -> Any:
    try:
        return import_optional("mistralai.client.chat", "instrument_mistralai", "mistralai")
    except ImportError:  # before 2.0 it was elsewhere
        return import_optional("mistralai.chat", "instrument_mistralai", "mistralai>=1")


class MistralReading(ChatReading):
    """``chat``: the same as OpenAI's, with each chunk in an event."""

    def take_piece(self, piece: Any) -> bool:
        """Read an event."""
        return super().take_piece(piece.data)
