"""A list of documents and an index over them, both in the session."""

import chainlit as cl


class Index:
    def __init__(self) -> None:
        self.words: dict[str, set[int]] = {}

    def add(self, number: int, text: str) -> None:
        for word in text.lower().split():
            self.words.setdefault(word, set()).add(number)

    def search(self, word: str) -> list[int]:
        return sorted(self.words.get(word.lower(), set()))


@cl.on_chat_start
async def start() -> None:
    cl.user_session.set("documents", [])
    cl.user_session.set("index", Index())


@cl.on_message
async def reply(message: cl.Message) -> None:
    documents = cl.user_session.get("documents")
    index = cl.user_session.get("index")
    if message.content.startswith("find "):
        found = [documents[number] for number in index.search(message.content.removeprefix("find "))]
        await cl.Message(content="; ".join(found) or "nothing").send()
        return
    index.add(len(documents), message.content)
    documents.append(message.content)
    cl.user_session.set("documents", documents)
    await cl.Message(content=f"{len(documents)} document(s)").send()
