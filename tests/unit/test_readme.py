"""The README is true: its code runs, and its links lead somewhere."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from anychat.callbacks import default_app

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
RESULT = re.compile(r"  # → (.+)$")


@pytest.fixture
def empty_app(monkeypatch: pytest.MonkeyPatch) -> None:
    """The default App without callbacks, as a reader finds it; what the README adds is gone afterwards."""
    monkeypatch.setattr(default_app, "_callbacks", {})


@pytest.mark.usefixtures("empty_app")
async def test_its_code_runs_from_top_to_bottom_and_gives_what_it_says() -> None:
    assert len(BLOCKS) > 5
    names: dict[str, Any] = {}
    for block in BLOCKS:
        for told, expected in await run(block, names):
            assert told == expected
    tests = [value for name, value in names.items() if name.startswith("test_")]
    assert tests
    for test in tests:
        await test()


async def run(block: str, names: dict[str, Any]) -> list[tuple[str, str]]:
    """Run a block as a cell is run, with ``await`` anywhere; returns the results with those it promises."""
    results = []
    lines = block.splitlines()
    for statement in ast.parse(block).body:
        promise = RESULT.search(lines[(statement.end_lineno or 0) - 1])
        if isinstance(statement, ast.Expr):
            value = await evaluate(ast.Expression(statement.value), "eval", names)
            results += [(repr(value), promise[1])] if promise else []
        else:
            await evaluate(ast.Module([statement], []), "exec", names)
    return results


async def evaluate(tree: ast.Module | ast.Expression, mode: str, names: dict[str, Any]) -> Any:
    code = compile(tree, "README.md", mode, flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    value = eval(code, names)
    return await value if inspect.iscoroutine(value) else value


@pytest.mark.parametrize("target", re.findall(r"(?<!!)\[[^\]]*\]\(([^)]+)\)", README))
def test_its_links_lead_somewhere(target: str) -> None:
    assert target.startswith("https://") or (ROOT / target).exists()


@pytest.mark.parametrize("path", re.findall(r"`((?:src|notebooks|tests|js)/[^`]+)`", README))
def test_the_files_that_it_names_are_there(path: str) -> None:
    assert (ROOT / path).exists()
