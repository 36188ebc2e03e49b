"""One model for all, which nobody changes; and a copy of the configuration for each session."""

import copy
from types import MappingProxyType

import chainlit as cl

MODEL = MappingProxyType({"name": "big", "weights": tuple(range(1000))})
CONFIG = {"temperature": 0.5, "stop": ["\n"]}


@cl.on_chat_start
async def start() -> None:
    cl.user_session.set("model", MODEL)
    cl.user_session.set("config", copy.deepcopy(CONFIG))


@cl.on_message
async def reply(message: cl.Message) -> None:
    config = cl.user_session.get("config")
    config["stop"].append(message.content)
    same = cl.user_session.get("model") is MODEL
    await cl.Message(content=f"shared: {same}; mine: {config['stop'][1:]}; all: {CONFIG['stop'][1:]}").send()
