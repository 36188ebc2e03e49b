"""The whole conversation goes to a model, as chat models take it; the model is a coroutine with Chainlit's client."""

import chainlit as cl
from chainlit.message import Message

SYSTEM = {"role": "system", "content": "You count."}


async def complete(messages: list[dict]):
    for word in f"{len(messages)} messages, {messages[-1]['content']!r} is the last".split():
        await cl.sleep(0)
        yield word + " "


@cl.on_message
async def main(message: Message):
    answer = cl.Message(content="")
    async for token in complete([SYSTEM, *cl.chat_context.to_openai()]):
        await answer.stream_token(token)
    await answer.update()
