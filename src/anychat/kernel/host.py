"""The notebook kernel as a host."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine
from contextlib import AbstractContextManager
from functools import cache
from typing import Any

from ..concurrency import thread_loop
from ..host import Host, LoopName, MimeBundle, PlainHost, Sink
from ..tracebacks import format_error
from .interrupts import Interruptible
from .output import as_bundle, captured


class KernelHost:
    """An IPython kernel: user code runs beside the cells."""

    def __init__(self, shell: Any) -> None:
        self._shell = shell

    def loop(self, name: LoopName) -> asyncio.AbstractEventLoop:
        """The kernel's main loop, or the package's own."""
        if name == "thread":
            return thread_loop()
        loop: asyncio.AbstractEventLoop = self._shell.kernel.io_loop.asyncio_loop
        return loop

    def interruptible(self, coroutine: Coroutine[Any, Any, None]) -> Coroutine[Any, Any, None]:
        """The coroutine, within reach of the stop button while it blocks the main thread."""
        return Interruptible(coroutine)

    def mimebundle(self, value: object) -> MimeBundle:
        """What a cell shows for the value, also when the value displays itself, as some figures do."""
        displayed = _Displayed()
        with captured(self._shell, displayed):
            data, _ = self._shell.display_formatter.format(value)
        return displayed.bundle if not data and displayed.bundle else as_bundle(data or {"text/plain": repr(value)})

    def capture(self, sink: Sink) -> AbstractContextManager[None]:
        """Divert what this context prints and displays."""
        return captured(self._shell, sink)

    def format_error(self, error: BaseException) -> str:
        """The traceback, with cells called as the notebook calls them."""
        return format_error(error, self._name_of)

    def _name_of(self, filename: str) -> str:
        label = self._shell.compile.format_code_name(filename)
        return " ".join(re.sub(r"In\[(\d+)\]", r"[\1]", part) for part in label) if label else filename


class _Displayed:
    """A sink that keeps the first thing displayed."""

    bundle: MimeBundle | None = None

    def printed(self, name: str, text: str) -> None: ...

    def displayed(self, bundle: MimeBundle, display_id: str | None = None) -> None:
        self.bundle = self.bundle or bundle

    def cleared(self) -> None: ...


def current_shell() -> Any | None:
    """IPython's shell, when this process is a notebook kernel."""
    try:
        from IPython import get_ipython
    except ImportError:
        return None
    shell = get_ipython()  # type: ignore[no-untyped-call, unused-ignore]
    return shell if getattr(shell, "kernel", None) is not None else None


@cache
def _kernel_host(shell: Any) -> KernelHost:
    return KernelHost(shell)


def current_host() -> Host:
    """The host of this process: a notebook kernel, or a plain process with its running loop (else the package's)."""
    shell = current_shell()
    if shell is not None:
        return _kernel_host(shell)
    try:
        return PlainHost(asyncio.get_running_loop())
    except RuntimeError:
        return PlainHost(thread_loop())
