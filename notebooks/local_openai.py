"""A small server that speaks the OpenAI chat API on this machine, so that notebooks and tests need no key.

It answers ``POST /v1/chat/completions``, whole or as a stream of server-sent events. There is no model behind it:
the answer tells what the server was sent, so that the conversation's history can be seen.

>>> server = LocalOpenAI()
>>> server.url                                                   # doctest: +SKIP
'http://127.0.0.1:40123/v1'
>>> server.close()
"""

from __future__ import annotations

import json
import re
import select
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Messages = list[dict[str, Any]]
Answer = Callable[[Messages], str]

API_KEY = "not-a-secret"
"""The key that the server takes; any other is refused, as a real one would."""


@dataclass
class Exchange:
    """One request, and what became of it."""

    request: dict[str, Any]
    sent: int = 0
    """How many pieces of the answer were sent."""
    was_cut: bool = False
    """Whether the client hung up before the end."""
    over: threading.Event = field(default_factory=threading.Event)
    """Set when the server is done with it."""


class LocalOpenAI:
    """The server. It runs in a thread of its own from the moment it is made, until `close`.

    Parameters
    ----------
    answer
        Makes the answer from the messages of a request; by default it tells what it was sent.
    pause
        Seconds between two pieces of a stream.

    Attributes
    ----------
    url : str
        What to give a client as ``base_url``.
    exchanges : list of Exchange
        All requests so far.
    fail_with : int or None
        While this is an HTTP status, every request is refused with it.
    """

    def __init__(self, answer: Answer | None = None, pause: float = 0.02) -> None:
        self.answer = answer or tell_history
        self.pause = pause
        self.exchanges: list[Exchange] = []
        self.fail_with: int | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, self))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> LocalOpenAI:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<LocalOpenAI at {self.url}: {len(self.exchanges)} requests so far>"


def tell_history(messages: Messages) -> str:
    """An answer that shows which conversation the server was given."""
    said = [message["content"] for message in messages if message["role"] == "user"]
    if len(said) == 1:
        return f"You said “{said[0]}” That is your first message."
    return f"You said “{said[-1]}” That is message {len(said)} of yours; the first one was “{said[0]}”"


class _Handler(BaseHTTPRequestHandler):
    """One request. HTTP/1.0: the end of the answer is the end of the connection."""

    def __init__(self, owner: LocalOpenAI, *connection: Any) -> None:
        self._owner = owner
        super().__init__(*connection)

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        exchange = Exchange(request)
        self._owner.exchanges.append(exchange)
        try:
            self._reply(exchange)
        except (BrokenPipeError, ConnectionResetError):
            exchange.was_cut = True
        finally:
            exchange.over.set()

    def _reply(self, exchange: Exchange) -> None:
        if self.path != "/v1/chat/completions":
            return self._refuse(404, f"There is nothing at {self.path}.")
        if self._owner.fail_with is not None:
            return self._refuse(self._owner.fail_with, "The server was told to fail.")
        if self.headers.get("Authorization") != f"Bearer {API_KEY}":
            return self._refuse(401, "Incorrect API key provided.")
        answer = self._owner.answer(exchange.request["messages"])
        if exchange.request.get("stream"):
            return self._stream(exchange, answer)
        exchange.sent = 1
        return self._send_json(200, _completion(exchange.request, answer))

    def _stream(self, exchange: Exchange, answer: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for piece in re.findall(r"\s*\S+", answer):
            self._send_event(_chunk(exchange.request, {"content": piece}))
            exchange.sent += 1
            time.sleep(self._owner.pause)
            if _has_hung_up(self.connection):
                raise ConnectionResetError
        self._send_event(_chunk(exchange.request, {}, "stop"))
        self.wfile.write(b"data: [DONE]\n\n")

    def _send_event(self, event: dict[str, Any]) -> None:
        self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())
        self.wfile.flush()

    def _refuse(self, status: int, message: str) -> None:
        self._send_json(status, {"error": {"message": message, "type": "error", "code": status}})

    def _send_json(self, status: int, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing: a notebook shows what is written to stderr."""


def _has_hung_up(connection: socket.socket) -> bool:
    is_readable, _, _ = select.select([connection], [], [], 0)
    return bool(is_readable) and connection.recv(1, socket.MSG_PEEK) == b""


def _completion(request: dict[str, Any], answer: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": answer}
    return _object(request, "chat.completion", {"message": message, "finish_reason": "stop"})


def _chunk(request: dict[str, Any], delta: dict[str, str], finish_reason: str | None = None) -> dict[str, Any]:
    return _object(request, "chat.completion.chunk", {"delta": delta, "finish_reason": finish_reason})


def _object(request: dict[str, Any], kind: str, choice: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": "chatcmpl-local",
        "object": kind,
        "created": int(time.time()),
        "model": request.get("model", "local"),
        "choices": [{"index": 0, **choice}],
    }
