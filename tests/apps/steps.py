"""Steps, as agents make them: decorated tools, steps of its own, and what they know of where they are."""

import asyncio

import chainlit as cl
from chainlit.context import local_steps
from chainlit.step import StepDict


@cl.step(type="tool")
async def search(query: str):
    await cl.sleep(0.001)
    return [f"{query}/{number}" for number in range(2)]


@cl.step(name="summarize", type="llm", show_input=True)
def summarize(texts):
    cl.context.current_step.output = " ".join(texts)
    return len(texts)


@cl.on_message
async def main(message: cl.Message):
    async with cl.Step(name="research", type="run") as step:
        step.input = message.content
        left, right = await asyncio.gather(search("left"), search("right"))
        count = await cl.make_async(summarize)(left + right)
        as_dict: StepDict = step.to_dict()
    assert step not in (local_steps.get() or [])
    await cl.Message(content=f"{count} results, input {as_dict['input']!r}").send()
