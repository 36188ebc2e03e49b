"""A value in one line, for people to read: bounded in length and in time, with its secrets hidden.

Only what is small and harmless is asked for its ``repr``: numbers, dates, paths and the like, of the very types that
Python has. Texts are cut, containers and objects show their first parts (see `parts`), arrays and tables their shape.
No code of an object's own class runs.
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable
from decimal import Decimal
from enum import Enum
from pathlib import PosixPath, PurePosixPath, PureWindowsPath, WindowsPath
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any
from uuid import UUID

from .parts import Part, Parts, is_a, parts, type_name
from .secrets import HIDDEN, Mask

CHARS = 160
"""The length of a summary at most."""

TEXT_CHARS = 80  # of one text in it
PARTS = 6  # of one value in it
VALUES = 40  # in all
DEEP = 3
BITS = 256  # of a number that is written out

_SMALL = frozenset[type](
    {
        *(type(None), bool, complex, range, UUID, PosixPath, PurePosixPath, WindowsPath, PureWindowsPath),
        *(datetime.datetime, datetime.date, datetime.time, datetime.timedelta, datetime.timezone),
    }
)
_FUNCTIONS = (FunctionType, BuiltinFunctionType, MethodType)
_BRACKETS = ((dict, "{", "}"), (list, "[", "]"), (tuple, "(", ")"), (set, "{", "}"))


def summarize(value: object, mask: Mask) -> str:
    """A value in one line.

    Parameters
    ----------
    value
        Anything.
    mask
        What to hide in it.

    Examples
    --------
    >>> from anychat.secrets import Mask, Secrets
    >>> summarize({"model": "small", "api_key": "sk-1", "steps": list(range(99))}, Mask(Secrets(), []))
    "{'model': 'small', 'api_key': •••, 'steps': [0, 1, 2, …, 96, 97, 98]}"
    """
    text = _Line(mask).of(value)
    return text if len(text) <= CHARS else f"{text[: CHARS - 1]}…"


def shape(value: object) -> str | None:
    """The size of an array, a table or a picture, and what it consists of; None of anything else."""
    kind = type(value)
    for module, name, describe in _SHAPED:
        if module in sys.modules and kind is getattr(sys.modules[module], name, None):
            try:
                return describe(value)
            except Exception:  # another version of its package
                return None
    return None


class _Line:
    """One summary in the making."""

    def __init__(self, mask: Mask) -> None:
        self._mask = mask
        self._left = VALUES
        self._around: list[object] = []  # the values that the one at hand is in

    def of(self, value: object) -> str:
        """The text for a value, or for one that is in it."""
        self._left -= 1
        text = self._whole(value)
        return self._with_parts(value) if text is None else text

    def _whole(self, value: Any) -> str | None:
        kind = type(value)
        if is_a(value, Enum):
            return f"{type_name(value)}.{object.__getattribute__(value, '_name_')}"
        if is_a(value, str):
            return self._quoted(str.__str__(value))
        if is_a(value, int) and kind is not bool:
            return self._integer(int.__int__(value))
        if is_a(value, float):
            return self._mask.hide(float.__repr__(value))
        if kind in (bytes, bytearray):
            return "b" + self._quoted(bytes(value[: TEXT_CHARS + 1 + self._mask.longest]).decode("latin-1"))
        if kind in _SMALL or (kind is Decimal and len(value.as_tuple().digits) < TEXT_CHARS):
            return self._mask.hide(repr(value))
        if is_a(value, _FUNCTIONS):
            return f"<function {_name_of(value)}>"
        if is_a(value, (type, ModuleType)):
            return f"<{'class' if is_a(value, type) else 'module'} {_name_of(value)}>"
        if _is_numpy_scalar(value):
            return self._mask.hide(repr(value.item()))
        size = shape(value)
        return None if size is None else self._mask.hide(f"<{type_name(value)} {size}>")

    def _quoted(self, text: str) -> str:
        shown = repr(self._mask.hide(text, TEXT_CHARS))
        return shown if len(text) <= TEXT_CHARS else f"{shown[:-1]}…{shown[-1]}"

    def _integer(self, number: int) -> str:
        bits = number.bit_length()
        return self._mask.hide(repr(number)) if bits <= BITS else f"a number of {bits:,} bits"

    def _with_parts(self, value: object) -> str:
        found = parts(value, PARTS)
        if found is None:
            return f"<{type_name(value)}>"
        opened, closed = _brackets(value)
        if found.total == 0:
            return opened + closed
        if len(self._around) == DEEP or any(value is each for each in self._around):
            return f"{opened}…{closed}"
        self._around.append(value)
        shown = self._shown(found, is_a(value, dict))
        self._around.pop()
        comma = "," if type(value) is tuple and found.total == 1 else ""
        return f"{opened}{', '.join(shown)}{comma}{closed}"

    def _shown(self, found: Parts, is_dict: bool) -> list[str]:
        first = [self._part(each, is_dict) for each in found.first if self._left > 0]
        last = [self._part(each, is_dict) for each in found.last if self._left > 0]
        return first if len(first) == found.total else [*first, "…", *last]

    def _part(self, part: Part, is_dict: bool) -> str:
        text = HIDDEN if self._mask.rule.has(part.key, part.value) else self.of(part.value)
        if is_dict:
            return f"{self.of(part.key)}: {text}"
        return f"{self._mask.hide(part.key)}={text}" if isinstance(part.key, str) else text


def _brackets(value: object) -> tuple[str, str]:
    for kind, opened, closed in _BRACKETS:
        if type(value) is kind and (kind is not set or set.__len__(value)):  # type: ignore[arg-type]
            return opened, closed
    return f"{type_name(value)}(", ")"


def _name_of(value: Any) -> str:
    if is_a(value, type):
        return str(type.__dict__["__name__"].__get__(value))
    if is_a(value, ModuleType):
        return str(ModuleType.__getattribute__(value, "__dict__").get("__name__"))
    function = value.__func__ if is_a(value, MethodType) else value
    return str(function.__qualname__) if is_a(function, _FUNCTIONS) else type_name(function)


def _is_numpy_scalar(value: object) -> bool:
    numpy = sys.modules.get("numpy")
    return numpy is not None and is_a(value, numpy.generic) and type(value).__module__ == "numpy"


# ── Arrays, tables, pictures ─────────────────────────────────────────────────────────────────────


def _array(value: Any) -> str:
    first = [str(each) for each in value.flat[:PARTS].tolist()] if value.dtype.kind in "biufc" else []
    more = ["…"] if first and value.size > len(first) else []
    return f"{_sizes(value.shape)} {value.dtype.name}" + (f": {', '.join([*first, *more])}" if first else "")


def _tensor(value: Any) -> str:
    return f"{_sizes(value.shape)} {value.dtype} on {value.device}"


def _series(value: Any) -> str:
    return f"{len(value.index):,} × {value.dtype.name}"


def _frame(value: Any) -> str:
    return f"{len(value.index):,} rows: {_columns(value.columns)}"


def _polars_frame(value: Any) -> str:
    return f"{value.height:,} rows: {_columns(value.columns)}"


def _picture(value: Any) -> str:
    return f"{_sizes(value.size)} {value.mode}"


def _columns(names: Any) -> str:
    shown = [str(name)[:TEXT_CHARS] for name in names[:PARTS]]
    return f"{len(names):,} columns ({', '.join([*shown, *(['…'] if len(names) > len(shown) else [])])})"


def _sizes(sizes: Any) -> str:
    return " × ".join(f"{size:,}" for size in sizes) or "one"


_SHAPED: tuple[tuple[str, str, Callable[[Any], str]], ...] = (
    ("numpy", "ndarray", _array),
    ("pandas", "DataFrame", _frame),
    ("pandas", "Series", _series),
    ("polars", "DataFrame", _polars_frame),
    ("torch", "Tensor", _tensor),
    ("PIL.Image", "Image", _picture),
)
"""Types of other packages by module and name, and how to say what they are; looked at only where they are loaded."""
