"""The openai package, against a stand-in for its server; each call is shown as a step."""

import json

import chainlit as cl
import httpx
from openai import AsyncOpenAI


def answer(request: httpx.Request) -> httpx.Response:
    messages = json.loads(request.content)["messages"]
    text = f"{len(messages)} messages, {messages[-1]['content']!r} is the last"
    message = {"role": "assistant", "content": text}
    response = {
        "id": "1",
        "object": "chat.completion",
        "created": 0,
        "model": "parrot-1",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }
    return httpx.Response(200, json=response)


client = AsyncOpenAI(api_key="none", http_client=httpx.AsyncClient(transport=httpx.MockTransport(answer)))
cl.instrument_openai()


@cl.on_message
async def main(message: cl.Message):
    response = await client.chat.completions.create(model="parrot-1", messages=cl.chat_context.to_openai())
    await cl.Message(content=response.choices[0].message.content).send()
