"""How sessions come and go, and what they leave behind."""

import asyncio
import gc
import tracemalloc
import weakref

import anychat as cl
from anychat.session import Session

SESSIONS = 1000
DATA = 100_000  # bytes that each session keeps


async def test_a_thousand_sessions_leave_nothing_behind() -> None:
    app = cl.App()

    @app.on_chat_start
    def start() -> None:
        cl.user_session.set("data", bytearray(DATA))

    @app.on_message
    def reply(message: cl.Message) -> str:
        return message.content * 100

    async def live() -> weakref.ref[Session]:
        chat = cl.Chat(app)
        await chat.send("hello")
        await chat.restart()
        await chat.send("again")
        over = asyncio.Event()
        chat.session.observe(lambda change: over.set() if change.new == "ended" else None, "status")
        chat.close()
        await over.wait()
        return weakref.ref(chat.session)

    await live()
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    sessions = [await live() for _ in range(SESSIONS // 2)]  # each chat had two
    await asyncio.sleep(0)
    gc.collect()
    left = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert sum(session() is not None for session in sessions) == 0
    assert left < 500 * SESSIONS, "it is less than half a kilobyte each"
