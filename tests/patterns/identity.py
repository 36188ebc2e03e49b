"""What every session knows of itself."""

import chainlit as cl


@cl.on_message
async def reply(message: cl.Message) -> None:
    session = cl.user_session
    known = [key for key in ("id", "user", "env", "chat_settings", "chat_profile") if session.get(key) is not None]
    await cl.Message(content=f"{', '.join(known)}; {session.get('nothing', 'no such key')}").send()
