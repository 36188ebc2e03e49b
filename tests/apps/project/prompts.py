import chainlit as cl

GREETING = "What will it be?"


async def greet():
    await cl.Message(content=GREETING).send()
