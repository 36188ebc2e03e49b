"""A client for a language model, made once per session."""

import chainlit as cl


class Client:
    def __init__(self, model: str) -> None:
        self.model = model
        self.calls = 0

    async def complete(self, prompt: str) -> str:
        self.calls += 1
        return f"{self.model} call {self.calls}: {prompt[::-1]}"


@cl.on_chat_start
async def start() -> None:
    cl.user_session.set("client", Client("mirror-1"))


@cl.on_message
async def reply(message: cl.Message) -> None:
    client: Client = cl.user_session.get("client")
    await cl.Message(content=await client.complete(message.content)).send()
