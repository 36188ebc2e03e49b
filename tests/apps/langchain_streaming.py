"""The final answer of an agent in the old style is streamed by the callback handler itself."""

import chainlit as cl
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage


@cl.on_message
async def main(message: cl.Message):
    model = GenericFakeChatModel(messages=iter([AIMessage("I have an idea. Final Answer: 42 bees")]))
    handler = cl.AsyncLangchainCallbackHandler(stream_final_answer=True, answer_prefix_tokens=["Final", " ", "Answer:"])
    handler.answer_reached = message.content == "all of it"
    async for _ in model.astream(message.content, config={"callbacks": [handler]}):
        pass
