"""The harness itself: a chat in a real JupyterLab, and what a user does around it."""

from browser.lab import Lab

SETUP = """
import asyncio
import anychat as cl

@cl.on_message
async def spell(message):
    answer = cl.Message("")
    for word in message.content.upper().split():
        await answer.stream_token(word + " ")
        await asyncio.sleep(0.1)
    await answer.send()
"""
SHOW = "chat = cl.Chat(); chat"


def test_a_conversation_outlives_a_reload(lab: Lab) -> None:
    notebook = lab.open([SETUP, SHOW])
    notebook.run(0)
    chat = notebook.run_chat(1)

    assert chat.ask("hello there") == "HELLO THERE"
    chat.send(" ".join("abcdefghijklmnopqrstuvwxyz" * 20))  # speaks until it is stopped
    chat.wait_for_text("A B")
    chat.send("me too")
    chat.wait_for_statuses("done", "running", "queued")
    chat.withdraw("me too")
    chat.stop()
    chat.wait_for_statuses("done", "stopped")
    assert notebook.eval("len(chat.messages)") == "4"

    said = chat.messages()
    notebook.reload()
    notebook.chat().wait_for_messages(*said)
    lab.open_again(notebook).chat().wait_for_messages(*said)


def test_cells_and_kernel_obey(lab: Lab) -> None:
    notebook = lab.open(["print('one')", "import time; time.sleep(60)"])

    notebook.run(0)
    notebook.wait_for_output(0, "one")
    notebook.run(1, wait=False)
    notebook.interrupt()
    notebook.wait_for_run(1)
    notebook.wait_for_output(1, "KeyboardInterrupt")
    notebook.restart_kernel()
    added = notebook.add_cell("'time' in dir()")
    notebook.delete_cell(1)
    notebook.run(added - 1)

    notebook.wait_for_output(added - 1, "False")
    assert notebook.cell_count() == 2
    notebook.theme("JupyterLab Dark")
