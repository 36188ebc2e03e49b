"""Errors that are said, and errors that happen."""

import chainlit as cl
from chainlit import ErrorMessage
from chainlit.logger import logger


@cl.on_message
async def main(message: cl.Message):
    logger.info("about to divide")
    if message.content == "0":
        await ErrorMessage(content="I will not divide by zero.").send()
    await cl.Message(content=str(1 / int(message.content))).send()
