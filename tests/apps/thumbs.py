"""What users think of answers is counted; a data layer keeps it where Chainlit wants one."""

from collections import Counter

import chainlit as cl
from chainlit.types import Feedback

votes: Counter[int] = Counter()


@cl.on_feedback
async def on_feedback(feedback: Feedback):
    votes[feedback.value] += 1
    cl.user_session.set("comment", feedback.comment)


@cl.on_message
async def main(message: cl.Message):
    await cl.Message(content=f"{votes[1]} up, {votes[0]} down").send()
