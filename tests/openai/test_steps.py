"""Calls of the real openai package as steps, against real HTTP servers on this machine."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from openai import AsyncOpenAI, AuthenticationError, OpenAI, Stream
from openai.resources.chat.completions import Completions

import anychat as cl
from anychat import model_calls
from anychat.protocol import StepItem
from anychat.testing import ChatDriver
from anychat.turn import Turn
from canned_server import Canned, chunk, completion

ASKED: list[Any] = [{"role": "user", "content": "hello"}]
ANSWER = "You said “hello” That is your first message."


@pytest.fixture
def key(local_openai: ModuleType, monkeypatch: pytest.MonkeyPatch) -> str:
    """The key of the local server; clients find it."""
    monkeypatch.setenv("OPENAI_API_KEY", local_openai.API_KEY)
    return str(local_openai.API_KEY)


async def run(callback: Callable[..., Any], app: cl.App | None = None) -> Turn:
    """Send a message to an App with this callback, which watches the package; returns its turn."""
    app = app or watching()
    app.on_message(callback)
    async with ChatDriver(app) as user:
        return await user.send("go")


def watching() -> cl.App:
    """An App that shows the package's calls."""
    app = cl.App()
    app.instrument_openai()
    return app


async def ask(client: AsyncOpenAI, **options: Any) -> Any:
    return await client.chat.completions.create(model="local", messages=ASKED, **options)


async def test_a_call_is_a_step_with_what_was_asked_and_answered(server: Any, key: str) -> None:
    async def reply() -> Any:
        async with AsyncOpenAI(base_url=server.url) as client, cl.Step("think"):
            return (await ask(client, temperature=0)).choices[0].message.content

    turn = await run(reply)
    think, call = turn.steps
    assert turn.text == ANSWER
    assert call == StepItem(
        id=call.id,
        name="local",
        type="llm",
        input=json.dumps(ASKED, indent=4),
        content=ANSWER,
        input_language="json",
        started_at=call.started_at,
        ended_at=call.ended_at,
        parent_id=think.id,
    )
    assert call.ended_at


async def test_a_stream_is_a_step_that_ends_with_it(server: Any, key: str) -> None:
    seen: list[Any] = []

    async def reply() -> Any:
        async with AsyncOpenAI(base_url=server.url) as client:
            stream = await ask(client, stream=True)
            async for piece in stream:
                yield piece.choices[0].delta.content or ""
            seen.append(stream)

    turn = await run(reply)
    (call,) = turn.steps
    assert (turn.text, call.content, bool(call.ended_at), call.is_error) == (ANSWER, ANSWER, True, False)
    assert type(seen[0]).__name__ == "AsyncStream"


async def test_sync_clients_in_sync_callbacks_are_watched_too(server: Any, key: str) -> None:
    def reply() -> Iterator[str]:
        with OpenAI(base_url=server.url) as client:
            whole = client.chat.completions.create(model="local", messages=ASKED)
            stream = client.chat.completions.create(model="local", messages=ASKED, stream=True)
            assert isinstance(stream, Stream)
            with stream:
                yield from (piece.choices[0].delta.content or "" for piece in stream)
            yield f" {whole.choices[0].message.content}"

    turn = await run(reply)
    assert turn.text == f"{ANSWER} {ANSWER}"
    assert [(step.content, bool(step.ended_at)) for step in turn.steps] == [(ANSWER, True)] * 2


async def test_the_helpers_of_the_package_are_watched_once(server: Any, key: str) -> None:
    async def reply() -> str:
        async with AsyncOpenAI(base_url=server.url) as client:
            async with client.chat.completions.stream(model="local", messages=ASKED) as stream:
                final = await stream.get_final_completion()
            parsed = await client.chat.completions.parse(model="local", messages=ASKED)
            return f"{final.choices[0].message.content} {parsed.choices[0].message.content}"

    turn = await run(reply)
    assert turn.text == f"{ANSWER} {ANSWER}"
    assert [step.content for step in turn.steps] == [ANSWER, ANSWER]


async def test_a_call_that_fails_is_a_step_that_failed(server: Any, key: str) -> None:
    async def reply() -> Any:
        async with AsyncOpenAI(base_url=server.url, api_key="wrong") as client:
            return await ask(client)

    turn = await run(reply)
    (call,) = turn.steps
    assert isinstance(turn.error, AuthenticationError)
    assert call.is_error
    assert "Incorrect API key provided." in call.content


async def test_a_stream_that_is_left_or_stopped_ends_its_step(server: Any, key: str) -> None:
    server.answer = lambda messages: "and so on " * 10_000

    async def reply(message: cl.Message) -> Any:
        client = AsyncOpenAI(base_url=server.url)
        cl.user_session.set("clients", [*cl.user_session.get("clients", []), client])
        stream = await ask(client, stream=True)
        async for piece in stream:
            yield piece.choices[0].delta.content
            if message.content == "leave":
                break
        await stream.close()

    app = watching()
    app.on_message(reply)

    def call_of(user: ChatDriver) -> StepItem | None:
        return next((item for item in user.turns[-1].items if isinstance(item, StepItem)), None)

    async with ChatDriver(app) as user:
        await user.send("leave")
        await user.until(lambda user: (call := call_of(user)) is not None and call.ended_at is not None)
        left = call_of(user)
        user.post("stay")
        await user.until(lambda user: len(user.messages) > 3)
        await user.stop()
        stopped = call_of(user)
        for client in user.state.clients:
            await client.close()
    assert left is not None
    assert (left.content, left.is_error) == ("and", False)
    assert stopped is not None
    assert stopped.is_error
    assert stopped.ended_at


async def test_only_apps_that_asked_for_it_show_calls(server: Any, key: str) -> None:
    async def reply() -> Any:
        async with AsyncOpenAI(base_url=server.url) as client:
            return (await ask(client)).choices[0].message.content

    watched, other = await asyncio.gather(run(reply), run(reply, cl.App()))
    assert (len(watched.steps), len(other.steps)) == (1, 0)
    async with AsyncOpenAI(base_url=server.url) as client:
        assert (await ask(client)).choices[0].message.content == ANSWER
    watching()
    assert not hasattr(Completions.create.anychat_original, "anychat_original")  # type: ignore[attr-defined]


async def test_a_chainlit_script_watches_for_itself(server: Any, key: str, tmp_path: Path) -> None:
    script = tmp_path / "app.py"
    script.write_text(
        f"""
import chainlit as cl
from openai import AsyncOpenAI

cl.instrument_openai()

@cl.on_message
async def main(message: cl.Message):
    async with AsyncOpenAI(base_url={server.url!r}) as client:
        asked = [{{"role": "user", "content": message.content}}]
        answer = await client.chat.completions.create(model="local", messages=asked)
        await cl.Message(content=answer.choices[0].message.content).send()
"""
    )
    async with ChatDriver(cl.load(script)) as user:
        turn = await user.send("hello")
        assert ([step.name for step in turn.steps], turn.text) == (["local"], ANSWER)


# ── Other answers than the local server gives ────────────────────────────────────────────────────


@pytest.fixture
def generations(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the steps of calls keep as their generation."""
    kept: list[Any] = []

    class Remembering(cl.Step):
        def finish(self, error: BaseException | None = None) -> None:
            kept.append(self.generation)
            super().finish(error)

    monkeypatch.setattr(model_calls, "Step", Remembering)
    return kept


def piece_of_call(index: int, name: str | None, arguments: str, id: str | None = None) -> dict[str, Any]:
    return chunk({"tool_calls": [{"index": index, "id": id, "function": {"name": name, "arguments": arguments}}]})


TOOLS: Any = [{"type": "function", "function": {"name": "search", "parameters": {"type": "object"}}}]


async def test_the_generation_of_a_step_tells_what_the_call_took(
    canned: Canned, key: str, generations: list[Any]
) -> None:
    usage = {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}
    canned.answer = completion({"content": "hi"}, usage=usage)

    async def reply() -> None:
        async with AsyncOpenAI(base_url=canned.url) as client:
            await ask(client, tools=TOOLS, temperature=0)

    await run(reply)
    (generation,) = generations
    assert isinstance(generation, cl.ChatGeneration)
    assert (generation.provider, generation.model, generation.tools) == ("openai", "local", TOOLS)
    assert generation.settings == {"model": "local", "temperature": 0}
    assert generation.messages == ASKED
    assert generation.message_completion == {"role": "assistant", "content": "hi"}
    assert (generation.input_token_count, generation.output_token_count, generation.token_count) == (3, 4, 7)
    assert cl.ChatGeneration.from_dict(generation.to_dict()) == generation


async def test_calls_of_tools_are_shown_whole_or_from_their_pieces(canned: Canned, key: str) -> None:
    calls = [{"id": "a", "type": "function", "function": {"name": "search", "arguments": '{"q": 1}'}}]

    async def reply() -> None:
        async with AsyncOpenAI(base_url=canned.url) as client:
            canned.answer = completion({"content": None, "tool_calls": calls})
            answer = (await ask(client, tools=TOOLS)).choices[0].message
            canned.answer = [
                piece_of_call(0, "search", "", "a"),
                piece_of_call(0, None, '{"q":'),
                piece_of_call(0, None, " 1}"),
                piece_of_call(1, "stop", "{}", "b"),
            ]
            again: Any = [*ASKED, answer, {"role": "tool", "tool_call_id": "a", "content": "found"}]
            async for _ in await client.chat.completions.create(model="local", messages=again, stream=True):
                pass

    turn = await run(reply)
    assert turn.error is None
    whole, streamed = turn.steps
    assert json.loads(whole.content) == {"role": "assistant", "tool_calls": calls}
    assert json.loads(streamed.input)[1] == {"role": "assistant", "tool_calls": calls}
    assert [call["function"] for call in json.loads(streamed.content)["tool_calls"]] == [
        {"name": "search", "arguments": '{"q": 1}'},
        {"name": "stop", "arguments": "{}"},
    ]


async def test_a_picture_in_a_message_is_shortened(canned: Canned, key: str) -> None:
    canned.answer = completion({"content": "a cat"})
    url = "data:image/png;base64," + "A" * 100_000
    content: Any = [{"type": "image_url", "image_url": {"url": url}}]

    async def reply() -> None:
        async with AsyncOpenAI(base_url=canned.url) as client:
            await client.chat.completions.create(model="local", messages=[{"role": "user", "content": content}])

    (call,) = (await run(reply)).steps
    assert "… (100,022 characters)" in call.input
    assert len(call.input) < 1000


async def test_plain_completions_are_watched(canned: Canned, key: str, generations: list[Any]) -> None:
    async def reply() -> None:
        async with AsyncOpenAI(base_url=canned.url) as client:
            text = {"id": "1", "object": "text_completion", "created": 1, "model": "local"}
            canned.answer = {**text, "choices": [{"index": 0, "text": " a time", "finish_reason": "stop"}]}
            await client.completions.create(model="local", prompt="Once upon")
            canned.answer = [{**text, "choices": [{"index": 0, "text": part}]} for part in (" a", " day")]
            async for _ in await client.completions.create(model="local", prompt="Once upon", stream=True):
                pass

    assert [(step.input, step.content) for step in (await run(reply)).steps] == [
        ("Once upon", " a time"),
        ("Once upon", " a day"),
    ]
    assert [(type(each), each.prompt, each.completion) for each in generations] == [
        (cl.CompletionGeneration, "Once upon", " a time"),
        (cl.CompletionGeneration, "Once upon", " a day"),
    ]


def response(*output: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": "r", "object": "response", "created_at": 1, "model": "local", "output": list(output), "tools": [],
        "parallel_tool_calls": True, "tool_choice": "auto",
        "usage": {"input_tokens": 3, "output_tokens": 4, "total_tokens": 7},
    }  # fmt: skip


SPOKEN = {
    "type": "message", "id": "m", "role": "assistant", "status": "completed",
    "content": [{"type": "output_text", "text": "hi", "annotations": []}],
}  # fmt: skip
CALLED = {"type": "function_call", "id": "f", "call_id": "c", "name": "search", "arguments": "{}"}


async def test_responses_are_watched(canned: Canned, key: str, generations: list[Any]) -> None:
    delta = {"type": "response.output_text.delta", "delta": "h", "item_id": "m", "output_index": 0, "content_index": 0}

    async def reply() -> None:
        async with AsyncOpenAI(base_url=canned.url) as client:
            canned.answer = response(SPOKEN)
            await client.responses.create(model="local", input="hello", instructions="Be short.")
            canned.answer = response(CALLED)
            await client.responses.create(model="local", input="hello")
            canned.answer = [
                {**delta, "sequence_number": 0, "logprobs": []},
                {"type": "response.completed", "sequence_number": 1, "response": response(SPOKEN)},
            ]
            async for _ in await client.responses.create(model="local", input="hello", stream=True):
                pass

    turn = await run(reply)
    assert turn.error is None
    spoken, called, streamed = turn.steps
    assert json.loads(spoken.input) == [{"role": "system", "content": "Be short."}, *ASKED]
    assert (spoken.content, streamed.content) == ("hi", "hi")
    assert json.loads(called.content)[0]["name"] == "search"
    assert [each.token_count for each in generations] == [7, 7, 7]
    assert generations[0].message_completion == {"role": "assistant", "content": "hi"}


async def test_an_answer_that_is_not_understood_is_the_callers_all_the_same(
    canned: Canned, key: str, caplog: pytest.LogCaptureFixture
) -> None:
    canned.answer = completion({"content": "hi"}, choices=5)

    async def reply() -> str:
        async with AsyncOpenAI(base_url=canned.url) as client:
            return str(await ask(client))

    turn = await run(reply)
    assert turn.error is None
    assert [(step.content, bool(step.ended_at)) for step in turn.steps] == [("", True)]
    assert "An answer of the package openai could not be read for its step." in caplog.text


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name == "openai" or name.startswith("openai.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "openai", None)
    with pytest.raises(ValueError, match=r"instrument_openai needs the package openai.*`pip install openai`"):
        cl.App().instrument_openai()
