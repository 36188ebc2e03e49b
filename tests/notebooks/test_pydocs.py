"""The quickstart's search engine finds what people ask for."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from notebooks.modules import load_module


@pytest.fixture(scope="module")
def pydocs() -> ModuleType:
    return load_module("pydocs")


@pytest.fixture(scope="module")
def index(pydocs: ModuleType) -> Any:
    return pydocs.build_index()


QUESTIONS = {
    "How do I split a string?": "str.split",
    "what is a deque?": "collections.deque",
    "default dict": "collections.defaultdict",
    "OrderedDict": "collections.OrderedDict",
    "json.dumps": "json.dumps",
    "what does json.dumps do?": "json.dumps",
    "enumerate": "enumerate",
    "read a csv file": "csv",
    "sort a list": "sorted",
    "current time": "time.time",
    "delete a file": "os.remove",
    "create a temporary file": "tempfile.TemporaryFile",
    "run a command": "subprocess.run",
    "pick a random element": "random.choice",
    "square root": "math.sqrt",
    "join paths": "os.path.join",
    "list files in a directory": "os.listdir",
    "deep copy": "copy.deepcopy",
    "caching of a function's results": "functools.cache",
    "reversing a list": "list.reverse",
    "generate a uuid": "uuid.uuid4",
    "strip whitespace": "str.strip",
    "permutations": "itertools.permutations",
}


@pytest.mark.parametrize(("question", "name"), QUESTIONS.items())
def test_the_best_hit_comes_first(index: Any, question: str, name: str) -> None:
    assert index.search(question)[0].name == name


def test_what_nobody_wrote_about_is_not_found(index: Any) -> None:
    assert index.search("frobnicate") == []
    assert index.search("the of and") == []
    assert index.search("") == []
    assert index.similar_names("ordereddct") == ["collections.OrderedDict"]


def test_identifiers_are_split_and_words_are_stemmed(pydocs: ModuleType) -> None:
    assert pydocs.tokens("OrderedDict get_running_loop HTTPServer") == [
        *["order", "dict"],
        *["run", "loop"],
        *["http", "server"],
    ]
    assert {pydocs.stem(word) for word in ("split", "splits", "splitting")} == {"split"}
    assert {pydocs.stem(word) for word in ("copy", "copies", "copied")} >= {"copy"}
    assert pydocs.stem("string") == "string"


def test_docstrings_become_markdown(pydocs: ModuleType) -> None:
    doc = "Use ``key`` and *args*, not my_key or <x>.\n\n>>> f(1)\n2\n\nNotes:"
    assert pydocs.as_markdown(doc) == "Use `key` and *args*, not my\\_key or \\<x>.\n\n```python\n>>> f(1)\n2\n```"


def test_modules_that_are_missing_are_left_out(pydocs: ModuleType) -> None:
    index = pydocs.build_index(["textwrap", "no_such_module"])
    assert {entry.name.split(".")[0] for entry in index.entries} == {"textwrap"}


def test_a_thing_is_listed_once(index: Any) -> None:
    names = [entry.name for entry in index.entries]
    assert len(names) == len(set(names))
    assert "OSError" in names
    assert "IOError" not in names
