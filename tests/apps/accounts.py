"""An app for a web site, with every door that a server has. In a notebook they are accepted, and stay closed."""

from typing import Optional

import chainlit as cl
from chainlit.auth import create_jwt
from chainlit.config import config
from chainlit.logger import logger
from chainlit.types import ThreadDict
from chainlit.user import User


@cl.header_auth_callback
def by_header(headers: dict[str, str]) -> Optional[User]:
    return User(identifier=headers["x-user"]) if "x-user" in headers else None


@cl.password_auth_callback
async def by_password(username: str, password: str) -> Optional[User]:
    user = User(identifier=username)
    logger.info("a token for %s: %s", username, create_jwt(user))
    return user


@cl.on_shared_thread_view
async def may_view(thread: ThreadDict, viewer: Optional[User]):
    return viewer is not None and thread["userIdentifier"] == viewer.identifier


@cl.on_logout
async def logout(request, response):
    response.delete_cookie("token")


@cl.on_slack_reaction_added
async def reaction(event):
    await cl.Message(content=event["reaction"]).send()


@cl.on_message
async def main(message: cl.Message):
    user = cl.user_session.get("user")
    await cl.Message(content=f"{config.ui.name} greets {user.identifier if user else 'nobody'}.").send()
