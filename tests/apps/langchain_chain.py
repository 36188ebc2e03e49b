"""A LangChain chain with a model that knows its answers by heart; its runs are shown as steps."""

import chainlit as cl
from langchain_core.language_models import FakeListChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableConfig


@cl.on_chat_start
async def start():
    prompt = ChatPromptTemplate.from_messages([("system", "You are brief."), ("human", "{question}")])
    model = FakeListChatModel(responses=["It is the honey bee.", "It dances."])
    cl.user_session.set("chain", prompt | model | StrOutputParser())


@cl.on_message
async def main(message: cl.Message):
    chain = cl.user_session.get("chain")
    if message.content.startswith("now "):
        config = RunnableConfig(callbacks=[cl.LangchainCallbackHandler()])
        text = await cl.make_async(chain.invoke)({"question": message.content}, config=config)
        await cl.Message(content=text).send()
        return
    answer = cl.Message(content="")
    config = RunnableConfig(callbacks=[cl.AsyncLangchainCallbackHandler()])
    async for token in chain.astream({"question": message.content}, config=config):
        await answer.stream_token(token)
    await answer.send()
