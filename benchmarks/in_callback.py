"""What ``cl.user_session`` costs in a callback: a script, run as ``python in_callback.py PACKAGE CALLS``.

It runs the same callback under anychat or under the real Chainlit, each with its own machinery around it, and prints
the microseconds of a set and of a get as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any


def main() -> None:
    """Measure, and print."""
    package, calls = sys.argv[1], int(sys.argv[2])
    times: dict[str, float] = {}
    cl = import_module(package)

    @cl.on_message
    async def reply(_message: Any) -> None:
        session = cl.user_session
        session.set("other", "value")
        times["set"] = microseconds(lambda number: session.set("count", number), calls)
        times["get"] = microseconds(lambda _: session.get("count"), calls)

    asyncio.run(run_anychat() if package == "anychat" else run_chainlit())
    print(json.dumps(times))


async def run_anychat() -> None:
    """Send a message to the chat that a page in memory shows."""
    from anychat.testing import ChatDriver

    async with ChatDriver(timeout=600) as user:
        turn = await user.send("go")
        assert turn.error is None, turn.error


async def run_chainlit() -> None:
    """Call the callback as the server does, in the context of a session whose page hears nothing."""
    from chainlit import Message
    from chainlit.config import config
    from chainlit.context import init_ws_context
    from chainlit.session import WebsocketSession

    async def say_nothing(*_arguments: object) -> None:
        pass

    session = WebsocketSession(
        id="s", socket_id="w", emit=say_nothing, emit_call=say_nothing, user_env={}, client_type="webapp"
    )
    init_ws_context(session)
    await config.code.on_message(Message("go", type="user_message"))


def microseconds(call: Callable[[int], object], calls: int) -> float:
    """The time of one call: of five rounds the quickest, since whatever else runs only adds to it."""
    rounds = []
    for _ in range(5):
        began = time.process_time()
        for number in range(calls):
            call(number)
        rounds.append(time.process_time() - began)
    return 1e6 * min(rounds) / calls


if __name__ == "__main__":
    main()
