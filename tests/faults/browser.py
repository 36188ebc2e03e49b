"""Pages of the store that ships, in a Node process whose clock is the test's."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

JS = Path(__file__).parents[2] / "js"
PROGRAM = "test/faults/pages.ts"


class PageState(NamedTuple):
    """How a page is: where its picture is, what it says of the line, whether it waits for news."""

    epoch: int
    seq: int
    connection: str
    is_busy: bool


class Outcome(NamedTuple):
    """What came of an order: the commands sent meanwhile, by page, and when the pages' next timer is due."""

    result: Any
    commands: list[tuple[str, str]]
    next: float | None
    states: dict[str, PageState]


class Browser:
    """The process, while the context lasts. `folder` is where the built program goes."""

    def __init__(self, folder: Path) -> None:
        self._program = folder / "pages.mjs"

    def __enter__(self) -> Self:
        node = _build(self._program)
        self._node = subprocess.Popen([node, self._program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for pipe in (self._node.stdin, self._node.stdout):
            if pipe is not None:
                pipe.close()
        self._node.wait(10)

    def order(self, now: float, do: str, **details: object) -> Outcome:
        """Let time pass until `now` (in seconds), then do something."""
        stdin, stdout = self._node.stdin, self._node.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps({"now": now * 1000, "do": do, **details}).encode() + b"\n")
        stdin.flush()
        line = stdout.readline()
        if not line:
            raise RuntimeError("The pages' process ended; what it wrote to stderr tells why.")
        answer = json.loads(line)
        due = answer["next"]
        return Outcome(
            result=answer["result"],
            commands=[(page, text) for page, text in answer["commands"]],
            next=None if due is None else due / 1000,
            states={
                name: PageState(state["epoch"], state["seq"], state["connection"], state["isBusy"])
                for name, state in answer["states"].items()
            },
        )


def _build(target: Path) -> str:
    """Bundle the pages' program; returns where node is."""
    node = shutil.which("node")
    if node is None:
        raise RuntimeError("These tests run the page's store, which needs Node 20 or later: see https://nodejs.org.")
    esbuild = shutil.which("esbuild", path=str(JS / "node_modules" / ".bin"))
    if esbuild is None:
        raise RuntimeError(
            "These tests bundle the page's store, but js/node_modules is missing: run `npm --prefix js ci`."
        )
    command = [esbuild, PROGRAM, "--bundle", "--platform=node", "--format=esm", "--log-level=warning"]
    constants = ['--define:HIGHLIGHT_HASH="none"', '--define:CORE_HASH="none"']
    subprocess.run([*command, *constants, f"--outfile={target}"], cwd=JS, check=True)
    return node
