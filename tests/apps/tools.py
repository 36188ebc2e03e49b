"""An agent in the old style: async callback, sync tools, async work, as deep as it comes."""

import time

import chainlit as cl
from chainlit.sync import make_async, run_sync


async def fetch(page: str) -> str:
    await cl.sleep(0.001)
    return f"<{page}>"


def read(page: str) -> str:
    """A tool that an agent calls: sync, but its work is not."""
    return run_sync(fetch(page))


async def research(topic: str) -> str:
    await cl.sleep(0)
    return " ".join(read(f"{topic}/{number}") for number in range(2))


def agent(topic: str) -> str:
    return run_sync(research(topic)).upper()


def blocking_agent(topic: str) -> str:
    time.sleep(0.001)
    run_sync(cl.Message(content="a thread at work").send())
    return agent(topic)


@cl.on_message
async def main(message: cl.Message):
    await cl.Message(content=agent(message.content)).send()
    await cl.Message(content=await make_async(blocking_agent)(message.content)).send()
