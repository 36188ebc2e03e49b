"""What anychat needs of the place it runs in. A notebook kernel is one (``kernel/``); a plain process is the other."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from .concurrency import thread_loop
from .errors import OptionError
from .tracebacks import format_error

LoopName = Literal["main", "thread"]


@dataclass(frozen=True)
class MimeBundle:
    """An object as a cell shows it: texts and bytes by MIME type."""

    texts: dict[str, str] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)


class Sink(Protocol):
    """Takes what code prints and displays. Called from any thread."""

    def printed(self, name: Literal["stdout", "stderr"], text: str) -> None:
        """Something was printed."""

    def displayed(self, bundle: MimeBundle, display_id: str | None = None) -> None:
        """Something was displayed; with an id that was seen before, in place of what was displayed then."""

    def cleared(self) -> None:
        """All that was printed and displayed shall go."""


class Host(Protocol):
    """The place where user code runs."""

    def loop(self, name: LoopName) -> asyncio.AbstractEventLoop:
        """The loop that callbacks run on."""

    def interruptible(self, coroutine: Coroutine[Any, Any, None]) -> Coroutine[Any, Any, None]:
        """The same coroutine, within reach of the notebook's stop button."""

    def mimebundle(self, value: object) -> MimeBundle:
        """What a cell would show for a value."""

    def capture(self, sink: Sink) -> AbstractContextManager[None]:
        """Give what code in this context prints and displays to `sink`, and to no cell."""

    def format_error(self, error: BaseException) -> str:
        """The traceback to show."""


class PlainHost:
    """A process without a notebook: a script, a test."""

    def __init__(self, main: asyncio.AbstractEventLoop) -> None:
        self._main = main

    def loop(self, name: LoopName) -> asyncio.AbstractEventLoop:
        """The loop that it was made with, or the package's own."""
        return thread_loop() if name == "thread" else self._main

    def interruptible(self, coroutine: Coroutine[Any, Any, None]) -> Coroutine[Any, Any, None]:
        """The coroutine as it is: Ctrl+C belongs to the process."""
        return coroutine

    def mimebundle(self, value: object) -> MimeBundle:
        """The value's repr."""
        return MimeBundle({"text/plain": repr(value)})

    def capture(self, sink: Sink) -> AbstractContextManager[None]:
        """Nothing: prints go where prints go."""
        return nullcontext()

    def format_error(self, error: BaseException) -> str:
        """Python's traceback."""
        return format_error(error)


def check_loop_name(name: object) -> LoopName:
    """The name of a loop, as `Chat` takes it.

    Raises
    ------
    OptionError
        When it is another.
    """
    if name == "main" or name == "thread":
        return name
    raise OptionError(
        f'Chat(loop=...) takes "main" (beside the cells) or "thread" (goes on while a cell blocks), not {name!r}.'
    )
