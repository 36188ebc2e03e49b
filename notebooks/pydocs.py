"""A search engine over the docstrings of installed modules: what the quickstart's assistant knows.

>>> index = build_index(["builtins", "textwrap"])
>>> index.search("split a string")[0]
<str.split>

Ranking is BM25 (Robertson and Zaragoza, 2009) over names and docstrings together, where a word in a name counts for
several, plus a bonus for the share of a name that the question spells out.
"""

from __future__ import annotations

import inspect
import math
import re
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from itertools import groupby, pairwise
from types import ModuleType
from typing import Any

MODULES = tuple(
    """
    builtins argparse asyncio base64 bisect calendar collections concurrent.futures contextlib copy csv dataclasses
    datetime decimal difflib enum fnmatch fractions functools getpass glob gzip hashlib heapq html inspect io itertools
    json logging math operator os os.path pathlib pickle platform pprint queue random re secrets shutil sqlite3
    statistics string struct subprocess sys tempfile textwrap threading time timeit traceback unicodedata urllib.parse
    urllib.request uuid warnings weakref zipfile zoneinfo
    """.split()  # noqa: SIM905  # as a literal, one name to a line, it would fill the screen
)
"""The part of the standard library that people ask about most."""

STOP_WORDS = frozenset(
    """
    a all an and any are as at be but by can could do does for from get give has have how i if in into is it its like
    me my need not of on one or please python return returns show so some than that the their them then there this to
    turn use using want was we what when where which will with would you your
    """.split()  # noqa: SIM905
)

SYNONYMS = {
    "array": "list",
    "character": "str",
    "delete": "remove",
    "dictionary": "dict",
    "folder": "directory",
    "integer": "int",
    "mean": "average",
    "pick": "choice",
    "round": "ceil",
    "string": "str",
    "text": "str",
    "today": "now",
}
"""What people say, and what the docstrings say."""

NAME_WEIGHT = 4  # how many times a word in a name counts
WIDENED = 0.7  # what a synonym counts, compared with the word itself
PATH_BONUS = 0.4  # what a match in the module's or class's name adds, compared with one in the own name
SPELLED_OUT = 10.0  # for a question that contains the dotted name
SATURATION, LENGTH = 1.2, 0.6  # BM25's k1 and b
COMMON = ("str.", "list.", "dict.", "set.")
PRIOR = {"module": 0.9, "class": 0.95, "function": 1.0, "method": 0.85, "exception": 0.7}


@dataclass(frozen=True, repr=False)
class Entry:
    """One thing to know about: a module, a class, a function or a method."""

    name: str
    """Where to find it, such as ``json.dumps``; builtins go without their module."""
    kind: str
    signature: str
    doc: str

    @property
    def summary(self) -> str:
        """The first sentence of the docstring, on one line."""
        first = " ".join(self.doc.split("\n\n")[0].split())
        return re.split(r"(?<=[.!?])\s", first)[0]

    @property
    def own_name(self) -> str:
        """The last part of the name."""
        return self.name.rpartition(".")[2]

    @property
    def prior(self) -> float:
        """How likely people are to mean it, before they have said anything."""
        is_common = self.name.startswith(COMMON) or ("." not in self.name and self.kind != "module")
        return PRIOR[self.kind] * (1.15 if is_common else 1)

    def is_named_in(self, question: str) -> bool:
        """Whether the question is this name, or contains all of it, dots included."""
        if "." not in self.name:
            return question.strip(" `?").lower() == self.name.lower()
        return bool(re.search(rf"(?<![\w.]){re.escape(self.name)}(?!\w|\.\w)", question, re.IGNORECASE))

    def __repr__(self) -> str:
        return f"<{self.name}>"


class Index:
    """Entries, and which words they are about.

    Parameters
    ----------
    entries
        What can be found.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = list(entries)
        self._names = [_name_words(entry) for entry in self.entries]
        self._postings: defaultdict[str, dict[int, int]] = defaultdict(dict)
        lengths = [self._add(number, entry) for number, entry in enumerate(self.entries)]
        average = sum(lengths) / max(1, len(lengths))
        self._norms = [SATURATION * (1 - LENGTH + LENGTH * length / average) for length in lengths]

    def search(self, question: str, limit: int = 6) -> list[Entry]:
        """The entries that answer a question best, the best first; none when no word of it is known."""
        words = {**dict.fromkeys(_widened(question), WIDENED), **dict.fromkeys(tokens(question), 1.0)}
        worth = {word: weight * self._rarity(word) for word, weight in words.items() if word in self._postings}
        scores: defaultdict[int, float] = defaultdict(float)
        for word in worth:
            for number, count in self._postings[word].items():
                scores[number] += worth[word] * count / (count + self._norms[number])
        for number in scores:
            scores[number] += self._name_bonus(number, worth, question)
        ranked = sorted(scores, key=lambda number: (-scores[number] * self.entries[number].prior, number))
        return [self.entries[number] for number in ranked[:limit]]

    def similar_names(self, word: str, limit: int = 3) -> list[str]:
        """Names that are spelled almost like `word`."""
        by_name = {part.lower(): entry.name for entry in self.entries for part in (entry.own_name, entry.name)}
        return [by_name[name] for name in get_close_matches(word.lower(), by_name, limit, 0.75)]

    def _add(self, number: int, entry: Entry) -> int:
        path, own = self._names[number]
        words = tokens(entry.doc)
        words += [*path, *own * NAME_WEIGHT, *tokens(entry.summary)]
        for word, count in Counter(words).items():
            self._postings[word][number] = count
        return len(words)

    def _rarity(self, word: str) -> float:
        """BM25's inverse document frequency: rare words tell more."""
        known = len(self._postings[word])
        return math.log(1 + (len(self.entries) - known + 0.5) / (known + 0.5))

    def _name_bonus(self, number: int, worth: dict[str, float], question: str) -> float:
        path, own = self._names[number]
        said = [word for word in own if word in worth]
        bonus = sum(worth[word] for word in said) * len(said) / max(1, len(own))
        bonus += PATH_BONUS * sum(worth.get(word, 0) for word in path if word not in own)
        return bonus + SPELLED_OUT * self.entries[number].is_named_in(question)

    def __len__(self) -> int:
        return len(self.entries)

    def __repr__(self) -> str:
        return f"<Index of {len(self):,} names in {sum(entry.kind == 'module' for entry in self.entries)} modules>"


def build_index(modules: Iterable[str] = MODULES) -> Index:
    """Read the docstrings of these modules, as far as they are installed."""
    seen: set[int] = set()
    return Index(entry for name in modules for entry in _module_entries(name, seen))


# ── Words ────────────────────────────────────────────────────────────────────────────────────────

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def tokens(text: str) -> list[str]:
    """The words of a text or an identifier (``OrderedDict``, ``get_running_loop``), stemmed, without stop words."""
    words = (word.lower() for word in _WORD.findall(text))
    return [stem(word) for word in words if word not in STOP_WORDS]


def _name_words(entry: Entry) -> tuple[list[str], list[str]]:
    """The words of a name: those of where it is, and its own."""
    path, _, own = entry.name.rpartition(".")
    return list(dict.fromkeys(tokens(path))), list(dict.fromkeys(tokens(own)))


def stem(word: str) -> str:
    """A word without its ending, so that split, splits and splitting are the same: a few of Porter's rules."""
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        word = word[:-1]
    for ending in ("ing", "ed"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) > 2 and re.search("[aeiouy]", rest):
            word = rest[:-1] if rest[-1] == rest[-2] and rest[-1] not in "lsz" else rest
            break
    return word.removesuffix("e") if len(word) > 3 else word


def _widened(question: str) -> Iterator[str]:
    """Other ways to say it: synonyms, and neighbours as one word (``default dict``)."""
    words = re.findall(r"[a-z]+", question.lower())
    for word in words:
        if synonym := SYNONYMS.get(word.removesuffix("s")) or SYNONYMS.get(word):
            yield stem(synonym)
    for one, other in pairwise(words):
        yield stem(one + other)


# ── Reading modules ──────────────────────────────────────────────────────────────────────────────


def _module_entries(name: str, seen: set[int]) -> Iterator[Entry]:
    try:
        module = import_module(name)
    except ImportError:  # not every Python has every module
        return
    prefix = "" if name == "builtins" else f"{name}."
    yield Entry(name, "module", f"import {name}", _doc(module))
    found = {prefix + key: value for key, value in _public(module) if _is_new(key, value, seen)}
    for path, value in found.items():
        yield _entry(path, value)
    for path, owner in found.items():
        if inspect.isclass(owner):
            members = ((key, getattr(owner, key, None)) for key in vars(owner) if not key.startswith("_"))
            yield from (_entry(f"{path}.{key}", value, owner) for key, value in members if _is_new(key, value, seen))


def _public(module: ModuleType) -> Iterator[tuple[str, Any]]:
    listed = getattr(module, "__all__", None)
    for name in listed or [name for name in vars(module) if not name.startswith("_")]:
        value = getattr(module, name, None)
        home = (getattr(value, "__module__", None) or module.__name__).split(".")[0].lstrip("_")
        if listed or home == module.__name__.split(".")[0]:
            yield name, value


def _is_new(name: str, value: Any, seen: set[int]) -> bool:
    """Whether it can be called, has a docstring, and was not met under another name."""
    identity = id(getattr(value, "__func__", value))
    is_callable = inspect.isclass(value) or inspect.isroutine(value)
    if not is_callable or not _doc(value) or getattr(value, "__name__", name) != name or identity in seen:
        return False
    seen.add(identity)
    return True


def _entry(name: str, value: Any, owner: type | None = None) -> Entry:
    kind = _class_kind(value) if inspect.isclass(value) else "method" if owner else "function"
    signature = textwrap.fill(name + _arguments(value, owner), 76, subsequent_indent="    ", break_on_hyphens=False)
    return Entry(name, kind, signature, _without_signature(value))


def _without_signature(value: Any) -> str:
    """The docstring; builtins begin theirs with ``deque([iterable]) --> deque object``."""
    return re.sub(rf"\A([\w.]*\b{value.__name__}\(.*\)( -+> .*)?\n\s*)+", "", _doc(value))


def _class_kind(value: type) -> str:
    return "exception" if issubclass(value, BaseException) else "class"


def _arguments(value: Any, owner: type | None) -> str:
    try:
        signature = inspect.signature(value)
    except (TypeError, ValueError):  # some builtins only tell in their docstring
        told = re.match(rf"(?:\w+\.)?{value.__name__}(\(.*\))", _doc(value))
        return told[1] if told else "(...)"
    if owner is not None and not inspect.ismethod(value) and "self" in signature.parameters:
        signature = signature.replace(parameters=[p for p in signature.parameters.values() if p.name != "self"])
    return re.sub(r"=<.*?>", "=...", str(signature))


def _doc(value: object) -> str:
    return inspect.cleandoc(getattr(value, "__doc__", None) or "")


# ── Showing docstrings ───────────────────────────────────────────────────────────────────────────


def as_markdown(doc: str, paragraphs: int = 3) -> str:
    """The first paragraphs of a docstring: prose as prose, examples and tables as code."""
    parts = [textwrap.dedent(part) for part in re.split(r"\n\s*\n", doc)[:paragraphs]]
    if len(parts) > 1 and parts[-1].rstrip().endswith(":"):  # it announces what is left out
        parts.pop()
    return "\n\n".join(_block(language, "\n\n".join(same)) for language, same in groupby(parts, _language))


def _language(paragraph: str) -> str:
    if paragraph.startswith(">>>"):
        return "python"
    return "text" if re.search(r"^( {2,}|\t)", paragraph, re.MULTILINE) else ""


def _block(language: str, text: str) -> str:
    if language:
        return f"```{language}\n{text}\n```"
    text = re.sub(r":\w+:`~?([^`]*)`|``([^`]*)``", lambda role: f"`{role[1] or role[2]}`", text)
    return re.sub(r"(`[^`]*`|\*\w+\*)|([\\*_<\[#])", lambda part: part[1] or "\\" + part[2], text)
