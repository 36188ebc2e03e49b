"""The variables of one session, as live traitlets.

``HasTraits.add_traits`` makes a new class at each call, so a thousand keys would cost a minute. Here the values
live in a plain dict, and only HasTraits' notification machinery is used: a set costs the same at any size.
"""

from __future__ import annotations

import contextvars
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from time import time
from typing import Any, Self

import traitlets
from traitlets import Bunch, HasTraits

from .checkpoint import Node, freeze, freeze_values, frozen_values, is_plain, is_same, thaw
from .secrets import HIDDEN, Secrets
from .summary import summarize

_IMMUTABLE = (int, float, complex, str, bytes, bool, tuple, frozenset, type(None))


class Change(Bunch):
    """What observers are told: ``name``, ``old``, ``new``, ``owner``. Its repr shows no secret, and nothing long."""

    def __repr__(self) -> str:
        old, new = self.owner.summaries(self.name, self.old, self.new)
        return f"{{'name': {self.name!r}, 'old': {old}, 'new': {new}, 'owner': {self.owner!r}, 'type': {self.type!r}}}"


class SessionState(HasTraits):
    """What an App remembers of one session; callbacks reach it as ``cl.user_session``.

    Use it as a mapping (``state["count"]``) or by attribute (``state.count``). Any key and any value will do.
    Observe it as any traitlets object, also by keys that do not exist yet; link it to widgets.
    Setting a mutable object again notifies even when it is the same object: it has probably changed. A list, dict
    or set that was changed without being set is noticed at the end of the turn, if somebody observes: values of up to
    50,000 parts are looked at, and a history of 1,000 messages takes one or two milliseconds.

    What a worker thread sets reaches observers on the session's loop, in order.

    Raises
    ------
    AttributeError, KeyError
        When a key is read that is not there.

    Examples
    --------
    >>> from anychat.state import SessionState
    >>> state = SessionState(count=1)
    >>> state.observe(lambda change: print(change.name, change.old, change.new), "count")
    >>> state.count = 2
    count 1 2
    >>> dict(state)
    {'count': 2}
    """

    _called = "This session's state"
    _tells_more = False

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls._tells_more = cls.notify_change is not SessionState.notify_change

    def __init__(self, /, **values: Any) -> None:
        self.__dict__["_values"] = dict(values)
        self._held: dict[str, Bunch] | None = None
        self._frozen: Node | None = None  # the values when they were last frozen, for the next checkpoint to share
        self._seen: Node | None = None  # the values that changes in place are told from
        self._turn: str | None = None  # the turn that runs
        self._begun = 0  # how often changes in place were looked for anew
        self._changed: dict[str, tuple[float, str | None, int]] = {}  # by key: when, in which turn, after how many
        self._changes: deque[Bunch] = deque()
        self._secrets: Callable[[], Secrets] = Secrets
        self._deliver: Callable[[Callable[[], None]], None] = _at_once
        self._outside = contextvars.copy_context()
        super().__init__()

    # ── A mapping ────────────────────────────────────────────────────────────────────────────────

    def set(self, key: str, value: Any) -> None:
        """Set `key`, and tell its observers."""
        if not isinstance(key, str):
            raise TypeError(f"A key of a session's state is a str, but {key!r} came. Use str(key).")
        old = self._values.get(key, traitlets.Undefined)
        self._values[key] = value
        if old is value and isinstance(value, _IMMUTABLE):
            return
        if self._held is None and not self._trait_notifiers and not self._tells_more:  # the usual case, made cheap
            self._changed[key] = (time(), self._turn, self._begun)
        else:
            self.notify_change(Change(name=key, old=old, new=value, owner=self, type="change"))

    def get(self, key: str, default: Any = None) -> Any:
        """The value of `key`, or `default` when there is none. A stored None counts as a value."""
        return self._values.get(key, default)

    def __getitem__(self, key: str) -> Any:
        return self._values[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.set(key, value)

    def __delitem__(self, key: str) -> None:
        old = self._values.pop(key)
        self.notify_change(Change(name=key, old=old, new=traitlets.Undefined, owner=self, type="change"))

    def __contains__(self, key: object) -> bool:
        return key in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._values))

    def __len__(self) -> int:
        return len(self._values)

    def __bool__(self) -> bool:
        return True  # an empty state is still a state: `chat.state or other` must not skip it

    def keys(self) -> list[str]:
        """The keys, in the order they were first set."""
        return list(self._values)

    def items(self) -> list[tuple[str, Any]]:
        """Keys and values, in the order the keys were first set."""
        return list(self._values.items())

    def update(self, values: Mapping[str, Any]) -> None:
        """Set several keys; observers hear of each."""
        for key, value in values.items():
            self.set(key, value)

    def clear(self) -> None:
        """Drop all values without a word: the session is over, or begins anew."""
        self._values.clear()
        self._changed.clear()
        self._frozen = self._seen = self._turn = None

    # ── Attributes ───────────────────────────────────────────────────────────────────────────────

    def __getattr__(self, key: str) -> Any:
        if key.startswith("_"):  # traitlets asks for _<key>_changed at each change; state["_key"] is there for yours
            raise AttributeError(key)
        try:
            return self.__dict__["_values"][key]
        except KeyError:
            raise AttributeError(f"{self._called} has no {key!r}; it has {self._known()}.") from None

    def __setattr__(self, key: str, value: Any) -> None:
        if key.startswith("_"):
            object.__setattr__(self, key, value)
        elif hasattr(type(self), key):
            raise AttributeError(f"{key!r} is part of SessionState itself; write state[{key!r}] = ... instead.")
        else:
            self.set(key, value)

    def __delattr__(self, key: str) -> None:
        if key not in self._values:
            raise AttributeError(f"{self._called} has no {key!r}; it has {self._known()}.")
        del self[key]

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *(key for key in self._values if key.isidentifier())]

    def _known(self) -> str:
        return ", ".join(map(repr, islice(self._values, 10))) or "no keys yet"

    # ── HasTraits ────────────────────────────────────────────────────────────────────────────────

    def has_trait(self, name: str) -> bool:
        """Whether a link may be made to `name`: to any key, also one that is not set yet."""
        return not hasattr(type(self), name)

    def trait_names(self, **metadata: Any) -> list[str]:
        """The keys; with metadata, those of none: values here have no trait metadata."""
        return [] if metadata else list(self._values)

    def traits(self, **metadata: Any) -> dict[str, traitlets.TraitType[Any, Any]]:
        """A trait of type Any for each key."""
        return _Traits((name, traitlets.Any()) for name in self.trait_names(**metadata))

    @contextmanager
    def hold_trait_notifications(self) -> Iterator[None]:
        """Tell observers at the end, once per key, however often it was set inside."""
        outermost, self._held = self._held is None, self._held or {}
        try:
            yield
        finally:
            if outermost:
                held, self._held = self._held, None
                for change in held.values():
                    self.notify_change(change)

    def notify_change(self, change: Bunch) -> None:
        """Tell observers. They run outside of the callback that made the change: what they print is not its output."""
        name = change["name"]  # by key: a Bunch's attributes are slow
        if self._held is not None:
            first = self._held.setdefault(name, change)
            self._held[name] = Change(change, old=first.old)
            return
        if change["new"] is traitlets.Undefined:
            self._changed.pop(name, None)
        else:
            self._changed[name] = (time(), self._turn, self._begun)
        if self._trait_notifiers:
            self._changes.append(change)
            self._deliver(self._tell)

    def _tell(self) -> None:
        while self._changes:
            self._outside.copy().run(super().notify_change, self._changes.popleft())

    def freeze(self) -> Node:
        """The values as they are now, for `thaw`.

        Plain data (lists, dicts, sets and tuples of plain data, up to 50,000 parts a key) is copied, and what did not
        change shares its memory with the checkpoint before. Everything else is kept by reference. A history of
        1,000 messages costs one or two milliseconds.
        """
        self._frozen = freeze_values(self._values, self._frozen)
        return self._frozen

    def thaw(self, frozen: Node) -> None:
        """Be again what was frozen. Observers hear of the keys that differ; what did not change is left alone."""
        kept = frozen_values(frozen)
        with self.hold_trait_notifications():
            for key in [key for key in self._values if key not in kept]:
                del self[key]
            for key, was in kept.items():
                if key not in self._values or freeze(self._values[key], was) is not was:
                    self.set(key, thaw(was))
            ordered = {key: self._values[key] for key in kept}
            self._values.clear()
            self._values.update(ordered)

    def take_over(self, frozen: Node) -> None:
        """Go on with what another session knew: its plain data comes back; an object that is here already stays.

        A client that ``on_chat_start`` has just made is not replaced by one that ``on_chat_end`` may have closed.
        """
        with self.hold_trait_notifications():
            for key, was in frozen_values(frozen).items():
                if key not in self._values or is_plain(self._values[key]):
                    self.set(key, thaw(was))

    def changed(self, key: str) -> tuple[float, str | None] | None:
        """When `key` was last set or seen to be changed (seconds since 1970), and in which turn; None: not that I know.

        A change in place is seen only while somebody observes; else `Branches.changed_in` knows of it.
        """
        found = self._changed.get(key)
        return None if found is None else found[:2]

    def begin_turn(self, turn_id: str | None = None) -> Node:
        """Remember the values, for `end_turn`; returns them as `freeze` does."""
        self._begun += 1
        self._turn = turn_id
        self._seen = self.freeze()
        return self._seen

    def end_turn(self) -> None:
        """Tell observers of lists, dicts and sets that changed in place since `begin_turn`, and were not set.

        Values of up to 50,000 parts are looked at, and only while somebody observes. Called again before the next
        turn, when a callback beside the turns ends, it tells of what changed since.
        """
        if self._trait_notifiers and self._seen is not None:
            before, self._seen = self._seen, self.freeze()
            self._notice_changes_in_place(frozen_values(before), frozen_values(self._seen))
            self._begun += 1
        self._turn = None

    def _notice_changes_in_place(self, before: Mapping[str, object], now: Mapping[str, object]) -> None:
        for key, value in self.items():
            _, _, begun = self._changed.get(key, (0, None, 0))
            if begun < self._begun and not is_same(now.get(key), before.get(key, now.get(key))):
                self.notify_change(Change(name=key, old=value, new=value, owner=self, type="change"))

    def unobserve(self, handler: Callable[..., Any], names: Any = traitlets.All, type: Any = "change") -> None:
        """Tell `handler` no more; when nobody is left, sets cost what they cost before."""
        super().unobserve(handler, names, type)
        self._trait_notifiers = {name: kinds for name, kinds in self._trait_notifiers.items() if any(kinds.values())}

    def tell_with(self, deliver: Callable[[Callable[[], None]], None]) -> None:
        """Let `deliver` call, where observers shall run, what tells them."""
        self._deliver = deliver

    def hide_with(self, secrets: Callable[[], Secrets]) -> None:
        """Let `secrets` say what no repr may show."""
        self._secrets = secrets

    def summaries(self, key: str, *values: object) -> list[str]:
        """Old and new values of a key in a line each, without what is secret here."""
        mask = self._secrets().find(self._values, {})
        return [
            repr(value)
            if value is traitlets.Undefined
            else HIDDEN
            if mask.rule.has(key, value)
            else summarize(value, mask)
            for value in values
        ]

    def hand_over(self) -> Self:
        """Hand the values over to a new state, without observers; this one, observed and linked, begins anew."""
        moved = type(self)(**self._values)
        moved.hide_with(self._secrets)
        self.clear()
        return moved

    def __repr__(self) -> str:
        return f"<SessionState: {self._known()}>"


def _at_once(function: Callable[[], None]) -> None:
    function()


class _Traits(dict[str, traitlets.TraitType[Any, Any]]):
    """traitlets links only to names that are in here, and a link may come before the first value."""

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and not hasattr(SessionState, name)
