"""The window around a chat: the notebook's page, and what stands for it in Python."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .errors import OptionError
from .logger import logger
from .protocol import MAX_WINDOW_CHARS, WindowMessage, encode

Listener = Callable[[Any], object]


class Window:
    """What stands in Python for the window around one chat: who hears it, and what an App can call in it.

    Attributes
    ----------
    listeners : list
        Called with each message that the App sends to the window.
    functions : dict
        What `CopilotFunction` calls, by name, before any page is asked.
    """

    def __init__(self) -> None:
        self.listeners: list[Listener] = []
        self.functions: dict[str, Callable[..., Any]] = {}

    def tell(self, data: object) -> None:
        """Tell all listeners. What they raise is theirs: it is logged."""
        for listener in list(self.listeners):
            try:
                listener(data)
            except Exception:
                logger.exception("%r raised, which hears what is sent to the window.", listener)


def window_message(data: object) -> WindowMessage:
    """A message to the window, if it can travel.

    Raises
    ------
    OptionError
        When it is nothing that JSON can say, or too long.
    """
    message = WindowMessage(data)
    try:
        length = len(encode(message))
    except (TypeError, ValueError, RecursionError) as error:
        raise OptionError(f"A message to or from the window is made of what JSON can say. {error}") from error
    if length > MAX_WINDOW_CHARS:
        raise OptionError(
            f"A message to or from the window may have {MAX_WINDOW_CHARS:,} characters as JSON, not {length:,}. "
            "Send it in parts."
        )
    return message
