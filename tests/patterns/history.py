from typing import Any

import chainlit as cl


@cl.on_chat_start
async def start() -> None:
    cl.user_session.set("messages", [{"role": "system", "content": "You repeat."}])


@cl.on_message
async def reply(message: cl.Message) -> None:
    messages: list[dict[str, Any]] = cl.user_session.get("messages")
    messages.append({"role": "user", "content": message.content})
    answer = cl.Message(content="")
    for word in f"{len(messages)} so far, the last: {messages[-1]['content']}".split(" "):
        await answer.stream_token(word + " ")
    messages.append({"role": "assistant", "content": answer.content})
    await answer.update()
