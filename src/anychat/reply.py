"""What a callback returns, yields, prints and displays, as items of its turn."""

from __future__ import annotations

import hashlib
import uuid
from typing import Literal

from .context import emit
from .host import Host, MimeBundle
from .message import Message
from .protocol import ItemPut, OutputItem, Token
from .session import Session
from .turn import Turn

MAX_PRINTED_CHARS = 200_000
"""How much one turn may print before the rest is left out."""


class TurnReply:
    """Turns what comes out of a callback into items of its turn. Used from any thread, in the turn's context.

    Text that is yielded grows one message, until something else is said.
    """

    def __init__(self, session: Session, turn: Turn, host: Host) -> None:
        self._session = session
        self._turn = turn
        self._host = host
        self._growing: Message | None = None
        self._printing: OutputItem | None = None
        self._printed_chars = 0

    @property
    def is_over(self) -> bool:
        """Whether the turn was stopped."""
        return self._turn.muted or self._turn.is_stopping

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
        """Show what the callback printed; lines that follow each other share an item."""
        room = MAX_PRINTED_CHARS - self._printed_chars
        if room <= 0 or not text:
            return
        self._printed_chars += len(text)
        if len(text) > room:
            text = text[:room] + f"\n… more than {MAX_PRINTED_CHARS:,} characters were printed; the rest is left out.\n"
        if self._printing is not None and self._printing.name == name and self._is_last(self._printing.id):
            emit(self._session, Token(self._printing.id, text))
            return
        self._printing = OutputItem(id=str(uuid.uuid4()), name=name, content=text)
        emit(self._session, ItemPut(self._turn.id, self._printing))

    def displayed(self, bundle: MimeBundle) -> None:
        """Show what the callback displayed."""
        assets = {mime: _keep(self._session, blob) for mime, blob in bundle.blobs.items()}
        item = OutputItem(id=str(uuid.uuid4()), name="display", data=bundle.texts, assets=assets)
        emit(self._session, ItemPut(self._turn.id, item))

    def _say(self, value: object) -> None:
        if value is None:
            return
        if isinstance(value, Message):
            value.show()
        elif isinstance(value, str):
            Message(value).show()
        else:
            self.displayed(self._host.mimebundle(value))

    def _is_last(self, item_id: str) -> bool:
        return self._session.emitter.transcript.last_item_id(self._turn.id) == item_id


def _keep(session: Session, blob: bytes) -> str:
    """Keep bytes for pages that ask for them; returns their hash."""
    digest = hashlib.sha256(blob).hexdigest()
    session.assets[digest] = blob
    return digest
