"""What a file is, by its first bytes: what a name or a page says of it is only a claim."""

from __future__ import annotations

import codecs
import mimetypes
import re
from functools import cache
from pathlib import PurePosixPath
from types import MappingProxyType

HEAD = 4096
"""So many bytes at a file's beginning tell its type."""

_SIGNATURES = tuple(
    (re.compile(signature, re.DOTALL), mime)
    for signature, mime in (
        (rb"\x89PNG\r\n\x1a\n", "image/png"),
        (rb"\xff\xd8\xff", "image/jpeg"),
        (rb"GIF8[79]a", "image/gif"),
        (rb"BM.{12}[\x0c\x28\x38\x6c\x7c]\0\0\0", "image/bmp"),
        (rb"II\*\0|MM\0\*", "image/tiff"),
        (rb"\0\0\x01\0", "image/vnd.microsoft.icon"),
        (rb"\s*(<\?xml[^>]*>\s*)?(<!--[^>]*>\s*|<!DOCTYPE[^>]*>\s*)*<svg", "image/svg+xml"),
        (rb"RIFF.{4}WEBP", "image/webp"),
        (rb"RIFF.{4}WAVE", "audio/wav"),
        (rb"RIFF.{4}AVI ", "video/x-msvideo"),
        (rb".{4}ftypavi[fs]", "image/avif"),
        (rb".{4}ftyphei[cx]", "image/heic"),
        (rb".{4}ftypM4A", "audio/mp4"),
        (rb".{4}ftypqt", "video/quicktime"),
        (rb".{4}ftyp", "video/mp4"),
        (rb"ID3[\x02-\x04]|\xff[\xf2\xf3\xfa\xfb]", "audio/mpeg"),
        (rb"fLaC", "audio/flac"),
        (rb"OggS\0", "audio/ogg"),
        (rb"\x1aE\xdf\xa3", "video/webm"),
        (rb"%PDF-", "application/pdf"),
        (rb"PK(\x03\x04|\x05\x06)", "application/zip"),
        (rb"\x1f\x8b", "application/gzip"),
        (rb"BZh[1-9]1AY&SY", "application/x-bzip2"),
        (rb"\xfd7zXZ\0", "application/x-xz"),
        (rb"7z\xbc\xaf'\x1c", "application/x-7z-compressed"),
    )
)
"""How a file of each type begins; what is more special comes first."""

_KNOWN = frozenset(mime for _, mime in _SIGNATURES)

_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."

_CONTAINER = MappingProxyType(
    {
        f"{_OFFICE}wordprocessingml.document": "application/zip",
        f"{_OFFICE}spreadsheetml.sheet": "application/zip",
        f"{_OFFICE}presentationml.presentation": "application/zip",
        f"{_OPEN}text": "application/zip",
        f"{_OPEN}spreadsheet": "application/zip",
        f"{_OPEN}presentation": "application/zip",
        "application/epub+zip": "application/zip",
        "application/java-archive": "application/zip",
        "video/ogg": "audio/ogg",
        "audio/webm": "video/webm",
        "video/x-matroska": "video/webm",
        "audio/mp4": "video/mp4",
        "video/quicktime": "video/mp4",
        "video/3gpp": "video/mp4",
    }
)
"""Types whose files begin as those of another type do: there the name decides."""

_ENDINGS = MappingProxyType(
    {
        ".docx": f"{_OFFICE}wordprocessingml.document",
        ".xlsx": f"{_OFFICE}spreadsheetml.sheet",
        ".pptx": f"{_OFFICE}presentationml.presentation",
        ".odt": f"{_OPEN}text",
        ".ods": f"{_OPEN}spreadsheet",
        ".odp": f"{_OPEN}presentation",
        ".epub": "application/epub+zip",
        ".jar": "application/java-archive",
        ".flac": "audio/flac",
        ".m4a": "audio/mp4",
        ".oga": "audio/ogg",
        ".ogg": "audio/ogg",
        ".ogv": "video/ogg",
        ".wav": "audio/wav",
        ".weba": "audio/webm",
        ".avif": "image/avif",
        ".heic": "image/heic",
        ".webp": "image/webp",
        ".mkv": "video/x-matroska",
        ".ipynb": "application/x-ipynb+json",
        ".jsonl": "application/jsonl",
        ".md": "text/markdown",
        ".parquet": "application/vnd.apache.parquet",
        ".toml": "application/toml",
        ".xml": "application/xml",
        ".yaml": "application/yaml",
        ".yml": "application/yaml",
    }
)
"""What Python's own table does not have, or not everywhere alike."""

_COMPRESSED = MappingProxyType({"gzip": "application/gzip", "bzip2": "application/x-bzip2", "xz": "application/x-xz"})


def guess_mime(head: bytes, name: str = "") -> str | None:
    """The MIME type of a file by its first bytes, or by its name as far as they do not belie it; None: neither tells.

    Examples
    --------
    >>> guess_mime(b"%PDF-1.7", "plot.png"), guess_mime(b"a,b", "table.csv"), guess_mime(b"?")
    ('application/pdf', 'text/csv', None)
    """
    claimed, found = mime_by_ending(name), _signed(head)
    if not head:
        return claimed
    if found is not None:
        return claimed if claimed is not None and found in (claimed, _CONTAINER.get(claimed)) else found
    if claimed is None or claimed in _KNOWN or claimed in _CONTAINER:
        return None  # its bytes would say so
    may_be_text = claimed == "image/svg+xml" or not claimed.startswith(("image/", "audio/", "video/"))
    must_be_text = claimed.startswith("text/") or claimed.endswith(("json", "jsonl", "xml", "yaml", "toml"))
    return claimed if (may_be_text if is_text(head) else not must_be_text) else None


def mime_of(head: bytes, name: str) -> str:
    """The MIME type of a file: where nothing tells more, plain text, or just bytes.

    Examples
    --------
    >>> mime_of(b"?", "notes"), mime_of(b"\\xff\\x01", "notes.txt")
    ('text/plain', 'application/octet-stream')
    """
    return guess_mime(head, name) or ("text/plain" if is_text(head) else "application/octet-stream")


def mime_by_ending(name: str) -> str | None:
    """What a name's ending says of a file, if anybody knows it."""
    ending = PurePosixPath(name).suffix.lower()
    if ending in _ENDINGS:
        return _ENDINGS[ending]
    mime, encoding = _table().guess_type(f"a{''.join(PurePosixPath(name).suffixes[-2:])}", strict=False)
    return mime if encoding is None else _COMPRESSED.get(encoding)


@cache
def _table() -> mimetypes.MimeTypes:
    return mimetypes.MimeTypes()  # Python's own alone: the machine's say other things on each machine


def is_text(head: bytes) -> bool:
    """Whether these first bytes of a file can be read as text."""
    if b"\0" in head:
        return head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)  # it may be cut within a character
    except UnicodeDecodeError:
        controls = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head)
        return controls == 0  # some older encoding
    return True


def _signed(head: bytes) -> str | None:
    return next((mime for signature, mime in _SIGNATURES if signature.match(head)), None)
