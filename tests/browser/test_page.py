"""The page itself: keys, errors, long streams, and what a newcomer reads."""

import hashlib

from playwright.sync_api import expect

from browser.lab import Lab

ECHO = "import anychat as cl\nchat = cl.Chat(lambda message: message.content.upper()); chat"

FLOOD = """
import anychat as cl, random

def tokens(count):
    dice, words = random.Random(count), "stream token widget kernel browser frame render 流式输出 latency 🚀".split()
    for number in range(count):
        match dice.randrange(60):
            case 0: yield f"\\n\\n## Part {number}\\n\\n"
            case 1: yield f"\\n\\n```python\\nfor i in range({number}):\\n    print(i)\\n```\\n\\n"
            case 2: yield "\\n- "
            case 3: yield f"\\n\\n| a | b |\\n|---|---|\\n| {number} | x |\\n\\n"
            case _: yield dice.choice(words) + " "

async def flood(message):
    answer = cl.Message("")
    for token in tokens(int(message.content)):
        await answer.stream_token(token)
    await answer.send()

chat = cl.Chat(flood)
chat
"""


def test_keys_typed_in_the_composer_never_reach_the_notebook(lab: Lab) -> None:
    notebook = lab.open([ECHO, "1", "2"])
    chat = notebook.run_chat(0)
    count = notebook.execution_count(0)
    sidebar = notebook.page.locator("#jp-left-stack")
    was_open = sidebar.is_visible()

    chat.type("ddx")
    for keys in (
        "Shift+Enter",
        "Escape",
        "d",
        "d",
        "x",
        "a",
        "b",
        "ArrowUp",
        "ArrowDown",
        "Control+b",
        "Control+Enter",
    ):
        chat.press(keys)
    assert chat.composer_value().startswith("ddx\n")
    assert (notebook.cell_count(), notebook.execution_count(0)) == (3, count)
    assert sidebar.is_visible() == was_open
    expect(chat.composer).to_be_focused()

    chat.composer.fill("hello")
    chat.press("Shift+Enter")
    chat.type("you")
    chat.press("Enter")
    chat.wait_for_messages("hello\nyou", "HELLO\nYOU")
    expect(chat.composer).to_be_focused()
    chat.type("again")
    chat.press("Enter")
    chat.wait_for_messages("hello\nyou", "HELLO\nYOU", "again", "AGAIN")


def test_20_000_tokens_as_fast_as_the_callback_can_arrive_to_the_character(lab: Lab) -> None:
    notebook = lab.open([FLOOD])
    chat = notebook.run_chat(0)
    chat.send("20000")
    chat.wait_until_done()
    notebook.eval("sent = ''.join(tokens(20000))")
    digest = notebook.eval("import hashlib; hashlib.sha256(sent.encode()).hexdigest()")
    assert digest == repr(hashlib.sha256(chat.copy().encode()).hexdigest())
    headings = notebook.eval("sent.count('## Part')")
    assert chat.transcript.locator("article.assistant h4").filter(has_text="Part").count() == int(headings)


def test_an_error_is_shown_with_its_traceback_behind_a_fold(lab: Lab) -> None:
    notebook = lab.open(["import anychat as cl\ndef fail(message):\n    return 1 / 0\ncl.Chat(fail)"])
    chat = notebook.run_chat(0)
    chat.send("go")
    expect(chat.errors).to_contain_text("ZeroDivisionError: division by zero")
    expect(chat.errors.locator("pre")).not_to_be_visible()
    chat.errors.locator("summary").click()
    expect(chat.errors.locator("pre")).to_contain_text("return 1 / 0")


def test_an_empty_app_says_what_to_write_and_then_answers(lab: Lab) -> None:
    notebook = lab.open(
        ["import anychat as cl\nchat = cl.Chat(); chat", "@cl.on_message\ndef reply(message):\n    return 'now'"]
    )
    chat = notebook.run_chat(0)
    expect(chat.host).to_contain_text("@cl.on_message")
    notebook.run(1)
    expect(chat.host).not_to_contain_text("@cl.on_message")
    assert chat.ask("hello") == "now"


def test_the_thread_stays_at_the_end_unless_the_reader_scrolled_up(lab: Lab) -> None:
    notebook = lab.open(
        [
            "import anychat as cl, asyncio\n"
            "async def long(message):\n"
            "    for number in range(120):\n"
            "        yield f'line {number}\\n\\n'\n"
            "        await asyncio.sleep(0.01)\n"
            "cl.Chat(long)"
        ]
    )
    chat = notebook.run_chat(0)
    chat.send("go")
    chat.wait_for_text("line 119")
    expect(chat.transcript.get_by_text("line 119", exact=True)).to_be_in_viewport()
    chat.send("again")
    chat.wait_for_text("line 30")
    chat.scroll(-3000)
    down = chat.button("Scroll to the latest message")
    expect(down).to_be_visible()
    chat.wait_until_done()
    expect(chat.transcript.get_by_text("line 119", exact=True).last).not_to_be_in_viewport()
    down.click()
    expect(chat.transcript.get_by_text("line 119", exact=True).last).to_be_in_viewport()


def test_what_is_selected_across_messages_is_copied_as_it_stands_there(lab: Lab) -> None:
    notebook = lab.open(
        [
            "import anychat as cl\n"
            "parts = [('user', 'text {} ends'), ('assistant', '**text {}** ends')]\n"
            "past = [{'role': parts[n % 2][0], 'content': parts[n % 2][1].format(n)} for n in range(300)]\n"
            "cl.Chat(messages=past)"
        ]
    )
    chat = notebook.run_chat(0)
    expect(chat.turns).to_have_count(150)
    chat.scroll(-100_000)
    first = chat.transcript.get_by_text("text 1 ends")
    last = chat.transcript.get_by_text("text 299 ends")
    expect(first).to_be_in_viewport()
    mouse = notebook.page.mouse
    start = first.bounding_box()
    assert start is not None
    mouse.move(start["x"] + 1, start["y"] + 8)
    mouse.down()
    mouse.move(start["x"] + 50, start["y"] + 12, steps=3)
    mouse.wheel(0, 100_000)
    last.hover(position={"x": 200, "y": 8})
    mouse.up()
    notebook.page.keyboard.press("Control+c")
    copied: str = notebook.page.evaluate("() => navigator.clipboard.readText()")
    assert list(filter(None, copied.split("\n"))) == [f"text {number} ends" for number in range(1, 300)]
