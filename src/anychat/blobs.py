"""Bytes that a session keeps for its pages, which ask for them by hash.

What is small is kept in memory, so that a temporary file may go when it was sent. A large file stays on disk, and is
read when a page asks for it.
"""

from __future__ import annotations

import hashlib
from os import PathLike, stat
from typing import NamedTuple

from .errors import ElementError
from .mime import HEAD

SMALL = 10_000_000
"""Files of up to so many bytes are read when they are sent."""

LARGEST = 200_000_000
"""So many bytes can be given to a page: they travel as one piece, and the page holds them."""


class FileOnDisk(NamedTuple):
    """A large file, as it was when it was sent."""

    path: str
    size: int
    modified: int

    def read(self) -> bytes | None:
        """Its bytes; None when the file is gone, or another one, or cannot be read any more."""
        try:
            if file_now(self.path) != self:
                return None
            with open(self.path, "rb") as file:
                return file.read()
        except OSError:
            return None


Blob = bytes | FileOnDisk


def open_blob(path: str | PathLike[str]) -> Blob:
    """The bytes of a small file, or a large file as it is now.

    Raises
    ------
    OSError
        When there is no such file, or it may not be read.
    ElementError
        When it is too large for a page.
    """
    file = file_now(path)
    if file is None:
        raise FileNotFoundError(f"There is no file {str(path)!r} to show.")
    if file.size > LARGEST:
        raise ElementError(
            f"The file {str(path)!r} has {file.size:,} bytes, and up to {LARGEST:,} can be given to the page. "
            "Put it where a browser can fetch it, and give its url."
        )
    if file.size > SMALL:
        return file
    with open(path, "rb") as opened:
        return opened.read()


def digest(blob: Blob) -> str:
    """The name by which pages ask for it: the hash of its bytes; for a large file, of where and when it was."""
    data = blob if isinstance(blob, bytes) else repr(blob).encode()
    return hashlib.sha256(data).hexdigest()


def head(blob: Blob) -> bytes:
    """Its first bytes."""
    if isinstance(blob, bytes):
        return blob[:HEAD]
    with open(blob.path, "rb") as file:
        return file.read(HEAD)


def size(blob: Blob) -> int:
    """How many bytes it has."""
    return len(blob) if isinstance(blob, bytes) else blob.size


def file_now(path: str | PathLike[str]) -> FileOnDisk | None:
    """A file as it is now; None if there is none."""
    try:
        known = stat(path)
    except FileNotFoundError:
        return None
    return FileOnDisk(str(path), known.st_size, known.st_mtime_ns)
