"""The server that the notebooks use, for tests."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from canned_server import Canned
from notebooks.modules import load_module


@pytest.fixture(scope="session")
def local_openai() -> ModuleType:
    """The module ``notebooks/local_openai.py``."""
    return load_module("local_openai")


@pytest.fixture
def server(local_openai: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A server on this machine, reached without any proxy."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with local_openai.LocalOpenAI(pause=0.001) as server:
        yield server


@pytest.fixture
def canned(monkeypatch: pytest.MonkeyPatch) -> Iterator[Canned]:
    """A server with one answer."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = Canned()
    yield server
    server.close()
