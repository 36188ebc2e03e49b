"""A value as it was at one moment, at a price that does not grow with what stayed the same.

Plain data (lists, dicts, sets and tuples of plain data) is copied into nodes that share every part which is as it
was in the checkpoint before. So whether something changed in place is one comparison of identities, and a history that
grows by one message costs a walk over it, not a copy of its texts. Everything else is kept by reference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import chain, repeat
from operator import is_
from typing import Any, NamedTuple

LIMIT = 50_000
"""How many parts of one value are looked at; what is larger is kept by reference."""

DEEPEST = 100
"""How many containers may be in one another; what is deeper in is kept by reference."""

CHUNK = 64
"""How many parts of a container are shared, or not, together."""

_SCALARS = frozenset({str, int, float, bool, bytes, complex, type(None)})
_CONTAINERS = frozenset({list, dict, set, frozenset, tuple})

Chunk = tuple[object, ...]
FreezePart = Callable[[object, object], object]


class Node(NamedTuple):
    """One container: its type, and its parts in chunks (of a dict: keys and values, in turn)."""

    type: type
    chunks: tuple[Chunk, ...]


def freeze(value: object, before: object = None) -> object:
    """A value as it is now; the very object `before` if that says the same.

    Parameters
    ----------
    value
        Anything.
    before
        What an earlier call returned for the same key.

    Examples
    --------
    >>> history = [{"role": "user"}]
    >>> first = freeze(history)
    >>> freeze(history, first) is first
    True
    >>> history.append({"role": "assistant"})
    >>> thaw(freeze(history, first)), thaw(first)
    ([{'role': 'user'}, {'role': 'assistant'}], [{'role': 'user'}])
    """
    return _freeze(value, before, [LIMIT], set())


def freeze_values(values: Mapping[str, object], before: Node | None = None) -> Node:
    """A dict whose values are frozen each for itself, so that each may have `LIMIT` parts."""
    chunks = _freeze_parts(_parts(values), before.chunks if before else (), freeze)
    return before if before and _is_same(chunks, before.chunks) else Node(dict, chunks)


def frozen_values(frozen: Node) -> dict[str, object]:
    """What `freeze_values` keeps, by key, still frozen."""
    parts = list(chain.from_iterable(frozen.chunks))
    return dict(zip(map(str, parts[::2]), parts[1::2], strict=True))


def first_of(frozen: Node, count: int) -> Node:
    """The first entries of a dict, which share what they are made of with all of them."""
    whole, rest = divmod(2 * count, CHUNK)
    chunks = frozen.chunks[:whole]
    return Node(dict, (*chunks, frozen.chunks[whole][:rest]) if rest or not whole else chunks)


def thaw(frozen: object) -> Any:
    """The value that was frozen: plain data as a new copy, everything else as the very object that it was."""
    if not isinstance(frozen, Node):
        return frozen
    parts = [thaw(part) for part in chain.from_iterable(frozen.chunks)]
    if frozen.type is dict:
        return dict(zip(parts[::2], parts[1::2], strict=True))
    return frozen.type(parts)


def is_same(value: object, other: object) -> bool:
    """Whether two frozen values say the same; objects that are kept by reference are compared by identity."""
    if value is other:
        return True
    if isinstance(value, Node) and isinstance(other, Node):
        if value.type is not other.type or len(value.chunks) != len(other.chunks):
            return False
        pairs = zip(value.chunks, other.chunks, strict=True)
        return all(a is b or (len(a) == len(b) and all(map(is_same, a, b))) for a, b in pairs)
    return type(value) is type(other) and type(value) in _SCALARS and value == other


def is_plain(value: object) -> bool:
    """Whether a value is copied when it is frozen; others are kept by reference."""
    return type(value) in _SCALARS or freeze(value) is not value


def _freeze(value: object, before: object, room: list[int], path: set[int]) -> object:
    kind = type(value)
    if kind in _SCALARS:
        return before if type(before) is kind and before == value else value
    if kind not in _CONTAINERS or len(value) > room[0]:  # type: ignore[arg-type]  # it is sized
        return value
    if id(value) in path or len(path) == DEEPEST:
        return value
    parts = _parts(value)
    room[0] -= len(parts)
    old = before.chunks if isinstance(before, Node) and before.type is kind else ()
    if len(old) == 1 and _is_same(parts, old[0]):  # the usual small dict, as it was
        return before
    path.add(id(value))
    chunks = _freeze_parts(parts, old, partial(_freeze, room=room, path=path))
    path.discard(id(value))
    return before if old and _is_same(chunks, old) else Node(kind, chunks)


def _freeze_parts(parts: Chunk, before: tuple[Chunk, ...], freeze_part: FreezePart) -> tuple[Chunk, ...]:
    starts = range(0, len(parts) or 1, CHUNK)
    old = chain(before, repeat(()))
    return tuple(_freeze_chunk(parts[start : start + CHUNK], next(old), freeze_part) for start in starts)


def _freeze_chunk(parts: Chunk, before: Chunk, freeze_part: FreezePart) -> Chunk:
    if _is_same(parts, before):
        return before
    pairs = zip(parts, chain(before, repeat(None)), strict=False)
    frozen = tuple(part if part is was else freeze_part(part, was) for part, was in pairs)
    return before if _is_same(frozen, before) else frozen


def _parts(value: Any) -> Chunk:
    return tuple(chain.from_iterable(value.items())) if isinstance(value, dict) else tuple(value)


def _is_same(parts: Chunk, before: Chunk) -> bool:
    """Whether the very same objects are in both. What was frozen to a node is no longer the same object."""
    return len(parts) == len(before) and all(map(is_, parts, before))
