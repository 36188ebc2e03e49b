"""A card of one's own: shown as an element, filled in by the user, changed from both sides."""

import json

import chainlit as cl


@cl.on_message
async def main(message: cl.Message):
    props = {"title": message.content, "status": "open", "owner": None}
    card = cl.CustomElement(name="Ticket", props=props, display="inline")
    cl.user_session.set("card", card)
    await cl.Message(content="A ticket is open.", elements=[card]).send()

    form = cl.CustomElement(name="TicketForm", props={"fields": ["owner", "urgent"]})
    answer = await cl.AskElementMessage(content="Who shall see to it?", element=form, timeout=30).send()
    if not answer or not answer["submitted"]:
        await cl.Message(content="Nobody, then.").send()
        return
    card.props["owner"] = answer["owner"]
    await card.update()
    await cl.Message(content=json.dumps(dict(card.props))).send()


@cl.action_callback("close_ticket")
async def close(action: cl.Action):
    card = cl.user_session.get("card")
    card.props["status"] = action.payload["status"]
    await card.update()
    return {"closed": True}
