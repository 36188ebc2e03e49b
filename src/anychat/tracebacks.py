"""Tracebacks for the reader: the user's lines, not anychat's."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable
from types import TracebackType

_PACKAGE = os.path.dirname(__file__) + os.sep


def format_error(error: BaseException, name_of: Callable[[str], str] = str) -> str:
    """The traceback of an exception and its causes, from the first frame that is not anychat's.

    Parameters
    ----------
    error
        The exception.
    name_of
        What to call a file; a notebook calls its cells by their number.
    """
    outline = traceback.TracebackException(type(error), error, _skip_own(error.__traceback__), compact=True)
    seen: set[int] = set()
    parts: list[traceback.TracebackException | None] = [outline]
    while parts:
        part = parts.pop()
        if part is None or id(part) in seen:
            continue
        seen.add(id(part))
        for frame in part.stack:
            frame.filename = name_of(frame.filename)
        parts += [part.__cause__, part.__context__, *(part.exceptions or [])]
    return "".join(outline.format())


def _skip_own(trace: TracebackType | None) -> TracebackType | None:
    first = trace
    while first is not None and _is_own(first):
        first = first.tb_next
    return first or trace


def _is_own(trace: TracebackType) -> bool:
    filename = trace.tb_frame.f_code.co_filename
    return filename.startswith(_PACKAGE) or filename.endswith("concurrent" + os.sep + "futures" + os.sep + "thread.py")
