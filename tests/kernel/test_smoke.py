"""The harness itself: chats in a real kernel, with and without a cell that blocks it."""

from kernel.chat_page import ChatPage
from kernel.kernel import Kernel

TWO_CHATS = """
import anychat as cl

def shout(message):
    return f"{cl.user_session.get('id') == chats[0].session.id}: {message.content.upper()}"

chats = [cl.Chat(shout), cl.Chat(shout)]
"""


async def test_two_chats_are_two_users() -> None:
    async with Kernel() as kernel:
        await kernel.execute(TWO_CHATS)
        alice, bob = await ChatPage.open(kernel, 0), await ChatPage.open(kernel, 1)

        answers = [(await alice.send("hello")).text, (await bob.send("hi")).text]

        assert answers == ["True: HELLO", "False: HI"]
        assert await kernel.eval("[len(chat.messages) for chat in chats]") == [2, 2]


async def test_a_subshell_delivers_while_a_cell_blocks() -> None:
    async with Kernel() as kernel:
        await kernel.execute("import anychat as cl\nasync def echo(message): return message.content\ncl.Chat(echo)")
        page = await ChatPage.open(kernel, subshell=await kernel.create_subshell())
        cell = kernel.start("import time; time.sleep(60)")
        await kernel.until(lambda: cell.has_begun)

        turn = page.post("are you there?")
        await page.until(lambda page: page.status(turn) == "queued")

        await kernel.interrupt()
        await page.until(lambda page: page.status(turn) == "done")
        assert cell.error == "KeyboardInterrupt: "
        assert page.turn(turn).text == "are you there?"


async def test_what_a_cell_puts_out() -> None:
    async with Kernel() as kernel:
        cell = await kernel.execute("print('one'); display(2); 3")
        failed = await kernel.execute("1 / 0")

        assert cell.stdout == "one\n"
        assert [bundle["text/plain"] for bundle in cell.outputs] == ["2", "3"]
        assert failed.error == "ZeroDivisionError: division by zero"
