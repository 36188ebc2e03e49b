"""The kernel's side of an inspector that is a widget of its own: it shows several chats, and is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .assets import find_asset
from .dispatcher import Dispatcher, check_id, wrong_version
from .emitter import Emitter, Send
from .errors import ProtocolError
from .logger import logger
from .pacer import Pacer, kernel_pacer
from .protocol import (
    Ack,
    Asset,
    Bye,
    Command,
    GetAsset,
    Hello,
    Info,
    Inspect,
    Packet,
    Refused,
    Resync,
    SetValue,
    StopInspecting,
    decode_command,
    encode,
)
from .transcript import Transcript


class Desk:
    """Answers the pages that show an inspector of some chats.

    All methods may be called from any thread.

    Parameters
    ----------
    chats
        What is inspected, in the order of the columns.
    send
        Sends packets to the pages.
    pacer
        The budget for sending; the kernel's own by default.
    """

    def __init__(self, chats: Sequence[Dispatcher], send: Send, pacer: Pacer | None = None) -> None:
        self._send = send
        # There is no conversation, but pages learn from an emitter whether the kernel is there.
        nothing = Transcript(Info(session="", assistant="Inspector", has_on_message=False))
        pacer = pacer or kernel_pacer()
        self._emitter = Emitter(nothing, send, pacer)
        self._columns = [chat.show_to(self.put, pacer, index, len(chats)) for index, chat in enumerate(chats)]
        self._unseen: Callable[[], None] | None = None

    def receive(self, text: object) -> None:
        """Take a command from a page, as JSON text."""
        try:
            self._handle(decode_command(text))
        except ProtocolError as error:
            self.put(Refused(str(error)))

    def _handle(self, command: Command) -> None:
        match command:
            case Hello():
                self._greet(command)
            case Resync():
                self._emitter.answer(check_id(command.page), command.epoch, command.seq)
            case Ack():
                self._emitter.acknowledge(check_id(command.page), command.epoch, command.seq)
            case GetAsset():
                blob = find_asset(command.hash)
                self.put(Asset(command.hash), [blob] if blob else [])
            case Inspect() | StopInspecting() | SetValue():
                self._look(command)
            case Bye():
                self._leave(command.page)
            case _:
                raise ProtocolError(f"An inspector takes no {type(command).__name__}: that is for a chat.")

    def _greet(self, hello: Hello) -> None:
        wrong = wrong_version(hello)
        if wrong is None:
            self._emitter.answer(check_id(hello.page), hello.epoch, hello.seq)
        else:
            self.put(wrong)

    def _look(self, command: Inspect | StopInspecting | SetValue) -> None:
        if not 0 <= command.chat < len(self._columns):
            count = len(self._columns)
            raise ProtocolError(f"This inspector shows {count} chats, numbered from 0: not number {command.chat}.")
        column = self._columns[command.chat]
        if isinstance(command, Inspect):
            column.inspect(command)
        elif isinstance(command, SetValue):
            column.edit(command)
        else:
            column.leave(command.page)

    def _leave(self, page: str) -> None:
        self._emitter.leave(page)
        for column in self._columns:
            column.leave(page)
        self._check_unseen()

    def put(self, packet: Packet, buffers: Sequence[bytes] = ()) -> None:
        """Send a packet to all pages."""
        try:
            self._send(encode(packet), buffers)
        except Exception:  # a broken connection: the page asks again when it is back
            logger.exception("A packet could not be sent.")

    def open(self) -> None:
        """A page is about to show the inspector."""
        self._emitter.open()

    def close(self) -> None:
        """Nobody shall look any more."""
        for column in self._columns:
            column.close()

    def when_unseen(self, callback: Callable[[], None]) -> None:
        """Call back, once, when no page shows the inspector any more."""
        self._unseen = callback
        self._check_unseen()

    def _check_unseen(self) -> None:
        if self._unseen is not None and not self._emitter.is_seen:
            callback, self._unseen = self._unseen, None
            callback()
