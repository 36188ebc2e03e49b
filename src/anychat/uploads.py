"""Which files a user may give: to a message, or when asked for some."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Protocol

from .errors import OptionError, UploadError
from .mime import mime_by_ending
from .protocol import UploadRules

Accept = Sequence[str] | Mapping[str, Sequence[str]]
"""MIME types (``"image/*"``) and endings (``".csv"``), or MIME types with the endings that they stand for."""

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Uploads:
    """Which files the user may add to a message.

    Parameters
    ----------
    accept
        MIME types, with ``*`` for any, and endings with a dot: ``["image/*", ".csv"]``; or a dict of MIME types with
        the endings to take, ``{"text/plain": [".txt", ".py"]}``. By default every file. What counts is what a file's
        bytes say, not what its name does.
    max_files
        How many go with one message.
    max_size_mb
        How large each may be, in millions of bytes.

    Raises
    ------
    OptionError
        When one of them is of the wrong kind.

    Examples
    --------
    >>> import anychat as cl
    >>> app = cl.App("Painter", uploads=cl.Uploads(["image/*"], max_files=1))

    What Chainlit's configuration calls ``features.spontaneous_file_upload``; its 500 MB are too much for the connection
    between a notebook and its kernel.
    """

    accept: Accept = ("*/*",)
    max_files: int = 20
    max_size_mb: float = 50

    def __post_init__(self) -> None:
        self.rules()

    def rules(self) -> UploadRules:
        """The same, as the page is told."""
        return upload_rules("Uploads", self.accept, self.max_files, self.max_size_mb)


def check_uploads(given: object, whose: str) -> UploadRules | None:
    """The rules of what ``App(uploads=...)`` and ``Chat(uploads=...)`` take; None: no files.

    Raises
    ------
    OptionError
        When it is neither True, nor False, nor an `Uploads`.
    """
    if isinstance(given, bool):
        return Uploads().rules() if given else None
    if isinstance(given, Uploads):
        return given.rules()
    raise OptionError(f'{whose}(uploads=...) takes True, False or cl.Uploads(["image/*", ".csv"]), not {given!r}.')


def upload_rules(whose: str, accept: object, max_files: object, max_size_mb: object) -> UploadRules:
    """Rules from what an App's author wrote; `whose` names it in errors.

    Raises
    ------
    OptionError
        When one of the values is of the wrong kind.
    """
    if not isinstance(max_files, int) or isinstance(max_files, bool) or max_files < 1:
        raise OptionError(f"{whose}(max_files=...) takes a number of files, 1 or more, not {max_files!r}.")
    if not isinstance(max_size_mb, int | float) or isinstance(max_size_mb, bool) or not 0 < max_size_mb < math.inf:
        raise OptionError(f"{whose}(max_size_mb=...) takes a number of megabytes above 0, not {max_size_mb!r}.")
    return UploadRules(accept=_patterns(whose, accept), max_files=max_files, max_size_mb=max_size_mb)


def _patterns(whose: str, accept: object) -> list[str]:
    if isinstance(accept, Mapping):
        accept = [each for mime, endings in accept.items() for each in _endings(endings) or [mime]]
    if isinstance(accept, str) or not isinstance(accept, Sequence) or not all(map(_is_pattern, accept)):
        raise OptionError(
            f'{whose}(accept=...) takes a list such as ["image/*", "text/csv", ".py"], or a dict such as '
            f'{{"text/plain": [".txt", ".py"]}}, not {accept!r}.'
        )
    return [pattern.strip().lower() for pattern in accept] or ["*/*"]


def _endings(endings: Any) -> list[str]:
    """Endings with their dots: Chainlit's users leave them out at times."""
    listed = [endings] if isinstance(endings, str) else list(endings)
    return [ending if ending.startswith(".") else f".{ending}" for ending in listed]


def _is_pattern(pattern: object) -> bool:
    return isinstance(pattern, str) and ("/" in pattern or pattern.strip().startswith("."))


# ── Whether a file may come ──────────────────────────────────────────────────────────────────────


class Named(Protocol):
    """What is asked of a file."""

    name: str
    size: int
    mime: str


def check_files(rules: UploadRules, files: Sequence[Named]) -> None:
    """Refuse files that break a rule, together or one of them.

    Raises
    ------
    UploadError
        With what is wrong.
    """
    check_count(rules, len(files))
    for file in files:
        check_size(rules, file.name, file.size)
        check_type(rules, file.name, file.mime)


def check_size(rules: UploadRules, name: str, size: int) -> None:
    """Refuse a file that is too large.

    Raises
    ------
    UploadError
        With its size and the limit.
    """
    if size > rules.max_size_mb * MEGABYTE:
        raise UploadError(f"{name} has {megabytes(size)}, and a file may have {rules.max_size_mb:g} MB here.")


def check_type(rules: UploadRules, name: str, mime: str) -> None:
    """Refuse a file of a type that is not wanted, whatever its name says.

    Raises
    ------
    UploadError
        With what it is, and what is taken.
    """
    if not any(_matches(pattern, name, mime) for pattern in rules.accept):
        raise UploadError(f"{name} is {mime}, by what is in it. Taken here: {', '.join(rules.accept)}.")


def check_count(rules: UploadRules, count: int) -> None:
    """Refuse too many files.

    Raises
    ------
    UploadError
        With their number and the limit.
    """
    if count > rules.max_files:
        most = "1 file" if rules.max_files == 1 else f"{rules.max_files} files"
        raise UploadError(f"{count} files came at once, and {most} may.")


def megabytes(size: int) -> str:
    """A size, for people."""
    return f"{size / MEGABYTE:.3g} MB"


def _matches(pattern: str, name: str, mime: str) -> bool:
    if not pattern.startswith("."):
        return pattern in ("*", "*/*") or fnmatchcase(mime, pattern)
    claimed = mime_by_ending(f"any{pattern}")
    return name.lower().endswith(pattern) and (claimed is None or claimed == mime)
