"""Cells and their ids: which one makes a chat, and when it is run again or deleted."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any


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
        self._listeners: dict[str, list[Callable[[], None]]] = {}
        shell.events.register("pre_run_cell", self._before_cell)

    def when_gone(self, cell: str, callback: Callable[[], None]) -> None:
        """Call back, once, before this cell is run again, or when it was deleted."""
        self._listeners.setdefault(cell, []).append(callback)

    def _before_cell(self, info: Any) -> None:
        parent = self._shell.get_parent() if hasattr(self._shell, "get_parent") else {}
        deleted = parent.get("metadata", {}).get("deletedCells") or []
        for cell in [*deleted, getattr(info, "cell_id", None)]:
            for callback in self._listeners.pop(cell, []):
                callback()


@cache
def cells(shell: Any) -> Cells:
    """The cells of a shell."""
    return Cells(shell)
