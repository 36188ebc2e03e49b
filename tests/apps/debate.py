"""Two speakers under their own names, whose words can be changed, taken back, and kept as dicts."""

import chainlit as cl
from chainlit.message import Message
from chainlit.utils import utc_now

NAMES = {"pro": "Ada", "contra": "Bob"}


@cl.author_rename
def rename(orig_author: str):
    return NAMES.get(orig_author, orig_author)


@cl.on_message
async def main(message: cl.Message):
    system = cl.Message(content=f"The question: {message.content}", type="system_message", created_at=utc_now())
    await system.send()

    pro = cl.Message(author="pro", content="Yes.", parent_id=message.id, tags=["claim"], metadata={"round": 1})
    await pro.send()
    contra = cl.Message(author="contra", content="No.")
    await contra.send()

    pro.content = "Yes, mostly."
    await pro.update()
    await contra.remove()

    again = Message.from_dict({**pro.to_dict(), "id": "6d1e4f5e-9d0c-4a7e-8f0b-0f7a3a4f1c11", "output": "Agreed."})
    await again.send()
    said = [(each.type, each.content) for each in cl.chat_context.get()]
    await cl.Message(content={"said": len(said), "last": said[-1][1]}).send()
    cl.chat_context.clear()
