"""What kind of data bytes are, in the words of MIME."""

from __future__ import annotations

import mimetypes

HEAD = 32
"""So many of the first bytes are enough."""

# fmt: off
_SIGNATURES = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"<svg", "image/svg+xml"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypavif", "image/avif"),
    (0, b"%PDF-", "application/pdf"),
    (8, b"WAVE", "audio/wav"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"OggS", "audio/ogg"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"PK\x03\x04", "application/zip"),
)
# fmt: on
"""What stands where in a file of each kind; the first that fits."""


def guess_mime(head: bytes, name: str = "") -> str | None:
    """The MIME type of data by its first bytes, else by its name; None when neither tells.

    An ending that is more exact than the bytes goes before them: office documents are ZIP files.

    Examples
    --------
    >>> guess_mime(b"%PDF-1.7 ..."), guess_mime(b"a,b", "table.csv"), guess_mime(b"?")
    ('application/pdf', 'text/csv', None)
    """
    by_name = mimetypes.guess_type(name)[0]
    by_bytes = next((mime for at, mark, mime in _SIGNATURES if head.startswith(mark, at)), None)
    if by_bytes == "application/zip":
        return by_name or by_bytes
    return by_bytes or by_name
