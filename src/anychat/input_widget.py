"""The inputs of the settings form, by Chainlit's names: what the user sees, and which values are taken."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date, datetime
from numbers import Real
from typing import Any, ClassVar, Literal

from .errors import InvalidValueError
from .protocol import Choice, Field, FieldType

MAX_TEXT_CHARS = 100_000
MAX_TAGS = 1_000

_SCALARS = (str, int, float, bool)


@dataclass
class InputWidget:
    """What all inputs have. Values are checked twice: when the App writes them, and when they come from a page.

    Parameters
    ----------
    id
        The key in ``cl.user_session.get("chat_settings")``.
    label
        What the user reads beside it.
    initial
        The value at first.
    tooltip, description
        What else the user reads.
    disabled
        Whether the user can look at it only.

    Raises
    ------
    InvalidValueError
        When something is missing, of the wrong kind, or contradicts itself. It is a ValueError.
    """

    type: ClassVar[FieldType]

    id: str
    label: str
    initial: Any = None
    tooltip: str | None = None
    description: str | None = None
    disabled: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.id, str) or not isinstance(self.label, str) or not self.id or not self.label:
            raise InvalidValueError(
                f"A {type(self).__name__} needs an id and a label, both text and not empty, not id={self.id!r} and "
                f"label={self.label!r}."
            )
        self.initial = self._as_kind(self.initial)

    def parse(self, value: object) -> Any:
        """The value as callbacks get it, if a user may choose it.

        Raises
        ------
        InvalidValueError
            When it is of the wrong kind, out of bounds, or not among the choices.
        """
        value = self._as_kind(value)
        if not self._is_allowed(value):
            raise self._refusal(value)
        return value

    def to_dict(self) -> dict[str, Any]:
        """The widget as a dict, with Chainlit's keys."""
        common = ("type", "id", "label", "initial", "tooltip", "description", "disabled")
        return {**{name: getattr(self, name) for name in common}, **self._own()}

    def field(self, value: object) -> Field:
        """The widget as it travels, with a value in it; one that the page cannot show is left out."""
        common = {name: getattr(self, name) for name in ("id", "type", "label", "tooltip", "description", "disabled")}
        return Field(**common, **self._shown(), value=self._as_shown(value), initial=self.initial)

    def _as_kind(self, value: object) -> Any:
        """The value as it is kept, if it is of the right kind; it may still be one that the user must not choose."""
        return value

    def _is_allowed(self, value: Any) -> bool:
        return True

    def _own(self) -> dict[str, Any]:
        """What only this kind of widget has, with Chainlit's keys."""
        return {}

    def _shown(self) -> dict[str, Any]:
        """The same with the keys of `Field`."""
        return self._own()

    def _as_shown(self, value: object) -> Any:
        try:
            return self._as_kind(value)
        except InvalidValueError:
            return value if isinstance(value, _SCALARS) else None

    def _expected(self) -> str:
        """What a value must be, in words."""
        return "a value"

    def _refusal(self, value: object) -> InvalidValueError:
        shown = repr(value)
        shown = shown if len(shown) <= 100 else f"{shown[:99]}…"
        return InvalidValueError(f"{self.label!r} ({self.id}) takes {self._expected()}, not {shown}.")


@dataclass
class _OnOff(InputWidget):
    initial: bool = False

    def _expected(self) -> str:
        return "true or false"

    def _as_kind(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise self._refusal(value)
        return value


@dataclass
class Switch(_OnOff):
    """Something that is on or off: a bool."""

    type: ClassVar[FieldType] = "switch"


@dataclass
class Checkbox(_OnOff):
    """Something that is so or not so: a bool."""

    type: ClassVar[FieldType] = "checkbox"


@dataclass
class Slider(InputWidget):
    """A number between two bounds: a float.

    Parameters
    ----------
    min, max
        The bounds.
    step
        How far apart the values are that the slider stops at.

    Examples
    --------
    >>> from anychat.input_widget import Slider
    >>> Slider("temperature", "Temperature", initial=1, max=2, step=0.1).initial
    1.0
    """

    type: ClassVar[FieldType] = "slider"

    initial: float = 0
    min: float = 0
    max: float = 10
    step: float = 1

    def _expected(self) -> str:
        return f"a number between {self.min:g} and {self.max:g}"

    def __post_init__(self) -> None:
        is_usable = None not in map(_as_number, (self.min, self.max, self.step))
        if not is_usable or self.min > self.max or self.step <= 0:
            raise InvalidValueError(
                f"A Slider goes from min to max in steps above 0, not from {self.min!r} to {self.max!r} in steps of "
                f"{self.step!r}."
            )
        super().__post_init__()

    def _as_kind(self, value: object) -> float:
        number = _as_number(value)
        if number is None:
            raise self._refusal(value)
        return number

    def _is_allowed(self, value: float) -> bool:
        return self.min <= value <= self.max

    def _own(self) -> dict[str, Any]:
        return {"min": self.min, "max": self.max, "step": self.step}


@dataclass
class NumberInput(InputWidget):
    """A number, or none: a float or None.

    Parameters
    ----------
    placeholder
        What the empty field shows.
    """

    type: ClassVar[FieldType] = "numberinput"

    initial: float | None = None
    placeholder: str | None = None

    def _expected(self) -> str:
        return "a number, or nothing"

    def _as_kind(self, value: object) -> float | None:
        number = _as_number(value)
        if number is None and value is not None:
            raise self._refusal(value)
        return number

    def _own(self) -> dict[str, Any]:
        return {"placeholder": self.placeholder}


@dataclass
class TextInput(InputWidget):
    """A text, or none: a str or None. What the user leaves empty is None.

    Parameters
    ----------
    placeholder
        What the empty field shows.
    multiline
        Whether it has more than one line.
    """

    type: ClassVar[FieldType] = "textinput"

    initial: str | None = None
    placeholder: str | None = None
    multiline: bool = False

    def _expected(self) -> str:
        return f"text of up to {MAX_TEXT_CHARS:,} characters"

    def parse(self, value: object) -> str | None:
        """The text; None for an empty one."""
        return super().parse(value) or None

    def _as_kind(self, value: object) -> str | None:
        if value is not None and not isinstance(value, str):
            raise self._refusal(value)
        return value

    def _is_allowed(self, value: str | None) -> bool:
        return value is None or len(value) <= MAX_TEXT_CHARS

    def _own(self) -> dict[str, Any]:
        return {"placeholder": self.placeholder, "multiline": self.multiline}


@dataclass
class Tags(InputWidget):
    """Words that the user makes up: a list of str.

    Parameters
    ----------
    values
        Words to suggest.
    """

    type: ClassVar[FieldType] = "tags"

    initial: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)

    def _expected(self) -> str:
        return f"a list of up to {MAX_TAGS:,} texts"

    def _as_kind(self, value: object) -> list[str]:
        texts = _as_texts(value)
        if texts is None:
            raise self._refusal(value)
        return texts

    def _is_allowed(self, value: list[str]) -> bool:
        return len(value) <= MAX_TAGS and sum(map(len, value)) <= MAX_TEXT_CHARS

    def _shown(self) -> dict[str, Any]:
        return {"items": [Choice(label=each, value=each) for each in self.values]}


@dataclass
class _Choices(InputWidget):
    values: list[str] = field(default_factory=list)
    items: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if bool(self.values) == bool(self.items):
            given = "both" if self.values else "neither"
            raise InvalidValueError(
                f"A {type(self).__name__} needs either values=[...] or items={{label: value}}, and {given} came."
            )
        if self.values:
            self.items = {value: value for value in self.values}
        if not all(isinstance(text, str) for pair in self.items.items() for text in pair):
            raise InvalidValueError(
                f"The labels and values of a {type(self).__name__} are text, not {dict(self.items)!r}."
            )
        super().__post_init__()

    def _expected(self) -> str:
        return f"one of {', '.join(map(repr, self.items.values()))}"

    def _own(self) -> dict[str, Any]:
        return {"items": [{"label": label, "value": value} for label, value in self.items.items()]}

    def _shown(self) -> dict[str, Any]:
        return {"items": [Choice(label=label, value=value) for label, value in self.items.items()]}


@dataclass
class _OneOf(_Choices):
    initial: str | None = None
    initial_index: int | None = None
    initial_value: str | None = None

    def __post_init__(self) -> None:
        if self.initial_index is not None and not self.values:
            raise InvalidValueError(f"A {type(self).__name__} takes initial_index only together with values=[...].")
        if self.initial_index is None:
            self.initial = self.initial_value
        elif -len(self.values) <= self.initial_index < len(self.values):
            self.initial = self.values[self.initial_index]
        else:
            raise InvalidValueError(
                f"initial_index={self.initial_index} of a {type(self).__name__} with {len(self.values)} values points "
                "at none of them."
            )
        super().__post_init__()

    def _as_kind(self, value: object) -> str | None:
        if value is not None and not isinstance(value, str):
            raise self._refusal(value)
        return value

    def _is_allowed(self, value: str | None) -> bool:
        return value in self.items.values() or (value is None and self.initial is None)


@dataclass
class Select(_OneOf):
    """One of several values, from a list that opens: a str, or None where nothing was chosen yet.

    Parameters
    ----------
    values, items
        The values; or a dict of label and value.
    initial_index, initial_value
        The value at first: by its place in `values`, or itself.

    Examples
    --------
    >>> from anychat.input_widget import Select
    >>> Select("model", "Model", values=["small", "large"], initial_index=1).initial
    'large'
    """

    type: ClassVar[FieldType] = "select"


@dataclass
class RadioGroup(_OneOf):
    """One of several values, all in sight: a str, or None where nothing was chosen yet.

    Parameters
    ----------
    values, items, initial_index, initial_value
        As for `Select`.
    """

    type: ClassVar[FieldType] = "radio"


@dataclass
class MultiSelect(_Choices):
    """Any number of several values: a list of str.

    Parameters
    ----------
    values, items
        As for `Select`.
    """

    type: ClassVar[FieldType] = "multiselect"

    initial: list[str] = field(default_factory=list)

    def _expected(self) -> str:
        return f"a list of some of {', '.join(map(repr, self.items.values()))}, each once"

    def _as_kind(self, value: object) -> list[str]:
        texts = _as_texts(value)
        if texts is None:
            raise self._refusal(value)
        return texts

    def _is_allowed(self, value: list[str]) -> bool:
        return set(value) <= set(self.items.values()) and len(set(value)) == len(value)


@dataclass
class DatePicker(InputWidget):
    """A date, or two of them: ISO 8601 text such as ``"2026-11-22"``, a pair of such texts, or None.

    Parameters
    ----------
    mode
        ``"single"`` or ``"range"``.
    initial, min_date, max_date
        ISO text or `datetime.date`; for a range, `initial` is a pair.
    format
        Taken for Chainlit's sake: the browser writes dates as its user reads them.
    placeholder
        What the empty field shows, where the browser lets it.
    """

    type: ClassVar[FieldType] = "datepicker"

    mode: Literal["single", "range"] = "single"
    initial: Any = None
    min_date: str | date | None = None
    max_date: str | date | None = None
    format: str | None = None
    placeholder: str | None = None

    def __post_init__(self) -> None:
        if self.mode not in ("single", "range"):
            raise InvalidValueError(f'A DatePicker has the mode "single" or "range", not {self.mode!r}.')
        self.min_date, self.max_date = self._as_bound(self.min_date), self._as_bound(self.max_date)
        if self.min_date and self.max_date and self.min_date > self.max_date:
            raise InvalidValueError(f"The min_date of {self.label!r} ({self.min_date}) is after its max_date.")
        super().__post_init__()
        self.parse(self.initial)

    def _expected(self) -> str:
        bounds = f"from {self.min_date or 'any time'} to {self.max_date or 'any time'}"
        if self.mode == "range":
            return f'a pair of dates such as ("2026-11-22", "2026-11-30"), the earlier one first, {bounds}, or None'
        return f'a date such as "2026-11-22", {bounds}, or None'

    def _as_kind(self, value: object) -> Any:
        if value is None:
            return None
        is_pair = isinstance(value, list | tuple) and len(value) == 2
        days = [_as_iso(each) for each in value] if is_pair else [_as_iso(value)]  # type: ignore[attr-defined]
        if None in days or is_pair != (self.mode == "range"):
            raise self._refusal(value)
        return tuple(days) if is_pair else days[0]

    def _is_allowed(self, value: Any) -> bool:
        days = () if value is None else (value,) if self.mode == "single" else value
        ordered = [day for day in (self.min_date, *days, self.max_date) if day is not None]
        return ordered == sorted(ordered)  # ISO dates sort as text

    def _as_bound(self, value: object) -> str | None:
        day = _as_iso(value)
        if day is None and value is not None:
            raise self._refusal(value)
        return day

    def _own(self) -> dict[str, Any]:
        names = ("mode", "min_date", "max_date", "format", "placeholder")
        return {name: getattr(self, name) for name in names}

    def _shown(self) -> dict[str, Any]:
        return {name: value for name, value in self._own().items() if name != "format"}


@dataclass
class Tab:
    """Inputs under a heading of their own.

    Parameters
    ----------
    id, label
        What tells tabs apart, and what the user reads.
    inputs
        What is in it.
    """

    id: str
    label: str
    inputs: list[InputWidget] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """The tab as a dict, with Chainlit's keys."""
        return {"id": self.id, "label": self.label, "inputs": [each.to_dict() for each in self.inputs]}


def _as_number(value: object) -> float | None:
    is_number = isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if is_number else None  # type: ignore[arg-type]


def _as_texts(value: object) -> list[str] | None:
    if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
        return None
    return list(value)


def _as_iso(value: object) -> str | None:
    if isinstance(value, datetime):
        value = value.date()
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return None
    return day.isoformat() if isinstance(day, date) else None
