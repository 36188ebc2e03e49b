"""A research agent: tools in tools, sync and async, and each shows what it does as a step."""

import chainlit as cl
from chainlit.step import StepDict

LIBRARY = {"bees": ["Bees dance.", "Bees count to four."], "ants": ["Ants farm."]}


@cl.step(type="retrieval", name="Library", show_input=True)
async def look_up(topic: str, limit: int = 5):
    await cl.sleep(0.001)
    return LIBRARY.get(topic, [])[:limit]


@cl.step(type="tool")
def research(topic: str):
    """A sync tool, as agent frameworks call them. The tool that it uses is async."""
    facts = cl.run_sync(look_up(topic))
    if not facts:
        raise LookupError(f"Nothing is known of {topic}.")
    return " ".join(facts)


@cl.step(type="llm", name="Writer", language="markdown")
async def write(facts: list[str]):
    step = cl.context.current_step
    step.input = {"facts": facts}
    for sentence in facts:
        await step.stream_token(f"- {sentence}\n")
    return "\n".join(facts)


@cl.on_message
async def main(message: cl.Message):
    async with cl.Step(name="Plan", type="run", default_open=True) as plan:
        plan.input = message.content
        topics = [word for word in message.content.lower().split() if len(word) > 3]
        plan.output = topics

    facts = []
    for topic in topics:
        try:
            facts.append(research(topic))
        except LookupError as error:
            await cl.ErrorMessage(content=str(error)).send()

    answer = await write(facts)
    record: StepDict = plan.to_dict()
    await cl.Message(content=f"{answer}\n\n({record['name']}: {', '.join(topics)})").send()
