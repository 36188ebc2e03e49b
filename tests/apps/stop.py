"""Stop cancels the answer; then the hook runs."""

import asyncio

import chainlit as cl


@cl.on_message
async def main(message: cl.Message):
    await cl.Message(content="working").send()
    try:
        await asyncio.Event().wait()
    finally:
        cl.user_session.set("cleaned", True)


@cl.on_stop
async def on_stop():
    cl.user_session.set("stopped_after_cleaning", cl.user_session.get("cleaned"))


@cl.on_chat_end
def on_chat_end():
    print("goodbye")
