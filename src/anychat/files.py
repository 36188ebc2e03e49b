"""The files that the user of one session gave: on disk, until nobody needs them any more.

A page sends a file in parts, each with its place in the file. Parts are taken in order: one that was taken before, or
that comes too early, changes nothing, and each is answered with how much is there. So the page goes on from there,
whatever was lost or came twice.

A file lies in a folder that only this process's user may read, under a name that is made up here; the name that
the page gave is a label, and nothing else.
"""

from __future__ import annotations

import re
import shutil
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from os import PathLike, fspath
from pathlib import Path, PurePosixPath
from tempfile import mkdtemp
from typing import BinaryIO, Final
from uuid import uuid4
from weakref import finalize

from .errors import UploadError
from .mime import HEAD, mime_of
from .protocol import MAX_CHUNK_BYTES, UploadRules
from .types import FileDict
from .uploads import MEGABYTE, check_size, check_type, megabytes

MAX_SESSION_BYTES: Final = 1_000 * MEGABYTE
MAX_SESSION_FILES: Final = 1_000
"""What the files of one session may take together, sent or not."""

PATIENCE = 60.0  # seconds after which a file that waits to be sent may go, when there is no room for another
MAX_NAME_CHARS = 200
MAX_ID_CHARS = 100

_NOT_IN_A_NAME = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,12}")

FileSource = str | PathLike[str] | tuple[str, bytes]
"""A file from Python: its path, or a name and bytes."""


class UserFile:
    """A file that the user gave, or is giving.

    Attributes
    ----------
    id : str
        What the page calls it.
    name : str
        Its name on the user's machine; a label, no path.
    path : Path
        Where it lies.
    size : int
        How many bytes it shall have; `received` of them are here.
    mime : str
        What it is, by its first bytes.
    """

    def __init__(self, id: str, name: str, size: int, folder: Folder) -> None:
        self.id = id
        self.name = name
        self.size = size
        self.received = 0
        self.mime = mime_of(b"", name)
        self.is_sent = False  # in a message or an answer: it stays as long as the session does
        self.touched = time.monotonic()
        self.path = folder.path / f"{uuid4()}{_ending(name)}"
        self._folder = folder  # which goes when the last file in it is forgotten

    @property
    def is_complete(self) -> bool:
        """Whether all of it is here."""
        return self.received == self.size

    def put(self, offset: int, part: bytes, rules: UploadRules | None) -> None:
        """Take the part that comes next; any other changes nothing.

        Raises
        ------
        UploadError
            When its first bytes are not of a type that is taken, or it cannot be written.
        """
        self.touched = time.monotonic()
        if offset != self.received:
            return
        self._write(offset, part)
        if offset < min(HEAD, self.size) <= self.received or self.size == 0:
            self.mime = mime_of(self._head(), self.name)
            if rules is not None:
                check_type(rules, self.name, self.mime)

    def _write(self, offset: int, part: bytes) -> None:
        try:
            with self.path.open("r+b" if offset else "wb") as file:
                file.seek(offset)
                file.write(part)
        except OSError as error:
            raise UploadError(f"{self.name} could not be written on the kernel's machine: {error.strerror}.") from error
        self.received += len(part)

    def _head(self) -> bytes:
        with self.path.open("rb") as file:
            return file.read(HEAD)

    def to_dict(self) -> FileDict:
        """The file as a dict, with Chainlit's keys."""
        return FileDict(id=self.id, name=self.name, path=self.path, size=self.size, type=self.mime)

    def remove(self) -> None:
        """Take it from the disk."""
        self.path.unlink(missing_ok=True)

    def __repr__(self) -> str:
        return f"<UserFile {self.name!r}: {self.mime}, {self.received:,} of {self.size:,} bytes>"


class Folder:
    """A folder of temporary files, there as long as this object is."""

    def __init__(self) -> None:
        self.path = Path(mkdtemp(prefix="anychat-"))
        finalize(self, partial(shutil.rmtree, ignore_errors=True), self.path)


class Files(Mapping[str, FileDict]):
    """The files of one session, by id, as Chainlit's dicts. All methods may be called from any thread."""

    def __init__(self) -> None:
        self._files: dict[str, UserFile] = {}
        self._folder: Folder | None = None
        self._lock = threading.Lock()

    def __getitem__(self, id: str) -> FileDict:
        return self._files[id].to_dict()

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def find(self, id: str) -> UserFile | None:
        """The file with this id, if it is (still) there, as far as it is there."""
        return self._files.get(id)

    def put(self, id: str, name: str, size: int, offset: int, part: bytes, rules: UploadRules) -> int:
        """Take a part of a file from a page; returns how many bytes of it are here.

        Raises
        ------
        UploadError
            When the file is not to be taken; what there is of it is dropped.
        """
        if len(id) > MAX_ID_CHARS or "/" in id:
            raise UploadError(f"A file's id may have {MAX_ID_CHARS} characters, none of them a slash.")
        with self._lock:
            try:
                file = self._files.get(id) or self._begin(id, as_label(name), size, rules)
                _check_part(file, size, offset, part)
                file.put(offset, part, rules)
            except UploadError:
                self._drop(id)
                raise
            return file.received

    def add(self, source: FileSource) -> UserFile:
        """Take a file from Python; of what lies at a path, a copy.

        Raises
        ------
        UploadError
            When it cannot be read, or there is no room.
        """
        with self._lock, _open(source) as (name, size, stream):
            file = self._begin(str(uuid4()), as_label(name), size, None)
            file.put(0, stream.read(min(MAX_CHUNK_BYTES, size)), None)
            while not file.is_complete:
                file.put(file.received, _read(stream, min(MAX_CHUNK_BYTES, size - file.received), name), None)
            return file

    def drop(self, id: str) -> None:
        """Forget a file that was not sent."""
        with self._lock:
            self._drop(id)

    def complete(self, ids: Iterable[str]) -> list[UserFile]:
        """The files with these ids, or with those of the items that show them.

        Raises
        ------
        UploadError
            When one of them is not there, or not all of it.
        """
        return [self._complete(id) for id in dict.fromkeys(id.rpartition("/")[2] for id in ids)]

    def keep(self, ids: Iterable[str]) -> None:
        """These were sent: they stay as long as the session does."""
        for file in self.complete(ids):
            file.is_sent = True

    def kept(self) -> dict[str, UserFile]:
        """The files that were sent; whoever holds them keeps them on disk."""
        return {id: file for id, file in self._files.items() if file.is_sent}

    def adopt(self, files: Mapping[str, UserFile]) -> None:
        """Have another session's files, too."""
        with self._lock:
            self._files |= files

    def clear(self) -> None:
        """Forget all files. They go from the disk, unless another session goes on with them."""
        with self._lock:
            self._files.clear()
            self._folder = None

    def _complete(self, id: str) -> UserFile:
        file = self._files.get(id)
        if file is None:
            raise UploadError("A file of this message is not here any more. Add it again, and send the message.")
        if not file.is_complete:
            raise UploadError(f"{file.name} is not here as a whole. Wait until it is, and send the message again.")
        return file

    def _begin(self, id: str, name: str, size: int, rules: UploadRules | None) -> UserFile:
        if size < 0:
            raise UploadError(f"{name} cannot have {size} bytes.")
        if rules is not None:
            check_size(rules, name, size)
        self._make_room(name, size)
        self._folder = self._folder or Folder()
        file = self._files[id] = UserFile(id, name, size, self._folder)
        return file

    def _make_room(self, name: str, size: int) -> None:
        """Forget files that waited long to be sent, the oldest first, as far as there is no room for another."""
        idle = (file for file in list(self._files.values()) if not file.is_sent and _is_idle(file))
        while (room := MAX_SESSION_BYTES - sum(file.size for file in self._files.values())) < size or (
            len(self._files) >= MAX_SESSION_FILES
        ):
            oldest = next(idle, None)
            if oldest is None:
                raise UploadError(
                    f"There is no room for {name}, which has {megabytes(size)}: the files of one chat may take "
                    f"{megabytes(MAX_SESSION_BYTES)} together, and {megabytes(max(room, 0))} are left. "
                    "Begin a new chat."
                )
            self._drop(oldest.id)

    def _drop(self, id: str) -> None:
        file = self._files.get(id)
        if file is not None and not file.is_sent:
            del self._files[id]
            file.remove()


def _check_part(file: UserFile, size: int, offset: int, part: bytes) -> None:
    if size != file.size:
        raise UploadError(f"{file.name} was announced with {file.size:,} bytes, then with {size:,}.")
    if len(part) > MAX_CHUNK_BYTES:
        raise UploadError(f"A part of {file.name} may have {MAX_CHUNK_BYTES:,} bytes, not {len(part):,}.")
    if offset < 0 or offset + len(part) > size:
        raise UploadError(f"{file.name} has {size:,} bytes, so none after that can come.")


def _is_idle(file: UserFile) -> bool:
    return time.monotonic() - file.touched > PATIENCE


@contextmanager
def _open(source: FileSource) -> Iterator[tuple[str, int, BinaryIO]]:
    if isinstance(source, tuple):
        name, data = source
        yield name, len(data), BytesIO(data)
        return
    try:
        path = Path(fspath(source))
        with path.open("rb") as stream:
            yield path.name, path.stat().st_size, stream
    except OSError as error:
        raise UploadError(f"{source} cannot be read: {error.strerror}.") from error


def _read(stream: BinaryIO, size: int, name: str) -> bytes:
    part = stream.read(size)
    if not part:
        raise UploadError(f"{name} became shorter while it was read.")
    return part


def as_label(name: str) -> str:
    """A file's name to show: no folders, nothing that changes how a line reads, and not too long.

    Examples
    --------
    >>> as_label("../../etc/passwd")
    'passwd'
    """
    last = _NOT_IN_A_NAME.sub("", name.replace("\\", "/").rpartition("/")[2]).strip()
    stem, ending = last, PurePosixPath(last).suffix
    if len(last) > MAX_NAME_CHARS:
        ending = ending[:20]
        stem = last[: MAX_NAME_CHARS - len(ending) - 1] + "…" + ending
    return stem if stem.strip(".") else "file"


def _ending(name: str) -> str:
    """A name's ending, for programs that look for one; nothing if it is anything but plain."""
    ending = PurePosixPath(name).suffix
    return ending if _ENDING.fullmatch(ending) else ""
