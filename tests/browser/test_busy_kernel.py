"""What the page says and does while a cell keeps the kernel. The cell ends when the test interrupts it, not before."""

from browser.lab import Lab
from browser.pages import Notebook

SETUP = """
import asyncio, time
import anychat as cl

async def count(message):
    for number in range(int(message.content)):
        yield f"{number} "
        await asyncio.sleep(0.02)
"""


def end_cell(notebook: Notebook) -> None:
    """The last cell still runs; now it ends."""
    notebook.interrupt()
    notebook.wait_for_output(notebook.cell_count() - 1, "KeyboardInterrupt")


def test_a_blocking_cell_makes_a_message_wait_and_the_page_says_so(lab: Lab) -> None:
    notebook = lab.open([SETUP, "chat = cl.Chat(count); chat", "time.sleep(60)"])
    notebook.run(0)
    chat = notebook.run_chat(1)
    assert chat.ask("2") == "0 1"
    notebook.run(2, wait=False)

    chat.send("3")
    chat.wait_for_statuses("done", "queued")  # the kernel has it
    chat.wait_for_text("Waiting for the kernel")
    end_cell(notebook)
    chat.wait_for_messages("2", "0 1", "3", "0 1 2")


def test_stop_is_noted_while_a_cell_blocks_and_lands_when_it_ends(lab: Lab) -> None:
    notebook = lab.open([SETUP, "chat = cl.Chat(count); chat", "time.sleep(60)"])
    notebook.run(0)
    chat = notebook.run_chat(1)
    chat.send("1000")
    chat.wait_for_text("3 4")
    notebook.run(2, wait=False)
    chat.stop()
    chat.wait_for_statuses("stopping")
    chat.wait_for_text("kernel is busy")
    end_cell(notebook)
    chat.wait_for_statuses("stopped")
    chat.wait_for_text("Stopped")


def test_on_a_thread_loop_it_answers_and_stops_while_a_cell_blocks(lab: Lab) -> None:
    notebook = lab.open([SETUP, "chat = cl.Chat(count, loop='thread'); chat", "time.sleep(60)"])
    notebook.run(0)
    chat = notebook.run_chat(1)
    assert chat.ask("1") == "0"
    notebook.run(2, wait=False)
    assert chat.ask("3") == "0 1 2"
    chat.send("1000")
    chat.wait_for_text("3 4")
    chat.stop()
    chat.wait_for_statuses("done", "done", "stopped")
    end_cell(notebook)


def test_while_a_cell_awaits_it_answers_and_stops(lab: Lab) -> None:
    notebook = lab.open([SETUP, "chat = cl.Chat(count); chat", "await asyncio.sleep(60)"])
    notebook.run(0)
    chat = notebook.run_chat(1)
    notebook.run(2, wait=False)
    assert chat.ask("3") == "0 1 2"
    chat.send("1000")
    chat.wait_for_text("3 4")
    chat.stop()
    chat.wait_for_statuses("done", "stopped")
    assert notebook.execution_count(2) is None  # the cell still runs; an idle loop would not notice an interrupt


def test_a_chat_shows_itself_while_its_own_cell_goes_on(lab: Lab) -> None:
    notebook = lab.open([SETUP, "chat = cl.Chat(count); display(chat); time.sleep(60)"])
    notebook.run(0)
    notebook.run(1, wait=False)
    chat = notebook.chat(1)
    chat.wait_until_ready()
    end_cell(notebook)
