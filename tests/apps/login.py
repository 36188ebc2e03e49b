"""An app for a server: a login, a database, voice. In a notebook it runs without them."""

from typing import Optional

import chainlit as cl
from chainlit.server import app
from chainlit.types import ThreadDict


@app.get("/health")
async def health():
    return {"status": "ok"}


@cl.password_auth_callback
def auth(username: str, password: str) -> Optional[cl.User]:
    return cl.User(identifier=username) if (username, password) == ("admin", "admin") else None


@cl.oauth_callback
def oauth(provider_id, token, raw_user_data, default_user):
    return default_user


@cl.on_logout
def logout(request, response):
    response.delete_cookie("my_cookie")


@cl.on_chat_resume
async def resume(thread: ThreadDict):
    await cl.Message(content=f"back in {thread['id']}").send()


@cl.on_audio_chunk
async def hear(chunk: cl.InputAudioChunk):
    raise NotImplementedError


@cl.on_message
async def main(message: cl.Message):
    user = cl.user_session.get("user")
    await cl.Message(
        content=f"{user.identifier} of session {cl.context.session.id == cl.user_session.get('id')}"
    ).send()


if __name__ == "__main__":
    from chainlit.cli import run_chainlit

    run_chainlit(__file__)
