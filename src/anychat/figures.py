"""Figures, as elements."""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path
from typing import Any, ClassVar

from .blobs import file_now
from .element import Element, Image
from .errors import ElementError, OptionError
from .protocol import ElementItem, ElementSize
from .session import Session

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


class Plotly(Element):
    """A figure of plotly, to look into with the mouse.

    It shows the figure as it is when the element is made; `update` shows what it has become. plotly's own script draws
    it, from the package that is installed here, in a frame that can reach neither the page nor the network. So maps
    have no tiles.

    Parameters
    ----------
    figure
        A ``plotly.graph_objects.Figure``. It is as wide as the chat.
    options
        As for `Element`, such as `name`, `size` and `display`.

    Raises
    ------
    OptionError
        When it is no such figure (also a TypeError).

    Examples
    --------
    >>> import anychat as cl
    >>> from plotly.graph_objects import Figure, Scatter
    >>> plot = cl.Plotly(name="squares", figure=Figure(Scatter(y=[1, 4, 9])))
    """

    type = "plotly"
    is_text = True
    keys: ClassVar = None

    def __init__(self, *, figure: Any = None, size: ElementSize = "medium", **options: Any) -> None:
        self.figure = figure
        super().__init__(content=self._written(), size=size, mime="application/json", **options)

    async def update(self) -> bool:
        """Show the figure as it is now. Returns True."""
        self.content = self._written()
        return await super().update()

    def _written(self) -> str:
        known = sys.modules.get("plotly.basedatatypes")
        if known is None or not isinstance(self.figure, known.BaseFigure):
            raise OptionError(f"cl.Plotly(figure=...) takes a plotly.graph_objects.Figure, not {self.figure!r}.")
        text: str = self.figure.to_json()
        return text

    def _item(self, session: Session) -> ElementItem:
        item = super()._item(session)
        script = file_now(Path(str(sys.modules["plotly"].__file__)).parent / "package_data" / "plotly.min.js")
        if script is None:
            raise ElementError("The package plotly that is installed here has no plotly.min.js. Install it anew.")
        item.code = session.keep(script)
        return item
