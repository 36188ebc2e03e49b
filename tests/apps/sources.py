"""Answers from documents, with the passages they rest on as elements beside the answer."""

import chainlit as cl
from chainlit.element import Element

HANDBOOK = {
    "Holidays": "Everybody has thirty days of holidays each year.",
    "Travel": "Travel is paid when it is booked two weeks ahead.",
    "Tools": "Laptops are replaced every four years.",
}


@cl.step(type="embedding")
async def embed(text: str):
    return sorted({word.strip(".?").lower() for word in text.split() if len(word) > 4})


@cl.step(type="retrieval")
async def retrieve(question: str):
    words = await embed(question)
    return [title for title, text in HANDBOOK.items() if any(word in text.lower() for word in words)]


@cl.step(type="rerank")
async def rerank(titles: list[str]):
    return sorted(titles, key=lambda title: len(HANDBOOK[title]))[:2]


def as_elements(titles: list[str]) -> list[Element]:
    passages = [cl.Text(name=title, content=HANDBOOK[title], display="side") for title in titles]
    return [*passages, cl.Pdf(name="handbook.pdf", content=b"%PDF-1.4 the handbook", display="page", page=2)]


@cl.on_message
async def main(message: cl.Message):
    titles = await rerank(await retrieve(message.content))
    if not titles:
        await cl.Message(content="The handbook says nothing about that.").send()
        return
    answer = cl.Message(content="", elements=as_elements(titles))
    for title in titles:
        await answer.stream_token(f"{HANDBOOK[title]} ")
    await answer.stream_token(f"\n\nSources: {', '.join(titles)}, handbook.pdf")
    await answer.send()
