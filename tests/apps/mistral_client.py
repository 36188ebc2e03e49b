"""Mistral's package, against a stand-in for its server; each call is shown as a step."""

import json

import chainlit as cl
import httpx

try:
    from mistralai import Mistral
except ImportError:  # since 2.0
    from mistralai.client import Mistral


def answer(request: httpx.Request) -> httpx.Response:
    messages = json.loads(request.content)["messages"]
    message = {"role": "assistant", "content": messages[-1]["content"].upper()}
    response = {
        "id": "1",
        "object": "chat.completion",
        "created": 0,
        "model": "parrot-2",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }
    return httpx.Response(200, json=response)


client = Mistral(api_key="none", async_client=httpx.AsyncClient(transport=httpx.MockTransport(answer)))
cl.instrument_mistralai()


@cl.on_message
async def main(message: cl.Message):
    response = await client.chat.complete_async(model="parrot-2", messages=cl.chat_context.to_openai())
    await cl.Message(content=response.choices[0].message.content).send()
