"""Sync code that waits, in a real kernel: nothing is patched, and the stop button reaches it."""

from pathlib import Path

from kernel.chat_page import ChatPage
from kernel.kernel import Kernel

TOOLS = """
import anychat as cl, asyncio, time

async def fetch(page):
    await asyncio.sleep(0.01)
    return f"<{page}>"

def read(page):
    return cl.run_sync(fetch(page))
"""


async def test_a_sync_tool_waits_on_the_kernels_own_loop_while_a_cell_awaits() -> None:
    async with Kernel() as kernel:
        await kernel.execute(
            f"{TOOLS}\nasync def reply(message):\n    return read(message.content) + read('b')\nchat = cl.Chat(reply)"
        )
        page = await ChatPage.open(kernel)
        run = await kernel.execute("turn = await chat.send('a'); print(turn.text)")
        assert run.stdout == "<a><b>\n"
        assert (await page.send("c")).text == "<c><b>"


async def test_a_plain_cell_waits_where_it_can_and_is_told_where_it_cannot() -> None:
    async with Kernel() as kernel:
        run = await kernel.execute(f"{TOOLS}\nprint(read('a'))")
        assert run.stdout == "<a>\n"
        run = await kernel.execute("cl.run_sync(cl.Chat(lambda message: 'x').send('hello'))")
        assert run.error is not None
        assert "await chat.send" in run.error
        waiting = kernel.start("print('waiting'); cl.run_sync(asyncio.sleep(1000))")
        await kernel.until(lambda: waiting.stdout == "waiting\n")
        await kernel.interrupt()
        await kernel.until(lambda: waiting.is_over)
        assert waiting.error is not None
        assert waiting.error.startswith("KeyboardInterrupt")


BLOCKS = """
async def block():
    await asyncio.sleep(0)
    print("blocking")
    time.sleep(60)

async def reply(message):
    try:
        cl.run_sync(block())
    except Exception as error:
        print(type(error).__name__)
        raise
    finally:
        print("cleaned up", cl.run_sync(fetch("still")))

chat = cl.Chat(reply)
"""


async def test_what_blocks_under_sync_code_can_be_interrupted() -> None:
    async with Kernel() as kernel:
        await kernel.execute(TOOLS + BLOCKS)
        page = await ChatPage.open(kernel, subshell=await kernel.create_subshell())
        for _ in range(2):
            turn = page.post("go")
            await page.until(lambda page, turn=turn: len(page.items(turn)) == 2)  # type: ignore[misc]
            await kernel.interrupt()
            await page.until(lambda page, turn=turn: page.status(turn) == "stopped")  # type: ignore[misc]
            assert page.items(turn)[1].content == "blocking\ncleaned up <still>\n"
        assert (await kernel.execute("print('alive', read('x'))")).stdout == "alive <x>\n"


async def test_stop_reaches_what_sync_code_waits_for() -> None:
    async with Kernel() as kernel:
        await kernel.execute(
            f"{TOOLS}\nasync def reply(message):\n"
            "    print('waiting')\n"
            "    try:\n        cl.run_sync(asyncio.sleep(1000))\n    finally:\n        print('landed')\n"
            "chat = cl.Chat(reply)"
        )
        page = await ChatPage.open(kernel)
        turn = page.post("go")
        await page.until(lambda page: len(page.items(turn)) == 2)
        page.stop(turn)
        await page.until(lambda page: page.status(turn) == "stopped")
        assert page.items(turn)[1].content == "waiting\nlanded\n"


async def test_an_app_ends_with_its_kernel_after_its_chats(tmp_path: Path) -> None:
    note, app = tmp_path / "note", tmp_path / "app.py"
    app.write_text(
        "import chainlit as cl\n"
        f"def note(text): open({str(note)!r}, 'a').write(text + ' ')\n"
        "@cl.on_app_startup\nasync def startup(): await cl.sleep(0); note('app')\n"
        "@cl.on_chat_start\nasync def start(): note('chat'); await cl.Message('hello').send()\n"
        "@cl.on_chat_end\ndef end(): note('/chat')\n"
        "@cl.on_app_shutdown\nasync def shutdown(): await cl.sleep(0); note('/app')\n"
    )
    async with Kernel() as kernel:
        await kernel.execute(f"import anychat as cl; chat = cl.Chat(cl.load({str(app)!r})); chat")
        page = await ChatPage.open(kernel)
        await page.until(lambda page: page.messages)
        await kernel.shutdown()
    assert note.read_text() == "app chat /chat /app "
