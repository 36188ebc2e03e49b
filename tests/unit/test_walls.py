"""The walls of the house. A test fails when one is crossed."""

import ast
import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import anychat

ROOT = Path(__file__).parents[2]
PACKAGE = Path(anychat.__file__).parent
MODULES = {path.relative_to(PACKAGE).with_suffix("").as_posix(): path for path in PACKAGE.rglob("*.py")}

# fmt: off
HOUSE = [
    "errors", "logger", "parts", "secrets", "summary", "names", "server", "mime", "blobs",
    "protocol", "pacer", "types", "user", "mode", "cache", "input_widget", "offers", "growing", "options", "uploads",
    "files", "window", "transcript",
    "turn", "pending", "emitter", "checkpoint", "state", "live_dict", "settings", "form", "session", "app_emitter",
    "context",
    "user_session", "concurrency", "stepper",
    "sync",
    "element", "figures", "table", "tasks", "sidebar", "custom_element", "action",
    "message", "ask", "ask_element", "copilot", "step",
    "generation", "model_calls", "openai", "mistralai", "semantic_kernel",
    "langchain/__init__", "langchain/final_answer", "langchain/readable", "langchain/callbacks",
    "llama_index/__init__", "llama_index/callbacks",
    "branches", "utils", "chat_context", "chat_settings", "callbacks", "auth", "cli", "config",
    "data/base", "data/utils", "data/__init__", "offering", "load", "tracebacks",
    "host", "reply",
    "assets", "orphans", "history", "runner",
    "edits", "nodes", "inspection", "dispatcher", "inspector", "sessions", "kernel/__init__", "kernel/interrupts",
    "kernel/cells", "kernel/output", "kernel/host", "markdown", "widget", "testing", "__init__",
]
# fmt: on
"""The modules, from the top down: one may import those before it, never those after it."""

JUPYTER = ("IPython", "ipykernel", "comm", "anywidget", "ipywidgets", "jupyter_client")


def imports(module: str) -> Iterator[str]:
    """Everything that a module imports, also late or for types only."""
    package = module.split("/")[:-1]
    for node in ast.walk(ast.parse(MODULES[module].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level:
            above = package[: len(package) - (node.level - 1)]
            names = [node.module.split(".")] if node.module else [[alias.name] for alias in node.names]
            yield from ("./" + "/".join([*above, *name]) for name in names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def calls(module: str) -> Iterator[str]:
    """The names of all functions and methods that a module calls."""
    for node in ast.walk(ast.parse(MODULES[module].read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def test_the_house_lists_every_module() -> None:
    assert sorted(HOUSE) == sorted(MODULES)


@pytest.mark.parametrize("module", HOUSE)
def test_imports_point_one_way(module: str) -> None:
    above = HOUSE[: HOUSE.index(module)]
    own = [name[2:] for name in imports(module) if name.startswith("./")]
    assert [name for name in own if name not in above] == []


@pytest.mark.parametrize("module", [name for name in HOUSE if name != "widget" and not name.startswith("kernel/")])
def test_jupyter_is_known_in_widget_and_kernel_alone(module: str) -> None:
    assert [name for name in imports(module) if name.split(".")[0] in JUPYTER] == []


@pytest.mark.parametrize("module", [name for name in HOUSE if name not in ("protocol", "transcript")])
def test_wire_shapes_are_defined_in_protocol_alone(module: str) -> None:
    tree = ast.parse(MODULES[module].read_text("utf-8"))
    bases = [ast.unparse(base) for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for base in node.bases]
    assert "msgspec" not in set(imports(module))
    assert [base for base in bases if base.endswith("Struct")] == []


@pytest.mark.parametrize("module", [name for name in HOUSE if name not in ("emitter", "testing")])
def test_only_the_emitter_numbers_and_sends_events(module: str) -> None:
    text = MODULES[module].read_text("utf-8")
    if module != "protocol":
        assert not set(calls(module)) & {"encode_events", "Events", "Snapshot", "Head"}
    assert "_journal" not in text


@pytest.mark.parametrize("module", [name for name in HOUSE if name not in ("runner", "testing")])
def test_only_the_runner_starts_tasks(module: str) -> None:
    assert not set(calls(module)) & {"create_task", "ensure_future", "gather", "TaskGroup"}


@pytest.mark.parametrize("module", HOUSE)
def test_there_is_no_module_level_mutable_state(module: str) -> None:
    allowed = {"__all__", "live_dispatchers", "ROLES", "ARGUMENTS", "JUPYTER"}
    for node in ast.parse(MODULES[module].read_text("utf-8")).body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.List | ast.Dict | ast.Set):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            assert ast.unparse(target) in allowed


def test_importing_it_does_nothing_else() -> None:
    code = """
import os, sys, threading, anywidget
modules, before = set(sys.modules), (set(os.listdir()), dict(os.environ), sys.stdout.write, threading.active_count())
import anychat
assert before == (set(os.listdir()), dict(os.environ), sys.stdout.write, threading.active_count())
assert not {"openai", "langchain_core", "llama_index", "pandas", "numpy", "matplotlib"} & (set(sys.modules) - modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_public_names_are_listed_and_documented() -> None:
    for name in anychat.__all__:
        value = getattr(anychat, name)
        assert value.__doc__, name
    assert sorted(anychat.__all__) == list(anychat.__all__)


def test_the_committed_bundle_is_made_from_these_sources() -> None:
    digest = hashlib.sha256()
    inputs = [*(ROOT / "js" / "src").rglob("*"), ROOT / "js" / "build.mjs", ROOT / "js" / "package-lock.json"]
    files = {path.relative_to(ROOT / "js").as_posix(): path for path in inputs if path.is_file()}
    for name in sorted(files):
        digest.update(name.encode() + b"\0" + files[name].read_bytes() + b"\0")
    manifest = json.loads((PACKAGE / "static" / "manifest.json").read_text())
    assert digest.hexdigest() == manifest["source"], (
        "The bundle is stale: run `nox -s build` and commit what it writes."
    )
    for name_hash, name in manifest["assets"].items():
        assert hashlib.sha256((PACKAGE / "static" / name).read_bytes()).hexdigest() == name_hash
