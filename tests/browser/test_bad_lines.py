"""What happens between kernel and page must not show in the conversation, but for a word about it while it lasts."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from browser.lab import Lab
from browser.line import Faults, Line
from browser.pages import ChatPage, Notebook

SETUP = """
import asyncio, json
import anychat as cl

is_enough = asyncio.Event()
said = []

@cl.on_message
async def count(message: cl.Message):
    is_enough.clear()
    said.append(message.content)
    number = 0
    while not is_enough.is_set():
        yield f"{message.content}{number} "
        number += 1
        await asyncio.sleep(0.01)
    said.append(" ".join(f"{message.content}{below}" for below in range(number)))
"""
SHOW = "chat = cl.Chat(); chat"


def end_answer(notebook: Notebook) -> None:
    notebook.eval("is_enough.set()")


def assert_whole(notebook: Notebook, chat: ChatPage) -> None:
    """The page shows what the kernel keeps, and that is what was said."""
    chat.wait_until_done()
    said, kept = json.loads(notebook.eval("print(json.dumps([said, [item.content for item in chat.messages]]))"))
    assert [text.strip() for text in kept] == said
    chat.wait_for_messages(*said)
    assert chat.copy() == kept[-1]
    expect(chat.state).to_have_count(0)


@pytest.mark.parametrize("seed", [1, 2])
def test_an_answer_is_whole_whatever_the_line_does_to_it(lab: Lab, seed: int) -> None:
    lab.spoil_lines(Faults(seed, lost=0.2, twice=0.2, late=0.2))
    notebook = lab.open([SETUP, SHOW])
    notebook.run(0)
    chat = notebook.run_chat(1)
    line = Line(notebook.page)

    chat.send("a")
    chat.wait_for_text("a100 a101")
    assert line.suffered() > 10
    notebook.reload()
    chat = notebook.chat(1)
    chat.wait_for_text("a200")
    expect(chat.state).to_have_count(0)
    line.cut()
    expect(chat.state).to_have_text("Reconnecting…")
    end_answer(notebook)
    line.mend()
    assert_whole(notebook, chat)


def test_a_connection_that_breaks_is_made_again_and_nothing_is_missing(lab: Lab) -> None:
    lab.spoil_lines(Faults())
    notebook = lab.open([SETUP, SHOW])
    notebook.run(0)
    chat = notebook.run_chat(1)
    line = Line(notebook.page)

    chat.send("a")
    for text in ("a50 ", "a150 "):
        chat.wait_for_text(text)
        line.break_off()
        notebook.wait_until_disconnected()
        line.mend()
        notebook.wait_until_connected()
    chat.wait_for_text("a250 ")
    line.break_off()
    expect(chat.state).to_have_text("Reconnecting…")
    line.mend()
    notebook.reconnect()
    end_answer(notebook)
    assert_whole(notebook, chat)


def test_two_pages_with_bad_lines_show_the_same_also_when_one_is_loaded_anew(lab: Lab) -> None:
    lab.spoil_lines(Faults(lost=0.2, twice=0.2, late=0.2))
    notebook = lab.open([SETUP, SHOW])
    notebook.run(0)
    here = notebook.run_chat(1)
    other = lab.open_again(notebook)
    there = other.chat(1)

    here.send("a")
    there.wait_for_text("a50 ")
    other.reload()
    there = other.chat(1)
    there.wait_for_text("a150 ")
    there.send("b")
    end_answer(notebook)
    here.wait_for_text("b10 ")
    end_answer(notebook)
    assert_whole(notebook, here)
    assert_whole(other, there)


def test_after_a_kernel_restart_in_the_middle_of_an_answer_it_can_be_read_and_a_notice_tells(lab: Lab) -> None:
    notebook = lab.open([SETUP, SHOW])
    notebook.run(0)
    chat = notebook.run_chat(1)
    chat.send("a")
    chat.wait_for_text("a20 ")
    before = len(lab.console)
    notebook.restart_kernel()
    chat.wait_for_notice("if it was restarted, run the cell again")

    question, answer = chat.messages()
    assert (question, answer[:9]) == ("a", "a0 a1 a2 ")
    errors = [said for said in lab.console[before:] if said.startswith("error")]
    assert len(errors) < 5, errors
    notebook.run(0)
    chat = notebook.run_chat(1)
    chat.send("b")
    chat.wait_for_text("b20 ")
    end_answer(notebook)
    assert_whole(notebook, chat)
