"""A copilot in somebody's page: it hears what the page says, answers it, and calls what the page can do."""

import chainlit as cl


@cl.on_window_message
async def window_message(data):
    cl.user_session.set("place", data["place"])
    await cl.send_window_message({"heard": data["place"]})


@cl.on_message
async def main(message: cl.Message):
    place = cl.user_session.get("place", "nowhere")
    if cl.context.session.client_type == "copilot" or message.content == "book":
        function = cl.CopilotFunction(name="book", args={"place": place})
        booked = await function.acall()
        await cl.Message(content=f"The page says {booked!r}.").send()
        return
    await cl.Message(content=f"You are in {place}.").send()
