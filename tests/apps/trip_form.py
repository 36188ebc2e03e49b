"""A form that is filled in beside the chat: every kind of input, and what is done when it changes."""

import chainlit as cl
from chainlit.input_widget import (
    Checkbox,
    DatePicker,
    MultiSelect,
    NumberInput,
    RadioGroup,
    Select,
    Slider,
    Switch,
    Tab,
    Tags,
    TextInput,
)


def form(budget: float) -> cl.ChatSettings:
    where = [
        Select(id="country", label="Country", values=["Norway", "Spain", "Japan"], initial_index=1),
        RadioGroup(id="means", label="Means", items={"By train": "train", "By air": "plane"}, initial_value="train"),
        MultiSelect(id="meals", label="Meals", values=["breakfast", "lunch", "dinner"], initial=["breakfast"]),
        Tags(id="interests", label="Interests", initial=["museums"]),
    ]
    details = [
        TextInput(id="name", label="Name", placeholder="As in your passport", tooltip="One line"),
        NumberInput(id="people", label="People", initial=2),
        Slider(id="budget", label="Budget", initial=budget, min=0, max=5000, step=100, description="In euros"),
        Switch(id="flexible", label="Dates are flexible", initial=True),
        Checkbox(id="insured", label="Insured"),
        DatePicker(id="leave", label="Leave", initial="2030-05-01", min_date="2030-01-01"),
    ]
    return cl.ChatSettings([Tab(id="where", label="Where", inputs=where), Tab(id="who", label="Who", inputs=details)])


@cl.on_chat_start
async def start():
    settings = await form(budget=1000).send()
    await cl.Message(content=f"A trip to {settings['country']}. Change it in the settings.").send()


@cl.on_settings_edit
async def edit(settings: dict):
    if settings["means"] == "plane" and settings["budget"] < 2000:
        await form(budget=2000).refresh()


@cl.on_settings_update
async def update(settings: dict):
    cl.user_session.set("trips", [*cl.user_session.get("trips", []), settings["country"]])
    await cl.Message(content=f"Planned: {settings['country']} by {settings['means']}.").send()


@cl.on_message
async def main(message: cl.Message):
    settings = cl.user_session.get("chat_settings")
    await cl.Message(content=f"{settings['people']:g} people to {settings['country']}, {settings['leave']}").send()
