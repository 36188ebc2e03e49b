"""One JupyterLab server and one Chromium for all browser tests; each test has a browser that knows nothing.

A test asks for `lab`, and opens a notebook with it::

    def test_it_answers(lab: Lab) -> None:
        notebook = lab.open(["import anychat as cl", "cl.Chat(lambda message: message.content.upper())"])
        notebook.run(0)
        chat = notebook.run_chat(1)
        assert chat.ask("hello") == "HELLO"

An error in the page fails the test that caused it, unless it said ``lab.allow_error("...")``.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from browser import chromium
from browser.lab import Lab
from browser.pages import SECONDS
from browser.server import LabServer

# Without these, Chromium asks the internet for updates, and complains where there is none.
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests last: Playwright keeps an event loop running in this thread, which async tests cannot share."""
    items.sort(key=lambda item: HERE in item.path.parents)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test when its pages had errors; when it failed for another reason, tell what the pages said."""
    lab = getattr(item, "funcargs", {}).get("lab")
    if not isinstance(lab, Lab):
        return (yield)
    try:
        result = yield
    except (Exception, pytest.fail.Exception):
        item.add_report_section("call", "page errors", "\n".join(lab.errors()))
        item.add_report_section("call", "browser console", "\n".join(lab.console))
        item.add_report_section("call", "screenshots", "\n".join(map(str, lab.take_screenshots())))
        raise
    if errors := lab.errors():
        pytest.fail("Errors in the page:\n" + "\n".join(errors), pytrace=False)
    return result


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabServer]:
    """A real JupyterLab server."""
    with LabServer(tmp_path_factory.mktemp("lab")) as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    arguments = [*QUIET, "--no-sandbox"] if chromium.is_root() else list(QUIET)
    path = chromium.require()
    expect.set_options(timeout=1000 * SECONDS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def lab(server: LabServer, browser: Browser, tmp_path: Path) -> Iterator[Lab]:
    """JupyterLab in a browser that knows nothing yet."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.set_default_timeout(1000 * SECONDS)
    lab = Lab(server, context, tmp_path)
    yield lab
    lab.close()
