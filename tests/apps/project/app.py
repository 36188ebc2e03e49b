"""An app of several files, one of which is imported only when it is needed."""

import os
from pathlib import Path

import chainlit as cl
from prompts import GREETING, greet
from shop import ITEMS

MENU = (Path(__file__).parent / "menu.txt").read_text().split()


@cl.on_chat_start
async def start():
    await greet()


@cl.on_message
async def main(message: cl.Message):
    import chainlit  # as many scripts do, in the middle of a function
    import shop.orders as orders
    from shop.orders import order

    assert chainlit.Message is cl.Message
    assert orders.order is order
    assert GREETING
    await order(message.content, MENU + ITEMS)
    await cl.Message(os.path.basename(__file__)).send()
