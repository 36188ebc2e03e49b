import chainlit as cl

DEFAULTS = {"language": "en", "tone": "friendly"}


@cl.on_chat_start
async def start() -> None:
    cl.user_session.set("preferences", dict(DEFAULTS))
    await cl.Message(content="Change a preference with /set key value").send()


@cl.on_message
async def reply(message: cl.Message) -> None:
    preferences = cl.user_session.get("preferences")
    if message.content.startswith("/set "):
        _, key, value = message.content.split(" ", 2)
        preferences[key] = value
        cl.user_session.set("preferences", preferences)
        await cl.Message(content=f"{key} is now {value}").send()
        return
    await cl.Message(content=f"({preferences['tone']}, {preferences['language']}) {message.content}").send()
