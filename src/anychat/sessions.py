"""``cl.sessions()``: who is there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .dispatcher import live_dispatchers
from .session import Session

COLUMNS = ("id", "user", "app", "status", "turns", "started", "last active")


class Sessions(Sequence[Session]):
    """The sessions that are alive in this kernel, oldest first. Its repr is a table."""

    def __init__(self, sessions: Sequence[Session]) -> None:
        self._sessions = tuple(sessions)

    def __getitem__(self, index: Any) -> Any:
        return self._sessions[index]

    def __len__(self) -> int:
        return len(self._sessions)

    def to_frame(self) -> Any:
        """The table as a pandas DataFrame.

        Raises
        ------
        ImportError
            When pandas is not installed.
        """
        import pandas

        return pandas.DataFrame([_row(session) for session in self], columns=list(COLUMNS)).set_index("id")

    def __repr__(self) -> str:
        if not self:
            return "No chat has a session here: show one, or send it a message."
        rows = [COLUMNS, *([_text(cell) for cell in _row(session)] for session in self)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
        return "\n".join(lines)


def sessions() -> Sessions:
    """The sessions that are alive in this kernel, oldest first.

    Returns
    -------
    Sessions
        A sequence of `Session`; its repr is a table, and ``to_frame()`` makes a DataFrame of it.

    Examples
    --------
    >>> import anychat as cl
    >>> for session in cl.sessions():
    ...     print(session.id, session.status, session.state.keys())
    """
    alive = [each.session for each in list(live_dispatchers) if each.session.is_started]
    return Sessions(sorted(alive, key=lambda session: str(session.started_at)))


def _row(session: Session) -> list[Any]:
    return [
        session.id,
        session.author,
        session.assistant,
        session.status,
        session.turns,
        session.started_at,
        session.last_active,
    ]


def _text(cell: Any) -> str:
    return f"{cell:%H:%M:%S}" if hasattr(cell, "strftime") else "" if cell is None else str(cell)
