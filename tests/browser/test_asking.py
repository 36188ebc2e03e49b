"""Buttons and questions, as a user meets them: with the mouse, and with the keys alone."""

from playwright.sync_api import Locator, expect

from browser.lab import Lab
from browser.pages import ChatPage

BOOKING = """
import asyncio
import anychat as cl

may_end = asyncio.Event()

@cl.on_message
async def book(message):
    name = await cl.AskUserMessage("What **name** shall it be under?").send()
    sizes = [cl.Action("size", {"seats": seats}, label=label, tooltip=f"{seats} seats")
             for seats, label in ((2, "Small"), (8, "Large"))]
    size = await cl.AskActionMessage("Which table?", sizes).send()
    actions = [cl.Action("cancel", {"name": name["output"]}, label="Cancel it"),
               cl.Action("remind", {}, icon="calendar", tooltip="Remind me")]
    await cl.Message(f"Booked for {name['output']}: {size['payload']['seats']} seats.", actions=actions).send()

@cl.action_callback("cancel")
async def cancel(action):
    why = await cl.AskUserMessage("Why?").send()
    await cl.Message(f"{action.payload['name']} has cancelled: {why['output']}").send()
    await action.remove()

@cl.action_callback("remind")
async def remind(action):
    await may_end.wait()

chat = cl.Chat()
chat
"""


def expect_question(chat: ChatPage, text: str) -> None:
    expect(chat.question).to_have_text(f"Answering {text}")
    expect(chat.composer).to_have_attribute("placeholder", "Your answer")


def test_a_table_is_booked_with_the_mouse(lab: Lab) -> None:
    notebook = lab.open([BOOKING])
    chat = notebook.run_chat(0)
    chat.send("book a table")
    expect_question(chat, "What name shall it be under?")
    assert notebook.eval("chat.session.status") == "'waiting'"
    chat.send("Ada")
    expect(chat.action("Large")).to_have_attribute("title", "8 seats")
    expect(chat.question).to_have_count(0)
    chat.action("Large").click()
    booked = ["book a table", "What name shall it be under?", "Ada", "Which table?Selected: Large"]
    booked += ["Booked for Ada: 8 seats."]
    chat.wait_for_messages(*booked)
    expect(chat.actions).to_have_count(2)

    chat.action("Remind me").click()
    expect(chat.action("Remind me")).to_have_attribute("aria-busy", "true")
    chat.action("Cancel it").click()
    expect_question(chat, "Why?")
    notebook.reload()
    chat = notebook.chat(0)
    expect_question(chat, "Why?")
    expect(chat.action("Cancel it")).to_have_attribute("aria-busy", "true")
    chat.send("rain")
    chat.wait_for_messages(*booked, "Why?", "rain", "Ada has cancelled: rain")
    expect(chat.action("Cancel it")).to_have_count(0)
    notebook.eval("may_end.set()")
    expect(chat.action("Remind me")).to_have_attribute("aria-busy", "false")


def test_a_table_is_booked_with_the_keys_alone(lab: Lab) -> None:
    notebook = lab.open([BOOKING])
    chat = notebook.run_chat(0)
    chat.composer.focus()
    keys = notebook.page.keyboard
    keys.type("book a table\n")
    expect_question(chat, "What name shall it be under?")
    keys.type("Ada\n")
    expect(chat.action("Small")).to_be_visible()
    go_back_to(chat.action("Small"))
    keys.press("Enter")
    expect(chat.actions).to_have_count(2)
    expect(chat.composer).to_be_focused()
    go_back_to(chat.action("Cancel it"))
    keys.press("Space")
    expect_question(chat, "Why?")
    expect(chat.action("Cancel it")).to_be_focused()
    while not is_focused(chat.composer):
        keys.press("Tab")
    keys.type("rain\n")
    chat.wait_for_text("Ada has cancelled: rain")
    expect(chat.composer).to_be_focused()


def test_of_two_questions_it_is_clear_which_one_is_answered(lab: Lab) -> None:
    notebook = lab.open(
        [
            """
import anychat as cl, asyncio
@cl.on_message
async def reply(message):
    first, second = await asyncio.gather(cl.AskUserMessage("Your name?").send(), cl.AskUserMessage("Your town?").send())
    return f"{first['output']} of {second['output']}"
chat = cl.Chat()
chat
"""
        ]
    )
    chat = notebook.run_chat(0)
    chat.send("hello")
    expect(chat.question).to_have_text("Answering Your name?1 of 2")
    chat.button("Answer this question").click()
    expect(chat.question).to_have_text("Answering Your town?2 of 2")
    expect(chat.composer).to_be_focused()
    chat.send("London")
    expect_question(chat, "Your name?")
    notebook.eval("chat.answer('Ada')")
    chat.wait_for_messages("hello", "Your name?", "Your town?", "London", "Ada", "Ada of London")


def go_back_to(target: Locator) -> None:
    """Press Shift+Tab until something has the focus."""
    for _ in range(20):
        if is_focused(target):
            return
        target.page.keyboard.press("Shift+Tab")
    raise AssertionError(f"Shift+Tab does not lead to {target}.")


def is_focused(target: Locator) -> bool:
    result: bool = target.evaluate("element => element.getRootNode().activeElement === element")
    return result
