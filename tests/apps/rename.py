"""Authors are shown under other names."""

import chainlit as cl


@cl.author_rename
async def rename(orig_author: str):
    await cl.sleep(0)
    return {"LLMMathChain": "Albert Einstein"}.get(orig_author, orig_author)


@cl.on_message
async def main(message: cl.Message):
    await cl.Message(author="LLMMathChain", content="2").send()
    streamed = cl.Message(author="LLMMathChain", content="")
    await streamed.stream_token("4")
    await streamed.send()
    await cl.Message(content="done").send()
