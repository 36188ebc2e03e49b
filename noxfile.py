"""Everything that is done with this repository, by name: ``nox --list`` tells, ``nox -s tests`` runs all tests."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import nox
from nox.command import CommandFailed

nox.needs_version = ">=2025.2"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["tests"]

PYPROJECT = nox.project.load_toml("pyproject.toml")
MANUAL = nox.project.dependency_groups(PYPROJECT, "manual")  # what README and notebooks show
TESTS = nox.project.dependency_groups(PYPROJECT, "test")
LINT = (*nox.project.dependency_groups(PYPROJECT, "lint"), "nox")  # nox: mypy reads this file, too

NPM = ("npm", "--prefix", "js")
PAGE_CHECKS = ((*NPM, "run", "types"), (*NPM, "run", "lint"), (*NPM, "test"))
PYTHON_CHECKS = (("ruff", "check"), ("ruff", "format", "--check"), ("mypy",))

IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0  # as in many containers; Jupyter wants to be told
JUPYTER_LAB = ("jupyter", "lab", *(["--allow-root"] if IS_ROOT else []))
QUICKSTART = "--LabApp.default_url=/lab/tree/notebooks/01-quickstart.ipynb"  # also in the address that is printed
WRITE_SCHEMA = """
import json, pathlib, anychat.protocol
text = json.dumps(anychat.protocol.schema(), indent=1) + "\\n"
pathlib.Path("tests/protocol/schema.json").write_bytes(text.encode())
"""

# ── Using it ─────────────────────────────────────────────────────────────────────────────────────


@nox.session
def lab(session: nox.Session) -> None:
    """Install anychat and what its manual shows, and open JupyterLab on the first notebook."""
    session.install(".[lab]", *MANUAL)
    _open_lab(session)


# ── Testing it ───────────────────────────────────────────────────────────────────────────────────


@nox.session
def tests(session: nox.Session) -> None:
    """Run every test there is: the page's, the checks of the code, Python's, the kernel's, the browser's."""
    session.install(".", *TESTS, *LINT)
    _npm_ci(session)
    _find_chromium(session)
    _run_all(session, *PAGE_CHECKS, *PYTHON_CHECKS, ["pytest", *session.posargs])  # its summary ends the log


@nox.session
def unit(session: nox.Session) -> None:
    """Run the Python tests that need no kernel and no browser."""
    session.install(".", *TESTS)
    session.run("pytest", "tests/unit", *session.posargs)


@nox.session
def kernel(session: nox.Session) -> None:
    """Run the tests with a real kernel."""
    session.install(".", *TESTS)
    session.run("pytest", "tests/kernel", *session.posargs)


@nox.session
def browser(session: nox.Session) -> None:
    """Run the tests with a real JupyterLab and Chromium; installs Chromium where there is none."""
    session.install(".", *TESTS)
    _find_chromium(session)
    session.run("pytest", "tests/browser", *session.posargs)


@nox.session(venv_backend="none")
def page(session: nox.Session) -> None:
    """Check and test the page's TypeScript."""
    _npm_ci(session)
    _run_all(session, *PAGE_CHECKS)


@nox.session
def chainlit(session: nox.Session) -> None:
    """Run the apps in tests/apps by the real Chainlit, too, and compare what their users see. Runs in no test."""
    session.install(".", *TESTS, "chainlit>=2.11", "aiohttp")
    session.install("mistralai<2")  # Chainlit knows no later one
    session.run("python", "-m", "real", *session.posargs, env={"PYTHONPATH": "tests"})


@nox.session
def benchmarks(session: nox.Session) -> None:
    """Measure speed and memory against the least a widget can do; `-- --quick` in four minutes. Runs in no test."""
    session.install(".", *TESTS)
    _find_chromium(session)
    session.run("python", "-m", "benchmarks", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check the style, the format and the types of the Python code."""
    session.install(".", *TESTS, *LINT)
    _run_all(session, *PYTHON_CHECKS)


# ── Changing it ──────────────────────────────────────────────────────────────────────────────────


@nox.session(venv_backend="none")
def build(session: nox.Session) -> None:
    """Build what the page runs, from js/ into src/anychat/static/."""
    _npm_ci(session)
    session.run("node", "js/build.mjs", external=True)


@nox.session
def names(session: nox.Session) -> None:
    """Write the README's table of Chainlit's names, from what src/anychat has."""
    session.install("-e", ".")
    session.run("python", "tests/names_table.py")


@nox.session
def protocol(session: nox.Session) -> None:
    """Generate the page's protocol types from src/anychat/protocol.py."""
    session.install("-e", ".")
    session.run("python", "-c", WRITE_SCHEMA)
    _npm_ci(session)
    session.run("node", "js/protocol.mjs", external=True)


@nox.session
def dev(session: nox.Session) -> None:
    """Open JupyterLab, and build the page anew at each change; Ctrl+C ends both."""
    session.install("-e", ".[lab]", *MANUAL)
    _npm_ci(session)
    with _running("node", "js/build.mjs", "--watch"):
        _open_lab(session, ANYCHAT_DEV="1")


# ── Parts ────────────────────────────────────────────────────────────────────────────────────────


def _open_lab(session: nox.Session, **environment: str) -> None:
    # Ctrl+C ends nox, which waits only a moment: without -y JupyterLab would ask, and its kernels need time to end.
    command = [*JUPYTER_LAB, "-y", *(session.posargs or [QUICKSTART])]
    session.run(*command, env=environment, terminate_timeout=10)


def _run_all(session: nox.Session, *commands: Sequence[str]) -> None:
    """Run all commands, also after one that fails, so that one run tells all."""
    failed = [" ".join(command) for command in commands if not _passes(session, command)]
    if failed:
        session.error(f"Failed: {', '.join(failed)}. See above.")


def _passes(session: nox.Session, command: Sequence[str]) -> bool:
    try:
        session.run(*command, external=command[0] == "npm")
    except CommandFailed:
        return False
    return True


def _find_chromium(session: nox.Session) -> None:
    session.run("python", "tests/browser/chromium.py")


def _npm_ci(session: nox.Session) -> None:
    if shutil.which("npm") is None:
        session.error("This needs Node 20 or later, with npm: see https://nodejs.org.")
    session.run(*NPM, "ci", "--no-audit", "--no-fund", external=True)


@contextmanager
def _running(*command: str) -> Iterator[None]:
    """Another process, for as long as the context lasts."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait()
