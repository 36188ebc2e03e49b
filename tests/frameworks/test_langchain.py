"""The real LangChain and LangGraph, with models that know their answers by heart, as steps."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.language_models import FakeListChatModel, FakeListLLM, GenericFakeChatModel
from langchain_core.messages import AIMessage
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableLambda, RunnableParallel
from langchain_core.tools import tool

import anychat as cl
from anychat.protocol import StepItem
from anychat.testing import ChatDriver
from anychat.turn import Turn

HELLO = "It is the honey bee."


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


def chain() -> Any:
    prompt = ChatPromptTemplate.from_messages([("system", "You are brief."), ("human", "{question}")])
    return prompt | FakeListChatModel(responses=[HELLO]) | StrOutputParser()


async def invoked() -> str:
    config: Any = {"callbacks": [cl.AsyncLangchainCallbackHandler()]}
    return str(await chain().ainvoke({"question": "Which?"}, config))


async def streamed() -> str:
    config: Any = {"callbacks": [cl.LangchainCallbackHandler()]}
    return "".join([token async for token in chain().astream({"question": "Which?"}, config)])


def blocking() -> str:
    config: Any = {"callbacks": [cl.LangchainCallbackHandler()]}
    return str(chain().invoke({"question": "Which?"}, config))


async def in_a_thread() -> str:
    return await cl.make_async(blocking)()


@pytest.mark.parametrize("callback", [invoked, streamed, blocking, in_a_thread])
async def test_a_models_call_in_a_chain_is_a_step(callback: Callable[..., Any]) -> None:
    turn = await run(callback)
    assert turn.text == HELLO
    assert outline(turn) == [(0, "llm", "FakeListChatModel")]
    (call,) = turn.steps
    assert json.loads(call.input) == [
        {"role": "system", "content": "You are brief."},
        {"role": "user", "content": "Which?"},
    ]
    assert (call.content, call.is_error) == (HELLO, False)


async def test_runs_nest_as_they_are_run_and_glue_is_left_out() -> None:
    @tool
    def count(text: str) -> int:
        """Count the letters."""
        return len(text)

    class Notes(BaseRetriever):
        def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
            return [Document(page_content=f"about {query}", metadata={"page": 1})]

    async def reply() -> None:
        both: Any = RunnableParallel(notes=Notes(), letters=RunnableLambda(lambda text: {"text": text}) | count)
        handler = cl.LangchainCallbackHandler()
        async with cl.Step("research"):
            await both.with_config(run_name="gather").ainvoke("bees", {"callbacks": [handler]})

    turn = await run(reply)
    assert turn.error is None
    research, gather, *leaves = outline(turn)
    assert [research, gather] == [(0, "undefined", "research"), (1, "run", "gather")]
    assert sorted(leaves) == [(2, "tool", "Notes"), (2, "tool", "count")]
    by_name = {step.name: step for step in turn.steps}
    assert json.loads(by_name["Notes"].content) == [{"page_content": "about bees", "metadata": {"page": 1}}]
    assert (by_name["Notes"].input, by_name["Notes"].input_language) == ("bees", "text")
    assert json.loads(by_name["count"].input) == {"text": "bees"}
    assert by_name["count"].content == "4"


async def test_what_is_ignored_and_what_is_kept_can_be_said() -> None:
    async def reply() -> None:
        inner: Any = RunnableLambda(lambda text: text).with_config(run_name="inner")
        model: Any = FakeListChatModel(responses=[HELLO])
        whole = (inner | model).with_config(run_name="outer")
        filters: list[Any] = [
            {},
            {"to_ignore": ["outer"]},
            {"to_ignore": ["outer"], "to_keep": ["llm"]},
            {"to_ignore": []},
        ]
        for options in filters:
            await whole.ainvoke("go", {"callbacks": [cl.LangchainCallbackHandler(**options)]})

    assert outline(await run(reply)) == [
        (0, "run", "outer"),
        (1, "undefined", "inner"),
        (1, "llm", "FakeListChatModel"),
        (0, "run", "inner"),
        (0, "llm", "FakeListChatModel"),
        (0, "llm", "FakeListChatModel"),
        (0, "run", "outer"),
        (1, "undefined", "inner"),
        (1, "llm", "FakeListChatModel"),
    ]


class Caller(GenericFakeChatModel):
    """A model that can be told of tools."""

    def bind_tools(self, tools: Any, **_: Any) -> Any:
        return self


async def test_an_agent_of_langgraph_shows_its_models_and_tools() -> None:
    @tool
    async def weather(city: str) -> str:
        """Look up the weather."""
        return f"sunny in {city}"

    call = {"name": "weather", "args": {"city": "Paris"}, "id": "c1"}
    answers = [AIMessage("", tool_calls=[call]), AIMessage("It is sunny.")]

    async def reply() -> Any:
        agent: Any = create_agent(Caller(messages=iter(answers)), [weather], name="forecaster")
        config: Any = {"callbacks": [cl.AsyncLangchainCallbackHandler()]}
        result = await agent.ainvoke({"messages": [("user", "Paris?")]}, config)
        return result["messages"][-1].content

    turn = await run(reply)
    assert turn.text == "It is sunny."
    shown = [entry for entry in outline(turn) if entry[1] in ("run", "llm", "tool")]
    assert shown == [(0, "run", "forecaster"), (2, "llm", "Caller"), (2, "tool", "weather"), (2, "llm", "Caller")]
    asked, used = [step for step in turn.steps if step.type in ("llm", "tool")][:2]
    assert json.loads(asked.content)["tool_calls"][0]["args"] == {"city": "Paris"}
    assert json.loads(used.input) == {"city": "Paris"}
    assert used.content == "sunny in Paris"


async def test_an_app_may_show_the_tools_alone() -> None:
    @tool
    def add(a: int, b: int) -> int:
        """Add."""
        return a + b

    async def reply() -> None:
        both: Any = RunnableLambda(lambda _: {"a": 1, "b": 2}) | add
        async with cl.Step("calculate", type="tool"):
            await both.with_config(run_name="sum").ainvoke("go", {"callbacks": [cl.LangchainCallbackHandler()]})

    assert outline(await run(reply, cl.App(cot="tool_call"))) == [(0, "tool", "calculate"), (1, "tool", "add")]


async def test_what_fails_is_a_step_that_failed() -> None:
    @tool
    def divide(a: int) -> float:
        """Divide by zero."""
        return a / 0

    async def reply() -> None:
        ratio: Any = RunnableLambda(lambda _: {"a": 1}) | divide
        await ratio.with_config(run_name="sum").ainvoke("go", {"callbacks": [cl.LangchainCallbackHandler()]})

    turn = await run(reply)
    assert isinstance(turn.error, ZeroDivisionError)
    assert [(step.name, step.is_error, step.content) for step in turn.steps] == [
        ("sum", True, "division by zero"),
        ("divide", True, "division by zero"),
    ]


async def test_a_stopped_run_leaves_no_step_that_goes_on() -> None:
    app = cl.App()

    @app.on_message
    async def reply() -> None:
        model: Any = FakeListChatModel(responses=["and so on " * 1000], sleep=0.01)
        async for _ in model.astream("go", {"callbacks": [cl.LangchainCallbackHandler()]}):
            pass

    async with ChatDriver(app) as user:
        user.post("go")
        await user.until(lambda user: "FakeListChatModel" in repr(user.turns))
        await user.stop()
        (step,) = [item for item in user.turns[-1].items if isinstance(item, StepItem)]
        assert (step.is_error, bool(step.ended_at)) == (True, True)


async def test_the_generation_tells_what_the_model_was_asked_and_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    from anychat.langchain import callbacks

    kept: list[Any] = []

    class Remembering(cl.Step):
        def finish(self, error: BaseException | None = None) -> None:
            kept.append(self.generation)
            super().finish(error)

    monkeypatch.setattr(callbacks, "Step", Remembering)
    usage: Any = {"input_tokens": 3, "output_tokens": 4, "total_tokens": 7}

    async def reply() -> None:
        config: Any = {"callbacks": [cl.LangchainCallbackHandler()]}
        await GenericFakeChatModel(messages=iter([AIMessage("hi", usage_metadata=usage)])).ainvoke("hello", config)
        await FakeListLLM(responses=[" a time"]).ainvoke("Once upon", config)

    turn = await run(reply)
    assert [(step.input, step.content) for step in turn.steps][1] == ("Once upon", " a time")
    chat, completion = kept
    assert (chat.messages, chat.message_completion) == (
        [{"role": "user", "content": "hello"}],
        {"role": "assistant", "content": "hi"},
    )
    assert (chat.input_token_count, chat.output_token_count, chat.token_count) == (3, 4, 7)
    assert (completion.prompt, completion.completion) == ("Once upon", " a time")


# ── The final answer ─────────────────────────────────────────────────────────────────────────────

THOUGHT = "I have an idea. Final Answer: 42 bees"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"answer_prefix_tokens": ["Final", " ", "Answer:"]}, " 42 bees"),
        ({"answer_prefix_tokens": ["Answer:"]}, " 42 bees"),
        ({"force_stream_final_answer": True}, THOUGHT),
        ({}, ""),
        ({"answer_prefix_tokens": [" Answer:"], "strip_tokens": False}, ""),
        ({"stream_final_answer": False, "force_stream_final_answer": True}, ""),
    ],
)
async def test_the_final_answer_is_streamed_after_its_prefix(options: dict[str, Any], said: str) -> None:
    async def reply() -> None:
        handler = cl.AsyncLangchainCallbackHandler(**{"stream_final_answer": True, **options})
        model = GenericFakeChatModel(messages=iter([AIMessage(THOUGHT)]))
        async for _ in model.astream("go", {"callbacks": [handler]}):
            pass

    turn = await run(reply)
    assert "".join(message.content for message in turn.messages) == said
    assert not any(message.streaming for message in turn.messages)


async def test_an_app_may_say_that_the_final_answer_is_reached() -> None:
    async def reply() -> None:
        handler = cl.LangchainCallbackHandler(stream_final_answer=True)
        assert not handler.answer_reached
        handler.answer_reached = True
        model = GenericFakeChatModel(messages=iter([AIMessage("all of it")]))
        async for _ in model.astream("go", {"callbacks": [handler]}):
            pass

    assert (await run(reply)).text == "all of it"


async def test_an_app_learns_whether_an_answer_was_streamed_and_may_go_on_with_it() -> None:
    async def reply() -> None:
        handler = cl.AsyncLangchainCallbackHandler(stream_final_answer=True)
        await FakeListChatModel(responses=["a thought"]).ainvoke("go", {"callbacks": [handler]})
        assert (handler.has_streamed_final_answer, handler.final_stream) == (False, None)
        handler.answer_reached = True
        async for _ in GenericFakeChatModel(messages=iter([AIMessage("42")])).astream("go", {"callbacks": [handler]}):
            pass
        assert handler.has_streamed_final_answer
        assert handler.final_stream is not None
        handler.final_stream.content += " bees"
        await handler.final_stream.update()

    turn = await run(reply)
    assert (turn.error, turn.text) == (None, "42 bees")


async def test_each_run_has_an_answer_of_its_own_also_where_users_share_a_handler() -> None:
    handler = cl.LangchainCallbackHandler(stream_final_answer=True, answer_prefix_tokens=["Answer:"])
    together = asyncio.Barrier(2)

    async def reply(message: cl.Message) -> None:
        model = GenericFakeChatModel(messages=iter([AIMessage(f"Well. Answer: {message.content} bees")]))
        async for _ in model.astream("go", {"callbacks": [handler]}):
            await together.wait()

    async with ChatDriver(reply) as alice, ChatDriver(reply) as bob:
        for one, two in (("1", "2"), ("3", "4")):
            turns = await asyncio.gather(alice.send(one), bob.send(two))
            assert [turn.text for turn in turns] == [f" {one} bees", f" {two} bees"]


# ── Where no callback runs ───────────────────────────────────────────────────────────────────────


async def test_a_handler_made_outside_shows_what_each_callback_runs_and_nothing_else() -> None:
    handler = cl.LangchainCallbackHandler()
    config: Any = {"callbacks": [handler]}
    assert await chain().ainvoke({"question": "Which?"}, config) == HELLO

    async def reply() -> str:
        return str(await chain().ainvoke({"question": "Which?"}, config))

    assert outline(await run(reply)) == outline(await run(reply)) == [(0, "llm", "FakeListChatModel")]
    assert handler.steps == {}
