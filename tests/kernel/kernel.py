"""A real ipykernel without a browser: the cheap place to see what happens while a cell runs.

::

    async with Kernel() as kernel:
        await kernel.execute("import anychat as cl; chat = cl.Chat(lambda message: message.content.upper()); chat")
        page = await ChatPage.open(kernel)
        turn = await page.send("hello")
        assert turn.text == "HELLO"

Nothing here sleeps: whoever waits is woken by the next message of the kernel, and gives up at a deadline.
"""

from __future__ import annotations

import ast
import asyncio
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager

SECONDS = 30.0
"""How long anything may take that a test waits for."""

WIDGETS = "jupyter.widget"

Message = dict[str, Any]


@dataclass
class Run:
    """One execution of code in the kernel; its fields grow while it runs.

    Attributes
    ----------
    stdout, stderr : str
        What it printed.
    outputs : list
        The MIME bundles it displayed, and its value's.
    error : str or None
        What it raised, as "ValueError: no such file".
    traceback : str
        The traceback of that.
    """

    id: str
    stdout: str = ""
    stderr: str = ""
    outputs: list[dict[str, Any]] = field(default_factory=list)
    error: str | None = None
    traceback: str = ""
    has_begun: bool = False
    has_reply: bool = False
    is_idle: bool = False

    @property
    def is_over(self) -> bool:
        """Whether all of it has arrived."""
        return self.has_reply and self.is_idle

    def hear(self, message: Message) -> None:
        """Take what the kernel says about it."""
        content = message["content"]
        match message["header"]["msg_type"]:
            case "execute_input":
                self.has_begun = True
            case "stream" if content["name"] == "stdout":
                self.stdout += content["text"]
            case "stream":
                self.stderr += content["text"]
            case "display_data" | "execute_result":
                self.outputs.append(content["data"])
            case "error":
                self.error = f"{content['ename']}: {content['evalue']}"
                self.traceback = "\n".join(content["traceback"])
            case "execute_reply":
                self.has_reply = True
            case "status":
                self.is_idle = content["execution_state"] == "idle"


@dataclass
class Widget:
    """The front end's end of a widget's comm.

    Attributes
    ----------
    id : str
        The comm's, and so the model's.
    state : dict
        The widget's traits, as far as they were sent.
    is_closed : bool
        Whether the kernel closed it.
    listeners : list
        Who is called with the content and the buffers of each custom message.
    """

    id: str
    state: dict[str, Any]
    is_closed: bool = False
    listeners: list[Callable[[Any, Sequence[bytes]], None]] = field(default_factory=list)

    @property
    def is_chat(self) -> bool:
        """Whether it is an anywidget: the tests make no others."""
        return self.state.get("_model_name") == "AnyModel"

    def hear(self, message: Message) -> None:
        """Take what came by its comm."""
        if message["header"]["msg_type"] == "comm_close":
            self.is_closed = True
            return
        told = message["content"]["data"]
        match told.get("method"):
            case "update":
                self.state |= told["state"]
            case "custom":
                for listener in list(self.listeners):
                    listener(told["content"], [bytes(buffer) for buffer in message["buffers"]])


class Kernel:
    """A kernel of its own, while the context lasts; and the line to it, as a notebook has it.

    Attributes
    ----------
    widgets : list of Widget
        The widgets that were made in it, oldest first.
    """

    def __init__(self) -> None:
        self.widgets: list[Widget] = []
        self._runs: dict[str, Run] = {}
        self._replies: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._failure: Exception | None = None
        self._changed = asyncio.Condition()

    async def __aenter__(self) -> Self:
        self._home = tempfile.TemporaryDirectory(prefix="anychat-kernel-", ignore_cleanup_errors=True)
        self._manager = _make_manager(Path(self._home.name))
        await self._manager.start_kernel(env=os.environ | {"IPYTHONDIR": self._home.name})
        self._client = self._manager.client()
        self._client.start_channels()
        await self._client.wait_for_ready(timeout=SECONDS)
        self._readers = [
            asyncio.create_task(self._read(channel))
            for channel in (self._client.iopub_channel, self._client.shell_channel, self._client.control_channel)
        ]
        self._info = await self._ask("kernel_info_request", {})
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.shutdown()
        for reader in self._readers:
            reader.cancel()
        await asyncio.wait(self._readers)
        self._client.stop_channels()
        self._home.cleanup()

    # ── Code ─────────────────────────────────────────────────────────────────────────────────────

    async def execute(self, code: str, *, cell: str | None = None, deleted: Sequence[str] = ()) -> Run:
        """Run code and wait for its end; what it raises is in ``error``.

        Parameters
        ----------
        code
            Python.
        cell, deleted
            The id of the cell it stands in, and of the cells deleted since: what JupyterLab tells the kernel.
        """
        run = self.start(code, cell=cell, deleted=deleted)
        await self.until(lambda: run.is_over)
        return run

    def start(self, code: str, *, cell: str | None = None, deleted: Sequence[str] = ()) -> Run:
        """Run code, and do not wait: ``await kernel.until(lambda: run.is_over)``."""
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
        metadata = {"cellId": cell, "deletedCells": list(deleted)} if cell or deleted else {}
        message = self._send(self._client.shell_channel, "execute_request", content, metadata=metadata)
        run = self._runs[message] = Run(message)
        return run

    async def eval(self, expression: str) -> Any:
        """The value of an expression, which must be a literal when printed."""
        run = await self.execute(f"print(repr({expression}))")
        if run.error:
            raise AssertionError(f"{expression} failed in the kernel:\n{run.traceback}")
        return ast.literal_eval(run.stdout)

    async def interrupt(self) -> None:
        """Press the notebook's stop button."""
        await self._manager.interrupt_kernel()

    async def shutdown(self) -> None:
        """Shut the kernel down, as a notebook that is closed for good; leaving the context does it too."""
        if await self._manager.is_alive():
            await self._manager.shutdown_kernel()

    # ── Widgets ──────────────────────────────────────────────────────────────────────────────────

    @property
    def chats(self) -> list[Widget]:
        """The chats among the widgets, oldest first."""
        return [widget for widget in self.widgets if widget.is_chat]

    @property
    def has_subshells(self) -> bool:
        """Whether this ipykernel can read messages while a cell runs."""
        return "kernel subshells" in self._info.get("supported_features", [])

    async def create_subshell(self) -> str:
        """Make a subshell, as JupyterLab does once for all widgets of a notebook; returns its id."""
        reply = await self._ask("create_subshell_request", {})
        subshell: str = reply["subshell_id"]
        return subshell

    async def delete_subshell(self, subshell: str) -> None:
        """End a subshell, as JupyterLab does when the last widget is gone."""
        await self._ask("delete_subshell_request", {"subshell_id": subshell})

    def send_custom(
        self, widget: Widget, content: object, buffers: Sequence[bytes] = (), subshell: str | None = None
    ) -> None:
        """Send a widget a custom message."""
        told = {"comm_id": widget.id, "data": {"method": "custom", "content": content}}
        header = {"subshell_id": subshell} if subshell else {}
        self._send(self._client.shell_channel, "comm_msg", told, header=header, buffers=buffers)

    def close_widget(self, widget: Widget) -> None:
        """Tell the kernel that the page has closed a widget."""
        self._send(self._client.shell_channel, "comm_close", {"comm_id": widget.id, "data": {}})

    # ── Waiting ──────────────────────────────────────────────────────────────────────────────────

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until the kernel has said what makes the condition true; TimeoutError if it does not."""
        async with asyncio.timeout(SECONDS), self._changed:
            await self._changed.wait_for(lambda: self._failure or condition())
        if self._failure:
            raise self._failure

    # ── The line ─────────────────────────────────────────────────────────────────────────────────

    def _send(
        self,
        channel: Any,
        kind: str,
        content: dict[str, Any],
        *,
        header: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
        buffers: Sequence[bytes] = (),
    ) -> str:
        session = self._client.session
        message = session.msg(kind, content, metadata=metadata)
        message["header"] |= header or {}
        session.send(channel.socket, message, buffers=list(buffers))
        message_id: str = message["header"]["msg_id"]
        return message_id

    async def _ask(self, kind: str, content: dict[str, Any]) -> dict[str, Any]:
        """Ask on the control channel, which is answered while cells run."""
        message = self._send(self._client.control_channel, kind, content)
        reply = self._replies[message] = asyncio.get_running_loop().create_future()
        async with asyncio.timeout(SECONDS):
            content = await reply
        if content["status"] != "ok":
            raise RuntimeError(f"The kernel refused {kind}: {content}")
        return content

    async def _read(self, channel: Any) -> None:
        while True:
            message = await channel.get_msg()
            try:
                self._hear(message)
            except Exception as error:  # belongs to the test that waits, not to this task
                self._failure = error
            async with self._changed:
                self._changed.notify_all()

    def _hear(self, message: Message) -> None:
        parent = message["parent_header"].get("msg_id", "")
        kind: str = message["header"]["msg_type"]
        if run := self._runs.get(parent):
            run.hear(message)
        if kind.startswith("comm_"):
            self._hear_comm(kind, message)
        if kind.endswith("_reply") and (reply := self._replies.pop(parent, None)):
            reply.set_result(message["content"])

    def _hear_comm(self, kind: str, message: Message) -> None:
        content = message["content"]
        if kind == "comm_open" and content["target_name"] == WIDGETS:
            self.widgets.append(Widget(content["comm_id"], dict(content["data"]["state"])))
        elif kind != "comm_open":
            for widget in self.widgets:
                if widget.id == content["comm_id"]:
                    widget.hear(message)


def _make_manager(home: Path) -> Any:
    """A manager of this very Python's kernel, wherever the user has others."""
    specs = KernelSpecManager(kernel_dirs=[])
    return AsyncKernelManager(
        kernel_name="python3", kernel_spec_manager=specs, connection_file=str(home / "connection.json")
    )
