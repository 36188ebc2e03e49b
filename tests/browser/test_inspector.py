"""The state of sessions as people see and change it in JupyterLab; and that secrets are nowhere to be seen."""

import hashlib
import json

from playwright.sync_api import Page, expect

from browser.lab import Lab

APP = """
import anychat as cl
import ipywidgets

@cl.on_chat_start
def start():
    cl.user_session.set("count", 0)
    cl.user_session.set("shout", False)
    cl.user_session.set("history", [])
    cl.user_session.set("settings", {"tone": "dry", "rates": [0.5, 1.5]})

@cl.on_message
def reply(message):
    cl.user_session.set("count", cl.user_session.get("count") + 1)
    cl.user_session.get("history").append(message.content)
    answer = f"{cl.user_session.get('count')}, {cl.user_session.get('settings')['tone']}"
    return answer.upper() if cl.user_session.get("shout") else answer
"""

WATCHED = "chat.state._trait_notifiers"


def test_a_panel_shows_the_state_live_and_lets_it_be_edited(lab: Lab) -> None:
    notebook = lab.open([APP, "chat = cl.Chat(user='Ada'); chat", "slider = ipywidgets.IntSlider(max=10)"])
    notebook.run(0)
    chat = notebook.run_chat(1)
    notebook.run(2)
    notebook.eval("_ = ipywidgets.link((slider, 'value'), (chat.state, 'count'))")
    watched = notebook.eval(f"len({WATCHED})")
    inspector = chat.inspect()
    expect(inspector.field("count")).to_have_value("0")
    expect(inspector.value("history")).to_have_text("[]")
    expect(inspector.row("user")).to_contain_text("identifier='Ada'")

    assert chat.ask("one") == "1, dry"
    expect(inspector.field("count")).to_have_value("1")
    expect(inspector.value("history")).to_have_text("['one']")
    expect(inspector.row("history")).to_contain_text("Changed in the newest turn")
    expect(inspector.row("count")).to_contain_text("turn 1")
    expect(inspector.row("settings")).to_contain_text("start")

    inspector.write("count", "many")
    expect(inspector.host.get_by_role("alert")).to_contain_text("'many' is not a whole number")
    inspector.write("count", "7")
    expect(inspector.host.get_by_role("alert")).to_have_count(0)
    inspector.open("settings")
    inspector.write("tone", "warm")
    inspector.host.get_by_role("checkbox", name="shout").check()
    expect(inspector.row("shout")).to_contain_text("True")
    assert chat.ask("two") == "8, WARM"
    assert notebook.eval("[slider.value, chat.state.settings]") == "[8, {'tone': 'warm', 'rates': [0.5, 1.5]}]"

    notebook.eval("chat.state.update({'count': 3, 'new': [1, 2]})")
    expect(inspector.field("count")).to_have_value("3")
    expect(inspector.value("new")).to_have_text("[1, 2]")
    chat.new_chat()
    expect(inspector.field("count")).to_have_value("0")
    expect(inspector.row("new")).to_have_count(0)

    chat.button("Close state").click()
    expect(chat.button("State")).to_be_focused()
    expect(inspector.host).to_have_count(0)
    assert notebook.eval(f"len({WATCHED})") == watched, "nobody observes any more"


def test_a_panel_is_used_with_the_keyboard_alone(lab: Lab) -> None:
    notebook = lab.open([APP, "chat = cl.Chat(); chat"])
    notebook.run(0)
    chat = notebook.run_chat(1)
    press = notebook.page.keyboard.press
    chat.button("State").focus()
    press("Enter")
    inspector = chat.inspector()
    inspector.field("count").focus()
    press("ControlOrMeta+a")
    notebook.page.keyboard.type("12")
    press("Escape")
    expect(inspector.field("count")).to_have_value("0")
    press("ControlOrMeta+a")
    notebook.page.keyboard.type("5")
    press("Enter")
    press("Tab")
    expect(inspector.host.get_by_role("checkbox", name="shout")).to_be_focused()
    press("Space")
    expect(inspector.row("shout")).to_contain_text("True")
    press("Tab")
    expect(inspector.host.get_by_role("button", name="Parts of settings")).to_be_focused()
    press("Enter")
    expect(inspector.field("tone")).to_be_visible()
    assert notebook.eval("[chat.state.count, chat.state.shout]") == "[5, True]"
    assert notebook.cell_count() == 2, "no key has reached the notebook"


def test_an_inspector_has_a_column_for_each_chat_and_follows_them(lab: Lab) -> None:
    notebook = lab.open(
        [
            APP,
            "ada, bob = cl.Chat(user='Ada'), cl.Chat(user='Bob'); ipywidgets.HBox([ada, bob])",
            "cl.Inspector([ada, bob])",
        ]
    )
    notebook.run(0)
    notebook.run(1)
    ada, bob = notebook.chats(1, count=2)
    bob.wait_until_ready()
    notebook.run(2)
    of_ada, of_bob = notebook.inspectors(2)
    assert bob.ask("one") == "1, dry"
    expect(of_bob.field("count")).to_have_value("1")
    expect(of_ada.field("count")).to_have_value("0")
    of_ada.write("count", "5")
    assert ada.ask("one") == "6, dry"
    bob.new_chat()
    expect(of_bob.field("count")).to_have_value("0")
    notebook.reload()
    of_ada, of_bob = notebook.inspectors(2)
    expect(of_ada.value("history")).to_have_text("['one']")
    notebook.eval("bob.close()")
    expect(of_bob.host).to_contain_text("Ended")
    assert notebook.eval("ada.state.count") == "6"


# ── Secrets ──────────────────────────────────────────────────────────────────────────────────────

KEY = hashlib.sha256(b"planted").hexdigest()
"""It stands in no cell."""

PLANTED = """
import hashlib
import anychat as cl

key = hashlib.sha256(b"planted").hexdigest()

@cl.on_message
def reply(message):
    cl.user_session.set("api_key", key)
    cl.user_session.set("nested", {"deeper": [{"authToken": key}], "said": f"my key is {key}"})
    if message.content == "fail":
        raise ValueError(f"Incorrect API key provided: {key}")
    return f"I have {len(cl.user_session.get('env'))} of them"
"""


def test_a_planted_key_is_nowhere_but_in_the_kernel(lab: Lab) -> None:
    notebook = lab.open(
        [
            PLANTED,
            "chat = cl.Chat(env={'SOME_KEY': key}, user=cl.User('ada', metadata={'token': key})); chat",
            "cl.Inspector(chat)",
            "chat.session, chat.state, chat.session.env, chat.session.user, chat, cl.sessions()",
            "cl.sessions().to_frame()",
            "chat.state.observe(print)",
            "turn = await chat.send('again'); turn",
        ]
    )
    traffic = recorded(notebook.page)
    notebook.reload()
    for index in (0, 1, 2):
        notebook.run(index)
    chat = notebook.chat(1)
    chat.wait_until_ready()
    inspector = chat.inspect()
    assert chat.ask("hello") == "I have 1 of them"
    expect(inspector.row("api_key")).to_contain_text("•••")
    for key in ("nested", "deeper", "0"):
        inspector.open(key)
    expect(inspector.row("authToken")).to_contain_text("•••")
    expect(inspector.value("said")).to_have_text("'my key is •••'")
    expect(inspector.row("env")).to_contain_text("'SOME_KEY': •••")
    chat.ask("fail")
    chat.errors.locator("summary").click()
    expect(chat.errors).to_contain_text("Incorrect API key provided: •••")
    for index in (3, 4, 5, 6):
        notebook.run(index)
    expect(notebook.cell(6)).to_contain_text("I have 1 of them")

    assert notebook.page.evaluate(EVERYTHING_IN).find("•••") > 0
    assert KEY not in notebook.page.evaluate(EVERYTHING_IN)
    notebook.page.evaluate(SAVE_WIDGETS)
    saved = json.dumps(lab.saved(notebook))
    assert "application/vnd.jupyter.widget-state+json" in saved
    assert "'name': 'nested'" in saved, "what print shows of a change"
    assert KEY not in saved
    assert any(b"set_value" in frame or b"inspect" in frame for frame in traffic)
    assert [frame for frame in traffic if KEY.encode() in frame] == []


EVERYTHING_IN = """() => {
  const seen = [];
  const visit = root => {
    seen.push(root.innerHTML ?? '');
    for (const element of root.querySelectorAll('*')) {
      if (element.value !== undefined) seen.push(String(element.value));
      if (element.shadowRoot) visit(element.shadowRoot);
    }
  };
  visit(document.documentElement);
  return seen.join('\\n');
}"""

SAVE_WIDGETS = "() => window.jupyterapp.commands.execute('@jupyter-widgets/jupyterlab-manager:saveWidgetState')"


def recorded(page: Page) -> list[bytes]:
    """All that goes over websockets from now on, in both directions."""
    frames: list[bytes] = []

    def keep(payload: str | bytes) -> None:
        frames.append(payload if isinstance(payload, bytes) else payload.encode())

    def listen(socket: object) -> None:
        socket.on("framesent", keep)  # type: ignore[attr-defined]
        socket.on("framereceived", keep)  # type: ignore[attr-defined]

    page.on("websocket", listen)
    return frames
