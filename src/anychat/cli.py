"""Where Chainlit's users find what runs an app from Python."""

from __future__ import annotations

from .errors import OptionError

__all__ = ["run_chainlit"]


def run_chainlit(target: str) -> None:
    """There is no server to run.

    Raises
    ------
    OptionError
        Always, with what to do instead.
    """
    raise OptionError(f"There is no server to run here. In a notebook, write cl.Chat(cl.load({target!r})).")
