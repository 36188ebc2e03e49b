"""Sessions as people see and use them in JupyterLab: how long they live, how one goes back, what is linked to them."""

from pathlib import Path

from playwright.sync_api import expect

from browser.lab import Lab
from browser.pages import ChatPage
from patterns_of_sessions import TALKS, source

COUNTING = """
import pathlib
import anychat as cl

began, ended = [], []

@cl.on_chat_start
def start():
    began.append(cl.user_session.get("id"))
    cl.user_session.set("count", 0)
    cl.user_session.set("history", [])

@cl.on_message
def reply(message):
    cl.user_session.set("count", cl.user_session.get("count") + 1)
    cl.user_session.get("history").append(message.content)
    return f"{cl.user_session.get('count')}: {message.content}"

@cl.on_chat_end
def end():
    ended.append(cl.user_session.get("id"))
    pathlib.Path(ENDED).write_text(str(len(ended)))

def lives():
    return len(began), len(ended), len(set(began)), len(set(ended) - set(began))
"""
SHOW = "chat = cl.Chat(); chat"


def counting(file: Path) -> str:
    return f"ENDED = {str(file)!r}\n{COUNTING}"


def test_a_session_begins_once_and_ends_once_whatever_happens_to_its_page(lab: Lab, tmp_path: Path) -> None:
    file = tmp_path / "ended"
    notebook = lab.open([counting(file), SHOW, "chat", "\n".join("print()" for _ in range(200)), "1 + 1"])
    notebook.run(0)
    chat = notebook.run_chat(1)
    chat.ask("one")
    notebook.run_chat(2)
    notebook.run(3)
    notebook.cell(3).locator(".jp-OutputArea-output").last.scroll_into_view_if_needed()
    notebook.reload()
    elsewhere = lab.open_again(notebook)
    elsewhere.chat(1).ask("two")
    elsewhere.page.close()
    chat = notebook.chat(1)
    chat.wait_for_messages("one", "1: one", "two", "2: two")
    assert notebook.eval("lives()") == "(1, 0, 1, 0)", "views, reloads and closed tabs end nothing"

    chat.new_chat()
    chat.wait_until_ready()
    assert notebook.eval("lives()") == "(2, 1, 2, 0)", "a new chat ends one and begins another"
    chat = notebook.run_chat(1)
    assert notebook.eval("lives()") == "(3, 2, 3, 0)", "so does running the cell again"
    chat.ask("three")
    notebook.delete_cell(1)
    notebook.run(3)
    assert notebook.eval("lives()") == "(3, 3, 3, 0)", "a deleted cell ends its session when the next one runs"
    notebook.run_chat(notebook.add_cell("closed = cl.Chat(); closed"))
    notebook.run_chat(notebook.add_cell("closed.close(); last = cl.Chat(); last"))
    assert notebook.eval("lives()") == "(5, 4, 5, 0)", "and so does close"
    notebook.restart_kernel()
    assert file.read_text() == "5", "the kernel's end is theirs"


def test_a_message_is_edited_and_the_branches_are_stepped_by_mouse_and_by_keyboard(lab: Lab, tmp_path: Path) -> None:
    notebook = lab.open([counting(tmp_path / "ended"), SHOW])
    notebook.run(0)
    chat = notebook.run_chat(1)
    for text in ("one", "two", "three"):
        chat.ask(text)
    all_three = ["one", "1: one", "two", "2: two", "three", "3: three"]

    first = chat.transcript.locator("article.user").first
    first.hover()
    first.get_by_role("button", name="Edit message").click()
    edit = chat.host.get_by_role("textbox", name="Edit message")
    expect(edit).to_be_focused()
    edit.fill("uno")
    edit.press("Enter")
    chat.wait_for_messages("uno", "1: uno")
    assert notebook.eval("[chat.state.count, chat.state.history]") == "[1, ['uno']]"
    assert notebook.eval("[len(message.content) for message in chat.messages]") == "[3, 6]"

    chat.button("Previous version").click()
    chat.wait_for_messages(*all_three)
    assert notebook.eval("[chat.state.count, chat.state.history]") == "[3, ['one', 'two', 'three']]"

    chat.button("Next version").focus()
    chat.host.page.keyboard.press("Enter")
    chat.wait_for_messages("uno", "1: uno")
    chat.transcript.get_by_role("button", name="Edit message").focus()
    chat.host.page.keyboard.press("Enter")
    expect(edit).to_be_focused()
    edit.fill("never sent")
    edit.press("Escape")
    chat.wait_for_messages("uno", "1: uno")
    expect(chat.composer).to_be_focused()
    chat.transcript.get_by_role("button", name="Ask again").focus()
    chat.host.page.keyboard.press("Enter")
    expect(chat.transcript).to_contain_text("3/3")
    chat.wait_for_messages("uno", "1: uno")

    notebook.reload()
    chat = notebook.chat(1)
    expect(chat.transcript).to_contain_text("3/3")
    chat.wait_for_messages("uno", "1: uno")


def test_a_conversation_goes_on_after_its_cell_was_run_again(lab: Lab, tmp_path: Path) -> None:
    notebook = lab.open([counting(tmp_path / "ended"), SHOW])
    notebook.run(0)
    notebook.run_chat(1).ask("one")
    chat = notebook.run_chat(1)
    chat.wait_for_messages()
    chat.button("Continue the one before").click()
    chat.wait_for_messages("one", "1: one")
    expect(chat.composer).to_be_focused()
    assert chat.ask("two") == "2: two"
    expect(chat.button("Continue the one before")).to_have_count(0)
    assert notebook.eval("[chat.state.history, len(began)]") == "[['one', 'two'], 2]"


def test_a_slider_and_a_key_of_the_state_move_each_other_while_the_chat_streams(lab: Lab) -> None:
    notebook = lab.open(
        [
            """
import asyncio
import anychat as cl
import ipywidgets

go_on = asyncio.Event()

async def stream(message):
    while not go_on.is_set():
        yield f"at {cl.user_session.get('temperature')}. "
        await asyncio.sleep(0.02)
    cl.user_session.set("temperature", 7)
    yield "done"

chat = cl.Chat(stream)
chat.state.temperature = 3
slider = ipywidgets.IntSlider(max=10)
ipywidgets.link((chat.state, "temperature"), (slider, "value"))
ipywidgets.VBox([slider, chat])
"""
        ]
    )
    notebook.run(0)
    chat = notebook.chat(0)
    chat.wait_until_ready()
    readout = notebook.page.locator(".widget-readout")
    expect(readout).to_have_text("3")
    chat.send("go")
    chat.wait_for_text("at 3. at 3.")
    handle = notebook.page.locator(".noUi-handle")
    handle.press("ArrowRight")
    handle.press("ArrowRight")
    chat.wait_for_text("at 5. at 5.")
    assert notebook.eval("go_on.set()") == ""
    chat.wait_for_text("done")
    expect(readout).to_have_text("7")


def test_scripts_written_for_chainlit_have_the_same_talks_in_a_notebook(lab: Lab) -> None:
    cells = [f"{source(name)}\nchat = cl.Chat(); chat" for name in TALKS]
    notebook = lab.open(cells)
    for index, talk in enumerate(TALKS.values()):
        chat = notebook.run_chat(index)
        for question, answer in talk:
            assert last_line(chat, question) == answer.strip()


def last_line(chat: ChatPage, question: str) -> str:
    return chat.ask(question).splitlines()[-1].strip()
