"""A crawler whose list of tasks grows and is worked off beside the chat."""

import chainlit as cl

SITE = {"/": ["/about", "/shop"], "/shop": ["/broken"], "/about": []}


async def fetch(page: str):
    await cl.sleep(0.001)
    return SITE[page]


@cl.on_message
async def main(message: cl.Message):
    tasks = cl.TaskList()
    tasks.status = "Running..."
    queue = [message.content]
    await tasks.add_task(cl.Task(title=f"Read {message.content}", status=cl.TaskStatus.READY))
    await tasks.send()

    for page, task in zip(queue, tasks.tasks):  # noqa: B905  # both grow together
        task.status = cl.TaskStatus.RUNNING
        await tasks.update()
        try:
            links = await fetch(page)
        except KeyError:
            task.status = cl.TaskStatus.FAILED
            continue
        said = await cl.Message(content=f"{page} has {len(links)} links.").send()
        task.forId = said.id
        task.status = cl.TaskStatus.DONE
        for link in links:
            queue.append(link)
            await tasks.add_task(cl.Task(title=f"Read {link}"))

    tasks.status = "Done"
    await tasks.update()
