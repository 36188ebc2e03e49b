"""The page around a chat: it posts and hears messages, has functions that an App calls; and thumbs below answers."""

from playwright.sync_api import expect

from browser.lab import Lab

SETUP = """
import anychat as cl

heard = []

@cl.on_message
async def reply(message):
    await cl.send_window_message({"said": message.content})
    return f"The page says {await cl.CopilotFunction('shout', {'text': message.content}).acall()}"

@cl.on_window_message
async def hear(data):
    heard.append(data)
    await cl.Message(f"Heard {data}.").send()

@cl.on_feedback
def note(feedback):
    heard.append((feedback.value, feedback.comment))
"""

PAGE = """() => {
  window.heardOfChat = [];
  window.addEventListener('message', ({ data, origin }) => {
    if (data?.said) window.heardOfChat.push([data.said, origin === location.origin]);
  });
  window.addEventListener('chainlit-call-fn', ({ detail: { name, args, callback } }) => {
    if (name === 'shout') callback(args.text.toUpperCase() + '!');
  });
}"""

FROM_ELSEWHERE = """() => new Promise(resolve => {
  const frame = document.createElement('iframe');
  frame.sandbox = 'allow-scripts'; // an origin of its own
  window.addEventListener('message', ({ data }) => data === 'evil' && resolve(), { once: false });
  frame.srcdoc = "<script>parent.postMessage('evil', '*')</script>";
  document.body.append(frame);
})"""


def test_the_page_and_the_app_speak_to_each_other(lab: Lab) -> None:
    notebook = lab.open([SETUP, "chat = cl.Chat(); chat"])
    page = notebook.page
    page.evaluate(PAGE)
    notebook.run(0)
    chat = notebook.run_chat(1)

    assert chat.ask("hi") == "The page says HI!"
    assert page.evaluate("window.heardOfChat") == [["hi", True]]
    page.evaluate("window.postMessage({ rows: [1, 2] }, location.origin)")
    chat.wait_for_text("Heard {'rows': [1, 2]}.")
    page.evaluate(FROM_ELSEWHERE)
    page.evaluate("window.postMessage('the end', location.origin)")
    chat.wait_for_text("Heard the end.")
    assert notebook.eval("heard") == "[{'rows': [1, 2]}, 'the end']"


def test_answers_are_rated_by_keyboard_and_stay_rated(lab: Lab) -> None:
    notebook = lab.open([SETUP, "chat = cl.Chat(); chat"])
    notebook.page.evaluate(PAGE)
    notebook.run(0)
    chat = notebook.run_chat(1)
    chat.ask("hi")

    chat.button("Bad answer").press("Enter")
    expect(chat.button("Bad answer")).to_have_attribute("aria-pressed", "true")
    comment = chat.host.get_by_role("textbox", name="Comment on this answer")
    comment.fill("Too loud.")
    comment.press("Enter")
    expect(comment).to_have_count(0)
    expect(chat.button("Bad answer")).to_be_focused()
    notebook.reload()
    expect(notebook.chat().button("Bad answer")).to_have_attribute("aria-pressed", "true")
    assert notebook.eval("heard") == "[(0, None), (0, 'Too loud.')]"
