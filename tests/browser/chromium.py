"""Where the browser for the tests is, and how it gets there.

``python tests/browser/chromium.py`` prints the path of a Chromium or Chrome, and installs one if there is none.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
)
ADVICE = (
    "The browser tests need Chromium or Chrome, and there is none here. Install the package 'chromium' with your "
    "system's package manager, or Chrome, or run 'python -m playwright install --with-deps chromium'; "
    "or set the environment variable CHROMIUM to the path of the program."
)


def find() -> str | None:
    """The path of a Chromium or Chrome; None if there is none.

    Raises
    ------
    RuntimeError
        When CHROMIUM names a file that is not there.
    """
    return next(_candidates(), None)


def require() -> str:
    """The path of a Chromium or Chrome; raises RuntimeError, and says what to install, if there is none."""
    path = find()
    if path is None:
        raise RuntimeError(ADVICE)
    return path


def find_or_install() -> str:
    """The path of a Chromium or Chrome, which is installed if there is none.

    Raises
    ------
    RuntimeError
        When it cannot be installed here; says what to do.
    """
    path = find()
    for command in () if path else _installers():
        _run(command)
        path = find()
        if path is not None:
            break
    return path or require()


def is_root() -> bool:
    """Whether we may install packages (and whether Chromium would refuse to start in its sandbox)."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _candidates() -> Iterator[str]:
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        if shutil.which(chosen) is None:
            raise RuntimeError(f"CHROMIUM should name a program to start, but {chosen!r} is none.")
        yield chosen
    yield from filter(None, map(shutil.which, NAMES))
    yield from filter(os.path.exists, APPLICATIONS)
    yield from filter(os.path.exists, _of_playwright())


def _of_playwright() -> Iterator[str]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright.chromium.executable_path


def _installers() -> Iterator[list[str]]:
    """Commands that may bring a browser, the likelier first."""
    if is_root() and shutil.which("apt-get"):
        yield ["apt-get", "update", "--quiet"]
        yield ["apt-get", "install", "--quiet", "--yes", "--no-install-recommends", "chromium"]
    # With --with-deps it would ask others than root for a password.
    yield [sys.executable, "-m", "playwright", "install", *(["--with-deps"] if is_root() else []), "chromium"]


def _run(command: list[str]) -> None:
    """Run an installer. Its failure is no end: the next may do, and `require` has the last word."""
    print("$", *command, file=sys.stderr, flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)


if __name__ == "__main__":
    try:
        print(Path(find_or_install()))
    except RuntimeError as error:
        raise SystemExit(str(error)) from error
