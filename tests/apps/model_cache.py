"""What is slow to load is loaded once, for all users."""

import chainlit as cl

loads: list[str] = []


@cl.cache
def load_model(name: str, size: int = 1):
    loads.append(name)
    return {"name": name, "size": size}


@cl.on_chat_start
async def start():
    cl.user_session.set("model", await cl.make_async(load_model)("tiny", size=2))


@cl.on_message
async def main(message: cl.Message):
    model = cl.user_session.get("model")
    await cl.Message(content=f"{model['name']} was loaded {len(loads)} time(s)").send()
