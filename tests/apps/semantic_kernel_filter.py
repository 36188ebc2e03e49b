"""Functions of Semantic Kernel as steps, if it is installed."""

import chainlit as cl

try:
    import semantic_kernel
except ImportError:
    semantic_kernel = None


@cl.on_chat_start
async def start():
    if semantic_kernel is None:
        await cl.Message(content="Semantic Kernel is not installed.").send()
        return
    kernel = semantic_kernel.Kernel()
    cl.SemanticKernelFilter(excluded_plugins=["secret"], kernel=kernel)
    cl.user_session.set("kernel", kernel)


@cl.on_message
async def main(message: cl.Message):
    await cl.Message(content=message.content).send()
