"""What a callback returns, yields, prints and displays, as items of its turn."""

from __future__ import annotations

import uuid
from typing import Literal

from .context import emit, open_step_id
from .element import Element
from .host import Host, MimeBundle
from .message import Message
from .protocol import ItemPut, ItemRemoved, OutputItem, Token
from .session import Session
from .turn import Turn

MAX_PRINTED_CHARS = 200_000
"""How much one turn may print before the rest is left out."""

TOO_MUCH = f"\n… more than {MAX_PRINTED_CHARS:,} characters were printed; the rest is left out.\n"


class TurnReply:
    """Turns what comes out of a callback into items of its turn. Used from any thread, in the turn's context.

    What is printed and displayed in a step stands in the step.

    Text that is yielded grows one message, until something else is said.
    """

    def __init__(self, session: Session, turn: Turn, host: Host) -> None:
        self._session = session
        self._turn = turn
        self._host = host
        self._growing: Message | None = None
        self._printing: OutputItem | None = None
        self._lines = _Lines(MAX_PRINTED_CHARS)
        self._printed_chars = 0

    @property
    def is_over(self) -> bool:
        """Whether the turn was stopped."""
        return self._turn.is_muted or self._turn.is_stopping

    def returned(self, value: object) -> None:
        """Show what the callback returned; None is nothing."""
        self.close()
        self._say(value)

    def yielded(self, value: object) -> bool:
        """Show what the callback yielded; text grows the message that the last text began."""
        if not isinstance(value, str):
            self.close()
            self._say(value)
            return True
        if self._growing is None:
            self._growing = Message("")
        return self._growing.add_token(value)

    def close(self) -> None:
        """End the message that is growing."""
        if self._growing is not None and self._growing.content:
            self._growing.show()
        self._growing = None

    def printed(self, name: Literal["stdout", "stderr"], text: str) -> None:
        """Show what the callback printed; what follows each other on one stream shares an item."""
        item, place = self._printing, open_step_id()
        if item is None or (item.name, item.parent_id) != (name, place) or not self._is_last(item.id):
            item = self._printing = OutputItem(id=str(uuid.uuid4()), name=name, parent_id=place)
            self._lines = _Lines(MAX_PRINTED_CHARS - self._printed_chars)
        before = self._lines.length
        added = self._lines.add(text)
        self._printed_chars += self._lines.length - before
        if added is None or before == 0:
            item.content = self._lines.text
            emit(self._session, ItemPut(self._session.place(self._turn), item))
        elif added:
            emit(self._session, Token(item.id, added))

    def displayed(self, bundle: MimeBundle, display_id: str | None = None) -> None:
        """Show what the callback displayed; a display handle updates in place."""
        assets = {mime: self._session.keep(blob) for mime, blob in bundle.blobs.items()}
        id = f"{self._turn.id}/{display_id}" if display_id else str(uuid.uuid4())
        item = OutputItem(id=id, name="display", data=bundle.texts, assets=assets, parent_id=open_step_id())
        before = self._session.transcript.item(id)
        emit(self._session, ItemPut(self._session.place(self._turn), item))
        for blob in before.blobs - item.blobs if isinstance(before, OutputItem) else ():
            self._session.release(blob)

    def cleared(self) -> None:
        """Take back what was printed and displayed in this turn."""
        turn = self._session.transcript.turn(self._session.place(self._turn))
        for item in list(turn.items) if turn else []:
            if isinstance(item, OutputItem):
                emit(self._session, ItemRemoved(item.id))
        self._printing = None

    def _say(self, value: object) -> None:
        if value is None:
            return
        if isinstance(value, Message):
            value.show()
        elif isinstance(value, Element):
            value.show(None)
        elif isinstance(value, str):
            Message(value).show()
        else:
            self.displayed(self._host.mimebundle(value))

    def _is_last(self, item_id: str) -> bool:
        return self._session.transcript.last_item_id(self._session.place(self._turn)) == item_id


class AsideReply(TurnReply):
    """The same for a callback that is asked something: what it returns is its answer, and not shown.

    Attributes
    ----------
    answer : object
        What the callback returned.
    """

    answer: object = None

    def returned(self, value: object) -> None:
        """Keep what the callback returned."""
        self.close()
        self.answer = value


class _Lines:
    """Printed text, as a terminal leaves it: after a carriage return, a line is written anew (progress bars)."""

    def __init__(self, room: int) -> None:
        self.text = ""
        self._room = room
        self._is_full = False

    @property
    def length(self) -> int:
        return len(self.text)

    def add(self, text: str) -> str | None:
        """Returns what was appended; None if something before it changed, too."""
        if self._is_full:
            return ""
        text = text.replace("\r\n", "\n")
        if "\r" in text or self.text.endswith("\r"):
            start = self.text.rfind("\n") + 1
            rewritten = "\n".join(map(_last_writing, (self.text[start:] + text).split("\n")))
            self.text = self.text[:start] + rewritten
            return None
        if len(self.text) + len(text) > self._room:
            self._is_full = True
            text = text[: max(0, self._room - len(self.text))] + TOO_MUCH
        self.text += text
        return text


def _last_writing(line: str) -> str:
    """What a line shows that was written several times; a return at its end waits for what comes."""
    body = line.rstrip("\r")
    return body[body.rfind("\r") + 1 :] + line[len(body) :][:1]
