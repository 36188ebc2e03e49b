"""What a callback prints and displays goes to its chat, even while many callbacks and a cell interleave.

One ContextVar names the sink of the running code. Streams and the display publisher of the shell divert to it when it
is set; without one they are as they were. Not caught: plain threads, C code that writes to the descriptors, and
subprocesses.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, Literal

from ..host import MimeBundle, Sink

_BINARY = ("image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf")


_sink: ContextVar[Sink | None] = ContextVar("anychat_output", default=None)


@contextmanager
def captured(shell: Any, sink: Sink) -> Iterator[None]:
    """Divert what this context prints and displays."""
    _install(shell)
    token = _sink.set(sink)
    try:
        yield
    finally:
        _sink.reset(token)


def as_bundle(data: dict[str, Any]) -> MimeBundle:
    """A bundle as IPython makes it (images as base64), as anychat keeps it."""
    texts: dict[str, str] = {}
    blobs: dict[str, bytes] = {}
    for mime, value in data.items():
        if mime in _BINARY:
            blobs[mime] = base64.b64decode(value) if isinstance(value, str) else bytes(value)
        elif isinstance(value, str):
            texts[mime] = value
        elif mime.endswith("json"):
            texts[mime] = json.dumps(value, default=str)
    return MimeBundle(texts, blobs)


@cache
def _install(shell: Any) -> None:
    # On the streams themselves, not in their place: logging handlers and others hold on to them.
    _divert_stream(sys.stdout, "stdout")
    _divert_stream(sys.stderr, "stderr")
    _divert_display(shell.display_pub)


def _divert_stream(stream: Any, name: Literal["stdout", "stderr"]) -> None:
    write: Callable[[str], int] = stream.write

    def write_or_divert(text: str) -> int:
        sink = _sink.get()
        if sink is None or not isinstance(text, str):
            return write(text)
        sink.printed(name, text)
        return len(text)

    stream.write = write_or_divert


def _divert_display(publisher: Any) -> None:
    publish: Callable[..., None] = publisher.publish
    clear_output: Callable[..., None] = publisher.clear_output

    def publish_or_divert(data: dict[str, Any], *arguments: Any, **options: Any) -> None:
        sink = _sink.get()
        if sink is None:
            publish(data, *arguments, **options)
        else:
            sink.displayed(as_bundle(data), (options.get("transient") or {}).get("display_id"))

    def clear_or_divert(*arguments: Any, **options: Any) -> None:
        sink = _sink.get()
        if sink is None:
            clear_output(*arguments, **options)
        else:
            sink.cleared()

    publisher.publish, publisher.clear_output = publish_or_divert, clear_or_divert
