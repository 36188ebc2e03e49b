"""LangChain's callback handler: a step for each run, nested as the runs are.

Events come in the thread or task of the run, so what is open there when a run begins stands around it. Both of
Chainlit's names mean the same handler, for sync and async runs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextvars import Context, copy_context
from functools import partial
from types import MappingProxyType
from typing import Any
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.documents import Document
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatGeneration as ChatResult
from langchain_core.outputs import LLMResult

from ..context import current_session
from ..generation import ChatGeneration, CompletionGeneration
from ..message import Message
from ..protocol import StepType
from ..step import Step
from .final_answer import FinalAnswer
from .readable import as_message, readable, text_of

TO_IGNORE = ("RunnableSequence", "RunnableParallel", "RunnableAssign", "RunnableLambda", "<lambda>")
TO_KEEP = ("retriever", "llm", "agent", "chain", "tool")
HIDDEN = "langsmith:hidden"
"""The tag of runs that LangGraph does not want to be seen."""

TYPES: Mapping[str, StepType] = MappingProxyType({"llm": "llm", "tool": "tool", "retriever": "tool", "agent": "run"})
"""The types of steps for those of runs."""


class LangchainCallbackHandler(BaseCallbackHandler):
    """Shows the runs of LangChain and LangGraph as steps; give it as one of the ``callbacks``.

    It can be made anywhere. Runs that no callback of an App has begun are not shown.

    Parameters
    ----------
    answer_prefix_tokens
        What the model writes before its final answer; ``["Final", "Answer", ":"]`` by default.
    stream_final_answer
        Stream the final answer into a message.
    force_stream_final_answer
        The final answer begins at once, without a prefix.
    strip_tokens
        Spaces around tokens mean nothing where the prefix is looked for.
    to_ignore
        Runs with one of these in their name are not shown, nor what is in them; by default those of LCEL's glue.
    to_keep
        The types of runs that are shown even in one that is not.

    Attributes
    ----------
    answer_reached : bool
        Whether the final answer has begun; it can be set, and then holds for the runs to come.
    has_streamed_final_answer : bool
        Whether some of the latest run's final answer was streamed.
    final_stream : Message or None
        The message that has it.

    Examples
    --------
    >>> import anychat as cl
    >>> @cl.on_message
    ... async def reply(message: cl.Message):
    ...     config = {"callbacks": [cl.LangchainCallbackHandler()]}
    ...     return (await cl.user_session.get("chain").ainvoke(message.content, config)).content

    Keywords as in Chainlit's ``cl.LangchainCallbackHandler``.
    """

    run_inline = True  # in the order of what happens, and in its context

    def __init__(
        self,
        answer_prefix_tokens: Sequence[str] | None = None,
        stream_final_answer: bool = False,
        force_stream_final_answer: bool = False,
        strip_tokens: bool = True,
        to_ignore: Sequence[str] | None = None,
        to_keep: Sequence[str] | None = None,
    ) -> None:
        self.steps: dict[str, Step] = {}
        self._calls: dict[str, _Call] = {}
        self._parents: dict[str, str | None] = {}
        self._ignored: set[str] = set()
        self._to_ignore = TO_IGNORE if to_ignore is None else to_ignore
        self._to_keep = TO_KEEP if to_keep is None else to_keep
        self._streams = stream_final_answer
        self._new_answer = partial(FinalAnswer, answer_prefix_tokens, is_stripped=strip_tokens)
        self._begins_reached = force_stream_final_answer
        self._answers: dict[str, FinalAnswer] = {}  # by outermost run: one handler may serve several users at once
        self._latest = self._new_answer(is_reached=force_stream_final_answer)
        self._made_in: Context | None = copy_context() if current_session.get(None) else None

    @property
    def answer_reached(self) -> bool:
        """Whether the final answer has begun."""
        return self._latest.is_reached

    @answer_reached.setter
    def answer_reached(self, is_reached: bool) -> None:
        self._begins_reached = self._latest.is_reached = is_reached

    @property
    def final_stream(self) -> Message | None:
        """The message with the final answer, once it has begun."""
        return self._latest.message

    @property
    def has_streamed_final_answer(self) -> bool:
        """Whether some of the final answer was streamed."""
        return self._latest.message is not None

    # ── Models ───────────────────────────────────────────────────────────────────────────────────

    def on_chat_model_start(
        self, serialized: dict[str, Any], messages: list[list[BaseMessage]], *, run_id: UUID, **about: Any
    ) -> None:
        """A model is asked."""
        self._begin(run_id, "llm", serialized, readable(messages[0] if messages else []), about)
        self._calls[str(run_id)] = _Call(about, messages=messages[0] if messages else [])

    def on_llm_start(self, serialized: dict[str, Any], prompts: list[str], *, run_id: UUID, **about: Any) -> None:
        """A model is asked to go on with a text."""
        prompt = prompts[0] if prompts else ""
        self._begin(run_id, "llm", serialized, prompt, about)
        self._calls[str(run_id)] = _Call(about, prompt=prompt)

    def on_llm_new_token(self, token: Any, *, run_id: UUID, **_: Any) -> None:
        """A model says something."""
        text = text_of(token)
        if call := self._calls.get(str(run_id)):
            call.count(text)
        if self._streams and text and (answer := self._answers.get(self._root(str(run_id)))):
            self._run(partial(answer.take, text))

    def on_llm_end(self, response: LLMResult, *, run_id: UUID, **_: Any) -> None:
        """A model has answered."""
        call, step = self._calls.pop(str(run_id), None), self.steps.get(str(run_id))
        answer = self._answers.get(self._root(str(run_id)))  # which forgets it, if this run is the outermost
        if call is not None and step is not None:
            step.generation = call.generation(response)
        self._end(run_id, _shown(response))
        if answer is not None:
            self._run(answer.end)

    # ── All others ───────────────────────────────────────────────────────────────────────────────

    def on_chain_start(self, serialized: dict[str, Any], inputs: dict[str, Any], *, run_id: UUID, **about: Any) -> None:
        """A chain begins."""
        self._begin(run_id, about.pop("run_type", None) or "chain", serialized, readable(inputs), about)

    def on_chain_end(self, outputs: dict[str, Any], *, run_id: UUID, **_: Any) -> None:
        """A chain has ended."""
        self._end(run_id, readable(outputs))

    def on_tool_start(self, serialized: dict[str, Any], input_str: str, *, run_id: UUID, **about: Any) -> None:
        """A tool is used."""
        inputs = about.pop("inputs", None)
        self._begin(run_id, "tool", serialized, readable(input_str if inputs is None else inputs), about)

    def on_tool_end(self, output: Any, *, run_id: UUID, **_: Any) -> None:
        """A tool has done its work."""
        self._end(run_id, readable(output.content if isinstance(output, BaseMessage) else output))

    def on_retriever_start(self, serialized: dict[str, Any], query: str, *, run_id: UUID, **about: Any) -> None:
        """Documents are looked for."""
        self._begin(run_id, "retriever", serialized, query, about)

    def on_retriever_end(self, documents: Sequence[Document], *, run_id: UUID, **_: Any) -> None:
        """Documents were found."""
        self._end(run_id, readable(list(documents)))

    def _fail(self, error: BaseException, *, run_id: UUID, **_: Any) -> None:
        """Something went wrong."""
        self._calls.pop(str(run_id), None)
        step = self._forget(run_id)
        if step is not None:
            self._run(lambda: step.finish(error))

    on_llm_error = on_chain_error = on_tool_error = on_retriever_error = _fail

    # ── Steps ────────────────────────────────────────────────────────────────────────────────────

    def _begin(
        self, run_id: UUID, kind: str, serialized: dict[str, Any] | None, inputs: object, about: dict[str, Any]
    ) -> None:
        id, parent = str(run_id), about.get("parent_run_id")
        self._parents[id] = str(parent) if parent else None
        if self._root(id) == id:
            self._answers[id] = self._latest = self._new_answer(is_reached=self._begins_reached)
        name = _name_of(serialized, about) or kind
        if self._is_ignored(id, kind, name, about.get("tags") or []):
            self._ignored.add(id)
            return
        around = self._around(id)
        type = "run" if kind == "chain" and around is None else TYPES.get(kind, "undefined")
        step = Step(name, type, id, tags=about.get("tags"), icon="search" if kind == "retriever" else None)
        step.input = inputs
        step.show_input = "text" if isinstance(inputs, str) else "json"
        self._run(lambda: self._show(step, around))

    def _show(self, step: Step, around: Step | None) -> None:
        self.steps[step.id] = step
        step.begin(around)

    def _is_ignored(self, id: str, kind: str, name: str, tags: Sequence[str]) -> bool:
        if HIDDEN in tags or any(part in name for part in self._to_ignore):
            return True
        return self._parents[id] in self._ignored and kind not in self._to_keep

    def _around(self, id: str) -> Step | None:
        """The step of the next run around one that has a step."""
        parent = self._parents.get(id)
        while parent in self._ignored:
            parent = self._parents.get(parent)
        return self.steps.get(parent) if parent else None

    def _root(self, id: str) -> str:
        """The outermost run around one."""
        while (parent := self._parents.get(id)) in self._parents:
            id = parent
        return id

    def _end(self, run_id: UUID, output: object) -> None:
        step = self._forget(run_id)
        if step is not None:
            step.output = output
            self._run(step.finish)

    def _forget(self, run_id: UUID) -> Step | None:
        id = str(run_id)
        self._parents.pop(id, None)
        self._answers.pop(id, None)
        self._ignored.discard(id)
        return self.steps.pop(id, None)

    def _run(self, show: Callable[[], object]) -> None:
        """In the context of the run; where that belongs to no chat, in the one that this was made in."""
        if current_session.get(None) is not None:
            show()
        elif self._made_in is not None:
            self._made_in.copy().run(show)


AsyncLangchainCallbackHandler = LangchainCallbackHandler


class _Call:
    """One call of a model, and what is written down of it."""

    def __init__(
        self, about: dict[str, Any], *, messages: Sequence[BaseMessage] | None = None, prompt: str | None = None
    ) -> None:
        self._about = about
        self._messages = messages
        self._prompt = prompt
        self._began = time.monotonic()
        self._first_at: float | None = None
        self._tokens = 0

    def count(self, token: str) -> None:
        """A token came."""
        if token:
            self._tokens += 1
            self._first_at = self._first_at or time.monotonic()

    def generation(self, response: LLMResult) -> ChatGeneration | CompletionGeneration:
        """What the model was asked and answered."""
        result = response.generations[0][0] if response.generations and response.generations[0] else None
        if self._messages is None:
            generation: ChatGeneration | CompletionGeneration = CompletionGeneration(
                prompt=self._prompt, completion=result.text if result else None
            )
        else:
            said = as_message(result.message) if isinstance(result, ChatResult) else None
            asked = [as_message(message) for message in self._messages]
            generation = ChatGeneration(messages=asked, message_completion=said)
        self._write_down(generation, result)
        return generation

    def _write_down(self, generation: ChatGeneration | CompletionGeneration, result: Any) -> None:
        settings = dict(self._about.get("invocation_params") or {})
        metadata = self._about.get("metadata") or {}
        model = next((settings[key] for key in ("model", "model_name", "deployment_name") if settings.get(key)), None)
        generation.provider = metadata.get("ls_provider") or settings.pop("_type", None)
        generation.model = metadata.get("ls_model_name") or model
        generation.tools = settings.pop("tools", None)
        generation.settings = {key: value for key, value in settings.items() if not key.endswith("_api_key")}
        generation.duration = time.monotonic() - self._began
        if self._first_at is not None:
            generation.tt_first_token = 1000 * (self._first_at - self._began)
            generation.token_throughput_in_s = self._tokens / generation.duration if generation.duration else None
        usage = getattr(getattr(result, "message", None), "usage_metadata", None) or {}
        generation.input_token_count = usage.get("input_tokens")
        generation.output_token_count = usage.get("output_tokens")
        generation.token_count = usage.get("total_tokens")


def _shown(response: LLMResult) -> object:
    """What readers see of a model's answer: its text; with calls of tools, all of it."""
    result = response.generations[0][0] if response.generations and response.generations[0] else None
    if isinstance(result, ChatResult):
        message = as_message(result.message)
        return message if message.get("tool_calls") else text_of(message.get("content"))
    return result.text if result else None


def _name_of(serialized: dict[str, Any] | None, about: dict[str, Any]) -> str | None:
    given = about.get("name") or (serialized or {}).get("name")
    path = (serialized or {}).get("id")
    return str(given) if given else str(path[-1]) if path else None
