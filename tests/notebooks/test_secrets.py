"""A notebook that was executed without a browser, as nbclient saves it, has no secret in it."""

import hashlib

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

KEY = hashlib.sha256(b"planted").hexdigest()
"""It stands in no cell."""

CELLS = [
    """
import hashlib
import logging
import anychat as cl

logging.basicConfig()
key = hashlib.sha256(b"planted").hexdigest()

@cl.on_message
def reply(message):
    cl.user_session.set("api_key", key)
    cl.user_session.set("nested", {"deeper": [{"authToken": key}], "said": f"my key is {key}"})
    return f"I have {len(cl.user_session.get('env'))} of them"
""",
    "chat = cl.Chat(env={'SOME_KEY': key}, user=cl.User('ada', metadata={'token': key})); chat",
    "cl.Inspector(chat)",
    "changes = []; chat.state.observe(changes.append); chat.session.observe(changes.append)",
    "await chat.send('hello')",
    "changes",
    "chat.session, chat.state, chat.session.env, chat.session.user, chat, cl.sessions(), cl.user_session",
    "cl.sessions().to_frame()",
    "chat.session.transcript",
]


async def test_a_planted_key_is_not_in_the_saved_notebook() -> None:
    notebook = new_notebook(cells=[new_code_cell(source) for source in CELLS])
    await NotebookClient(notebook, kernel_name="python3", timeout=60).async_execute()
    saved = nbformat.writes(notebook)
    assert "widget-state+json" in saved
    assert "I have 1 of them" in saved
    assert "'name': 'nested'" in saved
    assert "{'SOME_KEY': •••}" in saved
    assert KEY not in saved
