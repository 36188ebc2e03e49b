"""Mistral's package, if it is there: each call is shown as a step."""

import chainlit as cl

try:
    import mistralai
except ImportError:
    mistralai = None
else:
    cl.instrument_mistralai()


@cl.on_message
async def main(message: cl.Message):
    if mistralai is None:
        await cl.Message(content="Install mistralai first.").send()
        return
    client = mistralai.Mistral(api_key="none")
    response = await client.chat.complete_async(model="open-mistral-7b", messages=cl.chat_context.to_openai())
    await cl.Message(content=response.choices[0].message.content).send()
