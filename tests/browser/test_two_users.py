"""Two chats in one notebook are two users, whatever happens to the page."""

from browser.lab import Lab
from browser.pages import ChatPage

SETUP = """
import asyncio
import anychat as cl

ended = []

@cl.on_chat_start
async def start():
    cl.user_session.set("count", 0)

@cl.on_message
async def reply(message: cl.Message):
    count = cl.user_session.get("count") + 1
    cl.user_session.set("count", count)
    answer = cl.Message("")
    for number in range(25):
        await answer.stream_token(f"{message.content}{count}.{number} ")
        await asyncio.sleep(0.02)
    await answer.send()

@cl.on_chat_end
def end():
    ended.append(cl.user_session.get("id"))
"""
SHOW = """
from ipywidgets import HBox
alice, bob = cl.Chat(user="Alice"), cl.Chat(user="Bob")
HBox([alice, bob])
"""


def answer(name: str, count: int) -> str:
    return " ".join(f"{name}{count}.{number}" for number in range(25))


def conversation(name: str, turns: int) -> list[str]:
    return [text for count in range(1, turns + 1) for text in (name, answer(name, count))]


def test_two_users_stream_at_once_and_keep_their_own(lab: Lab) -> None:
    notebook = lab.open([SETUP, SHOW, "[alice.session.id, bob.session.id]"])
    notebook.run(0)
    notebook.run(1)
    alice, bob = notebook.chats(1, count=2)
    assert [width(alice) > 400, abs(width(alice) - width(bob)) < 2] == [True, True]

    alice.send("a")
    bob.send("b")
    alice.wait_for_text("a1.2")
    bob.wait_for_text("b1.2")
    assert alice.is_streaming()
    assert bob.is_streaming()
    alice.wait_for_messages(*conversation("a", 1))
    bob.wait_for_messages(*conversation("b", 1))
    alice.send("a")
    alice.wait_for_messages(*conversation("a", 2))
    assert notebook.eval("[alice.state.count, bob.state.count]") == "[2, 1]"

    notebook.run(2)
    ids = notebook.eval("print(alice.session.id, bob.session.id)")
    for id in ids.split():
        notebook.wait_for_output(2, id)

    notebook.reload()
    alice, bob = notebook.chats(1, count=2)
    alice.wait_for_messages(*conversation("a", 2))
    bob.wait_for_messages(*conversation("b", 1))
    bob.send("b")
    bob.wait_for_messages(*conversation("b", 2))
    assert notebook.eval("print(alice.session.id, bob.session.id)") == ids
    assert notebook.eval("ended") == "[]"


def test_running_the_cell_again_ends_the_sessions_once_and_begins_new_ones(lab: Lab) -> None:
    notebook = lab.open([SETUP, SHOW])
    notebook.run(0)
    notebook.run(1)
    old, _ = notebook.chats(1, count=2)
    old.send("old")
    old.wait_for_messages(*conversation("old", 1))
    ids = notebook.eval("old = [alice.session.id, bob.session.id]; old")

    notebook.run(1)
    new, other = notebook.chats(1, count=2)
    new.wait_for_messages()
    new.send("new")
    new.wait_for_messages(*conversation("new", 1))
    other.wait_for_messages()
    assert notebook.eval("sorted(ended) == sorted(old), len(ended)") == "(True, 2)"
    assert notebook.eval("[alice.session.id, bob.session.id]") != ids


def test_a_reload_in_the_middle_of_a_stream_goes_on_streaming(lab: Lab) -> None:
    notebook = lab.open([SETUP.replace("range(25)", "range(150)"), "chat = cl.Chat(); chat"])
    notebook.run(0)
    chat = notebook.run_chat(1)
    chat.send("s")
    chat.wait_for_text("s1.2")
    notebook.reload()
    chat = notebook.chat(1)
    chat.wait_for_text("s1.149")
    chat.wait_until_done()
    assert chat.messages()[1] == " ".join(f"s1.{number}" for number in range(150))


def test_several_views_and_pages_show_one_conversation(lab: Lab) -> None:
    notebook = lab.open([SETUP, "chat = cl.Chat(); chat", "chat"])
    notebook.run(0)
    first = notebook.run_chat(1)
    second = notebook.run_chat(2)
    elsewhere = lab.open_again(notebook).chat(1)
    first.send("one")
    second.wait_for_text("one1.1")
    elsewhere.send("two")
    both = ["one", answer("one", 1), "two", answer("two", 2)]
    for view in (first, second, elsewhere):
        view.wait_for_messages(*both)
    second.new_chat()
    for view in (first, elsewhere):
        view.wait_for_messages()


def test_a_second_view_stays_alive_when_the_first_goes_and_learns_that_the_session_ended(lab: Lab) -> None:
    notebook = lab.open([SETUP, "chat = cl.Chat(); chat", "chat", "chat.close()"])
    notebook.run(0)
    first, second = notebook.run_chat(1), notebook.run_chat(2)
    first.send("one")
    second.wait_for_messages(*conversation("one", 1))
    notebook.clear_output(1)
    second.send("two")
    second.wait_for_text("two2.24")
    notebook.run(1)
    second.wait_for_notice("This conversation has ended.")
    assert notebook.eval("len(ended)") == "1"


def test_a_chat_that_was_closed_is_gone_and_a_dead_kernel_leaves_the_conversation(lab: Lab) -> None:
    notebook = lab.open([SETUP, "chat = cl.Chat(); chat"])
    notebook.run(0)
    chat = notebook.run_chat(1)
    chat.send("x")
    chat.wait_for_messages(*conversation("x", 1))
    notebook.restart_kernel()
    chat.wait_for_messages(*conversation("x", 1))
    chat.composer.fill("anybody?")
    chat.press("Enter")
    chat.wait_for_notice("kernel")


def width(chat: ChatPage) -> float:
    box = chat.host.bounding_box()
    return box["width"] if box else 0
