"""What users are offered beside writing: with the mouse, with the keys alone, and moved from Python."""

from playwright.sync_api import Locator, expect

from browser.lab import Lab

COOK = """
import anychat as cl
from anychat.input_widget import Slider, Switch

@cl.set_chat_profiles
async def profiles():
    return [cl.ChatProfile(name="Home", markdown_description="For **one** pot.", default=True),
            cl.ChatProfile(name="Canteen", markdown_description="For **many** pots.")]

@cl.set_starters
async def starters():
    return [cl.Starter(label="Soup", message="a soup, please"), cl.Starter(label="Cake", message="a cake, please")]

@cl.on_chat_start
async def start():
    emitter = cl.context.emitter
    await emitter.set_commands([{"id": "Bake", "icon": "flame", "description": "In the oven"},
                                {"id": "Fry", "icon": "egg", "description": "In the pan", "button": True}])
    await emitter.set_modes([cl.Mode("size", "Size", [cl.ModeOption("s", "Small"), cl.ModeOption("l", "Large")])])
    await cl.ChatSettings([Slider(id="salt", label="Salt", initial=1, min=0, max=5),
                           Switch(id="hot", label="Hot", initial=False)]).send()

@cl.on_settings_update
async def season(settings):
    await cl.context.emitter.send_toast(f"Salt is {settings['salt']:g}, hot is {settings['hot']}", "success")

@cl.on_message
async def cook(message):
    profile = cl.user_session.get("chat_profile")
    return f"{message.content} | {message.command} | {message.modes['size']} | {profile}"

chat = cl.Chat()
chat
"""


def test_offers_are_taken_with_the_mouse(lab: Lab) -> None:
    notebook = lab.open([COOK])
    chat = notebook.run_chat(0)
    chat.button("Soup").click()
    said = ["a soup, please", "a soup, please | None | s | Home"]
    chat.wait_for_messages(*said)
    expect(chat.button("Cake")).to_have_count(0)

    chat.button("Commands").click()
    chat.commands.filter(has_text="Bake").click()
    chat.labelled("Size").select_option("Large")
    chat.send("bread")
    said += ["Bakebread", "bread | Bake | l | Home"]
    chat.wait_for_messages(*said)
    chat.button("Fry").click()
    chat.send("eggs")
    said += ["Fryeggs", "eggs | Fry | l | Home"]
    chat.wait_for_messages(*said)

    chat.button("Settings").click()
    chat.labelled("Hot").click()
    chat.labelled("Salt").fill("4")
    chat.button("Confirm").click()
    expect(chat.toasts).to_contain_text("Salt is 4, hot is True")
    assert notebook.eval("chat.session.chat_settings['salt'], chat.session.chat_settings['hot']") == "(4.0, True)"
    chat.toasts.get_by_role("button", name="Dismiss").click()
    expect(chat.toasts).to_have_count(0)

    chat.labelled("Profile").select_option("Canteen")
    chat.button("Start over?").click()
    expect(chat.host.get_by_text("For many pots.")).to_be_visible()
    chat.wait_for_messages()
    chat.button("Cake").click()
    chat.wait_for_messages("a cake, please", "a cake, please | None | s | Canteen")


def test_offers_are_taken_with_the_keys_alone(lab: Lab) -> None:
    notebook = lab.open([COOK])
    chat = notebook.run_chat(0)
    keys = notebook.page.keyboard
    chat.composer.focus()
    expect(chat.button("Cake")).to_be_visible()
    go_to(chat.button("Cake"), "Shift+Tab")
    keys.press("Enter")
    said = ["a cake, please", "a cake, please | None | s | Home"]
    chat.wait_for_messages(*said)
    expect(chat.composer).to_be_focused()

    keys.type("/ba")
    expect(chat.commands).to_have_count(1)
    keys.press("Enter")
    expect(chat.button("Without Bake")).to_be_visible()
    keys.type("bread\n")
    said += ["Bakebread", "bread | Bake | s | Home"]
    chat.wait_for_messages(*said)

    go_to(chat.labelled("Size"), "Tab")
    keys.press("ArrowDown")
    go_to(chat.composer, "Shift+Tab")
    keys.type("rolls\n")
    said += ["rolls", "rolls | None | l | Home"]
    chat.wait_for_messages(*said)

    go_to(chat.button("Settings"), "Tab")
    keys.press("Enter")
    expect(chat.labelled("Salt")).to_be_focused()
    keys.press("ArrowRight")
    go_to(chat.labelled("Hot"), "Tab")
    keys.press("Space")
    keys.press("Enter")
    expect(chat.toasts).to_contain_text("Salt is 2, hot is True")

    go_to(chat.labelled("Profile"), "Shift+Tab")
    keys.press("ArrowDown")
    go_to(chat.button("Start over?"), "Tab")
    keys.press("Enter")
    expect(chat.composer).to_be_focused()
    chat.wait_for_messages()
    keys.type("stew\n")
    chat.wait_for_messages("stew", "stew | None | s | Canteen")


def test_the_form_and_a_slider_of_the_notebook_move_each_other(lab: Lab) -> None:
    slider = "import ipywidgets; slider = ipywidgets.FloatSlider(min=0, max=5)"
    link = "ipywidgets.link((slider, 'value'), (chat.session.chat_settings, 'salt')); slider"
    notebook = lab.open([COOK, f"{slider}; {link}"])
    chat = notebook.run_chat(0)
    chat.button("Settings").click()
    expect(chat.labelled("Salt")).to_have_value("1")
    notebook.run(1)
    notebook.eval("slider.set_trait('value', 3)")
    expect(chat.labelled("Salt")).to_have_value("3")
    chat.labelled("Salt").fill("5")
    chat.button("Confirm").click()
    notebook.wait_for_eval("slider.value", "5.0")


def go_to(place: Locator, key: str) -> None:
    """Press Tab, or Shift+Tab, until a place has the focus."""
    while not place.evaluate("element => element.getRootNode().activeElement === element"):
        place.page.keyboard.press(key)
