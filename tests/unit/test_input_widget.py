"""The inputs of the settings form: as Chainlit's, and strict with what comes from a page."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

import anychat as cl
from anychat.errors import InvalidValueError, OptionError
from anychat.input_widget import (
    Checkbox,
    DatePicker,
    InputWidget,
    MultiSelect,
    NumberInput,
    RadioGroup,
    Select,
    Slider,
    Switch,
    Tab,
    Tags,
    TextInput,
)

COMMON = {"id": "a", "label": "A", "tooltip": None, "description": None, "disabled": False}
XY = [{"label": "X", "value": "x"}]

# As the real package writes them.
DICTS: list[tuple[InputWidget, dict[str, Any]]] = [
    (Switch("a", "A"), {"type": "switch", "initial": False}),
    (Checkbox("a", "A", True), {"type": "checkbox", "initial": True}),
    (Slider("a", "A", 3, min=1, max=5), {"type": "slider", "initial": 3.0, "min": 1, "max": 5, "step": 1}),
    (Select("a", "A", items={"X": "x"}, initial_value="x"), {"type": "select", "initial": "x", "items": XY}),
    (RadioGroup("a", "A", items={"X": "x"}), {"type": "radio", "initial": None, "items": XY}),
    (MultiSelect("a", "A", ["x"], items={"X": "x"}), {"type": "multiselect", "initial": ["x"], "items": XY}),
    (
        TextInput("a", "A", placeholder="p", multiline=True),
        {"type": "textinput", "initial": None, "placeholder": "p", "multiline": True},
    ),
    (NumberInput("a", "A", 3), {"type": "numberinput", "initial": 3.0, "placeholder": None}),
    (Tags("a", "A", ["x"], values=["y"]), {"type": "tags", "initial": ["x"]}),
    (
        DatePicker("a", "A", date(2026, 1, 2), min_date="2026-01-01", format="dd"),
        {
            "type": "datepicker",
            "mode": "single",
            "initial": "2026-01-02",
            "min_date": "2026-01-01",
            "max_date": None,
            "format": "dd",
            "placeholder": None,
        },
    ),
    (
        DatePicker("a", "A", ("2026-01-02", datetime(2026, 2, 1, 8)), mode="range"),
        {
            "type": "datepicker",
            "mode": "range",
            "initial": ("2026-01-02", "2026-02-01"),
            "min_date": None,
            "max_date": None,
            "format": None,
            "placeholder": None,
        },
    ),
]


@pytest.mark.parametrize(("widget", "expected"), DICTS, ids=lambda value: getattr(value, "type", ""))
def test_the_dict_forms_are_chainlits(widget: InputWidget, expected: dict[str, Any]) -> None:
    assert widget.to_dict() == {**COMMON, **expected}


def test_a_tab_is_a_dict_with_its_inputs() -> None:
    tab = Tab("t", "Tab", [Switch("a", "A", tooltip="tip", disabled=True)])
    switch = {**COMMON, "type": "switch", "initial": False, "tooltip": "tip", "disabled": True}
    assert tab.to_dict() == {"id": "t", "label": "Tab", "inputs": [switch]}


def test_choices_are_values_or_items_and_begin_where_they_are_told() -> None:
    select = Select("a", "A", values=["x", "y"], initial_index=1, initial="ignored")
    assert (select.initial, select.items) == ("y", {"x": "x", "y": "y"})
    assert Select("a", "A", values=["x"], initial="x").initial is None
    assert RadioGroup("a", "A", values=["x", "y", "z"], initial_index=-1).initial == "z"
    assert MultiSelect("a", "A", values=["x"]).initial == []


WRONG: dict[str, tuple[Callable[[], object], str]] = {
    "no id": (lambda: Switch("", "A"), "needs an id and a label"),
    "no label": (lambda: Slider("a", ""), "needs an id and a label"),
    "an id that is no text": (lambda: Switch(1, "A"), "needs an id and a label"),  # type: ignore[arg-type]
    "no bool": (lambda: Switch("a", "A", "yes"), "takes true or false, not 'yes'"),  # type: ignore[arg-type]
    "no number": (lambda: Slider("a", "A", "x"), "takes a number between 0 and 10"),  # type: ignore[arg-type]
    "not a number": (lambda: NumberInput("a", "A", float("nan")), "takes a number, or nothing"),
    "bounds": (lambda: Slider("a", "A", min=3, max=2), "goes from min to max"),
    "step": (lambda: Slider("a", "A", step=0), "in steps above 0"),
    "neither": (lambda: Select("a", "A"), "neither came"),
    "both": (lambda: MultiSelect("a", "A", values=["x"], items={"X": "x"}), "both came"),
    "index of items": (lambda: RadioGroup("a", "A", items={"X": "x"}, initial_index=0), "only together with values"),
    "index out of range": (lambda: Select("a", "A", values=["x"], initial_index=7), "points at none of them"),
    "numbers as values": (lambda: Select("a", "A", values=[1, 2]), "are text"),  # type: ignore[list-item]
    "tags": (lambda: Tags("a", "A", "words"), "takes a list"),  # type: ignore[arg-type]
    "no such day": (lambda: DatePicker("a", "A", "2026-13-02"), "takes a date such as"),
    "mode": (lambda: DatePicker("a", "A", mode="both"), "not 'both'"),  # type: ignore[arg-type]
    "a day as range": (lambda: DatePicker("a", "A", "2026-01-02", mode="range"), "takes a pair of dates"),
    "a range as day": (lambda: DatePicker("a", "A", ("2026-01-02", "2026-01-03")), "takes a date such as"),
    "the later first": (lambda: DatePicker("a", "A", ("2026-01-02", "2026-01-01"), mode="range"), "earlier one first"),
    "before the first": (lambda: DatePicker("a", "A", "2026-01-02", min_date="2026-01-03"), "from 2026-01-03"),
    "bounds of dates": (lambda: DatePicker("a", "A", min_date="2026-02-01", max_date="2026-01-01"), "after its max"),
    "a bound that is none": (lambda: DatePicker("a", "A", min_date="soon"), "not 'soon'"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_is_said_where_it_is_written(case: str) -> None:
    make, words = WRONG[case]
    with pytest.raises(ValueError, match=words) as raised:
        make()
    assert isinstance(raised.value, cl.AnychatError)


TAKEN: list[tuple[InputWidget, object, object]] = [
    (Switch("a", "A"), True, True),
    (Slider("a", "A"), 3, 3.0),
    (NumberInput("a", "A"), None, None),
    (NumberInput("a", "A"), -2, -2.0),
    (Select("a", "A", values=["x"]), "x", "x"),
    (Select("a", "A", values=["x"]), None, None),
    (RadioGroup("a", "A", values=["x"]), "x", "x"),
    (TextInput("a", "A"), "text", "text"),
    (TextInput("a", "A", "before"), "", None),
    (Tags("a", "A"), ["one", "two"], ["one", "two"]),
    (MultiSelect("a", "A", values=["x", "y"]), ["y"], ["y"]),
    (DatePicker("a", "A"), "2026-11-22", "2026-11-22"),
    (DatePicker("a", "A", "2026-11-22"), None, None),
    (DatePicker("a", "A", mode="range"), ["2026-11-22", "2026-11-22"], ("2026-11-22", "2026-11-22")),
]


@pytest.mark.parametrize(("widget", "value", "expected"), TAKEN, ids=lambda value: getattr(value, "type", repr(value)))
def test_what_a_user_chooses_arrives_as_python_has_it(widget: InputWidget, value: object, expected: object) -> None:
    taken = widget.parse(value)
    assert taken == expected
    assert type(taken) is type(expected)


REFUSED: list[tuple[InputWidget, object]] = [
    (Switch("a", "A"), 1),
    (Switch("a", "A"), "true"),
    (Slider("a", "A"), 10.5),
    (Slider("a", "A"), True),
    (Slider("a", "A"), float("inf")),
    (Slider("a", "A"), None),
    (NumberInput("a", "A"), "3"),
    (Select("a", "A", values=["x"]), "z"),
    (Select("a", "A", values=["x"], initial_value="x"), None),
    (RadioGroup("a", "A", values=["x"]), ["x"]),
    (TextInput("a", "A"), {"text": 1}),
    (TextInput("a", "A"), "x" * 100_001),
    (Tags("a", "A"), ["one", 2]),
    (Tags("a", "A"), ["x"] * 1_001),
    (MultiSelect("a", "A", values=["x"]), ["x", "x"]),
    (MultiSelect("a", "A", values=["x"]), ["z"]),
    (DatePicker("a", "A"), "tomorrow"),
    (DatePicker("a", "A", max_date="2026-01-01"), "2026-01-02"),
    (DatePicker("a", "A", mode="range"), ["2026-01-02", None]),
    (DatePicker("a", "A", mode="range"), ["2026-01-02"]),
]


@pytest.mark.parametrize(("widget", "value"), REFUSED, ids=lambda value: getattr(value, "type", repr(value)[:20]))
def test_what_a_user_cannot_choose_is_refused_in_words(widget: InputWidget, value: object) -> None:
    with pytest.raises(InvalidValueError, match=r"^'A' \(a\) takes .*, not .*\.$"):
        widget.parse(value)


def test_settings_are_the_initial_values_of_all_tabs_and_of_two_alike_the_later() -> None:
    settings = cl.ChatSettings(
        [Tab("t", "T", [Switch("s", "S"), Slider("x", "X", 1)]), Tab("u", "U", [TextInput("x", "X")])]
    )
    assert settings.settings() == {"s": False, "x": None}


def test_settings_are_made_of_inputs() -> None:
    with pytest.raises(OptionError, match=r"\{'id': 'a'\} does not belong there"):
        cl.ChatSettings([{"id": "a"}])  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="does not belong there"):
        cl.ChatSettings([Switch("s", "S"), Tab("t", "T")])  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="does not belong there"):
        cl.ChatSettings(Switch("s", "S"))  # type: ignore[arg-type]
