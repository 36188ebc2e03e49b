"""Tokens are streamed into a message, and replaced by a sequence in another."""

import chainlit as cl

TOKENS = ["the", "quick", "brown", "fox"]


@cl.on_message
async def on_message(message: cl.Message):
    answer = cl.Message(content="")
    for token in TOKENS:
        await answer.stream_token(token + " ")
    await answer.send()

    sequence = cl.Message(content="", author="Sequence")
    await sequence.send()
    for end in range(len(TOKENS)):
        await sequence.stream_token(" ".join(TOKENS[: end + 1]), is_sequence=True)
    await sequence.update()
