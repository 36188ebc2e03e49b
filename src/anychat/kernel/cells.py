"""Cells and their ids: which one makes a chat, and when it is run again or deleted."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import zip_longest
from typing import Any

Gone = Callable[[], object]
"""Called when a cell goes; what it returns waits for the cell's next run."""


def current_cell(shell: Any) -> str | None:
    """The id of the cell that runs now; None outside of a notebook's cell."""
    parent = shell.get_parent() if hasattr(shell, "get_parent") else {}
    if parent.get("header", {}).get("msg_type") != "execute_request":
        return None
    cell: str | None = parent.get("metadata", {}).get("cellId")
    return cell


class Cells:
    """Tells when a cell is run again or deleted.

    The front end names a cell in the metadata of each execute request, and the cells deleted since the last one.
    Nothing else tells the kernel reliably that a widget is gone: pages close without a word.
    """

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._listeners: dict[str, list[Gone]] = {}
        self._left: dict[str, list[object]] = {}  # by cell: what the listeners of its last run left, in their order
        shell.events.register("pre_run_cell", self._before_cell)

    def when_gone(self, cell: str, callback: Gone) -> object:
        """Call back, once, before this cell is run again, or when it was deleted.

        Returns what was left, when this cell was run before, by the listener that came at the same place: each chat
        of a cell finds what its predecessor left. None if that is nothing.
        """
        listeners = self._listeners.setdefault(cell, [])
        listeners.append(callback)
        return next(iter(self._left.get(cell, [])[len(listeners) - 1 :]), None)

    def _before_cell(self, info: Any) -> None:
        parent = self._shell.get_parent() if hasattr(self._shell, "get_parent") else {}
        for cell in parent.get("metadata", {}).get("deletedCells") or []:
            self._end(cell)
            self._left.pop(cell, None)
        cell = getattr(info, "cell_id", None)
        if cell is not None:
            pairs = zip_longest(self._end(cell), self._left.get(cell, []))
            self._left[cell] = [left or before for left, before in pairs]

    def _end(self, cell: str) -> list[object]:
        return [callback() for callback in self._listeners.pop(cell, [])]


@cache
def cells(shell: Any) -> Cells:
    """The cells of a shell."""
    return Cells(shell)
