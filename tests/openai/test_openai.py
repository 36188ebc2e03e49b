"""An App on the real openai package, against a real HTTP server on this machine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import pairwise
from types import ModuleType
from typing import Any

import pytest
from openai import APIStatusError, AsyncOpenAI, AuthenticationError, InternalServerError, OpenAI

import anychat as cl
from anychat.testing import ChatDriver


@pytest.fixture
def app(server: Any, local_openai: ModuleType) -> cl.App:
    """The assistant of the notebook ``openai-client.ipynb``."""
    app = cl.App("Model")

    @app.on_chat_start
    def start() -> None:
        client = AsyncOpenAI(base_url=server.url, api_key=local_openai.API_KEY, max_retries=0)
        cl.user_session.set("client", client)

    @app.on_message
    async def reply(message: cl.Message) -> None:
        client: AsyncOpenAI = cl.user_session.get("client")
        history: Any = cl.chat_context.to_openai()
        stream = await client.chat.completions.create(model="local", messages=history, stream=True)
        answer = cl.Message("")
        async for chunk in stream:
            await answer.stream_token(chunk.choices[0].delta.content or "")
        await answer.send()

    @app.on_chat_end
    async def end() -> None:
        await cl.user_session.get("client").close()

    return app


async def test_two_users_have_separate_histories(app: cl.App, server: Any) -> None:
    async with ChatDriver(app) as alice, ChatDriver(app) as bob:
        await alice.send("I am Alice")
        first, second = await asyncio.gather(bob.send("I am Bob"), alice.send("Who am I?"))
    assert first.text == "You said “I am Bob” That is your first message."
    assert second.text == "You said “Who am I?” That is message 2 of yours; the first one was “I am Alice”"
    by_length = sorted((exchange.request["messages"] for exchange in server.exchanges), key=len)
    assert [[message["role"] for message in messages] for messages in by_length] == [
        ["user"],
        ["user"],
        ["user", "assistant", "user"],
    ]


async def test_each_user_has_a_client_that_is_closed_with_the_session(app: cl.App) -> None:
    async with ChatDriver(app) as alice, ChatDriver(app) as bob:
        clients = [alice.state.client, bob.state.client]
        assert clients[0] is not clients[1]
        assert [client.is_closed() for client in clients] == [False, False]
    assert [client.is_closed() for client in clients] == [True, True]


async def test_an_answer_arrives_in_pieces(app: cl.App, server: Any) -> None:
    server.pause = 0.03  # longer than a frame, so pieces cannot travel together
    seen: list[str] = []

    def has_ended(user: ChatDriver) -> bool:
        answers = [message for message in user.messages if message.role == "assistant"]
        seen.extend(message.content for message in answers)
        return bool(answers) and not answers[-1].streaming

    async with ChatDriver(app) as user:
        user.post("hello")
        await user.until(has_ended)
    states = list(dict.fromkeys(seen))
    assert len(states) > 5
    assert all(later.startswith(earlier) for earlier, later in pairwise(states))
    assert server.exchanges[-1].sent == len(states[-1].split())


async def test_stop_ends_the_request_and_the_client_goes_on(app: cl.App, server: Any) -> None:
    short, server.answer = server.answer, lambda messages: "and so on " * 10_000
    async with ChatDriver(app) as user:
        user.post("tell me everything")
        await user.until(lambda user: any("so on" in message.content for message in user.messages))
        await user.stop()
        exchange = server.exchanges[-1]
        assert await asyncio.to_thread(exchange.over.wait, 10)
        assert exchange.was_cut
        assert exchange.sent < 30_000
        assert user.turns[-1].status == "stopped"

        server.answer = short
        turn = await user.send("just one word")
        assert turn.status == "done"
        assert turn.text.startswith("You said “just one word”")


@pytest.mark.parametrize(("status", "error"), [(500, InternalServerError), (401, AuthenticationError)])
async def test_what_the_server_refuses_is_told_in_the_chat(
    app: cl.App, server: Any, status: int, error: type[APIStatusError]
) -> None:
    async with ChatDriver(app) as user:
        server.fail_with = status
        turn = await user.send("hello")
        assert type(turn.error) is error
        assert turn.status == "failed"
        (message,) = turn.messages
        assert message.is_error
        assert f"{error.__name__}: Error code: {status}" in message.content
        assert "The server was told to fail." in message.content

        server.fail_with = None
        assert (await user.send("again")).error is None


async def test_a_wrong_key_is_told_in_the_chat(server: Any) -> None:
    async def reply(message: cl.Message) -> str | None:
        async with AsyncOpenAI(base_url=server.url, api_key="wrong") as client:
            completion = await client.chat.completions.create(
                model="local", messages=[{"role": "user", "content": message.content}]
            )
        return completion.choices[0].message.content

    async with ChatDriver(reply) as user:
        (message,) = (await user.send("hello")).messages
        assert "Incorrect API key provided." in message.content


def with_sync_client(server: Any, key: str) -> Callable[[cl.Message], str | None]:
    """A callback that blocks: it runs in a worker thread."""

    def reply(message: cl.Message) -> str | None:
        with OpenAI(base_url=server.url, api_key=key) as client:
            completion = client.chat.completions.create(
                model="local", messages=[{"role": "user", "content": message.content}]
            )
        return completion.choices[0].message.content

    return reply


async def test_the_sync_client_works_in_a_sync_callback(server: Any, local_openai: ModuleType) -> None:
    async with ChatDriver(with_sync_client(server, local_openai.API_KEY)) as user:
        turn = await user.send("hello")
        assert turn.text == "You said “hello” That is your first message."
