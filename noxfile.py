"""Everything that is done with this repository, by name: ``nox --list`` tells, ``nox -s tests`` runs all tests."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import nox
from nox.command import CommandFailed

nox.needs_version = ">=2025.2"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["tests"]

PYPROJECT = nox.project.load_toml("pyproject.toml")
TESTS = nox.project.dependency_groups(PYPROJECT, "test")
LINT = (*nox.project.dependency_groups(PYPROJECT, "lint"), "nox")  # nox: mypy reads this file, too

QUICKSTART = "notebooks/01-quickstart.ipynb"
WRITE_SCHEMA = """
import json, pathlib, anychat.protocol
text = json.dumps(anychat.protocol.schema(), indent=1) + "\\n"
pathlib.Path("tests/protocol/schema.json").write_bytes(text.encode())
"""

# ── Using it ─────────────────────────────────────────────────────────────────────────────────────


@nox.session
def lab(session: nox.Session) -> None:
    """Install anychat and open JupyterLab on the first notebook."""
    session.install(".[lab]")
    session.run("jupyter", "lab", *(session.posargs or [QUICKSTART]))


# ── Testing it ───────────────────────────────────────────────────────────────────────────────────


@nox.session
def tests(session: nox.Session) -> None:
    """Run every test there is: the page's, the checks of the code, Python's, the kernel's, the browser's."""
    session.install(".", *TESTS, *LINT)
    # All of them, so that one run tells all; pytest last, so that its summary ends the log.
    failed = [part.__name__ for part in (_page, _lint, _pytest) if not _passes(part, session)]
    if failed:
        session.error(f"Failed: {', '.join(name.strip('_') for name in failed)}. See above.")


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
    _page(session)


@nox.session
def lint(session: nox.Session) -> None:
    """Check the style, the format and the types of the Python code."""
    session.install(".", *TESTS, *LINT)
    _lint(session)


# ── Changing it ──────────────────────────────────────────────────────────────────────────────────


@nox.session(venv_backend="none")
def build(session: nox.Session) -> None:
    """Build what the page runs, from js/ into src/anychat/static/."""
    _npm_ci(session)
    _node(session, "build.mjs")


@nox.session
def protocol(session: nox.Session) -> None:
    """Generate the page's protocol types from src/anychat/protocol.py."""
    session.install("-e", ".")
    session.run("python", "-c", WRITE_SCHEMA)
    _npm_ci(session)
    _node(session, "protocol.mjs")


@nox.session
def dev(session: nox.Session) -> None:
    """Open JupyterLab, and build the page anew at each change; Ctrl+C ends both."""
    session.install("-e", ".[lab]")
    _npm_ci(session)
    with _running("node", "build.mjs", "--watch"):
        session.run("jupyter", "lab", *(session.posargs or [QUICKSTART]), env={"ANYCHAT_DEV": "1"})


# ── Parts ────────────────────────────────────────────────────────────────────────────────────────


def _page(session: nox.Session) -> None:
    _npm_ci(session)
    _npm(session, "run", "types")
    _npm(session, "run", "lint")
    _npm(session, "test")


def _lint(session: nox.Session) -> None:
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("mypy")


def _pytest(session: nox.Session) -> None:
    _find_chromium(session)
    session.run("pytest", *session.posargs)


def _passes(part: Callable[[nox.Session], None], session: nox.Session) -> bool:
    try:
        part(session)
    except CommandFailed:
        return False
    return True


def _find_chromium(session: nox.Session) -> None:
    session.run("python", "tests/browser/chromium.py")


def _npm_ci(session: nox.Session) -> None:
    if shutil.which("npm") is None:
        session.error("This needs Node 20 or later, with npm: see https://nodejs.org.")
    _npm(session, "ci", "--no-audit", "--no-fund")


def _npm(session: nox.Session, *arguments: str) -> None:
    with session.chdir("js"):
        session.run("npm", *arguments, external=True)


def _node(session: nox.Session, *arguments: str) -> None:
    with session.chdir("js"):
        session.run("node", *arguments, external=True)


@contextmanager
def _running(*command: str) -> Iterator[None]:
    """Another process in js/, for as long as the context lasts."""
    process = subprocess.Popen(command, cwd="js", stdin=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait()
