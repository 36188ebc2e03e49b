"""Tables, as elements."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable
from datetime import datetime
from numbers import Integral
from typing import Any, ClassVar

from .element import Element
from .errors import OptionError
from .protocol import ElementSize

MOST_ROWS = 1000
MOST_COLUMNS = 200
MOST_CELLS = 50_000
MOST_CHARS = 300
"""How much of a table the page gets; the view says how much there is."""

EXACT = 2**53
"""Above it, JavaScript rounds whole numbers: they travel as text."""


class Dataframe(Element):
    """A table of pandas or polars. The user can sort it and turn its pages.

    The page gets up to 1,000 rows and 200 columns, and says how many there are.

    Parameters
    ----------
    data
        A ``pandas.DataFrame`` or a ``polars.DataFrame``; it is read when the element is made, and by `update`.
    options
        As for `Element`, such as `name` and `display`.

    Raises
    ------
    OptionError
        When it is neither (also a TypeError).

    Examples
    --------
    >>> import anychat as cl, pandas
    >>> table = cl.Dataframe(name="squares", data=pandas.DataFrame({"n": [1, 2], "square": [1, 4]}))
    """

    type = "dataframe"
    is_text = True
    keys: ClassVar = None

    def __init__(self, *, data: Any = None, size: ElementSize = "large", **options: Any) -> None:
        self.data = data
        super().__init__(content=self._read_data(), size=size, mime="application/json", **options)

    async def update(self) -> bool:
        """Show the table as it is now. Returns True."""
        self.content = self._read_data()
        return await super().update()

    def _read_data(self) -> str:
        table = _from_pandas(self.data) or _from_polars(self.data)
        if table is None:
            raise OptionError(
                f"cl.Dataframe(data=...) takes a pandas.DataFrame or a polars.DataFrame, not {self.data!r}."
            )
        return json.dumps(table, ensure_ascii=False, allow_nan=False)


def _from_pandas(data: Any) -> dict[str, Any] | None:
    if not _is_frame(data, "pandas"):
        return None
    rows, columns = _bounds(*data.shape)
    part = data.iloc[:rows, :columns]
    values = [_values(part.iloc[:, number]) for number in range(columns)]
    return _table(part.columns, part.index.tolist(), zip(*values, strict=True), data.shape)


def _values(column: Any) -> list[Any]:
    """The values of a column of pandas, with None for whatever it has for missing ones."""
    values: list[Any] = column.astype(object).where(column.notna(), None).tolist()
    return values


def _from_polars(data: Any) -> dict[str, Any] | None:
    if not _is_frame(data, "polars"):
        return None
    rows, columns = _bounds(*data.shape)
    part = data[:rows, :columns]
    return _table(part.columns, range(len(part)), part.rows(), data.shape)


def _is_frame(data: Any, library: str) -> bool:
    """Whether it is a table of a library, which then has been imported."""
    known = sys.modules.get(library)
    return known is not None and isinstance(data, known.DataFrame)


def _bounds(rows: int, columns: int) -> tuple[int, int]:
    columns = min(columns, MOST_COLUMNS)
    return min(rows, MOST_ROWS, MOST_CELLS // max(columns, 1)), columns


def _table(
    columns: Iterable[Any], index: Iterable[Any], rows: Iterable[Iterable[Any]], shape: tuple[int, int]
) -> dict[str, Any]:
    return {
        "columns": [_label(column) for column in columns],
        "index": [_label(label) for label in index],
        "data": [[_cell(value) for value in row] for row in rows],
        "rows": shape[0],
        "width": shape[1],
    }


def _label(label: Any) -> Any:
    return " · ".join(map(str, label)) if isinstance(label, tuple) else _cell(label)


def _cell(value: Any) -> Any:
    """A value as JSON has it: numbers and truth values as they are, all else as text."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Integral):
        return int(value) if abs(int(value)) < EXACT else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None if math.isnan(value) else str(value)
    text = value.isoformat(" ") if isinstance(value, datetime) else str(value)
    return text if len(text) <= MOST_CHARS else text[: MOST_CHARS - 1] + "…"
