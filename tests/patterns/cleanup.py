"""What a session opened is closed at its end; what is done with is set to None."""

import chainlit as cl


class Connection:
    is_closed = False

    async def close(self) -> None:
        self.is_closed = True


@cl.on_chat_start
async def start() -> None:
    cl.user_session.set("connection", Connection())
    cl.user_session.set("draft", "something")


@cl.on_message
async def reply(message: cl.Message) -> None:
    if message.content == "done":
        cl.user_session.set("draft", None)
    draft = cl.user_session.get("draft", "no draft")
    await cl.Message(content=f"draft: {draft}").send()


@cl.on_chat_end
async def end() -> None:
    connection: Connection | None = cl.user_session.get("connection")
    if connection is not None:
        await connection.close()
        cl.user_session.set("connection", None)
