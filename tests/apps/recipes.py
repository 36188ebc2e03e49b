"""Starters in groups, and a background task that speaks up after the answer."""

import asyncio

import chainlit as cl

background = set()


@cl.set_starter_categories
async def categories(user: cl.User):
    return [
        cl.StarterCategory(
            label="Sweet",
            icon="https://example.org/cake.svg",
            starters=[cl.Starter(label="Cake", message="How do I bake a cake?")],
        ),
        cl.StarterCategory(label="Salty", starters=[cl.Starter(label="Soup", message="How do I cook a soup?")]),
    ]


async def remind(dish: str):
    await cl.sleep(0.01)
    await cl.Message(content=f"Look after your {dish}!").send()


@cl.on_message
async def main(message: cl.Message):
    dish = message.content.split()[-1].strip("?")
    task = asyncio.create_task(remind(dish))
    background.add(task)
    task.add_done_callback(background.discard)
    await cl.Message(content=f"Put your {dish} on the fire.").send()
