"""Values that a person can write in a field: which ones, how they are written, and how they are read."""

from __future__ import annotations

import ast
from typing import Any

from .errors import OptionError
from .parts import part
from .protocol import ValueType
from .secrets import Secrets
from .state import SessionState

MAX_CHARS = 10_000
"""The longest text that can be edited."""

BITS = 1024  # of the largest number
_TYPES: tuple[tuple[type, ValueType], ...] = (
    (bool, "bool"),
    (int, "int"),
    (float, "float"),
    (str, "str"),
    (type(None), "None"),
)


def editable(value: object) -> ValueType | None:
    """The type of a value that can be written in a field; None if it cannot."""
    kind = next((name for each, name in _TYPES if type(value) is each), None)
    if isinstance(value, str) and len(value) > MAX_CHARS:
        return None
    return None if type(value) is int and value.bit_length() > BITS else kind


def written(value: object) -> str:
    """A value as it stands in its field."""
    return value if isinstance(value, str) else repr(value)


def read(text: str, kind: ValueType) -> object:
    """The value that was written, of the type that the one before had.

    Raises
    ------
    OptionError
        When it cannot be read as that.

    Examples
    --------
    >>> read("7", "int"), read("7", "float"), read("7", "str"), read("on", "bool"), read("7", "None")
    (7, 7.0, '7', True, 7)
    """
    if len(text) > MAX_CHARS:
        raise OptionError(
            f"A value that is written here may have {MAX_CHARS:,} characters, but this has {len(text):,}."
        )
    match kind:
        case "str":
            return text
        case "bool":
            return _bool(text.strip())
        case "int" | "float":
            return _number(text.strip(), kind)
        case "None":
            return _anything(text.strip())


def set_at(state: SessionState, path: list[str], text: str, secrets: Secrets) -> None:
    """Set what the steps of `path` lead to, in the state, to what was written.

    Raises
    ------
    OptionError
        When it is not there any more, is no value that can be edited, or the text cannot be read as its type.
    """
    key, owner, value = _find(state, path, secrets)
    kind = editable(value)
    if kind is None:
        raise OptionError(f"A {type(value).__name__} cannot be edited here; set it from a cell.")
    new = read(text, kind)
    if owner is None:
        state.set(key, new)
        return
    owner[key] = new
    root = path[0][1:]
    state.set(root, state[root])  # so that its observers hear of it


def _find(state: SessionState, path: list[str], secrets: Secrets) -> tuple[Any, Any, object]:
    """The last key on the path, the container that it is in (None: the state itself), and the value there."""
    owner: Any = dict(state.items())
    for depth, step in enumerate(path):
        found = part(owner, step)
        if found is None:
            raise OptionError("This value is not there any more.")
        if not is_open(owner, found.key, secrets):
            break
        if depth == len(path) - 1:
            return found.key, owner if depth else None, found.value
        owner = found.value
    raise OptionError("This value cannot be edited here; set it from a cell.")


def is_open(owner: object, key: object, secrets: Secrets) -> bool:
    """Whether what stands there may be edited: in a dict or a list, and not where a secret could be."""
    return type(owner) in (dict, list) and not secrets.has(key, "x" * 100)


def _bool(text: str) -> bool:
    words = {"true": True, "on": True, "yes": True, "1": True, "false": False, "off": False, "no": False, "0": False}
    if text.lower() not in words:
        raise OptionError(f"{text!r} is neither True nor False.")
    return words[text.lower()]


def _number(text: str, kind: ValueType) -> int | float:
    try:
        return int(text) if kind == "int" else float(text)
    except ValueError:
        wanted = "a whole number" if kind == "int" else "a number"
        raise OptionError(
            f"{text[:50]!r} is not {wanted}, as this value is; to change its type, set it from a cell."
        ) from None


def _anything(text: str) -> object:
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        value = ...
    if value is not None and editable(value) is None:
        raise OptionError(f'{text[:50]!r} is none of None, True, False, a number, and a "text" in quotes.')
    return value
