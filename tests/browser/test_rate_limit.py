"""A server that drops what comes faster than a hundred messages a second, as some installations are told to."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from browser.lab import Lab
from browser.line import Faults, Line
from browser.server import LabServer

SETUP = """
import asyncio, ipywidgets, json
import anychat as cl

is_enough = asyncio.Event()

@cl.on_message
async def count(message: cl.Message):
    number = 0
    while not is_enough.is_set():
        yield f"{number} "
        number += 1
        await asyncio.sleep(0.001)

chats = [cl.Chat() for _ in range(3)]
ipywidgets.HBox(chats)
"""
NEIGHBOUR = """
counter = ipywidgets.IntText()
for _ in range(10):
    for _ in range(400):
        counter.value += 1
    await asyncio.sleep(0.1)
is_enough.set()
"""
WHAT_THE_KERNEL_HAS = "print(json.dumps([[item.content for item in chat.messages] for chat in chats]))"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabServer]:
    folder = tmp_path_factory.mktemp("strict-lab")
    with LabServer(folder, options=["--ZMQChannelsWebsocketConnection.iopub_msg_rate_limit=100"]) as server:
        yield server


def test_what_the_server_drops_is_asked_for_again(lab: Lab) -> None:
    lab.spoil_lines(Faults())
    notebook = lab.open([SETUP, NEIGHBOUR])
    notebook.run(0)
    chats = notebook.chats(0, count=3)
    for chat in chats:
        chat.wait_until_ready()
        chat.send("go")
        chat.wait_for_text("10 11")
    notebook.run(1)
    assert "IOPub message rate exceeded" in notebook.output_text(1)
    assert Line(notebook.page).has_asked_again()
    for chat in chats:
        chat.wait_until_done()
    for chat, (question, answer) in zip(chats, json.loads(notebook.eval(WHAT_THE_KERNEL_HAS)), strict=True):
        assert answer.split() == list(map(str, range(answer.count(" "))))
        chat.wait_for_messages(question, answer.strip())
        assert chat.copy() == answer
