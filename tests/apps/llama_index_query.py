"""A LlamaIndex query engine over two notes, with a model and an embedding that need no key."""

import chainlit as cl
from llama_index.core import Document, Settings, SummaryIndex
from llama_index.core.callbacks import CallbackManager
from llama_index.core.llms import MockLLM


@cl.on_chat_start
async def start():
    Settings.llm = MockLLM(max_tokens=8)
    index = SummaryIndex.from_documents([Document(text="Bees dance."), Document(text="Ants farm.")])
    manager = CallbackManager([cl.LlamaIndexCallbackHandler()])
    Settings.callback_manager = Settings.llm.callback_manager = manager
    cl.user_session.set("engine", index.as_query_engine(llm=Settings.llm, callback_manager=manager))


@cl.on_message
async def main(message: cl.Message):
    engine = cl.user_session.get("engine")
    response = await cl.make_async(engine.query)(message.content)
    await cl.Message(content=str(response)).send()
