"""The transcript: what the reader sees, as a function of the events so far.

The same reducer runs in the page (``js/src/transcript.ts``); the fixtures in ``tests/protocol/`` are
replayed by both. It does no I/O and knows no session.

Events about something that is not there change nothing: a token for a removed message is not an error,
it is a callback that had not heard yet.

Here the turns are a tree, of which one path is shown: going back leaves a branch, and the next turn begins another.
A page knows nothing but the path, and how many branches begin beside each of its turns.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import assert_never

import msgspec
from msgspec import UNSET

from .protocol import (
    AskItem,
    ElementItem,
    Event,
    Info,
    Item,
    ItemPut,
    ItemRemoved,
    MessageItem,
    MessagePatch,
    Offers,
    OutputItem,
    Sidebar,
    StepItem,
    StepPatch,
    Toast,
    Token,
    TurnPut,
    TurnRecord,
    TurnRemoved,
    WindowHeard,
    WindowMessage,
)

REPR_LINES = 60
REPR_CHARS = 60

PAGE_TURNS = 50
PAGE_CHARS = 300_000
"""How much of a long transcript travels at once: the newest turns first, the others when the reader wants them."""


class Transcript:
    """The turns of one session. What is said of turns in order means the path that is shown.

    Tokens are collected and joined when somebody reads: appending costs the token's length, not the message's.
    Any thread may read while another applies events; `lock` is there for who does more than one thing at once.
    """

    def __init__(
        self,
        info: Info,
        turns: list[TurnRecord] | None = None,
        offers: Offers | None = None,
        sidebar: Sidebar | None = None,
    ) -> None:
        self.info = info
        self.offers = offers or Offers()
        self.sidebar = sidebar or Sidebar()
        self.lock = threading.RLock()
        self._turns: dict[str, TurnRecord] = {}  # all there are, also on branches that are not shown
        self._parents: dict[str, str | None] = {}
        self._children: dict[str | None, list[str]] = {}
        self._path: dict[str, None] = {}  # the ids of those that are shown, in order
        self._home: dict[str, str] = {}  # item id -> turn id
        self._items: dict[str, Item] = {}
        self._tails: dict[str, list[str]] = {}  # item id -> tokens not joined yet
        self._input_tails: dict[str, list[str]] = {}  # the same for a step's input
        for turn in turns or []:
            self._add_turn(turn, self.last_turn_id)

    @property
    def turns(self) -> list[TurnRecord]:
        """The turns, oldest first. They belong to the transcript: read them, change nothing."""
        with self.lock:
            self._settle_all()
            return [self._turns[id] for id in self._path]

    def latest(self, before: str | None = None) -> tuple[list[TurnRecord], int]:
        """The newest turns (before one of them), as many as a page wants at once; and how many come before those."""
        turns = self.turns
        end = len(turns) if before is None else next((i for i, turn in enumerate(turns) if turn.id == before), 0)
        start, room = end, PAGE_CHARS
        while start > 0 and room > 0 and end - start < PAGE_TURNS:
            start -= 1
            room -= sum(map(_chars, turns[start].items))
        open_ones = (index for index in range(start) if _is_open(turns[index]))
        start = next(open_ones, start)  # what may still change is never left out
        return turns[start:end], start

    @property
    def first_turn_id(self) -> str | None:
        """The id of the oldest turn."""
        return next(iter(self._path), None)

    @property
    def last_turn_id(self) -> str | None:
        """The id of the newest turn."""
        return next(reversed(self._path), None)

    def __contains__(self, turn_id: str) -> bool:
        """Whether there is such a turn, on whatever branch."""
        return turn_id in self._turns

    def is_shown(self, turn_id: str) -> bool:
        """Whether a turn is on the path that is shown."""
        return turn_id in self._path

    @property
    def path(self) -> list[str]:
        """The ids of the turns that are shown, oldest first."""
        return list(self._path)

    def parent(self, turn_id: str) -> str | None:
        """The id of the turn before, on the same branch; None for a first one."""
        return self._parents[turn_id]

    def children(self, turn_id: str | None) -> list[str]:
        """The ids of the turns that follow a turn, one for each branch; of None: the first ones."""
        return list(self._children.get(turn_id, ()))

    def siblings_of_next(self, turn_id: str) -> list[str]:
        """What a new turn with this id shall name as its siblings, when it is put at the end."""
        others = self.children(self.last_turn_id)
        return [*others, turn_id] if others else []

    def rewind(self, turn_id: str) -> None:
        """Hide a turn and those that follow it: their branch stays, and the next turn begins another."""
        with self.lock:
            while turn_id in self._path:
                self._path.popitem()

    def show(self, turn_id: str, follow: Callable[[str, Sequence[str]], str]) -> None:
        """Show the branch that begins with a turn; `follow` says which of the turns after another one is shown."""
        with self.lock:
            path = [turn_id]
            while (parent := self._parents[path[-1]]) is not None:
                path.append(parent)
            path.reverse()
            while children := self.children(path[-1]):
                path.append(follow(path[-1], children))
            self._path = dict.fromkeys(path)

    def branches(self) -> list[tuple[TurnRecord, str | None]]:
        """All turns, those of hidden branches too, with their parents, as they were made."""
        with self.lock:
            self._settle_all()
            return [(turn, self._parents[turn.id]) for turn in self._turns.values()]

    def __repr__(self) -> str:
        """The tree, a line for each turn with the first words of it; those that are shown are marked."""
        with self.lock:
            lines = list(islice(self._lines(None, ""), REPR_LINES + 1))
        more = ["…"] if len(lines) > REPR_LINES else []
        return "\n".join([*lines[:REPR_LINES], *more]) or "nothing said yet"

    def _lines(self, turn_id: str | None, indent: str) -> Iterator[str]:
        """The turns after one. A turn alone stands below it; where branches part, each has a stem of its own."""
        while len(children := self.children(turn_id)) == 1:
            turn_id = children[0]
            yield self._line(turn_id, indent)
        for child in children:
            is_last = child == children[-1]
            yield self._line(child, indent + ("└ " if is_last else "├ "))
            yield from self._lines(child, indent + ("  " if is_last else "│ "))

    def _line(self, turn_id: str, indent: str) -> str:
        items = self._turns[turn_id].items
        words = next((" ".join(item.content.split()) for item in items if isinstance(item, MessageItem)), "(nothing)")
        mark = "●" if turn_id in self._path else "○"
        return f"{indent}{mark} {words if len(words) <= REPR_CHARS else words[: REPR_CHARS - 1] + '…'}"

    def replace(self, branches: Sequence[tuple[TurnRecord, str | None]], path: Sequence[str]) -> None:
        """Be another transcript, with the turns and parents that `branches` gives."""
        with self.lock:
            self._turns.clear()
            for index in (self._parents, self._children, self._home, self._items, self._tails, self._input_tails):
                index.clear()
            for turn, parent in branches:
                self._add_turn(turn, parent)
            self._path = dict.fromkeys(path)

    def turn(self, id: str) -> TurnRecord | None:
        """The turn with this id, if it is (still) there."""
        with self.lock:
            turn = self._turns.get(id)
            for item in turn.items if turn else []:
                self._settle(item.id)
            return turn

    def item(self, id: str) -> Item | None:
        """The item with this id, if it is (still) there."""
        with self.lock:
            self._settle(id)
            return self._items.get(id)

    def needs(self, blob: str) -> bool:
        """Whether something that is shown, on whatever branch, is made of the bytes with this hash."""
        with self.lock:
            items = [*self._items.values(), *self.sidebar.elements]
            return any(isinstance(item, OutputItem | ElementItem) and blob in item.blobs for item in items)

    def has(self, item_id: str) -> bool:
        """Whether an item is there, in a turn or beside the conversation."""
        return item_id in self._home or self.sidebar.find(item_id) is not None

    def home(self, item_id: str) -> str | None:
        """The id of the turn that an item belongs to."""
        return self._home.get(item_id)

    def neighbours(self, item_id: str) -> Sequence[Item]:
        """The items of an item's turn, as they come and go: read them, change nothing."""
        turn = self._turns.get(self._home.get(item_id, ""))
        return turn.items if turn else ()

    def last_item(self, turn_id: str, owner: str | None = None) -> Item | None:
        """The newest item that is shown in another one of a turn, or in the turn itself. Its text may lack its end."""
        with self.lock:
            for item in reversed(self._turns[turn_id].items if turn_id in self._turns else ()):
                if item.owner == owner:
                    return item
            return None

    def messages(self) -> Iterator[MessageItem]:
        """All messages, oldest first."""
        for turn in self.turns:
            yield from (item for item in turn.items if isinstance(item, MessageItem))

    def apply(self, event: Event) -> None:
        """Change the picture as the event says."""
        with self.lock:
            self._apply(event)

    def _apply(self, event: Event) -> None:
        match event:
            case Token():
                if event.id in self._items:
                    tails = self._input_tails if event.is_input else self._tails
                    tails.setdefault(event.id, []).append(event.text)
            case ItemPut():
                self._put(event.turn, event.item)
            case MessagePatch():
                self._patch(event, MessageItem)
            case StepPatch():
                self._patch(event, StepItem)
            case ItemRemoved():
                self._remove(event.id)
            case TurnPut():
                self._put_turn(event)
            case TurnRemoved():
                self._remove_turn(event.id)
            case Info():
                self.info = event
            case Offers():
                self.offers = event
            case Sidebar():
                self.sidebar = event
            case Toast() | WindowMessage() | WindowHeard():
                pass
            case _:
                assert_never(event)

    def _add_turn(self, turn: TurnRecord, parent: str | None) -> None:
        items, turn.items = turn.items, []
        self._append(turn, parent)
        for item in items:
            self._put(turn.id, item)

    def _put_turn(self, event: TurnPut) -> None:
        turn = self._turns.get(event.id)
        if turn is not None:
            turn.status = event.status
            return
        new = TurnRecord(id=event.id, status=event.status, items=[], siblings=event.siblings)
        self._append(new, self.last_turn_id)
        self._tell_siblings(event.siblings)

    def _append(self, turn: TurnRecord, parent: str | None) -> None:
        self._turns[turn.id] = turn
        self._parents[turn.id] = parent
        self._children.setdefault(parent, []).append(turn.id)
        self._path[turn.id] = None

    def _tell_siblings(self, siblings: list[str]) -> None:
        for id in siblings:
            if id in self._turns:
                self._turns[id].siblings = siblings if len(siblings) > 1 else []

    def _remove_turn(self, id: str) -> None:
        turn = self._turns.pop(id, None)
        if turn is None:
            return
        parent = self._parents.pop(id)
        orphans = self._children.pop(id, [])
        self._parents.update(dict.fromkeys(orphans, parent))
        self._children[parent].remove(id)
        self._children[parent] += orphans
        self._path.pop(id, None)
        self._tell_siblings([sibling for sibling in turn.siblings if sibling != id])
        for item in turn.items:
            self._forget(item.id)

    def _put(self, turn_id: str, item: Item) -> None:
        home = self._turns.get(self._home.get(item.id, turn_id))
        if home is None:
            return
        item = msgspec.structs.replace(item)  # the sender may go on changing its own
        known = item.id in self._items
        self._forget(item.id)
        self._items[item.id], self._home[item.id] = item, home.id
        if known:
            home.items[_position(home.items, item.id)] = item
        else:
            home.items.append(item)

    def _patch(self, event: MessagePatch | StepPatch, kind: type[Item]) -> None:
        item = self._items.get(event.id)
        if not isinstance(item, kind):
            return
        if event.content is not UNSET:
            self._tails.pop(event.id, None)
        if isinstance(event, StepPatch) and event.input is not UNSET:
            self._input_tails.pop(event.id, None)
        for name in event.__struct_fields__:
            value = getattr(event, name)
            if value is not UNSET:
                setattr(item, name, value)

    def _remove(self, id: str) -> None:
        home = self._turns.get(self._home.get(id, ""))
        if home is None:
            return
        gone = _with_owned(home.items, id)
        home.items[:] = [item for item in home.items if item.id not in gone]
        for each in gone:
            self._forget(each)

    def _forget(self, id: str) -> None:
        self._items.pop(id, None)
        self._home.pop(id, None)
        self._tails.pop(id, None)
        self._input_tails.pop(id, None)

    def _settle_all(self) -> None:
        for id in [*self._tails, *self._input_tails]:
            self._settle(id)

    def _settle(self, id: str) -> None:
        if tail := self._tails.pop(id, None):
            self._items[id].content += "".join(tail)
        if tail := self._input_tails.pop(id, None):
            item = self._items[id]
            if isinstance(item, StepItem):
                item.input += "".join(tail)


def _is_open(turn: TurnRecord) -> bool:
    """Whether a turn goes on, or somebody waits for an answer in it."""
    return turn.status in ("queued", "running", "stopping") or any(isinstance(item, AskItem) for item in turn.items)


def _chars(item: Item) -> int:
    """How much text travels with an item."""
    return len(item.content) + (len(item.input) if isinstance(item, StepItem) else 0)


def _with_owned(items: list[Item], id: str) -> set[str]:
    """The ids of an item and of all that are shown in it."""
    found, owners = {id}, {id}
    while owners := {item.id for item in items if item.owner in owners} - found:
        found |= owners
    return found


def _position(items: list[Item], id: str) -> int:
    return next(index for index in reversed(range(len(items))) if items[index].id == id)
