"""The user session: each user has a count of their own."""

import chainlit as cl

counter = cl.user_session.create_accessor("counter", 0, apply_fn=lambda value: value + 1)


@cl.on_chat_start
def start():
    counter.reset()
    cl.user_session.set("name", cl.user_session.get("user").identifier)


@cl.on_message
async def on_message():
    counter.apply()
    await cl.Message(f"{cl.user_session.get('name')}, you sent {counter.get()} message(s)!").send()
