"""Chainlit itself, with one app, and a page that hears what its user would see."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import socketio

QUIET = 0.6
"""Seconds without news after which an app is taken to have said all."""

Shown = tuple[str, str, str | None, bool]
"""What a reader sees of a message or step: who, what, in which language, whether it is an error."""


class ChainlitPage:
    """A page of Chainlit's, in memory.

    Attributes
    ----------
    items : dict
        The messages and steps that are shown, by their ids, as Chainlit sends them.
    """

    def __init__(self, url: str, http: aiohttp.ClientSession) -> None:
        self.items: dict[str, dict[str, Any]] = {}
        self._url = url
        self._http = http
        self._session = str(uuid.uuid4())
        self._actions: dict[str, Any] = {}
        self._asked: asyncio.Future[Any] | None = None
        self._last_news = 0.0
        self._socket = socketio.AsyncClient(reconnection=False)
        for event in ("new_message", "update_message", "stream_start"):
            self._socket.on(event, self._put)
        self._socket.on("stream_token", self._stream)
        self._socket.on("delete_message", self._remove)
        self._socket.on("action", self._offer)
        self._socket.on("ask", self._ask)
        self._socket.on("task_end", self._hear)

    async def open(self) -> None:
        """Begin the chat."""
        identity = {"clientType": "webapp", "sessionId": self._session, "threadId": "", "userEnv": "{}"}
        await self._socket.connect(
            self._url, socketio_path="/ws/socket.io", transports=["websocket"], auth={**identity, "chatProfile": ""}
        )
        await self._socket.emit("connection_successful")
        await self._settle()

    async def close(self) -> None:
        await self._socket.disconnect()

    async def say(self, text: str) -> None:
        """Say something, or answer the question that is asked."""
        message = {
            "id": str(uuid.uuid4()), "name": "user", "type": "user_message", "output": text, "createdAt": "2030-01-01",
        }  # fmt: skip
        if self._asked is None:
            await self._socket.emit("client_message", {"message": message, "fileReferences": []})
        else:
            self._answer(message)
        await self._settle()

    async def click(self, label: str) -> None:
        """Click a button, be it an answer or not."""
        action = self._actions[label]
        if self._asked is None:
            body = {"sessionId": self._session, "action": action}
            async with self._http.post(f"{self._url}/project/action", json=body) as response:
                response.raise_for_status()
        else:
            self._answer(action)
        await self._settle()

    def shown(self) -> list[Shown]:
        """What the user sees: all but the runs of callbacks and what the user says."""
        return [
            (item["name"], item["output"] or "", item.get("language"), bool(item.get("isError")))
            for item in self.items.values()
            if item["type"] != "user_message" and item["name"] not in ("on_chat_start", "on_message")
        ]

    async def _settle(self) -> None:
        self._hear()
        while time.monotonic() - self._last_news < QUIET:
            await asyncio.sleep(0.05)

    def _hear(self, _news: Any = None) -> None:
        self._last_news = time.monotonic()

    async def _put(self, item: dict[str, Any]) -> None:
        self._hear()
        self.items[item["id"]] = {**self.items.get(item["id"], {}), **item}

    async def _stream(self, token: dict[str, Any]) -> None:
        self._hear()
        item, side = self.items[token["id"]], "input" if token["isInput"] else "output"
        item[side] = token["token"] if token["isSequence"] else f"{item.get(side) or ''}{token['token']}"

    async def _remove(self, item: dict[str, Any]) -> None:
        self._hear()
        self.items.pop(item["id"], None)

    async def _offer(self, action: dict[str, Any]) -> None:
        self._hear()
        self._actions[action["label"] or action["name"]] = action

    async def _ask(self, question: dict[str, Any]) -> Any:
        await self._put(question["msg"])
        self._asked = asyncio.get_running_loop().create_future()
        return await self._asked

    def _answer(self, answer: dict[str, Any]) -> None:
        assert self._asked is not None, "Something is asked."
        self._asked.set_result(answer)
        self._asked = None


@asynccontextmanager
async def chainlit_page(app: Path, home: Path, port: int) -> AsyncIterator[ChainlitPage]:
    """A chat with an app, on a server of its own whose files lie in `home`."""
    environment = {**os.environ, "CHAINLIT_APP_ROOT": str(home), "CHAINLIT_AUTH_SECRET": "x" * 32}
    if (app.parent / "public").is_dir():
        shutil.copytree(app.parent / "public", home / "public")
    command = [sys.executable, "-m", "chainlit", "run", str(app), "--headless", "--port", str(port)]
    with (home / "log.txt").open("w") as log:
        server = subprocess.Popen(command, cwd=home, env=environment, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        async with aiohttp.ClientSession() as http:
            await _is_up(http, url)
            page = ChainlitPage(url, http)
            await page.open()
            yield page
            await page.close()
    finally:
        server.terminate()
        server.wait()


async def _is_up(http: aiohttp.ClientSession, url: str) -> None:
    async with asyncio.timeout(60):
        while True:
            try:
                async with http.get(f"{url}/health"):
                    return
            except aiohttp.ClientError:
                await asyncio.sleep(0.2)
