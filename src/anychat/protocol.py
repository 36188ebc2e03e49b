"""What travels between the kernel and the page. This module alone defines it.

::

    page ──command──▶ kernel        Hello, UserMessage, Click, Answer, Stop, Withdraw, Restart, ShowBranch, Restore,
                                  FillForm, Resync, Ack, GetEarlier, GetAsset, CloseSidebar, ChangeProps,
                                  CallAction, RemoveElement, PutFile, DropFile, PostWindow, Rate, Inspect,
                                  StopInspecting, SetValue, Bye
    page ◀──packet─── kernel        Events, Snapshot, Earlier, Head, Asset, FileState, Inspection, Refused,
                                  Incompatible, Reload

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
from collections.abc import Iterable, Sequence
from typing import Any, Literal, TypeVar

import msgspec
from msgspec import UNSET, Struct, UnsetType

from .errors import OptionError, ProtocolError

PROTOCOL_VERSION = 1
"""Grows with each change that an older page or kernel could not read."""

MAX_MESSAGE_CHARS = 1_000_000
"""The longest message a user can send, in characters."""

MAX_COMMAND_CHARS = 8 * MAX_MESSAGE_CHARS
"""The longest command that is read at all: a message whose every character needs escaping, and some."""

MAX_WINDOW_CHARS = 1_000_000
"""The longest message to or from the window around a chat, as JSON."""

MAX_DEPTH = 100
"""How many lists and dicts may be in one another in a command."""

MAX_CHUNK_BYTES = 1_000_000
"""The largest part of a file that a page sends at once: web sockets do not take much more."""

TurnStatus = Literal["queued", "running", "stopping", "done", "stopped", "failed"]
MessageType = Literal["user_message", "assistant_message", "system_message"]
StepType = Literal["run", "tool", "llm", "embedding", "retrieval", "rerank", "undefined"]
ElementType = Literal["text", "image", "file", "pdf", "audio", "video", "plotly", "dataframe", "tasklist", "custom"]
ElementDisplay = Literal["inline", "side", "page"]
ElementSize = Literal["small", "medium", "large"]
AskType = Literal["text", "file", "action", "element", "function"]
FieldType = Literal[
    "switch", "slider", "select", "textinput", "numberinput", "tags", "multiselect", "checkbox", "radio",
    "datepicker", "tab",
]  # fmt: skip
ValueType = Literal["bool", "int", "float", "str", "None"]
ToastType = Literal["info", "success", "warning", "error"]

ROLES: dict[MessageType, Literal["user", "assistant", "system"]] = {
    "user_message": "user",
    "assistant_message": "assistant",
    "system_message": "system",
}
"""Who speaks in a message of each type, in the words of language models."""


# ── What a transcript is made of ─────────────────────────────────────────────────────────────────


class Rating(Struct, kw_only=True):
    """What the user thinks of an answer: 1 is good, 0 is bad."""

    value: Literal[0, 1]
    comment: str = ""


class MessageItem(Struct, kw_only=True, tag_field="kind", tag="message"):
    """One message, of the user or of the assistant. It stands in the turn itself, whatever it was said in.

    `command` is what the user picked beside the text.
    """

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
    command: str | None = None
    rating: Rating | None = None

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

    @property
    def blobs(self) -> frozenset[str]:
        """The hashes of the bytes that it is made of."""
        return frozenset(self.assets.values())


class StepItem(Struct, kw_only=True, tag_field="kind", tag="step"):
    """Something that is done on the way to an answer: `input` and, in `content`, its output.

    Times are ISO 8601; without `ended_at` it goes on. `input_language` and `language` are those to show input and
    output in as code (None: Markdown). `icon` names a picture.
    """

    id: str
    name: str
    type: StepType = "undefined"
    input: str = ""
    content: str = ""
    input_language: str | None = None
    language: str | None = None
    started_at: str | None = None
    ended_at: str | None = None
    streaming: bool = False
    is_error: bool = False
    default_open: bool = False
    auto_collapse: bool = False
    icon: str | None = None
    parent_id: str | None = None

    def finished(self) -> StepItem:
        """The same step, as it is when nothing more comes."""
        started_at = self.started_at if self.ended_at else None  # nobody knows when it would have ended
        return msgspec.structs.replace(self, started_at=started_at, streaming=False)

    @property
    def owner(self) -> str | None:
        """The id of the item that this one is shown in."""
        return self.parent_id


class ActionItem(Struct, kw_only=True, tag_field="kind", tag="action"):
    """A button below a message. What it carries stays in the kernel: a click names the item.

    `content` is its label; where there is none, its icon is all to see, or the name if there is no such icon.
    `clicked` is the last click that was taken (see `Click`); `running` while the callback of one runs.
    """

    id: str
    name: str
    for_id: str
    content: str = ""
    tooltip: str = ""
    icon: str | None = None
    running: bool = False
    clicked: str | None = None

    def taken(self, click: str, running: bool) -> ActionItem:
        """The same button, after a click."""
        return msgspec.structs.replace(self, clicked=click, running=running)

    def finished(self) -> ActionItem:
        """The same button, as it is when nothing runs."""
        return msgspec.structs.replace(self, running=False)

    @property
    def owner(self) -> str | None:
        """The id of the item that this one is shown in."""
        return self.for_id


class ElementItem(Struct, kw_only=True, tag_field="kind", tag="element"):
    """Something to see, hear or fetch: a text, a picture, a file, a table.

    Its bytes are the asset with the hash `asset`, `bytes` many, or lie at `url`, which the page fetches only when it
    may; text, and JSON that is made for the page (a table, a figure, the props of a component), is in `content` unless
    it is long: then it is the asset, too. `page` is where a PDF opens; `auto_play` starts what the kernel has itself;
    `code` is the hash of the module that draws it.

    A component's props are changed in pages, too: `changes` counts, for each place where that is done, which of its
    changes are in `content`. `results` are what its last calls returned, as JSON, by call.
    """

    id: str
    type: ElementType
    name: str = ""
    content: str = ""
    display: ElementDisplay = "inline"
    size: ElementSize | None = None
    mime: str | None = None
    language: str | None = None
    asset: str | None = None
    bytes: int | None = None
    url: str | None = None
    page: int | None = None
    auto_play: bool = False
    code: str | None = None
    changes: dict[str, int] = {}
    results: dict[str, str] = {}
    for_id: str | None = None

    @property
    def owner(self) -> str | None:
        """The id of the item that this one is shown in."""
        return self.for_id

    @property
    def blobs(self) -> frozenset[str]:
        """The hashes of the bytes that it is made of."""
        return frozenset(filter(None, (self.asset, self.code)))


class AskItem(Struct, kw_only=True, tag_field="kind", tag="ask"):
    """A callback waits for an answer to the message `for_id`; gone when it waits no more.

    `content` is the question. A text is written in the composer; an action is one of the message's buttons; an
    element is filled in by the user; files are those that `accept` allows, by MIME type (with ``*``) or ending (with
    a dot). A function is one of the page around the chat: `content` is its name, and `args` are its arguments.
    """

    id: str
    type: AskType
    for_id: str
    content: str = ""
    args: dict[str, Any] = {}
    accept: list[str] = []
    max_size_mb: float = 0
    max_files: int = 0

    @property
    def owner(self) -> str | None:
        """The id of the item that this one is shown in."""
        return self.for_id


Item = MessageItem | OutputItem | StepItem | ActionItem | ElementItem | AskItem


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


class ProfileOffer(Struct, kw_only=True):
    """A kind of chat that the user may choose: choosing one begins a new conversation."""

    name: str
    label: str
    description: str = ""
    icon: str | None = None


class StarterOffer(Struct, kw_only=True):
    """A message that the user can send with one click."""

    label: str
    message: str
    command: str | None = None
    icon: str | None = None


class StarterGroup(Struct, kw_only=True):
    """Starters under a heading, or under none."""

    starters: list[StarterOffer]
    label: str | None = None
    icon: str | None = None


class CommandOffer(Struct, kw_only=True):
    """Something that the user can pick beside the text of a message, with ``/`` or, if `button`, with a button."""

    id: str
    description: str = ""
    icon: str | None = None
    button: bool = False
    persistent: bool = False
    selected: bool = False


class ModeChoice(Struct, kw_only=True):
    """One of the options of a mode."""

    id: str
    name: str
    description: str | None = None
    icon: str | None = None


class ModeOffer(Struct, kw_only=True):
    """A choice that goes with every message until it is changed; `default` is the id of an option."""

    id: str
    name: str
    options: list[ModeChoice]
    default: str | None = None


class Choice(Struct, kw_only=True):
    """An entry of a list to choose from."""

    label: str
    value: str


FieldValue = bool | float | str | list[str] | None


class Field(Struct, kw_only=True):
    """An input widget of the settings form, with what stands in it; one of type ``tab`` holds others in `inputs`."""

    id: str
    type: FieldType
    label: str
    value: FieldValue = None
    initial: FieldValue = None
    tooltip: str | None = None
    description: str | None = None
    disabled: bool = False
    placeholder: str | None = None
    multiline: bool = False
    items: list[Choice] = []
    min: float | None = None
    max: float | None = None
    step: float | None = None
    min_date: str | None = None
    max_date: str | None = None
    mode: str | None = None
    inputs: list[Field] = []


class UploadRules(Struct, kw_only=True):
    """Which files the user may add to a message: by MIME type (with ``*``) or ending (with a dot)."""

    accept: list[str]
    max_files: int
    max_size_mb: float


class Offers(Struct, kw_only=True, tag_field="type", tag="offers"):
    """What the user can do beside writing a message.

    `settings` is the settings form, with what stands in it; `taken` names the latest `FillForm` that was heard, and
    `edits` says whether somebody wants to hear of each change in it.
    """

    profiles: list[ProfileOffer] = []
    profile: str | None = None
    starters: list[StarterGroup] = []
    commands: list[CommandOffer] = []
    modes: list[ModeOffer] = []
    settings: list[Field] = []
    taken: str | None = None
    edits: bool = False
    uploads: UploadRules | None = None
    feedback: bool = False
    window_messages: bool = False

    def but(self, **changes: Any) -> Offers:
        """The same, but for some fields."""
        return msgspec.structs.replace(self, **changes)


class Sidebar(Struct, kw_only=True, tag_field="type", tag="sidebar"):
    """What stands beside the conversation; without elements, nothing.

    While it is open, another one with the same `key` does not replace it. `id` is another for each that is opened.
    """

    title: str = ""
    elements: list[ElementItem] = []
    key: str | None = None
    id: str = ""

    def find(self, element: str) -> ElementItem | None:
        """The element with this id, if it is in it."""
        return next((each for each in self.elements if each.id == element), None)

    def with_element(self, item: ElementItem) -> Sidebar:
        """The same, with another look of one of its elements."""
        elements = [item if each.id == item.id else each for each in self.elements]
        return msgspec.structs.replace(self, elements=elements)

    def without(self, element: str) -> Sidebar:
        """The same, without an element."""
        return msgspec.structs.replace(self, elements=[each for each in self.elements if each.id != element])


# ── What an inspector shows ──────────────────────────────────────────────────────────────────────


class Changed(Struct, kw_only=True):
    """When a key last changed: at a time (ISO 8601), in a turn (0: the opening), as far as each is known."""

    at: str | None = None
    turn: int | None = None
    is_new: bool = False
    """It was in the newest turn."""


class ValueNode(Struct, kw_only=True):
    """A value of a session, and where it is.

    `step` leads to it from the value that it is in. It has `total` parts; those that were asked for (see `Opened`)
    are in `first` and, after a gap if those are not all, in `last`. A hidden one is a secret. `editable` is the type
    of one that can be edited, and `text` all of it, as it is written for that.
    """

    step: str
    name: str
    type: str
    summary: str
    total: int = 0
    hidden: bool = False
    editable: ValueType | None = None
    text: str | None = None
    changed: Changed | None = None
    opened: bool = False
    first: list[ValueNode] = []
    last: list[ValueNode] = []


class Edited(Struct):
    """An edit (see `SetValue`) was carried out, or was not: `error` says why."""

    edit: str
    error: str | None = None


class Opened(Struct):
    """A value whose parts are shown: the steps that lead to it, from ``"state"`` or ``"session"``; how many at most."""

    path: list[str]
    most: int


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


class Token(Struct, tag_field="type", tag="token", omit_defaults=True):
    """Text at the end of an item's content; with `is_input`, at the end of a step's input."""

    id: str
    text: str
    is_input: bool = False


class MessagePatch(Struct, kw_only=True, tag_field="type", tag="patch", omit_defaults=True):
    """The fields of a message that changed."""

    id: str
    content: str | UnsetType = UNSET
    author: str | UnsetType = UNSET
    language: str | UnsetType | None = UNSET
    parent_id: str | UnsetType | None = UNSET
    streaming: bool | UnsetType = UNSET
    is_error: bool | UnsetType = UNSET
    rating: Rating | UnsetType | None = UNSET


class StepPatch(Struct, kw_only=True, tag_field="type", tag="step", omit_defaults=True):
    """The fields of a step that changed."""

    id: str
    name: str | UnsetType = UNSET
    input: str | UnsetType = UNSET
    content: str | UnsetType = UNSET
    input_language: str | UnsetType | None = UNSET
    language: str | UnsetType | None = UNSET
    started_at: str | UnsetType | None = UNSET
    ended_at: str | UnsetType | None = UNSET
    streaming: bool | UnsetType = UNSET
    is_error: bool | UnsetType = UNSET
    icon: str | UnsetType | None = UNSET


class ItemRemoved(Struct, tag_field="type", tag="item_removed"):
    """An item is gone, and what is shown in it."""

    id: str


class Toast(Struct, tag_field="type", tag="toast"):
    """A short notice that passes by; it is no part of the transcript."""

    message: str
    kind: ToastType = "info"


class WindowMessage(Struct, tag_field="type", tag="window"):
    """A message for the window around the chat: whatever JSON can say."""

    data: Any


class WindowHeard(Struct, tag_field="type", tag="window_heard"):
    """The kernel has a message of the window (see `PostWindow`), so it need not be sent again."""

    post: str


Event = (
    TurnPut | TurnRemoved | ItemPut | Token | MessagePatch | StepPatch | ItemRemoved | Info | Offers | Sidebar | Toast
    | WindowMessage | WindowHeard
)  # fmt: skip


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
    offers: Offers
    sidebar: Sidebar
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


class FileState(Struct, kw_only=True, tag_field="type", tag="file"):
    """How many bytes of a file the kernel has; `message` says why it takes no more of it, if so."""

    epoch: int
    file: str
    received: int
    message: str = ""


class Inspection(Struct, kw_only=True, tag_field="type", tag="inspection"):
    """A session as it is now: of the `chat`-th of `chats` chats that are inspected here (0 of 1: the page's own).

    It stands outside of the events, and each one replaces the one before it: `revision` grows. `state` and `session`
    (the keys that belong to the session itself) are shown as far as pages asked for (see `Inspect`).
    """

    chat: int
    chats: int
    revision: int
    id: str
    assistant: str
    user: str
    status: str
    state: ValueNode
    session: ValueNode
    edited: list[Edited] = []


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


Packet = Events | Snapshot | Earlier | Head | Asset | FileState | Inspection | Refused | Incompatible | Reload


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
    `command` and `modes` (option by mode) are what was picked beside the text, `files` what was uploaded for it.
    With `answers`, the text answers that question (see `AskItem`) and begins no turn: `turn` is the id of the message.
    """

    turn: str
    content: str
    epoch: int = 0
    replaces: str | None = None
    answers: str | None = None
    command: str | None = None
    modes: dict[str, str] = {}
    files: list[str] = []


class Click(Struct, kw_only=True, tag_field="type", tag="click"):
    """The user clicks a button (the id of an `ActionItem`). The page makes up `click`, so sending it twice is one."""

    click: str
    action: str
    epoch: int


class Answer(Struct, kw_only=True, tag_field="type", tag="answer"):
    """The user answers a question (the id of an `AskItem`) with files that were uploaded, or an element's values.

    Without values, the element was cancelled. What a function of the page returns is the value ``result``. A text is
    answered by a `UserMessage`, and buttons by a `Click`.
    """

    ask: str
    epoch: int
    files: list[str] = []
    values: dict[str, Any] | None = None


class Stop(Struct, tag_field="type", tag="stop"):
    """Stop this turn, if it still runs or waits.

    Where no turn does, stop what runs aside; a page that knows only of its question names that.
    """

    turn: str


class Withdraw(Struct, tag_field="type", tag="withdraw"):
    """Take back a message that still waits in the queue."""

    turn: str


class Restart(Struct, tag_field="type", tag="restart"):
    """New chat: end the session of this epoch and begin the next; with another profile, if one is named."""

    epoch: int
    profile: str | None = None


class ShowBranch(Struct, tag_field="type", tag="show_branch"):
    """Go to the branch that begins with this turn, with the state that it was left in."""

    epoch: int
    turn: str


class Restore(Struct, tag_field="type", tag="restore"):
    """Go on with the conversation that ended when the chat's cell was run again."""

    epoch: int


class FillForm(Struct, kw_only=True, tag_field="type", tag="fill_form"):
    """The settings form as the user has filled it in: `values` by the ids of its inputs.

    The page makes up `form`, and sends it until `Offers` say that it was taken. Before it is `confirmed`, the App may
    want to hear of it, but the settings stay as they are.
    """

    epoch: int
    form: str
    values: dict[str, Any]
    confirmed: bool = True


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


class ChangeProps(Struct, kw_only=True, tag_field="type", tag="change_props"):
    """A component changes some of its props in a page. `writer` counts its changes, so sending one twice is one."""

    element: str
    epoch: int
    writer: str
    change: int
    props: dict[str, Any]


class CallAction(Struct, kw_only=True, tag_field="type", tag="call_action"):
    """A component calls an action callback. The page makes up `call`, so sending it twice is one."""

    call: str
    element: str
    epoch: int
    name: str
    payload: dict[str, Any] = {}


class RemoveElement(Struct, tag_field="type", tag="remove_element"):
    """A component takes itself back."""

    element: str
    epoch: int


class CloseSidebar(Struct, tag_field="type", tag="close_sidebar"):
    """The user closes what stands beside the conversation, if it is still the one with this id."""

    epoch: int
    id: str


class GetEarlier(Struct, kw_only=True, tag_field="type", tag="get_earlier"):
    """Ask for the turns before the first one that the page has."""

    epoch: int
    before: str


class GetAsset(Struct, tag_field="type", tag="get_asset"):
    """Ask for the bytes with this SHA-256 hash (of a large file: of its name, size and time)."""

    hash: str


class PostWindow(Struct, kw_only=True, tag_field="type", tag="post_window"):
    """The window around the chat got a message. The page makes up `post`, so sending it twice is one."""

    post: str
    epoch: int
    data: Any


class Rate(Struct, kw_only=True, tag_field="type", tag="rate"):
    """What the user thinks of an answer (the id of its message); None takes it back."""

    message: str
    epoch: int
    rating: Rating | None = None


class PutFile(Struct, kw_only=True, tag_field="type", tag="put_file"):
    """A part of a file is this command's buffer; without a buffer, the page only asks how much the kernel has.

    Parts are taken in order, each once. The page makes up `file`, and goes on where the answer (`FileState`) says.
    With `ask`, the file answers that question; else it goes with a message that is yet to be sent.
    """

    epoch: int
    file: str
    name: str
    size: int
    offset: int
    ask: str | None = None


class DropFile(Struct, tag_field="type", tag="drop_file"):
    """The user does not want to send this file after all."""

    epoch: int
    file: str


class Inspect(Struct, kw_only=True, tag_field="type", tag="inspect"):
    """An inspector of `chat` is open in this page, with these parts shown. It is said again and again while that is so.

    The kernel sends an `Inspection` when there is one newer than `seen`, and with each change from then on.
    """

    page: str
    chat: int
    seen: int
    opened: list[Opened]


class StopInspecting(Struct, kw_only=True, tag_field="type", tag="stop_inspecting"):
    """The page shows no inspector of `chat` any more."""

    page: str
    chat: int


class SetValue(Struct, kw_only=True, tag_field="type", tag="set_value"):
    """The user edited the value that `path` leads to, in this session. An edit with the same `edit` is done once.

    The kernel reads `text` as the type that the value has.
    """

    edit: str
    chat: int
    session: str
    path: list[str]
    text: str


class Bye(Struct, tag_field="type", tag="bye"):
    """The page shows this chat no longer (a hint: a closed tab often cannot say it)."""

    page: str


Command = (
    Hello
    | UserMessage
    | Click
    | Answer
    | Stop
    | Withdraw
    | Restart
    | ShowBranch
    | Restore
    | FillForm
    | Resync
    | Ack
    | GetEarlier
    | GetAsset
    | PutFile
    | DropFile
    | Inspect
    | StopInspecting
    | SetValue
    | PostWindow
    | Rate
    | Bye
    | CloseSidebar
    | ChangeProps
    | CallAction
    | RemoveElement
)

PARTIAL = ("TurnPut", "MessagePatch", "StepPatch", "Token")
"""The structs that leave their defaults out on the wire."""

T = TypeVar("T")

_HALF_PAIR = re.compile(r"\\u[dD][89a-fA-F]")


def _as_plain_text(value: object) -> str:
    """Libraries have texts of their own kinds: LangChain's, members of enumerations."""
    if isinstance(value, str):
        return str.__str__(value)
    raise TypeError(f"What goes to the page is text, numbers, lists and dicts, not a {type(value).__name__}.")


_encoder = msgspec.json.Encoder(enc_hook=_as_plain_text)
_command_decoder: msgspec.json.Decoder[Command] = msgspec.json.Decoder(Command)
_packet_decoder: msgspec.json.Decoder[Packet] = msgspec.json.Decoder(Packet)
_event_decoder: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


def encode(record: Packet | Command | Event) -> str:
    """Write a packet, a command or an event as JSON text."""
    try:
        return _encoder.encode(record).decode()
    except UnicodeEncodeError:  # half a surrogate pair, as models stream them: escaped, it finds its other half
        return json.dumps(msgspec.to_builtins(record, enc_hook=_as_plain_text))


def encode_event(event: Event) -> str:
    """Write an event as JSON text, as `encode` does, if a page can read it.

    Raises
    ------
    OptionError
        When something in it is of the wrong kind: whatever an App says ends up here.
    """
    try:
        text = encode(event)
        _decode(_event_decoder, text)
    except (TypeError, ValueError, RecursionError, OverflowError) as error:
        what = event.item if isinstance(event, ItemPut) else event
        raise OptionError(f"A chat cannot show this {type(what).__name__}: {str(error).rstrip('.')}.") from error
    return text


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
        command = _decode(_command_decoder, text)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise ProtocolError(f"The page sent a command that anychat does not understand: {error}.") from error
    if text.count("[") + text.count("{") > MAX_DEPTH and _depth(msgspec.structs.astuple(command)) > MAX_DEPTH:
        raise ProtocolError(f"A command may have {MAX_DEPTH} lists and dicts in one another, no more.")
    return command


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
    return msgspec.convert(json.loads(text, parse_constant=_refuse_constant), decoder.type)


def _depth(value: object) -> int:
    """How many lists and dicts there are in one another, at most."""
    layer, depth = [value], 0
    while layer := [part for each in layer if isinstance(each, list | dict | tuple) for part in _parts_of(each)]:
        depth += 1
    return depth


def _parts_of(value: Any) -> Iterable[object]:
    return value.values() if isinstance(value, dict) else value


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


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
        if "properties" in shape and name not in PARTIAL:
            shape["required"] = list(shape["properties"])  # defaults are for Python: on the wire all are there
    return {
        "version": PROTOCOL_VERSION,
        "max_message_chars": MAX_MESSAGE_CHARS,
        "max_chunk_bytes": MAX_CHUNK_BYTES,
        "max_window_chars": MAX_WINDOW_CHARS,
        "definitions": dict(sorted(definitions.items())),
    }
