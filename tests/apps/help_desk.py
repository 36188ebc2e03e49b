"""One app, several assistants: profiles to choose, starters to begin with, commands and modes for each message."""

from typing import Optional

import chainlit as cl
from chainlit.types import CommandDict

COMMANDS: list[CommandDict] = [
    {"id": "Search", "icon": "globe", "description": "Search the web", "button": True, "persistent": True},
    {"id": "Draw", "icon": "image", "description": "Make a picture"},
]

MODEL = cl.Mode(
    id="model",
    name="Model",
    options=[
        cl.ModeOption(id="small", name="Small", description="Fast"),
        cl.ModeOption(id="large", name="Large", description="Thorough", icon="brain", default=True),
    ],
)


@cl.set_chat_profiles
async def profiles(current_user: Optional[cl.User], language: Optional[str] = None):
    return [
        cl.ChatProfile(name="Printers", markdown_description="Knows **printers**.", default=True),
        cl.ChatProfile(
            name="Networks",
            markdown_description="Knows *networks*.",
            icon="https://example.org/network.svg",
            starters=[cl.Starter(label="Slow?", message="My network is slow.")],
        ),
    ]


@cl.set_starters
async def starters():
    return [
        cl.Starter(label="Paper jam", message="There is paper in it.", icon="/public/paper.svg"),
        cl.Starter(label="Find a driver", message="a driver", command="Search"),
    ]


@cl.on_chat_start
async def start():
    await cl.context.emitter.set_commands(COMMANDS)
    await cl.context.emitter.set_modes([MODEL])
    await cl.Message(content=f"This is {cl.user_session.get('chat_profile')}.").send()


@cl.on_message
async def main(message: cl.Message):
    model = MODEL.get_option_by_id((message.modes or {}).get("model", "")) or MODEL.get_default_option()
    await cl.Message(content=f"{model.name} {message.command or 'talks'}: {message.content}").send()
    if message.command == "Draw":
        await cl.context.emitter.set_commands([])
        await cl.context.emitter.send_toast("That was the only picture.", type="warning")
