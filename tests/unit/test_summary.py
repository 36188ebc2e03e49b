"""A value in one line: bounded, readable, and without running code of its own."""

import collections
import datetime
import decimal
import enum
import sys
import threading
import tracemalloc
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import numpy
import pandas
import pytest
from PIL import Image

from anychat.parts import part, parts
from anychat.secrets import HIDDEN, Mask, Secrets
from anychat.summary import CHARS, summarize

MASK = Mask(Secrets(), ["sk-0123456789"])


def line(value: object) -> str:
    return summarize(value, MASK)


class Colour(enum.Enum):
    RED = 1


class Slots:
    __slots__ = ("a", "empty")

    def __init__(self) -> None:
        self.a = [1]


Point = collections.namedtuple("Point", "x y")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "None"),
        (True, "True"),
        (7, "7"),
        (10**5000, "a number of 16,610 bits"),
        (0.5, "0.5"),
        (decimal.Decimal("1.50"), "Decimal('1.50')"),
        (datetime.date(2026, 1, 2), "datetime.date(2026, 1, 2)"),
        ("it's", '"it\'s"'),
        ("two\nlines", r"'two\nlines'"),
        ("x" * 500, f"'{'x' * 80}…'"),
        (b"ab", "b'ab'"),
        (type("Name", (str,), {})("ada"), "'ada'"),
        (type("Ratio", (float,), {})(0.5), "0.5"),
        ([], "[]"),
        ((), "()"),
        ((1,), "(1,)"),
        (set(), "set()"),
        ({"a"}, "{'a'}"),
        (frozenset({1}), "frozenset(1)"),
        (list(range(300)), "[0, 1, 2, …, 297, 298, 299]"),
        ({"a": {"b": {"c": {"d": 1}}}}, "{'a': {'b': {'c': {…}}}}"),
        ({("a", 1): 2}, "{('a', 1): 2}"),
        (collections.Counter("aab"), "Counter('a': 2, 'b': 1)"),
        (collections.deque([1, 2]), "deque(1, 2)"),
        (types.MappingProxyType({"a": 1}), "mappingproxy(a=1)"),
        (Point(1, 2), "Point(x=1, y=2)"),
        (Slots(), "Slots(a=[1])"),
        (Colour.RED, "Colour.RED"),
        (object(), "<object>"),
        (len, "<function len>"),
        (Slots, "<class Slots>"),
        (sys, "<module sys>"),
        (threading.Lock(), "<lock>"),
        (Path("a") / "b", f"{type(Path()).__name__}('a/b')"),
        ({"api_key": "sk-1", "max_tokens": 5}, f"{{'api_key': {HIDDEN}, 'max_tokens': 5}}"),
        (["I use sk-0123456789 here"], f"['I use {HIDDEN} here']"),
        ({"sk-0123456789": 1}, f"{{'{HIDDEN}': 1}}"),
        (b"sk-0123456789", f"b'{HIDDEN}'"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_values_in_a_line(value: object, shown: str) -> None:
    assert line(value) == shown


def test_what_contains_itself_ends() -> None:
    endless: list[Any] = [1]
    endless.append(endless)
    loop: dict[str, Any] = {}
    loop["self"] = {"again": loop}
    assert line(endless) == "[1, […]]"
    assert line(loop) == "{'self': {'again': {…}}}"


def test_no_code_of_a_value_runs() -> None:
    def hostile(*arguments: object, **options: object) -> NoReturn:
        raise AssertionError("It was called.")

    names = ["__repr__", "__str__", "__len__", "__iter__", "__getattr__", "__getitem__", "__bool__", "__eq__"]
    names += ["items", "keys", "values", "__format__", "__dir__", "copy", "get", "__int__", "__index__", "bit_length"]
    methods: dict[str, Any] = dict.fromkeys(names, hostile)
    methods |= {"__hash__": lambda self: 1, "trap": property(hostile), "__class__": property(hostile)}
    for base in (object, dict, list, tuple, set, collections.deque, str, int, Exception):
        value = type("Hostile", (base,), methods)()
        if base is object:
            object.__setattr__(value, "fine", 1)
        assert line(value).startswith(("Hostile(", "<Hostile", "''", "0"))
        assert line([value, {"a": value}]).startswith("[")


def test_arrays_tables_and_pictures_show_their_shape() -> None:
    assert line(numpy.arange(1000.0).reshape(10, 100)) == "<ndarray 10 × 100 float64: 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, …>"
    assert line(numpy.array(3)) == "<ndarray one int64: 3>"
    assert [line(each) for each in (numpy.float64(0.5), numpy.int64(7), numpy.bool_(True))] == ["0.5", "7", "True"]
    assert line(numpy.array([object()])) == "<ndarray 1 object>"
    frame = pandas.DataFrame({f"column {number}": range(2000) for number in range(50)})
    assert line(frame).startswith("<DataFrame 2,000 rows: 50 columns (column 0, column 1,")
    assert line(frame["column 1"]) == "<Series 2,000 × int64>"
    assert line(Image.new("RGB", (640, 480))) == "<Image 640 × 480 RGB>"


def huge() -> Iterator[object]:
    yield "x" * 10_000_000
    yield list(range(1_000_000))
    yield {number: {number: [number] * 100} for number in range(10_000)}
    yield set(range(1_000_000))
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    yield deep
    yield [["x" * 10_000] * 1000] * 1000
    wide = type("Wide", (), {})()
    vars(wide).update({f"attribute_{number}": number for number in range(5_000)})
    yield wide
    yield numpy.broadcast_to(numpy.zeros(1), (1_000_000, 1_000_000))


def test_nothing_is_too_large() -> None:
    for value in huge():
        assert len(line(value)) <= CHARS
        assert bytes_taken_by(value) < 1_000_000, type(value)


def bytes_taken_by(value: object) -> int:
    """The most memory that its line took, while it was made: who copies or sorts all of it, needs more."""
    tracemalloc.start()
    try:
        line(value)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


# ── Parts ────────────────────────────────────────────────────────────────────────────────────────


def test_the_first_and_the_last_parts_are_given() -> None:
    found = parts(list("abcdefg"), 4)
    assert found is not None
    assert (found.total, [each.value for each in found.first], [each.value for each in found.last]) == (
        *(7, ["a", "b"], ["f", "g"]),
    )
    large = dict(enumerate(range(1000)))
    named = parts(large, 4)
    assert named is not None
    assert [each.key for each in [*named.first, *named.last]] == [0, 1, 998, 999]


@pytest.mark.parametrize(
    "value", [{"a": 1, 2: 3, "x" * 200: 4}, [5, 6], Point(7, 8), Slots(), {9}, collections.deque([1])]
)
def test_a_step_leads_to_its_part(value: object) -> None:
    found = parts(value, 10)
    assert found is not None
    for each in found.first:
        assert part(value, each.step) == each


@pytest.mark.parametrize("step", ["", ".", ".zz", ".__class__", "#", "#-1", "#9", "#1e3", "#" + "9" * 500, "x", "#²"])
def test_other_steps_lead_nowhere(step: str) -> None:
    for value in ({"a": 1}, [1], Point(1, 2), Slots(), {1}, 7, "text"):
        assert part(value, step) is None


def test_what_threads_change_meanwhile_is_read_all_the_same() -> None:
    growing: dict[int, int] = {}
    done = threading.Event()

    def grow() -> None:
        number = 0
        while not done.is_set():
            growing[number] = number
            growing.pop(number - 50, None)
            number += 1

    thread = threading.Thread(target=grow)
    thread.start()
    try:
        for _ in range(2000):
            assert line(growing)
    finally:
        done.set()
        thread.join()
