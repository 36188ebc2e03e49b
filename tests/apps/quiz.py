"""A quiz: questions that may be left unanswered, as sync and async code ask them."""

import chainlit as cl

QUESTIONS = {"How many legs has a bee?": "6", "How many eyes has a bee?": "5"}


async def ask(question: str, right: str):
    try:
        reply = await cl.AskUserMessage(content=question, author="Master", timeout=1, raise_on_timeout=True).send()
    except Exception:  # Chainlit's TimeoutError is no built-in one
        return None
    return reply["output"].strip() == right


@cl.on_chat_start
async def start():
    score = 0
    for question, right in QUESTIONS.items():
        is_right = await ask(question, right)
        score += bool(is_right)
        await cl.Message(content={True: "Right.", False: "Wrong.", None: "Too late."}[is_right]).send()
    again = await cl.AskActionMessage(
        content=f"{score} of {len(QUESTIONS)}. Again?",
        actions=[cl.Action(name="again", payload={}, icon="repeat"), cl.Action(name="enough", payload={})],
        timeout=1,
    ).send()
    cl.user_session.set("again", again["name"] if again else None)
