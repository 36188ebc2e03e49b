"""What a model was asked and what it said is kept with the step, as Literal AI's records."""

import chainlit as cl


@cl.step(type="llm", name="chat")
async def chat(question: str):
    step = cl.context.current_step
    step.generation = cl.ChatGeneration(
        provider="none",
        model="parrot-1",
        messages=[cl.GenerationMessage(role="user", content=question)],
        message_completion=cl.GenerationMessage(role="assistant", content=question[::-1]),
    )
    return step.generation.message_completion["content"]


@cl.step(type="llm", name="complete")
async def complete(prompt: str):
    step = cl.context.current_step
    step.generation = cl.CompletionGeneration(model="parrot-0", prompt=prompt, completion=f"{prompt}...")
    return step.generation.completion


@cl.on_message
async def main(message: cl.Message):
    await cl.Message(content=f"{await chat(message.content)} {await complete(message.content)}").send()
