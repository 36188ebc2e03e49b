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

    def take(self, token: str, is_sequence: bool) -> None:
        """Grow at the end by what streams in; a sequence is the whole text so far.

        Raises
        ------
        TypeError
            When it is no text.
        """
        if not isinstance(token, str):
            raise TypeError(f"stream_token takes a str, but {type(token).__name__} came: {token!r}. Use str(token).")
        if is_sequence:
            self.set(token)
        else:
            self._pieces.append(token)
            self._length += len(token)

    def copy(self) -> GrowingText:
        """The same text, to grow on its own."""
        twin = GrowingText(str(self))
        twin.is_replaced = self.is_replaced
        return twin
