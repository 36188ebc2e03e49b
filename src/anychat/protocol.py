"""What travels between the kernel and the page. This module alone defines it.

::

    page ──command──▶ kernel        Hello, UserMessage, Stop, Withdraw, Restart, ShowBranch, Restore, Resync,
                                  Ack, GetEarlier, GetAsset, Bye
    page ◀──packet─── kernel        Events, Snapshot, Earlier, Head, Asset, Refused, Incompatible, Reload

A packet of `Events` carries consecutive events of one session. Events are numbered from 1 within an
*epoch*; an epoch is one session of a chat, and grows by one each time the chat is restarted. So a
page knows by ``(epoch, seq)`` where it is, ignores what it has, and asks (`Resync`) for what it lacks.

Each command and packet is one JSON text; bytes (the bundle, images) travel beside it as buffers.
The page's types (``js/src/protocol.ts``) are generated from here by way of ``tests/protocol/schema.json``.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Sequence
from typing import Any, Literal, TypeVar

import msgspec
from msgspec import UNSET, Struct, UnsetType

from .errors import ProtocolError

PROTOCOL_VERSION = 1
"""Grows with each change that an older page or kernel could not read."""

MAX_MESSAGE_CHARS = 1_000_000
"""The longest message a user can send, in characters."""

MAX_COMMAND_CHARS = 8 * MAX_MESSAGE_CHARS
"""The longest command that is read at all: a message whose every character needs escaping, and some."""

TurnStatus = Literal["queued", "running", "stopping", "done", "stopped", "failed"]
MessageType = Literal["user_message", "assistant_message", "system_message"]

ROLES: dict[MessageType, Literal["user", "assistant", "system"]] = {
    "user_message": "user",
    "assistant_message": "assistant",
    "system_message": "system",
}
"""Who speaks in a message of each type, in the words of language models."""


# ── What a transcript is made of ─────────────────────────────────────────────────────────────────


class MessageItem(Struct, kw_only=True, tag_field="kind", tag="message"):
    """One message, of the user or of the assistant. It stands in the turn itself, whatever it was said in."""

    id: str
    type: MessageType
    author: str
    content: str
    created_at: str
    parent_id: str | None = None
    language: str | None = None
    streaming: bool = False
    is_error: bool = False
    traceback: str | None = None

    def finished(self) -> MessageItem:
        """The same message, as it is when nothing more comes."""
        return msgspec.structs.replace(self, streaming=False)

    @property
    def owner(self) -> None:
        """The id of the item that this one is shown in."""
        return None

    @property
    def role(self) -> Literal["user", "assistant", "system"]:
        """Who speaks, in the words of language models."""
        return ROLES[self.type]


class OutputItem(Struct, kw_only=True, tag_field="kind", tag="output"):
    """What a callback printed or displayed: text in `content`, or a MIME bundle.

    `data` holds the bundle's texts by MIME type; `assets` the hashes of its binary parts, for `GetAsset`.
    """

    id: str
    name: Literal["stdout", "stderr", "display"]
    content: str = ""
    data: dict[str, str] = {}
    assets: dict[str, str] = {}
    parent_id: str | None = None

    @property
    def owner(self) -> str | None:
        """The id of the item that this one is shown in."""
        return self.parent_id


Item = MessageItem | OutputItem


class TurnRecord(Struct, kw_only=True):
    """One user message and everything it caused; the opening turn has no user message.

    `siblings` are the turns that begin branches at this point, this one among them, in the order they were made;
    empty where there is but one.
    """

    id: str
    status: TurnStatus
    items: list[Item]
    siblings: list[str] = []


class Info(Struct, kw_only=True, tag_field="type", tag="info"):
    """What the page shows around the conversation."""

    session: str
    assistant: str
    has_on_message: bool
    user: str | None = None
    ended: bool = False
    can_restore: bool = False


# ── Events: kernel → browser, numbered ───────────────────────────────────────────────────────────


class TurnPut(Struct, tag_field="type", tag="turn", omit_defaults=True):
    """A turn begins, or its status changes. A new one may be a branch beside others: see `TurnRecord`."""

    id: str
    status: TurnStatus
    siblings: list[str] = []


class TurnRemoved(Struct, tag_field="type", tag="turn_removed"):
    """A queued message was withdrawn."""

    id: str


class ItemPut(Struct, tag_field="type", tag="item"):
    """An item is new, or replaces the one of the same id where it stands.

    It is shown in its owner, if that is an item of the same turn; else in the turn itself.
    """

    turn: str
    item: Item


class Token(Struct, tag_field="type", tag="token"):
    """Text at the end of an item's content."""

    id: str
    text: str


class MessagePatch(Struct, kw_only=True, tag_field="type", tag="patch", omit_defaults=True):
    """The fields of a message that changed."""

    id: str
    content: str | UnsetType = UNSET
    author: str | UnsetType = UNSET
    language: str | UnsetType | None = UNSET
    parent_id: str | UnsetType | None = UNSET
    streaming: bool | UnsetType = UNSET
    is_error: bool | UnsetType = UNSET


class ItemRemoved(Struct, tag_field="type", tag="item_removed"):
    """An item is gone, and what is shown in it."""

    id: str


Event = TurnPut | TurnRemoved | ItemPut | Token | MessagePatch | ItemRemoved | Info


# ── Packets: kernel → browser, what an event travels in ──────────────────────────────────────────


class Events(Struct, tag_field="type", tag="events"):
    """Consecutive events; the first has the number `first`."""

    epoch: int
    first: int
    events: list[Event]


class Snapshot(Struct, kw_only=True, tag_field="type", tag="snapshot"):
    """The picture after event `seq`: the newest turns, and how many there are before them (see `GetEarlier`)."""

    epoch: int
    seq: int
    info: Info
    turns: list[TurnRecord]
    earlier: int = 0


class Earlier(Struct, kw_only=True, tag_field="type", tag="earlier"):
    """Turns that come right before `before`, as they are after event `seq`; and how many there are before them.

    A page that is not at `(epoch, seq)` when this arrives asks again: it could have missed a change to them.
    """

    epoch: int
    seq: int
    before: str
    turns: list[TurnRecord]
    earlier: int


class Head(Struct, tag_field="type", tag="head"):
    """How far the kernel is: exposes a lost tail, and proves that the kernel is there."""

    epoch: int
    seq: int


class Asset(Struct, tag_field="type", tag="asset"):
    """The bytes of `hash` are this packet's buffer; without a buffer the kernel does not have them."""

    hash: str


class Refused(Struct, tag_field="type", tag="refused"):
    """A command was not carried out; `message` says why, `turn` which user message it was, if it was one."""

    message: str
    turn: str | None = None


class Incompatible(Struct, tag_field="type", tag="incompatible"):
    """The page speaks another version of the protocol than the kernel; `message` says what to do."""

    protocol: int
    message: str


class Reload(Struct, tag_field="type", tag="reload"):
    """The bundle was built anew (development only): fetch `hash` and mount the views again."""

    hash: str


Packet = Events | Snapshot | Earlier | Head | Asset | Refused | Incompatible | Reload


# ── Commands: browser → kernel ───────────────────────────────────────────────────────────────────


class Hello(Struct, kw_only=True, tag_field="type", tag="hello"):
    """A page shows this chat and asks for the picture.

    Versions are compared here: a page that was loaded by another anychat than the kernel runs is
    told to reload. `epoch` and `seq` tell what the page has already (0 and 0: nothing).
    """

    protocol: int
    page: str
    epoch: int = 0
    seq: int = 0


class UserMessage(Struct, kw_only=True, tag_field="type", tag="user_message"):
    """The user sends `content`. The page makes up `turn`, so sending it twice changes nothing.

    `epoch` tells which session it was written to (0: the page had no picture yet). No other session takes it.
    With `replaces`, the conversation goes back to before that turn first: an edited message, or one asked again.
    """

    turn: str
    content: str
    epoch: int = 0
    replaces: str | None = None


class Stop(Struct, tag_field="type", tag="stop"):
    """Stop this turn, if it still runs or waits."""

    turn: str


class Withdraw(Struct, tag_field="type", tag="withdraw"):
    """Take back a message that still waits in the queue."""

    turn: str


class Restart(Struct, tag_field="type", tag="restart"):
    """New chat: end the session of this epoch and begin the next."""

    epoch: int


class ShowBranch(Struct, tag_field="type", tag="show_branch"):
    """Go to the branch that begins with this turn, with the state that it was left in."""

    epoch: int
    turn: str


class Restore(Struct, tag_field="type", tag="restore"):
    """Go on with the conversation that ended when the chat's cell was run again."""

    epoch: int


class Resync(Struct, kw_only=True, tag_field="type", tag="resync"):
    """Something is missing after `seq`: send it again."""

    page: str
    epoch: int
    seq: int


class Ack(Struct, kw_only=True, tag_field="type", tag="ack"):
    """Everything up to `seq` has arrived."""

    page: str
    epoch: int
    seq: int


class GetEarlier(Struct, kw_only=True, tag_field="type", tag="get_earlier"):
    """Ask for the turns before the first one that the page has."""

    epoch: int
    before: str


class GetAsset(Struct, tag_field="type", tag="get_asset"):
    """Ask for the bytes with this SHA-256 hash."""

    hash: str


class Bye(Struct, tag_field="type", tag="bye"):
    """The page shows this chat no longer (a hint: a closed tab often cannot say it)."""

    page: str


Command = (
    Hello | UserMessage | Stop | Withdraw | Restart | ShowBranch | Restore | Resync | Ack | GetEarlier | GetAsset | Bye
)

T = TypeVar("T")

_HALF_PAIR = re.compile(r"\\u[dD][89a-fA-F]")
_encoder = msgspec.json.Encoder()
_command_decoder: msgspec.json.Decoder[Command] = msgspec.json.Decoder(Command)
_packet_decoder: msgspec.json.Decoder[Packet] = msgspec.json.Decoder(Packet)


def encode(record: Packet | Command | Event) -> str:
    """Write a packet, a command or an event as JSON text."""
    try:
        return _encoder.encode(record).decode()
    except UnicodeEncodeError:  # half a surrogate pair, as models stream them: escaped, it finds its other half
        return json.dumps(msgspec.to_builtins(record))


def encode_events(epoch: int, first: int, events: Sequence[str]) -> str:
    """Write an `Events` packet from events that are JSON text already."""
    return f'{{"type":"events","epoch":{epoch},"first":{first},"events":[{",".join(events)}]}}'


def decode_command(text: object) -> Command:
    """Read a command that came from a page.

    Raises
    ------
    ProtocolError
        When it is too long, no JSON, of an unknown type, or has missing or wrong fields.
    """
    if not isinstance(text, str):
        raise ProtocolError(f"A command must be JSON text, but a {type(text).__name__} came from the page.")
    if len(text) > MAX_COMMAND_CHARS:
        raise ProtocolError(
            f"A command may have {MAX_COMMAND_CHARS:,} characters, but one of {len(text):,} came from the page."
        )
    try:
        return _decode(_command_decoder, text)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise ProtocolError(f"The page sent a command that anychat does not understand: {error}.") from error


def decode_packet(text: str) -> Packet:
    """Read a packet as a page does (for `anychat.testing`).

    Raises
    ------
    ProtocolError
        When it is no packet of this version.
    """
    try:
        return _decode(_packet_decoder, text)
    except (msgspec.MsgspecError, ValueError) as error:
        raise ProtocolError(f"This is no packet of protocol {PROTOCOL_VERSION}: {error}.") from error


def _decode(decoder: msgspec.json.Decoder[T], text: str) -> T:
    """Decode strictly, but let half a surrogate pair pass: a user may have cut an emoji in two."""
    if _HALF_PAIR.search(text) is None:
        return decoder.decode(text)
    return msgspec.convert(json.loads(text), decoder.type)


def schema() -> dict[str, Any]:
    """The JSON schema of all packets and commands, from which the page's types are generated."""
    unions = {"Packet": Packet, "Command": Command, "Event": Event, "Item": Item}
    shapes, definitions = msgspec.json.schema_components(
        [*unions.values(), TurnRecord], ref_template="#/definitions/{name}"
    )
    definitions |= dict(zip(unions, shapes, strict=False))
    for name, shape in definitions.items():
        shape.pop("title", None)
        if "description" in shape:
            shape["description"] = inspect.cleandoc(shape["description"])
        if "properties" in shape and name not in (TurnPut.__name__, MessagePatch.__name__):
            shape["required"] = list(shape["properties"])  # defaults are for Python: on the wire all are there
    return {
        "version": PROTOCOL_VERSION,
        "max_message_chars": MAX_MESSAGE_CHARS,
        "definitions": dict(sorted(definitions.items())),
    }
