"""Calls of the real mistralai package as steps: it speaks what the local OpenAI server speaks."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
from mistralai.client import Mistral

import anychat as cl
from anychat.testing import ChatDriver
from canned_server import Canned, chunk, completion

ASKED: list[Any] = [{"role": "user", "content": "hello"}]
WHOLE = completion({"content": "hi there"}, usage={"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7})
STREAM = [chunk({"content": piece}) for piece in ("hi", " there")]


async def test_calls_are_steps_sync_and_async_whole_and_streamed(canned: Canned) -> None:
    client = Mistral(api_key="none", server_url=canned.url.removesuffix("/v1"))
    app = cl.App()
    app.instrument_mistralai()

    def blocking() -> str:
        canned.answer = WHOLE
        answer: Any = client.chat.complete(model="local", messages=ASKED)
        canned.answer = STREAM
        with client.chat.stream(model="local", messages=ASKED) as events:
            pieces = [event.data.choices[0].delta.content for event in events]
        return f"{answer.choices[0].message.content}\n{''.join(map(str, pieces))}\n"

    @app.on_message
    async def reply() -> AsyncIterator[str]:
        async with client:
            yield await cl.make_async(blocking)()
            canned.answer = WHOLE
            answer: Any = await client.chat.complete_async(model="local", messages=ASKED)
            yield f"{answer.choices[0].message.content}\n"
            canned.answer = STREAM
            async with await client.chat.stream_async(model="local", messages=ASKED) as events:
                async for event in events:
                    yield str(event.data.choices[0].delta.content)

    async with ChatDriver(app) as user:
        turn = await user.send("go")
    assert turn.error is None
    assert turn.text.split() == ["hi", "there"] * 4
    assert [(step.name, step.type, step.content, bool(step.ended_at)) for step in turn.steps] == [
        ("local", "llm", "hi there", True)
    ] * 4


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mistralai", None)
    with pytest.raises(ValueError, match=r"instrument_mistralai needs the package mistralai"):
        cl.App().instrument_mistralai()
