"""Tracebacks for the reader: the user's lines, not anychat's."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable

_PACKAGE = os.path.dirname(__file__) + os.sep


def format_error(error: BaseException, name_of: Callable[[str], str] = str) -> str:
    """The traceback of an exception and its causes, without the frames of anychat that lie around those of others.

    Parameters
    ----------
    error
        The exception.
    name_of
        What to call a file; a notebook calls its cells by their number.
    """
    outline = traceback.TracebackException(type(error), error, error.__traceback__, compact=True)
    seen: set[int] = set()
    parts: list[traceback.TracebackException | None] = [outline]
    while parts:
        part = parts.pop()
        if part is None or id(part) in seen:
            continue
        seen.add(id(part))
        _leave_out_own(part.stack)
        for frame in part.stack:
            frame.filename = name_of(frame.filename)
        parts += [part.__cause__, part.__context__, *(part.exceptions or [])]
    return "".join(outline.format())


def summary(error: BaseException) -> str:
    """An exception in a line: its type, and what it says."""
    try:
        text = str(error)
    except Exception as worse:
        text = f"(its message cannot be shown: {type(worse).__name__})"
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _leave_out_own(stack: traceback.StackSummary) -> None:
    """Leave out anychat's frames; but not the last ones, where it is anychat that raises."""
    others = [index for index, frame in enumerate(stack) if not is_package_file(frame.filename)]
    if others:
        stack[:] = [*(stack[index] for index in others), *stack[others[-1] + 1 :]]


def is_package_file(filename: str) -> bool:
    """Whether a code's file is one of anychat's."""
    return filename.startswith(_PACKAGE)
