"""A user's JupyterLab: opens notebooks, and notices what goes wrong in the page."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page

from browser.line import Faults, spoil
from browser.pages import Notebook
from browser.server import LabServer

OURS = ("anychat", "anywidget")
"""Who speaks when an error in the console is about us."""

OF_LAB = ("Canceled future for",)
"""Errors that JupyterLab throws at itself when a kernel is restarted."""


class Lab:
    """JupyterLab in a browser that knows nothing yet: no cache, no storage.

    Attributes
    ----------
    console : list of str
        What pages wrote to their consoles.
    """

    def __init__(self, server: LabServer, context: BrowserContext, folder: Path) -> None:
        self.console: list[str] = []
        self._folder = folder
        self._server = server
        self._context = context
        self._sessions: dict[str, str] = {}  # of the notebooks, by their paths
        self._errors: list[str] = []
        self._allowed = list(OF_LAB)
        context.on("console", self._hear)
        context.on("weberror", lambda error: self._blame(error.error))

    def open(self, cells: Sequence[str]) -> Notebook:
        """Write a notebook of these code cells and open it; its kernel is idle when this returns."""
        path = f"{uuid.uuid4().hex[:12]}.ipynb"
        nbformat.write(new_notebook(cells=[new_code_cell(source) for source in cells]), self._server.notebooks / path)
        # Lab finds the kernel running, as when a notebook is reopened: it starts while the page loads.
        self._sessions[path] = self._server.start_session(path)
        return self._visit(path, len(cells))

    def open_again(self, notebook: Notebook) -> Notebook:
        """Save a notebook, and open it in one more page: same file, same kernel."""
        notebook.save()
        return self._visit(notebook.path, notebook.cell_count())

    def saved(self, notebook: Notebook) -> Any:
        """Save a notebook, and read its file with nbformat."""
        notebook.save()
        return nbformat.read(self._server.notebooks / notebook.path, as_version=4)

    def spoil_lines(self, faults: Faults) -> None:
        """What chats and pages say to each other suffers, in all pages that are opened from now on."""
        spoil(self._context, faults)

    def allow_error(self, text: str) -> None:
        """Errors with this text in them do not fail the test."""
        self._allowed.append(text)

    def errors(self) -> list[str]:
        """What went wrong in the pages and was not allowed."""
        for page in self._context.pages:
            page.evaluate("0")  # whatever happened before this answer has been reported after it
        return [error for error in self._errors if not any(text in error for text in self._allowed)]

    def take_screenshots(self) -> list[Path]:
        """Save how each page looks; returns where."""
        files = [self._folder / f"page-{number}.png" for number, _ in enumerate(self._context.pages)]
        for page, file in zip(self._context.pages, files, strict=True):
            page.screenshot(path=file)
        return files

    def close(self) -> None:
        """Close the pages, shut the kernels down, and remove the notebooks."""
        self._context.close()
        for path, session in self._sessions.items():
            self._server.end_session(session)
            (self._server.notebooks / path).unlink()
        self._server.forget_settings()

    def _visit(self, path: str, cells: int) -> Notebook:
        page: Page = self._context.new_page()
        page.on("dialog", lambda dialog: dialog.accept())  # "leave this page?"
        address = f"{self._server.url}/lab/workspaces/{uuid.uuid4().hex}?token={self._server.token}"
        page.goto(address, wait_until="commit")
        notebook = Notebook(page, path)
        notebook.load(cells)
        return notebook

    def _hear(self, message: ConsoleMessage) -> None:
        said = f"{message.type}: {message.text} ({message.location.get('url', '')})"
        self.console.append(said)
        if message.type == "error" and any(name in said.lower() for name in OURS):
            self._errors.append(said)

    def _blame(self, error: Error) -> None:
        self._errors.append(error.stack or error.message)
