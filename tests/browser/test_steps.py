"""Steps in a real page: a tree that grows while it runs, and is read with the keyboard."""

from playwright.sync_api import expect

from browser.lab import Lab

AGENT = """
import asyncio
import anychat as cl

gate = asyncio.Event()

@cl.step(type="tool", icon="globe")
async def search(query):
    await gate.wait()
    print("asked for", query)
    return {"found": query}

@cl.step(type="llm", language="python")
def think():
    return "answer = 42"

@cl.on_message
async def reply(message):
    async with cl.Step("plan", default_open=True):
        await asyncio.gather(search("left"), search("right"))
        await cl.make_async(think)()
    async with cl.Step("nothing to see"):
        pass
    await cl.Message("done").send()

chat = cl.Chat()
chat
"""


def test_a_tree_of_steps_is_followed_and_opened_by_keyboard(lab: Lab) -> None:
    notebook = lab.open([AGENT])
    chat = notebook.run_chat(0)
    chat.send("go")
    expect(chat.running_steps).to_have_text(["Using plan…", "Using search…", "Using search…"])
    expect(chat.step("search", inside=chat.step("plan"))).to_have_count(2)

    notebook.eval("gate.set()")
    chat.wait_for_messages("go", "done")
    expect(chat.running_steps).to_have_count(0)
    expect(chat.step("nothing to see").locator("summary")).to_have_count(0)

    right = chat.step("search").nth(1)
    expect(right).not_to_contain_text("right")
    chat.step("plan").locator("summary").first.focus()
    for _ in range(2):
        notebook.page.keyboard.press("Tab")
    expect(right.locator("summary")).to_be_focused()
    notebook.page.keyboard.press("Enter")
    expect(right.get_by_role("region", name="Input")).to_contain_text('"query": "right"')
    expect(right.get_by_role("region", name="Output")).to_contain_text('"found": "right"')
    expect(right).to_contain_text("asked for right")
    expect(right.locator("summary")).to_be_focused()
    notebook.page.keyboard.press("Space")
    expect(right.get_by_role("region", name="Input")).to_have_count(0)

    chat.step("think").locator("summary").click()
    expect(chat.step("think").get_by_role("region", name="Output")).to_contain_text("answer = 42")

    notebook.reload()
    expect(chat.step("search", inside=chat.step("plan"))).to_have_count(2)
