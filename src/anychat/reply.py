"""What a callback returns, yields, prints and displays, as items of its turn."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Literal

from .context import emit, open_step_id
from .element import Element
from .host import Host, MimeBundle
from .message import Message
from .protocol import Item, ItemPut, ItemRemoved, OutputItem, StepItem, Token
from .session import Session
from .turn import Turn

MAX_PRINTED_CHARS = 200_000
"""How much one turn may print before the rest is left out."""

TOO_MUCH = f"\n… more than {MAX_PRINTED_CHARS:,} characters were printed; the rest is left out.\n"


class TurnReply:
    """Turns what comes out of a callback into items of its turn. Used from any thread, in the turn's context.

    Text that is yielded grows one message, until something else is said or done. What is printed and displayed in a
    step stands in the step.
    """

    def __init__(self, session: Session, turn: Turn, host: Host) -> None:
        self._session = session
        self._turn = turn
        self._host = host
        self._growing: Message | None = None
        self._neighbours: Sequence[Item] = ()  # of the growing message, itself among them
        self._printing: dict[str | None, tuple[OutputItem, _Lines]] = {}  # by the step that it stands in
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
        if self._growing is not None and not self._has_step_below(self._growing):
            return self._growing.add_token(value)
        self.close()
        self._growing = Message("")
        should_rest = self._growing.add_token(value)
        self._neighbours = self._session.transcript.neighbours(self._growing.id)
        return should_rest

    def close(self) -> None:
        """End the message that is growing."""
        if self._growing is not None and self._growing.content:
            self._growing.show()
        self._growing = None

    def printed(self, name: Literal["stdout", "stderr"], text: str) -> None:
        """Show what the callback printed; what follows each other on one stream shares an item."""
        item, lines = self._printing_in(open_step_id(), name)
        before = lines.length
        added = lines.add(text, MAX_PRINTED_CHARS - self._printed_chars)
        self._printed_chars += lines.length - before
        if added is None or before == 0:
            item.content = lines.text
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
        if isinstance(before, OutputItem):
            self._release(before.blobs - item.blobs)

    def cleared(self) -> None:
        """Take back what was printed and displayed in this turn."""
        turn = self._session.transcript.turn(self._session.place(self._turn))
        for item in list(turn.items) if turn else []:
            if isinstance(item, OutputItem):
                emit(self._session, ItemRemoved(item.id))
                self._release(item.blobs)
        self._printing.clear()

    def _release(self, blobs: Iterable[str]) -> None:
        for blob in blobs:
            self._session.release(blob)

    def _printing_in(self, place: str | None, name: Literal["stdout", "stderr"]) -> tuple[OutputItem, _Lines]:
        known = self._printing.get(place)
        last = self._last(place)
        if known is None or known[0].name != name or last is None or last.id != known[0].id:
            known = OutputItem(id=str(uuid.uuid4()), name=name, parent_id=place), _Lines()
            self._printing[place] = known
        return known

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

    def _has_step_below(self, message: Message) -> bool:
        """Asked for each token: the newest item of most turns is the message itself."""
        items = self._neighbours
        return bool(items) and items[-1].id != message.id and isinstance(self._last(), StepItem)

    def _last(self, place: str | None = None) -> Item | None:
        return self._session.transcript.last_item(self._session.place(self._turn), place)


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

    def __init__(self) -> None:
        self.text = ""
        self._is_full = False

    @property
    def length(self) -> int:
        return len(self.text)

    def add(self, text: str, room: int) -> str | None:
        """Add as much as there is room for; returns what was appended, None if something before it changed, too."""
        if self._is_full:
            return ""
        text = text.replace("\r\n", "\n")
        if "\r" in text or self.text.endswith("\r"):
            start = self.text.rfind("\n") + 1
            rewritten = "\n".join(map(_last_writing, (self.text[start:] + text).split("\n")))
            self.text = self._cut(self.text[:start] + rewritten, self.length + max(0, room))
            return None
        text = self._cut(text, max(0, room))
        self.text += text
        return text

    def _cut(self, text: str, room: int) -> str:
        if len(text) <= room:
            return text
        self._is_full = True
        return text[:room] + TOO_MUCH


def _last_writing(line: str) -> str:
    """What a line shows that was written several times; a return at its end waits for what comes."""
    body = line.rstrip("\r")
    return body[body.rfind("\r") + 1 :] + line[len(body) :][:1]
