"""A state as it was at one moment, at a price that does not grow with what stayed the same.

Plain data (lists, dicts, sets and tuples of plain data) is copied into nodes that share every part which is as it
was in the checkpoint before. So whether something changed in place is one comparison of identities, and a history that
grows by one message costs a walk over it, not a copy of its texts. Everything else is kept by reference.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

LIMIT = 10_000
"""How many values of one key are looked at; what is larger is kept by reference."""

_SCALARS = (str, int, float, bool, bytes, complex, type(None))
_CONTAINERS = (list, dict, set, frozenset, tuple)


class Node(NamedTuple):
    """One container: its type, and its parts (of a dict: keys and values, in turn)."""

    type: type
    parts: tuple[object, ...]


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
    >>> second = freeze(history, first)
    >>> second is first, second.parts[0] is first.parts[0]
    (False, True)
    """
    return _freeze(value, before, [LIMIT], set())


def _freeze(value: object, before: object, room: list[int], path: set[int]) -> object:
    kind = type(value)
    if kind in _SCALARS:
        return before if type(before) is kind and before == value else value
    if kind not in _CONTAINERS or len(value) > room[0] or id(value) in path:  # type: ignore[arg-type]  # it is sized
        return value
    path.add(id(value))
    parts = _freeze_parts(_parts(value), before.parts if isinstance(before, Node) else (), room, path)
    path.discard(id(value))
    if isinstance(before, Node) and before.type is kind and _are_same(parts, before.parts):
        return before
    return Node(kind, parts)


def _freeze_parts(
    parts: Iterable[object], before: tuple[object, ...], room: list[int], path: set[int]
) -> tuple[object, ...]:
    frozen = []
    for index, part in enumerate(parts):
        room[0] -= 1
        frozen.append(_freeze(part, before[index] if index < len(before) else None, room, path))
    return tuple(frozen)


def _parts(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return (part for pair in value.items() for part in pair)
    assert isinstance(value, list | set | frozenset | tuple)
    return value


def _are_same(parts: tuple[object, ...], before: tuple[object, ...]) -> bool:
    return len(parts) == len(before) and all(map(_is_same, parts, before))


def _is_same(part: object, before: object) -> bool:
    return part is before
