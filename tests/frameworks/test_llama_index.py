"""The real LlamaIndex, with a model that repeats what it is asked, as steps."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Any

import pytest
from llama_index.core import Document, Settings, SummaryIndex
from llama_index.core.base.llms.types import ChatResponse
from llama_index.core.callbacks import CallbackManager, CBEventType, EventPayload
from llama_index.core.llms import ChatMessage, MockLLM
from llama_index.core.llms.callbacks import llm_chat_callback
from llama_index.core.tools import ToolMetadata

import anychat as cl
from anychat.testing import ChatDriver
from anychat.turn import Turn


async def run(callback: Callable[..., Any], app: cl.App | None = None) -> Turn:
    """Send a message to an App with this callback; returns its turn."""
    app = app or cl.App()
    app.on_message(callback)
    async with ChatDriver(app) as user:
        return await user.send("go")


def outline(turn: Turn) -> list[tuple[int, str, str]]:
    """How deep each step stands, its type and its name."""
    depth: dict[str | None, int] = {}
    for step in turn.steps:
        depth[step.id] = depth.get(step.owner, -1) + 1
    assert all(step.ended_at for step in turn.steps)
    return [(depth[step.id], step.type, step.name) for step in turn.steps]


class Parrot(MockLLM):
    """A model that says again what it heard last."""

    @llm_chat_callback()
    async def achat(self, messages: Sequence[ChatMessage], **_: Any) -> ChatResponse:
        return ChatResponse(message=ChatMessage(role="assistant", content=messages[-1].content))

    @llm_chat_callback()
    async def astream_chat(self, messages: Sequence[ChatMessage], **_: Any) -> Any:
        async def pieces() -> AsyncIterator[ChatResponse]:
            said = ""
            for word in str(messages[-1].content).split():
                said += word
                yield ChatResponse(message=ChatMessage(role="assistant", content=said), delta=word)

        return pieces()


NOTES = [Document(text="Bees dance."), Document(text="Ants farm.")]


@pytest.fixture(autouse=True)
def settings() -> Iterator[None]:
    """LlamaIndex's settings are everybody's: they are put back."""
    yield
    Settings.callback_manager = CallbackManager()


def engine(handler: Any) -> Any:
    """A query engine over two notes."""
    manager = Settings.callback_manager = CallbackManager([handler])
    model = MockLLM(max_tokens=4, callback_manager=manager)
    return SummaryIndex.from_documents(NOTES).as_query_engine(llm=model, callback_manager=manager)


def asked() -> str:
    return str(engine(cl.LlamaIndexCallbackHandler()).query("Who dances?"))


async def asked_on_the_loop() -> str:
    return asked()


@pytest.mark.parametrize("callback", [asked, asked_on_the_loop])
async def test_a_query_is_a_step_with_its_retrieval_and_the_call_of_the_model(callback: Callable[..., Any]) -> None:
    app = cl.App()
    app.on_message(callback)
    async with ChatDriver(app) as user:
        turn = await user.send("go")
        sources = [(element.name, element.content, element.display) for element in user.elements]
    assert turn.error is None
    assert outline(turn) == [(0, "tool", "query"), (1, "tool", "retrieve"), (1, "llm", "llm")]
    query, retrieve, call = turn.steps
    assert (query.input, retrieve.input) == ("Who dances?", "Who dances?")
    assert retrieve.content == query.content == "Retrieved the following sources: Source 0, Source 1"
    assert sources == [("Source 0", "Bees dance.", "side"), ("Source 1", "Ants farm.", "side")] * 2
    assert "Who dances?" in call.input
    assert call.content == "text text text text"
    assert turn.text == call.content


async def test_a_chat_with_a_model_is_a_step_with_its_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    from anychat.llama_index import callbacks

    kept: list[Any] = []

    class Remembering(cl.Step):
        def finish(self, error: BaseException | None = None) -> None:
            kept.append(self.generation)
            super().finish(error)

    monkeypatch.setattr(callbacks, "Step", Remembering)

    async def reply() -> None:
        manager = CallbackManager([cl.LlamaIndexCallbackHandler()])
        model = Parrot(max_tokens=2, callback_manager=manager)
        await model.achat([ChatMessage(role="user", content="hello")])
        async for _ in await model.astream_chat([ChatMessage(role="user", content="good day")]):
            pass
        model.complete("Once upon")

    turn = await run(reply)
    assert turn.error is None
    chat, streamed, completed = turn.steps
    assert (json.loads(chat.input), chat.content) == ([{"role": "user", "content": "hello"}], "hello")
    assert (json.loads(streamed.input), streamed.content) == ([{"role": "user", "content": "good day"}], "goodday")
    assert (completed.input, completed.content) == ("Once upon", "text text")
    assert kept[0].messages == [{"role": "user", "content": "hello"}]
    assert kept[0].message_completion == {"role": "assistant", "content": "hello"}
    assert (kept[2].prompt, kept[2].completion) == ("Once upon", "text text")


async def test_a_tools_call_shows_its_arguments_and_what_it_gave() -> None:
    async def reply() -> None:
        manager = CallbackManager([cl.LlamaIndexCallbackHandler()])
        start: Any = {
            EventPayload.FUNCTION_CALL: {"city": "Paris"},
            EventPayload.TOOL: ToolMetadata(description="", name="weather"),
        }
        with manager.event(CBEventType.AGENT_STEP), manager.event(CBEventType.FUNCTION_CALL, payload=start) as event:
            event.on_end(payload={EventPayload.FUNCTION_OUTPUT: "sunny"})

    (step,) = (await run(reply)).steps
    assert (step.name, step.type, json.loads(step.input), step.content) == (
        "weather",
        "tool",
        {"city": "Paris"},
        "sunny",
    )


async def test_what_fails_is_a_step_that_failed_and_so_is_what_is_around_it() -> None:
    async def reply() -> None:
        manager = CallbackManager([cl.LlamaIndexCallbackHandler()])
        with manager.event(CBEventType.QUERY), manager.event(CBEventType.SYNTHESIZE), manager.event(CBEventType.LLM):
            raise ConnectionError("no line")

    turn = await run(reply)
    assert isinstance(turn.error, ConnectionError)
    assert [(step.name, step.is_error, step.content) for step in turn.steps] == [
        ("query", True, "no line"),
        ("llm", True, "no line"),
    ]


async def test_what_is_ignored_can_be_said() -> None:
    def reply() -> str:
        handler = cl.LlamaIndexCallbackHandler(event_starts_to_ignore=[CBEventType.RETRIEVE, CBEventType.LLM])
        return str(engine(handler).query("Who dances?"))

    assert outline(await run(reply)) == [(0, "tool", "query")]


async def test_runs_side_by_side_stay_apart() -> None:
    handler = cl.LlamaIndexCallbackHandler()

    async def branch(name: str) -> None:
        async with cl.Step(name):
            await engine(handler).aquery(name)

    async def reply() -> None:
        await asyncio.gather(branch("a"), branch("b"))

    turn = await run(reply)
    names = {step.id: step.name for step in turn.steps}
    queries = [step for step in turn.steps if step.name == "query"]
    assert [names[step.owner or ""] for step in queries] == [step.input for step in queries]
    assert handler.steps == {}


def test_where_no_callback_runs_nothing_is_shown_and_all_goes_on() -> None:
    assert asked() == "text text text text"
