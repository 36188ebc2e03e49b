"""Files from the user, in a real page: by keyboard, by mouse, by clipboard; to a message, and as an answer."""

from pathlib import Path

from playwright.sync_api import expect

from browser.lab import Lab

SETUP = """
from pathlib import Path
import anychat as cl

app = cl.App("Reader", uploads=cl.Uploads(["image/*", ".txt", ".csv"], max_files=3, max_size_mb=5))

@app.on_message
def read(message):
    return ", ".join(f"{type(each).__name__} {each.name} {Path(each.path).stat().st_size}" for each in message.elements)
"""

ASKING = """
import anychat as cl

@cl.on_message
async def ask(message):
    files = await cl.AskFileMessage("Your table?", accept=[".csv"], max_size_mb=1, timeout=None).send()
    return f"{files[0].name} is {files[0].type}: " + open(files[0].path).read()
"""


def test_files_go_with_a_message(lab: Lab, tmp_path: Path) -> None:
    notebook = lab.open([SETUP, "chat = cl.Chat(app); chat"])
    notebook.run(0)
    chat = notebook.run_chat(1)
    (tmp_path / "large.txt").write_text("0123456789" * 300_000)
    (tmp_path / "app.exe").write_bytes(b"MZ")
    (tmp_path / "fake.txt").write_bytes(b"%PDF-1.7")

    chat.pick("Add files", tmp_path / "large.txt")
    chat.drop(table_csv="a,b\n1,2\n")
    chat.paste_picture()
    expect(chat.chips).to_have_count(3)
    expect(chat.button("Send")).to_be_enabled()
    chat.send("look")
    chat.wait_for_text("File large.txt 3000000, File table.csv 8, Image image.png")
    expect(chat.chips).to_have_count(0)
    expect(chat.given).to_have_count(3)

    chat.pick("Add files", tmp_path / "app.exe", tmp_path / "fake.txt")
    expect(chat.host.get_by_role("alert")).to_contain_text("app.exe is not of a kind that is taken here")
    expect(chat.host.get_by_role("alert")).to_contain_text("fake.txt is application/pdf, by what is in it")
    expect(chat.chips).to_have_count(0)
    chat.button("Dismiss").press("Enter")
    expect(chat.composer).to_be_focused()

    chat.drop(notes_txt="x")
    chat.button("Remove notes.txt").press("Enter")
    expect(chat.chips).to_have_count(0)
    expect(chat.composer).to_be_focused()

    notebook.reload()
    chat = notebook.chat()
    expect(chat.given).to_have_count(3)
    expect(chat.given.locator("img")).to_be_visible()
    assert notebook.eval("[each['path'].exists() for each in chat.session.files.values()]") == "[True, True, True]"
    chat.new_chat()
    notebook.eval("import time")
    assert notebook.eval("len(chat.session.files)") == "0"


def test_a_question_is_answered_with_a_file(lab: Lab, tmp_path: Path) -> None:
    notebook = lab.open([ASKING, "cl.Chat()"])
    notebook.run(0)
    chat = notebook.run_chat(1)
    (tmp_path / "table.csv").write_text("a,b")

    chat.send("go")
    chat.wait_for_text("or drop here · .csv · 1.0 MB at most")
    chat.pick("Choose a file", tmp_path / "table.csv")
    chat.wait_for_text("table.csv is text/csv: a,b")

    chat.send("again")
    expect(chat.button("Choose a file")).to_be_visible()
    chat.drop(more_csv="c")
    chat.wait_for_text("more.csv is text/csv: c")
    chat.wait_for_statuses("done", "done")
