"""Expenses are asked for and approved: questions for text, questions with buttons, and buttons that stay."""

import chainlit as cl
from chainlit.action import Action

LIMIT = 100


@cl.on_chat_start
async def start():
    cl.user_session.set("booked", [])
    await cl.Message(
        content="Your expenses, please.",
        actions=[cl.Action(name="total", label="Total", tooltip="What was booked so far", icon="sigma", payload={})],
    ).send()


@cl.on_message
async def main(message: cl.Message):
    answer = await cl.AskUserMessage(content=f"What did {message.content} cost?", timeout=60).send()
    if answer is None:
        await cl.Message(content="Then another time.").send()
        return
    amount = float(answer["output"])
    if amount > LIMIT and not await approved(message.content, amount):
        await cl.Message(content=f"{message.content} was refused.").send()
        return
    cl.user_session.get("booked").append((message.content, amount))
    booked = cl.Message(content=f"{message.content} is booked.")
    booked.actions = [Action(name="undo", label="Undo", payload={"item": message.content})]
    await booked.send()
    cl.user_session.set("last", booked)


async def approved(item: str, amount: float):
    choice = await cl.AskActionMessage(
        content=f"{amount:g} for {item}: does your manager approve?",
        actions=[
            cl.Action(name="approve", label="Approve", payload={"approved": True}),
            cl.Action(name="refuse", label="Refuse", payload={"approved": False}),
        ],
    ).send()
    return choice is not None and choice["payload"]["approved"]


@cl.action_callback("undo")
async def undo(action: cl.Action):
    booked = cl.user_session.get("booked")
    booked[:] = [each for each in booked if each[0] != action.payload["item"]]
    await cl.user_session.get("last").remove_actions()
    await cl.Message(content=f"{action.payload['item']} is not booked.").send()


@cl.action_callback("total")
async def total():
    total = sum(amount for _, amount in cl.user_session.get("booked"))
    await cl.Message(content=f"Total: {total:g}").send()
    return {"total": total}
