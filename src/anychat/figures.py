"""Figures, as elements."""

from __future__ import annotations

import sys
from io import BytesIO
from typing import Any

from .element import Image
from .errors import OptionError

DPI = 200


class Pyplot(Image):
    """A figure of matplotlib, as a picture.

    It shows the figure as it is when the element is made; `update` draws it anew.

    Parameters
    ----------
    figure
        A ``matplotlib.figure.Figure``.
    options
        As for `Element`, such as `name` and `display`.

    Raises
    ------
    OptionError
        When it is no such figure (also a TypeError).

    Examples
    --------
    >>> import anychat as cl
    >>> from matplotlib.figure import Figure
    >>> figure = Figure()
    >>> line = figure.subplots().plot([1, 4, 9])
    >>> plot = cl.Pyplot(name="squares", figure=figure)
    """

    def __init__(self, *, figure: Any = None, **options: Any) -> None:
        self.figure = figure
        super().__init__(content=self._drawn(), **options)

    async def update(self) -> bool:
        """Draw the figure as it is now. Returns True."""
        self.content = self._drawn()
        return await super().update()

    def _drawn(self) -> bytes:
        known = sys.modules.get("matplotlib.figure")
        if known is None or not isinstance(self.figure, known.Figure):
            raise OptionError(f"cl.Pyplot(figure=...) takes a matplotlib.figure.Figure, not {self.figure!r}.")
        picture = BytesIO()
        self.figure.savefig(picture, dpi=DPI, bbox_inches="tight", backend="Agg", format="png")
        return picture.getvalue()
