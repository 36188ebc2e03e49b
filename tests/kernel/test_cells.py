"""Callbacks beside cells: what runs while a cell blocks or waits, what Stop and interrupts reach, when sessions end."""

from pathlib import Path

from anychat.protocol import ActionItem, AskItem, Click, OutputItem
from kernel.chat_page import ChatPage
from kernel.kernel import Kernel

SLOW = """
import asyncio, time
import anychat as cl

app = cl.App()
log = []

@app.on_message
async def reply(message):
    try:
        for number in range(3 if message.content == "short" else 1000):
            yield f"{number} "
            await asyncio.sleep(0.01)
    finally:
        log.append(message.content)
"""


ASKS = """
import asyncio
import anychat as cl

app = cl.App()

@app.on_message
async def reply(message):
    name = (await cl.AskUserMessage("Your name?", timeout=None).send())["output"]
    await cl.Message(f"Hello, {name}", actions=[cl.Action("click", {"name": name})]).send()

@app.action_callback("click")
async def click(action):
    await cl.Message(f"{action.payload['name']} clicked").send()
    print("printed")
"""


async def test_a_cell_that_blocks_makes_callbacks_on_the_main_loop_wait_and_says_so(tmp_path: Path) -> None:
    may_end = tmp_path / "may end"
    async with Kernel() as kernel:
        await kernel.execute(f"{SLOW}\nchat = cl.Chat(app)")
        page = await ChatPage.open(kernel, subshell=await kernel.create_subshell())
        running = page.post("long")
        await page.until(lambda page: bool(page.turn(running).text))
        cell = kernel.start(f"from pathlib import Path\nwhile not Path({str(may_end)!r}).exists(): time.sleep(0.01)")
        await kernel.until(lambda: cell.has_begun)

        waiting = page.post("short")
        page.stop(running)
        await page.until(lambda page: page.status(running) == "stopping")
        await page.until(lambda page: page.status(waiting) == "queued")
        assert not cell.is_over

        may_end.touch()
        await page.until(lambda page: page.status(waiting) == "done")
        assert page.status(running) == "stopped"
        assert await kernel.eval("log") == ["long", "short"]


async def test_on_a_loop_in_a_thread_callbacks_go_on_while_a_cell_blocks() -> None:
    async with Kernel() as kernel:
        await kernel.execute(f"{SLOW}\nchat = cl.Chat(app, loop='thread')")
        page = await ChatPage.open(kernel, subshell=await kernel.create_subshell())
        cell = kernel.start("time.sleep(60)")
        await kernel.until(lambda: cell.has_begun)

        assert (await page.send("short")).text == "0 1 2 "
        long = page.post("long")
        await page.until(lambda page: bool(page.turn(long).text))
        page.stop(long)
        await page.until(lambda page: page.status(long) == "stopped")
        assert not cell.is_over
        await kernel.interrupt()


async def test_while_a_cell_awaits_callbacks_are_answered() -> None:
    async with Kernel() as kernel:
        await kernel.execute(f"{SLOW}\nchat, done = cl.Chat(app), asyncio.Event()")
        page = await ChatPage.open(kernel)
        cell = kernel.start("await done.wait()")
        await kernel.until(lambda: cell.has_begun)
        subshell = await kernel.create_subshell() if kernel.has_subshells else None
        beside = await ChatPage.open(kernel, subshell=subshell)

        assert (await beside.send("short")).text == "0 1 2 "
        assert not cell.is_over
        assert page.messages == beside.messages
        await kernel.interrupt()


async def test_a_question_can_be_answered_from_a_cell_and_a_buttons_callback_prints_into_the_chat() -> None:
    async with Kernel() as kernel:
        await kernel.execute(f"{ASKS}\nchat = cl.Chat(app)")
        page = await ChatPage.open(kernel)
        turn = page.post("hello")
        await page.until(lambda page: any(isinstance(item, AskItem) for item in page.items(turn)))
        assert await kernel.eval("[ask.content for ask in chat.pending_asks]") == ["Your name?"]
        assert await kernel.eval("chat.session.status") == "waiting"
        await kernel.execute("chat.answer('Ada')")
        await page.until(lambda page: page.status(turn) == "done")

        [button] = [item for item in page.items(turn) if isinstance(item, ActionItem)]
        page.command(Click(click="c", action=button.id, epoch=page.epoch))
        await page.until(lambda page: any(isinstance(item, OutputItem) for item in page.items(turn)))
        said = [message.content for message in page.messages]
        assert said == ["hello", "Your name?", "Ada", "Hello, Ada", "Ada clicked"]
        assert [item.content for item in page.items(turn) if isinstance(item, OutputItem)] == ["printed\n"]


async def test_a_cell_can_drive_a_chat() -> None:
    async with Kernel() as kernel:
        await kernel.execute(f"{SLOW}\nchat = cl.Chat(app)")
        run = await kernel.execute("turn = await chat.send('short'); print(turn.text, turn.status, len(chat.messages))")
        assert run.stdout == "0 1 2  done 2\n"
        run = await kernel.execute(
            "waiting = asyncio.ensure_future(chat.send('long'))\n"
            "while not chat.messages[2:]: await asyncio.sleep(0.01)\n"
            "await chat.stop(); print((await waiting).status); await chat.restart(); print(len(chat.messages))"
        )
        assert run.stdout == "stopped\n0\n"


async def test_a_callback_that_blocks_the_kernel_can_be_interrupted() -> None:
    async with Kernel() as kernel:
        await kernel.execute(
            "import anychat as cl, time\n"
            "async def block(message):\n    print('blocking'); time.sleep(60)\n"
            "chat = cl.Chat(block)"
        )
        page = await ChatPage.open(kernel, subshell=await kernel.create_subshell())
        turn = page.post("go")
        await page.until(lambda page: len(page.items(turn)) == 2)

        await kernel.interrupt()

        await page.until(lambda page: page.status(turn) == "stopped")
        assert (await kernel.execute("print('alive')")).stdout == "alive\n"


async def test_an_interrupt_while_anychat_is_at_work_ends_what_blocks_afterwards() -> None:
    async with Kernel() as kernel:
        await kernel.execute(
            "import anychat as cl, os, signal, time\n"
            "class Content:\n"
            "    def __str__(self): os.kill(os.getpid(), signal.SIGINT); return 'whole'\n"
            "async def block(message):\n"
            "    try:\n        await cl.Message(Content()).send(); time.sleep(60)\n"
            "    finally:\n        await cl.sleep(0.01); print('cleaned up')\n"
            "chat = cl.Chat(block)"
        )
        page = await ChatPage.open(kernel, subshell=await kernel.create_subshell())
        for _ in range(3):
            turn = page.post("go")
            await page.until(lambda page, turn=turn: page.status(turn) == "stopped")  # type: ignore[misc]
            assert page.turn(turn).text == "whole"
            assert [output.content for output in page.turn(turn).outputs] == ["cleaned up\n"]
        assert (await kernel.execute("time.sleep(0.1); print('alive')")).stdout == "alive\n"


async def test_what_callbacks_print_and_display_goes_to_their_turns() -> None:
    async with Kernel() as kernel:
        await kernel.execute(
            "import anychat as cl, asyncio, logging, sys\n"
            "logging.basicConfig()\n"
            "async def talk(message):\n"
            "    for number in range(3):\n"
            "        print(message.content, number)\n"
            "        await asyncio.sleep(0.01)\n"
            "    logging.warning(message.content)\n"
            "    display({'text/plain': message.content}, raw=True)\n"
            "    return {1: message.content}.keys()\n"
            "chats = [cl.Chat(talk), cl.Chat(talk)]"
        )
        alice, bob = await ChatPage.open(kernel, 0), await ChatPage.open(kernel, 1)
        turns = alice.post("a"), bob.post("b")
        cell = await kernel.execute("for _ in range(5):\n    print('cell'); await asyncio.sleep(0.01)")
        for page, turn in zip((alice, bob), turns, strict=True):
            await page.until(lambda page, turn=turn: page.status(turn) == "done")  # type: ignore[misc]
            name = page.messages[0].content
            outputs = [item for item in page.items(turn) if isinstance(item, OutputItem)]
            assert [(item.name, item.content or item.data["text/plain"]) for item in outputs] == [
                ("stdout", f"{name} 0\n{name} 1\n{name} 2\n"),
                ("stderr", f"WARNING:root:{name}\n"),
                ("display", name),
                ("display", "dict_keys([1])"),
            ]
        assert cell.stdout == "cell\n" * 5


async def test_an_error_shows_the_lines_of_its_cell() -> None:
    async with Kernel() as kernel:
        await kernel.execute("import anychat as cl")
        await kernel.execute("def fail(message):\n    return 1 / 0  # here\n\nchat = cl.Chat(fail)")
        page = await ChatPage.open(kernel)
        (error,) = (await page.send("go")).messages
        assert error.content == "ZeroDivisionError: division by zero"
        assert error.traceback is not None
        assert 'File "Cell [2]", line 2, in fail\n    return 1 / 0  # here' in error.traceback


async def test_pictures_travel_as_bytes() -> None:
    async with Kernel() as kernel:
        await kernel.execute(
            "import anychat as cl, base64\n"
            "class Dot:\n"
            "    def _repr_png_(self): return base64.b64decode('iVBORw0KGgo=')\n"
            "chat = cl.Chat(lambda message: Dot())"
        )
        page = await ChatPage.open(kernel)
        turn = await page.send("draw")
        (item,) = [item for item in page.items(turn.id) if isinstance(item, OutputItem)]
        assert "image/png" not in item.data
        digest = item.assets["image/png"]
        page.ask_asset(digest)
        await page.until(lambda page: digest in page.assets)
        assert page.assets[digest] == b"\x89PNG\r\n\x1a\n"


MAKE = """
import anychat as cl
app = cl.App()
ended = globals().get("ended", [])
app.on_chat_end(lambda: ended.append(cl.user_session.get("who")))
app.on_message(lambda message: cl.user_session.set("who", message.content))
chat = cl.Chat(app)
"""


async def test_a_session_ends_once_when_its_cell_is_run_again_or_deleted() -> None:
    async with Kernel() as kernel:
        await kernel.execute(MAKE, cell="one")
        first = await ChatPage.open(kernel)
        await first.send("alice")

        await kernel.execute(MAKE, cell="one")
        await first.until(lambda page: page.info.ended)
        second = await ChatPage.open(kernel)
        assert second.messages == []
        await second.send("bob")
        await kernel.execute("1", cell="two")
        assert await kernel.eval("ended") == ["alice"]

        await kernel.execute("2", cell="two", deleted=["one"])
        await second.until(lambda page: page.info.ended)
        assert await kernel.eval("ended") == ["alice", "bob"]
        assert await kernel.eval("(chat.session.status, len(chat.state))") == ("ended", 0)


async def test_a_named_chat_goes_on_when_its_cell_is_run_again() -> None:
    async with Kernel() as kernel:
        make = MAKE.replace("Chat(app)", "Chat(app, name='tutor')")
        await kernel.execute(make, cell="one")
        await (await ChatPage.open(kernel)).send("alice")
        await kernel.execute(make, cell="one")
        again = await ChatPage.open(kernel)
        assert [message.content for message in again.messages] == ["alice"]
        assert await kernel.eval("(chat.state.who, ended)") == ("alice", [])


async def test_sessions_end_with_the_kernel(tmp_path: Path) -> None:
    note = tmp_path / "ended"
    async with Kernel() as kernel:
        await kernel.execute(
            "import anychat as cl, pathlib, asyncio\n"
            "app = cl.App()\n"
            "@app.on_chat_end\n"
            "async def end():\n"
            "    await asyncio.sleep(0)\n"
            f"    with open({str(note)!r}, 'a') as file: file.write(cl.user_session.get('who'))\n"
            "app.on_message(lambda message: cl.user_session.set('who', message.content))\n"
            "chats = cl.Chat(app), cl.Chat(app, loop='thread')"
        )
        for index, name in enumerate(["a", "b"]):
            await (await ChatPage.open(kernel, index)).send(name)
        await kernel.shutdown()
    assert sorted(note.read_text()) == ["a", "b"]


async def test_displays_update_and_clear_in_their_turn() -> None:
    async with Kernel() as kernel:
        cell = await kernel.execute(
            "import anychat as cl\n"
            "from IPython.display import clear_output\n"
            "async def show(message):\n"
            "    print('gone'); display('gone'); clear_output()\n"
            "    handle = display('one', display_id=True)\n"
            "    handle.update('two')\n"
            "    for percent in range(0, 101, 50): print(f'\\r{percent}%', end='')\n"
            "chat = cl.Chat(show)"
        )
        page = await ChatPage.open(kernel)
        turn = await page.send("go")
        outputs = [item for item in page.items(turn.id) if isinstance(item, OutputItem)]
        assert [item.content or item.data["text/plain"] for item in outputs] == ["'two'", "100%"]
        assert cell.outputs == []


async def test_an_interrupt_in_the_middle_of_a_stream_leaves_page_and_kernel_equal() -> None:
    async with Kernel() as kernel:
        await kernel.execute(
            "import anychat as cl\n"
            "async def flood(message):\n"
            "    answer = cl.Message('')\n"
            "    while True: await answer.stream_token('x')\n"
            "chat = cl.Chat(flood)"
        )
        page = await ChatPage.open(kernel, subshell=await kernel.create_subshell())
        for _ in range(5):
            turn = page.post("go")
            await page.until(lambda page, turn=turn: page.turn(turn).text)  # type: ignore[misc]
            await kernel.interrupt()
            await page.until(lambda page, turn=turn: page.status(turn) == "stopped")  # type: ignore[misc]
        lengths = [len(message.content) for message in page.messages]
        assert await kernel.eval("[len(message.content) for message in chat.messages]") == lengths


async def test_a_callback_that_blocks_for_ever_does_not_keep_the_kernel_from_ending_the_others(tmp_path: Path) -> None:
    note = tmp_path / "ended"
    async with Kernel() as kernel:
        await kernel.execute(
            "import anychat as cl, threading\n"
            "app, begun = cl.App(), threading.Event()\n"
            "app.on_message(lambda message: (begun.set(), threading.Event().wait()))\n"
            f"app.on_chat_end(lambda: open({str(note)!r}, 'a').write('x'))\n"
            "chats = cl.Chat(app), cl.Chat(app)"
        )
        stuck = await ChatPage.open(kernel, 0)
        await ChatPage.open(kernel, 1)
        stuck.post("block")
        await kernel.until(lambda: True)
        await kernel.execute("import asyncio; await asyncio.to_thread(begun.wait)")
        await kernel.shutdown()
    assert note.read_text() == "xx"


async def test_running_a_cell_many_times_leaves_one_chat() -> None:
    async with Kernel() as kernel:
        for _ in range(10):
            await kernel.execute(MAKE, cell="one")
            page = await ChatPage.open(kernel)
            await page.send("x" * 1000)
            page.close()
        await kernel.execute("import gc, ipywidgets")
        alive = "sum(isinstance(each, cl.Chat) for each in ipywidgets.widgets.widget._instances.values())"
        assert await kernel.eval(alive) == 1
        assert await kernel.eval("ended") == ["x" * 1000] * 9


async def test_an_interrupt_reaches_the_tasks_that_a_callback_started() -> None:
    async with Kernel() as kernel:
        await kernel.execute(
            "import anychat as cl, asyncio, inspect, time\n"
            "async def child():\n    print('blocking'); time.sleep(60)\n"
            "async def block(message):\n"
            "    task = asyncio.create_task(child())\n"
            "    print(inspect.getcoroutinestate(task.get_coro()))\n"
            "    await asyncio.gather(task)\n"
            "chat = cl.Chat(block)"
        )
        page = await ChatPage.open(kernel, subshell=await kernel.create_subshell())
        turn = page.post("go")
        await page.until(lambda page: "blocking" in str(page.items(turn)))
        await kernel.interrupt()
        await page.until(lambda page: page.status(turn) == "stopped")
        assert "CORO_CREATED" in str(page.items(turn))
        assert (await kernel.execute("print('alive')")).stdout == "alive\n"
