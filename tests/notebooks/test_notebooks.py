"""Every notebook runs from top to bottom in a real kernel, without a browser, a key or a network.

That their code is in style is checked with all other code: ruff reads notebooks.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from notebooks.modules import NOTEBOOKS

PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))

SHOWN = {
    "01-quickstart": {
        "first-send": "'HELLO, NOTEBOOK'",
        "index": r"<Index of \d,\d\d\d names in \d\d modules>",
        "search": r"\[<random\.choice>, ",
        "tutor-ask": r"\*\*`str\.split`\*\* \(method\)\n\n```python\nstr\.split\(.*?See also.*`re\.split`",
        "tutor-more": r"\*\*`re\.split`\*\*",
        "tutor-typo": r"Did you mean `collections\.OrderedDict`\?",
        "two-sessions": r"Alice (?P<alice>\S+) 2 \['what is a deque\?', 'more'\]\n"
        r"Bob (?!(?P=alice))\S+ 1 \['current time'\]\n",
        "live-label": r"Alice has asked 2 questions\.",
        "live-observe": r"\[3\] Alice has asked 3 questions\.",
        "messages": r"\('user', 'random\.choice'\),\n \('assistant', '\*\*`random\.choice`",
        "fragile-fail": r"ZeroDivisionError\('division by zero'\)",
        "fragile-go-on": r"'1 / 4 = 0\.25'",
    },
    "02-sessions": {
        "model": r"'\d,\d\d\d words'",
        "first": r"'\w+( \w+){11} '",
        "state": r"\['count', 'history', 'preferences', 'temperature', 'chance', 'folder'\]\n.*"
        r"\(1,\n \{'words': 12, 'shout': False\},\n \[\('the',",
        "session": r"idle 2\n.*last active\n\S+ +User +Assistant +idle",
        "observe": r"\[\('count', 2\), \('history', 2\)\]",
        "slide": r"\(1\.5,",
        "users-talk": r"Alice \{'words': 3, 'shout': True\} [A-Z]+ [A-Z]+ [A-Z]+ \n"
        r"Bob \{'words': 12, 'shout': False\} [a-z]+( [a-z]+){11} \n",
        "back": r"3 \['the', 'list', 'list'\]\n0 \[\] 0\.2\n.*'Tell me about a'",
        "tree": r"● Say something.*\n├ ○ Tell me about the\n│ ○ What is a list\?\n│ ○ a list\n└ ● Tell me about a$",
        "fork-talk": r"0\.05 \w+.*\n2\.0 \w+.*\n.*\(1, 2\)",
        "end": r"\(False, 0, \[\]\)",
    },
    "03-callbacks": {
        "steps-run": r"\('Librarian', '2 books fit; .*\('search', .*'Read \*Bees for beginners\*\.'",
        "tasks-run": "'There is a house.'",
        "actions-run": "12",
        "elements-run": "'Here is some of everything.'",
        "figures-run": "'Ten squares:'",
        "uploads-run": r"'`pydocs\.py` has \d+ lines'",
        "custom-run": r"{'degrees': 25}",
        "sidebar-run": "'Line 2 is written.'",
        "commands-run": "'Paint a teapot, in ink.'",
        "settings-run": "'la la la la la '",
        "sync-run": r"\['agent', 'ask_around'\], 'I asked around: nobody knows about bees\.'",
    },
    "openai-client": {
        "ask-first": "You said “My name is Ada.” That is your first message.",
        "ask-second": "message 2 of yours; the first one was “My name is Ada.”",
        "other-user": "That is your first message.",
        "sent-messages": "'system'.*My name is Ada.*'assistant'.*What is my name",
        "fail": "InternalServerError.*503",
        "go-on": "message 4 of yours",
        "restart": "True",
    },
}
"""What must stand below some cells: notebook, cell id, regular expression."""


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """No keys, and every way out of this machine leads to a closed port."""
    for name in [name for name in os.environ if name.endswith(("_API_KEY", "_BASE_URL"))]:
        monkeypatch.delenv(name)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
@pytest.mark.usefixtures("no_network")
async def test_a_notebook_runs_from_top_to_bottom(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, kernel_name="python3", timeout=60, resources={"metadata": {"path": str(NOTEBOOKS)}}
    )
    await client.async_execute()
    shown = {cell.id: as_text(cell) for cell in notebook.cells if cell.cell_type == "code"}
    for cell, expected in SHOWN.get(path.stem, {}).items():
        assert re.search(expected, shown[cell], re.DOTALL), f"{cell} shows {shown[cell]!r}"


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_without_outputs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.id for cell in code if cell.outputs or cell.execution_count is not None] == []
    assert "widgets" not in notebook.metadata
    assert notebook.metadata.kernelspec.name == "python3"
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_notebook_begins_with_a_title_and_explains_before_it_does(path: Path) -> None:
    kinds = [cell.cell_type for cell in nbformat.read(path, as_version=4).cells]
    assert kinds[0] == "markdown"
    assert kinds.count("markdown") >= kinds.count("code") / 2


def as_text(cell: Any) -> str:
    """What stands below a cell, as far as it is text."""
    return "".join(output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell.outputs)
