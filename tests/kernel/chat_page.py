"""A page that shows a chat, as the kernel sees it: it follows packets and sends commands, by a real comm."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any, Self

from anychat.protocol import (
    Asset,
    Bye,
    Command,
    GetAsset,
    Info,
    Item,
    MessageItem,
    Restart,
    Stop,
    TurnRecord,
    UserMessage,
    Withdraw,
    decode_packet,
    encode,
)
from anychat.testing import Page
from anychat.turn import Turn
from kernel.kernel import Kernel, Widget

OVER = ("done", "stopped", "failed")


class ChatPage:
    """A view of a chat in a page. Made by `open`; two of the same chat are two browsers.

    Attributes
    ----------
    packets : list of str
        All that the kernel sent, as it came.
    assets : dict
        The bytes that came, by hash.
    """

    def __init__(self, kernel: Kernel, widget: Widget, subshell: str | None) -> None:
        self.packets: list[str] = []
        self.assets: dict[str, bytes] = {}
        self.kernel = kernel
        self._widget = widget
        self._subshell = subshell
        self._page = Page()

    @classmethod
    async def open(cls, kernel: Kernel, index: int = -1, *, subshell: str | None = None) -> Self:
        """Show a chat: say hello, and wait for the picture.

        Parameters
        ----------
        kernel
            Where it lives.
        index
            Which of the kernel's chats; by default the newest.
        subshell
            Where the kernel shall read what the page says, see `Kernel.create_subshell`; by default after the
            cells that are there already.
        """
        page = cls(kernel, kernel.chats[index], subshell)
        page.connect()
        await page.until(lambda page: page.epoch > 0)
        return page

    def connect(self) -> None:
        """Listen, and ask for what is missing."""
        self._widget.listeners.append(self._hear)
        self.command(self._page.ask())

    def close(self) -> None:
        """Show the chat no longer, and say so, as a page does whose cell is run again."""
        self.command(Bye(self._page.id))
        self.disconnect()

    def disconnect(self) -> None:
        """Hear nothing any more, as a page that was closed or lost its connection; `connect` catches up."""
        self._widget.listeners.remove(self._hear)

    # ── What is done ─────────────────────────────────────────────────────────────────────────────

    async def send(self, text: str) -> Turn:
        """Say something, and wait until its turn has ended; returns it as the page shows it."""
        turn = self.post(text)
        await self.until(lambda page: page.status(turn) in OVER)
        return self.turn(turn)

    def post(self, text: str) -> str:
        """Say something without waiting; returns the id of its turn."""
        turn = str(uuid.uuid4())
        self.command(UserMessage(turn=turn, content=text))
        return turn

    def stop(self, turn: str) -> None:
        """Press Stop."""
        self.command(Stop(turn))

    def withdraw(self, turn: str) -> None:
        """Take back a message that still waits."""
        self.command(Withdraw(turn))

    async def restart(self) -> None:
        """Press New chat, and wait for the new conversation."""
        epoch = self.epoch
        self.command(Restart(epoch))
        await self.until(lambda page: page.epoch > epoch)

    def ask_asset(self, digest: str) -> None:
        """Ask for bytes; they come into `assets`."""
        self.command(GetAsset(digest))

    def command(self, command: Command) -> None:
        """Send any command."""
        self.kernel.send_custom(self._widget, {"text": encode(command)}, subshell=self._subshell)

    # ── What is seen ─────────────────────────────────────────────────────────────────────────────

    @property
    def epoch(self) -> int:
        """Counts the sessions of this chat; 0 while the page has no picture."""
        return self._page.epoch

    @property
    def messages(self) -> list[MessageItem]:
        """What the reader sees, oldest first."""
        return list(self._page.transcript.messages())

    @property
    def turns(self) -> list[TurnRecord]:
        """The same by turns, with what was printed and displayed."""
        return self._page.transcript.turns

    @property
    def notices(self) -> list[str]:
        """What the page was told was refused, and why."""
        return self._page.notices

    def turn(self, turn: str) -> Turn:
        """A turn as the page shows it."""
        return Turn(turn, self._page.transcript)

    def items(self, turn: str) -> list[Item]:
        """All that belongs to a turn: messages, and what was printed and displayed."""
        return next((each.items for each in self.turns if each.id == turn), [])

    @property
    def info(self) -> Info:
        """What the page shows around the conversation."""
        return self._page.transcript.info

    def status(self, turn: str) -> str | None:
        """The status of a turn; None if the page does not show it."""
        return self.turn(turn).status

    async def until(self, condition: Callable[[Self], object]) -> None:
        """Wait until the page looks as the condition says; TimeoutError if it does not in time."""
        await self.kernel.until(lambda: bool(condition(self)))

    def _hear(self, content: Any, buffers: Sequence[bytes]) -> None:
        text: str = content["text"]
        self.packets.append(text)
        if isinstance(packet := decode_packet(text), Asset) and buffers:
            self.assets[packet.hash] = buffers[0]
        for answer in self._page.receive(text):
            self.command(answer)
