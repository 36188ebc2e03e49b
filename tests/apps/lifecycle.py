"""What runs once for the app, and what runs once for each chat."""

import chainlit as cl

events: list[str] = []


@cl.on_app_startup
async def startup():
    await cl.sleep(0)
    events.append("app starts")


@cl.on_app_shutdown
def shutdown():
    events.append("app ends")


@cl.on_chat_start
async def start():
    events.append("chat starts")
    cl.user_session.set("events", events)


@cl.on_chat_end
async def end():
    events.append("chat ends")
