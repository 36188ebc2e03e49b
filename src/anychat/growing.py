"""A text that grows piece by piece."""

from __future__ import annotations


class GrowingText:
    """A text that streams in: a piece costs its own length, and all are joined when somebody reads.

    Attributes
    ----------
    is_replaced : bool
        Whether it was set since it was last shown, so that a page needs all of it.
    """

    def __init__(self, text: str = "") -> None:
        self._pieces = [text]
        self._length = len(text)
        self.is_replaced = False

    def __len__(self) -> int:
        return self._length

    def __str__(self) -> str:
        if len(self._pieces) != 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0]

    def set(self, text: str) -> None:
        """Be another text."""
        self._pieces = [text]
        self._length = len(text)
        self.is_replaced = True

    def add(self, piece: str) -> None:
        """Grow at the end."""
        self._pieces.append(piece)
        self._length += len(piece)
