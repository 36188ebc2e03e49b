"""The final answer of an agent in the old style: what a model writes after a prefix such as "Final Answer:"."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from ..message import Message

PREFIX = ("Final", "Answer", ":")
"""The tokens before the answer, by default."""


class FinalAnswer:
    """Waits for the prefix in a model's tokens, and streams those after it into a message.

    Attributes
    ----------
    is_reached : bool
        Whether the prefix has come.
    message : Message or None
        The answer, once it has begun.
    """

    def __init__(self, prefix: Sequence[str] | None, *, is_stripped: bool, is_reached: bool) -> None:
        tokens = PREFIX if prefix is None else prefix
        self.is_reached = is_reached
        self.message: Message | None = None
        self._is_stripped = is_stripped
        self._prefix = [self._bare(token) for token in tokens]
        self._latest: deque[str] = deque([""] * len(self._prefix), maxlen=len(self._prefix))

    def take(self, token: str) -> None:
        """A token came."""
        if self.is_reached:
            self.message = self.message or Message("")
            self.message.add_token(token)
            return
        self._latest.append(self._bare(token))
        self.is_reached = list(self._latest) == self._prefix or any(map(self._has_all, self._latest))

    def end(self) -> None:
        """The model has ended."""
        if self.message is not None:
            self.message.show()

    def _bare(self, token: str) -> str:
        return token.strip() if self._is_stripped else token

    def _has_all(self, token: str) -> bool:
        """Some models give the whole prefix as one token."""
        return all(part in token for part in self._prefix)
