"""What a value is made of, found without running any code of its own.

Nothing here calls a method, a property or a ``__repr__`` that somebody could have written: containers are read with
the methods of ``dict``, ``list`` and the like also where a subclass has others, and of other objects the attributes
that lie in their ``__dict__`` and slots. So looking costs little, raises nothing and changes nothing.
"""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice
from types import (
    BuiltinFunctionType,
    FunctionType,
    GetSetDescriptorType,
    MappingProxyType,
    MemberDescriptorType,
    MethodType,
    ModuleType,
)
from typing import Any, NamedTuple

LONGEST_STEP = 100
"""Characters of a key that may be a step of a path; a longer key is known by its place."""

TRIES = 3

_SEQUENCES: tuple[type, ...] = (list, tuple, deque)
_SETS: tuple[type, ...] = (set, frozenset)
_WHOLE = (str, bytes, bytearray, int, float, complex, type, FunctionType, BuiltinFunctionType, MethodType, ModuleType)


class Part(NamedTuple):
    """One of the things that a value is made of.

    Attributes
    ----------
    step : str
        What leads to it from the value: ``.`` and a key or an attribute's name, or ``#`` and its place.
    key : object
        A dict's key, an attribute's name, a place in a sequence; None in a set.
    value : object
        What is there.
    """

    step: str
    key: object
    value: object


class Parts(NamedTuple):
    """The parts of a value, or the first and the last of them."""

    total: int
    first: Sequence[Part]
    last: Sequence[Part] = ()


def parts(value: object, most: int) -> Parts | None:
    """The parts of a value, at most so many; None if it is one whole.

    Examples
    --------
    >>> parts({"a": 1, "b": 2, "c": 3}, 2)
    Parts(total=3, first=[Part(step='.a', key='a', value=1)], last=[Part(step='.c', key='c', value=3)])
    >>> parts("text", 2) is None
    True
    """
    source = _source(value)
    if source is None:
        return None
    for _ in range(TRIES):
        try:
            return _read(source, most)
        except RuntimeError:  # a thread changed it meanwhile
            continue
    return Parts(len(source), ())


def _read(source: _Source, most: int) -> Parts:
    count = len(source)
    if count <= most or isinstance(source, _Bag):
        return Parts(count, list(source.between(0, most)))
    return Parts(count, list(source.between(0, most - most // 2)), list(source.between(count - most // 2, count)))


def part(value: object, step: str) -> Part | None:
    """The part that a step leads to, if it is there."""
    source = _source(value)
    if source is None:
        return None
    if step.startswith("."):
        return source.named(step[1:])
    index = int(step[1:]) if step.startswith("#") and step[1:].isdecimal() and len(step) < 20 else len(source)
    return next(source.between(index, index + 1), None) if index < len(source) else None


def type_name(value: object) -> str:
    """The name of a value's type."""
    name: str = _TYPE_NAME.__get__(type(value))
    return name


def is_a(value: object, kind: type | tuple[type, ...]) -> bool:
    """Whether a value is of a type, without asking the value: proxies answer for others."""
    return issubclass(type(value), kind)


def attributes(value: object) -> dict[str, object]:
    """The public attributes that an object holds itself, in its ``__dict__`` and its slots."""
    found: dict[str, object] = {}
    for cls in _MRO.__get__(type(value)):
        members: MappingProxyType[str, Any] = _TYPE_DICT.__get__(cls)
        own = members.get("__dict__")
        if type(own) is GetSetDescriptorType:
            found |= _held(own, value)
        for name, member in members.items():
            if type(member) is MemberDescriptorType and not name.startswith("_"):
                try:
                    found.setdefault(name, member.__get__(value))
                except AttributeError:
                    continue  # the slot is empty
    return found


_TYPE_NAME: Any = type.__dict__["__name__"]
_TYPE_DICT: Any = type.__dict__["__dict__"]
_MRO: Any = type.__dict__["__mro__"]


def _held(own: Any, value: object) -> dict[str, object]:
    held = own.__get__(value)
    if not is_a(held, dict):
        return {}
    return {key: each for key, each in dict.copy(held).items() if type(key) is str and not key.startswith("_")}


# ── Where parts come from ────────────────────────────────────────────────────────────────────────


class _Source:
    """A value that has parts."""

    def __len__(self) -> int:
        raise NotImplementedError

    def between(self, start: int, end: int) -> Iterator[Part]:
        """Those from one place up to another."""
        raise NotImplementedError

    def named(self, name: str) -> Part | None:
        """The one with this name."""
        return None


class _Named(_Source):
    """A dict, or an object's attributes."""

    def __init__(self, values: dict[Any, object]) -> None:
        self._values = values

    def __len__(self) -> int:
        return dict.__len__(self._values)

    def between(self, start: int, end: int) -> Iterator[Part]:
        count = len(self)
        if start > count // 2:  # from the nearer end
            items = list(islice(reversed(dict.items(self._values)), max(0, count - end), count - start))[::-1]
        else:
            items = list(islice(dict.items(self._values), start, end))
        return (Part(_step(key, index), key, value) for index, (key, value) in enumerate(items, start))

    def named(self, name: str) -> Part | None:
        missing = object()
        value = dict.get(self._values, name, missing)
        return None if value is missing else Part(f".{name}", name, value)


class _Sequence(_Source):
    """A list, a tuple, a deque."""

    def __init__(self, values: Any) -> None:
        self._values = values
        self._type: Any = next(kind for kind in _SEQUENCES if is_a(values, kind))

    def __len__(self) -> int:
        count: int = self._type.__len__(self._values)
        return count

    def between(self, start: int, end: int) -> Iterator[Part]:
        for index in range(start, min(end, len(self))):
            try:
                yield Part(f"#{index}", index, self._type.__getitem__(self._values, index))
            except IndexError:  # a thread made it shorter
                return


class _Bag(_Source):
    """A set, whose parts have no names and no order to speak of."""

    def __init__(self, values: Any) -> None:
        self._values = values
        self._type: Any = set if is_a(values, set) else frozenset

    def __len__(self) -> int:
        count: int = self._type.__len__(self._values)
        return count

    def between(self, start: int, end: int) -> Iterator[Part]:
        for index, value in enumerate(islice(self._type.__iter__(self._values), start, end), start):
            yield Part(f"#{index}", None, value)


def _source(value: object) -> _Source | None:
    if value is None or is_a(value, _WHOLE):
        return None
    if type(value) is MappingProxyType:  # what it shows may be a mapping with methods of its own: look behind it
        behind = gc.get_referents(value)
        value = behind[0] if behind else value
    if is_a(value, dict):
        return _Named(value)  # type: ignore[arg-type]
    if is_a(value, tuple) and (fields := _fields(value)) is not None:
        return _Named(fields)
    if is_a(value, _SEQUENCES):
        return _Sequence(value)
    if is_a(value, _SETS):
        return _Bag(value)
    found = attributes(value)
    return _Named(found) if found else None


def _fields(value: Any) -> dict[Any, object] | None:
    """The fields of a named tuple."""
    types = map(_TYPE_DICT.__get__, _MRO.__get__(type(value)))
    names = next((members["_fields"] for members in types if "_fields" in members), None)
    if type(names) is not tuple or tuple.__len__(value) != len(names):
        return None
    return {name: tuple.__getitem__(value, index) for index, name in enumerate(names)}


def _step(key: object, index: int) -> str:
    return f".{key}" if type(key) is str and len(key) <= LONGEST_STEP else f"#{index}"
