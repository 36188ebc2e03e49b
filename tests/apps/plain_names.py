"""Names from their own modules, and the version, as older apps import them."""

import chainlit
from chainlit import AskUserMessage, Message, input_widget, on_chat_start, on_message, user_session
from chainlit.cache import cache
from chainlit.chat_context import chat_context
from chainlit.chat_settings import ChatSettings
from chainlit.context import context, get_context
from chainlit.element import Image, Text
from chainlit.message import ErrorMessage
from chainlit.mode import Mode
from chainlit.sidebar import ElementSidebar
from chainlit.step import Step, step
from chainlit.sync import make_async, run_sync
from chainlit.types import ChatProfile, Starter
from chainlit.user import User

ALL = [
    AskUserMessage, ErrorMessage, Image, Text, Mode, ElementSidebar, Step, step, ChatProfile, Starter, User, run_sync,
]  # fmt: skip


@cache
def version() -> str:
    return chainlit.__version__


@on_chat_start
async def start():
    await ChatSettings([input_widget.Switch(id="loud", label="Loud", initial=True)]).send()
    user_session.set("same", get_context().session.id == context.session.id == user_session.get("id"))


@on_message
async def main(message: Message):
    number = await make_async(version)()
    words = [number.count("."), user_session.get("same"), user_session.get("chat_settings")["loud"]]
    await Message(content=f"{words} {len(chat_context.get())}").send()
