"""The transcript: what the reader sees, as a function of the events so far.

The same reducer runs in the page (``js/src/transcript.ts``); the fixtures in ``tests/protocol/`` are
replayed by both. It does no I/O and knows no session.

Events about something that is not there change nothing: a token for a removed message is not an error,
it is a callback that had not heard yet.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import assert_never

import msgspec
from msgspec import UNSET

from .protocol import (
    Event,
    Info,
    Item,
    ItemPut,
    ItemRemoved,
    MessageItem,
    MessagePatch,
    Token,
    TurnPut,
    TurnRecord,
    TurnRemoved,
)

PAGE_TURNS = 50
PAGE_CHARS = 300_000
"""How much of a long transcript travels at once: the newest turns first, the others when the reader wants them."""


class Transcript:
    """The turns of one session, in order.

    Tokens are collected and joined when somebody reads: appending costs the token's length, not the message's.
    Any thread may read while another applies events; `lock` is there for who does more than one thing at once.
    """

    def __init__(self, info: Info, turns: list[TurnRecord] | None = None) -> None:
        self.info = info
        self.lock = threading.RLock()
        self._turns: dict[str, TurnRecord] = {}
        self._home: dict[str, str] = {}  # item id -> turn id
        self._items: dict[str, Item] = {}
        self._tails: dict[str, list[str]] = {}  # item id -> tokens not joined yet
        for turn in turns or []:
            self._add_turn(turn)

    @property
    def turns(self) -> list[TurnRecord]:
        """The turns, oldest first. They belong to the transcript: read them, change nothing."""
        with self.lock:
            for id in list(self._tails):
                self._settle(id)
            return list(self._turns.values())

    def latest(self, before: str | None = None) -> tuple[list[TurnRecord], int]:
        """The newest turns (before one of them), as many as a page wants at once; and how many come before those."""
        turns = self.turns
        end = len(turns) if before is None else next((i for i, turn in enumerate(turns) if turn.id == before), 0)
        start, room = end, PAGE_CHARS
        while start > 0 and room > 0 and end - start < PAGE_TURNS:
            start -= 1
            room -= sum(len(item.content) for item in turns[start].items)
        open_ones = (index for index in range(start) if turns[index].status in ("queued", "running", "stopping"))
        start = next(open_ones, start)  # what may still change is never left out
        return turns[start:end], start

    @property
    def first_turn_id(self) -> str | None:
        """The id of the oldest turn."""
        return next(iter(self._turns), None)

    @property
    def last_turn_id(self) -> str | None:
        """The id of the newest turn."""
        return next(reversed(self._turns), None)

    def __contains__(self, turn_id: str) -> bool:
        return turn_id in self._turns

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

    def home(self, item_id: str) -> str | None:
        """The id of the turn that an item belongs to."""
        return self._home.get(item_id)

    def last_item_id(self, turn_id: str) -> str | None:
        """The id of a turn's newest item."""
        turn = self._turns.get(turn_id)
        return turn.items[-1].id if turn and turn.items else None

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
                    self._tails.setdefault(event.id, []).append(event.text)
            case ItemPut():
                self._put(event.turn, event.item)
            case MessagePatch():
                self._patch(event)
            case ItemRemoved():
                self._remove(event.id)
            case TurnPut():
                self._put_turn(event)
            case TurnRemoved():
                self._remove_turn(event.id)
            case Info():
                self.info = event
            case _:
                assert_never(event)

    def _add_turn(self, turn: TurnRecord) -> None:
        items, turn.items = turn.items, []
        self._turns[turn.id] = turn
        for item in items:
            self._put(turn.id, item)

    def _put_turn(self, event: TurnPut) -> None:
        turn = self._turns.get(event.id)
        if turn is None:
            self._turns[event.id] = TurnRecord(id=event.id, status=event.status, items=[])
        else:
            turn.status = event.status

    def _remove_turn(self, id: str) -> None:
        turn = self._turns.pop(id, None)
        for item in turn.items if turn else []:
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

    def _patch(self, event: MessagePatch) -> None:
        item = self._items.get(event.id)
        if not isinstance(item, MessageItem):
            return
        if event.content is not UNSET:
            self._tails.pop(event.id, None)
        for name in ("content", "author", "language", "parent_id", "streaming", "is_error"):
            value = getattr(event, name)
            if value is not UNSET:
                setattr(item, name, value)

    def _remove(self, id: str) -> None:
        home = self._turns.get(self._home.get(id, ""))
        if home is not None:
            del home.items[_position(home.items, id)]
        self._forget(id)

    def _forget(self, id: str) -> None:
        self._items.pop(id, None)
        self._home.pop(id, None)
        self._tails.pop(id, None)

    def _settle(self, id: str) -> None:
        tail = self._tails.pop(id, None)
        if tail:
            item = self._items[id]
            item.content += "".join(tail)


def _position(items: list[Item], id: str) -> int:
    return next(index for index in reversed(range(len(items))) if items[index].id == id)
