"""A writer whose draft stands beside the chat, and is replaced there as it grows."""

import chainlit as cl


@cl.on_chat_start
async def start():
    cl.user_session.set("lines", [])
    await cl.ElementSidebar.set_title("Draft")


@cl.on_message
async def main(message: cl.Message):
    lines = cl.user_session.get("lines")
    if message.content == "close":
        await cl.ElementSidebar.set_elements([])
        await cl.Message(content="The draft is put away.").send()
        return
    lines.append(message.content)
    draft = cl.Text(name="draft", content="\n".join(lines))
    notes = cl.Text(name="notes", content=f"{len(lines)} lines", language="text")
    await cl.ElementSidebar.set_elements([draft, notes], key=f"draft-{len(lines)}")
    await cl.Message(content="See the draft.").send()
