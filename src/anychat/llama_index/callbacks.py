"""LlamaIndex's callback handler: a step for each query, retrieval, call of a model and of a tool.

Events come in the thread or task of what they are about. They nest in each other, also in those that are not shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from llama_index.core.base.llms.types import ChatMessage, ChatResponse, CompletionResponse
from llama_index.core.callbacks import CBEventType, EventPayload
from llama_index.core.callbacks.base_handler import BaseCallbackHandler

from ..context import current_session
from ..element import Text
from ..generation import ChatGeneration, CompletionGeneration, GenerationMessage
from ..model_calls import plain
from ..protocol import StepType
from ..step import Step

IGNORED = (
    CBEventType.CHUNKING,
    CBEventType.SYNTHESIZE,
    CBEventType.EMBEDDING,
    CBEventType.NODE_PARSING,
    CBEventType.TREE,
)

SHOWN: Mapping[CBEventType, StepType] = MappingProxyType(
    {
        CBEventType.QUERY: "tool",
        CBEventType.RETRIEVE: "tool",
        CBEventType.FUNCTION_CALL: "tool",
        CBEventType.LLM: "llm",
    }
)
"""The events that are shown, and the types of their steps."""


class LlamaIndexCallbackHandler(BaseCallbackHandler):
    """Shows LlamaIndex's events as steps; give it to a ``CallbackManager``.

    It can be made anywhere. Events that no callback of an App has caused are not shown.

    Parameters
    ----------
    event_starts_to_ignore, event_ends_to_ignore
        Events that are not shown; what is in them is.

    Examples
    --------
    >>> import anychat as cl
    >>> from llama_index.core.callbacks import CallbackManager
    >>> manager = CallbackManager([cl.LlamaIndexCallbackHandler()])

    Keywords as in Chainlit's ``cl.LlamaIndexCallbackHandler``.
    """

    def __init__(
        self,
        event_starts_to_ignore: Sequence[CBEventType] = IGNORED,
        event_ends_to_ignore: Sequence[CBEventType] = IGNORED,
    ) -> None:
        super().__init__([], [])  # all are heard, for they tell what is in what
        self.steps: dict[str, Step] = {}
        self._parents: dict[str, str] = {}
        self._errors: dict[str, BaseException] = {}  # by event: what was raised in it
        self._unshown = {*event_starts_to_ignore, *event_ends_to_ignore}

    def on_event_start(
        self,
        event_type: CBEventType,
        payload: dict[str, Any] | None = None,
        event_id: str = "",
        parent_id: str = "",
        **_: Any,
    ) -> str:
        """Show that something begins."""
        self._parents[event_id] = parent_id
        if event_type in SHOWN and event_type not in self._unshown and current_session.get(None) is not None:
            payload = payload or {}
            step = Step(_name(event_type, payload), SHOWN[event_type], event_id or None)
            step.icon = "search" if event_type == CBEventType.RETRIEVE else None
            step.input = _asked(event_type, payload)
            step.begin(self._around(event_id))
            self.steps[event_id] = step
        return event_id

    def on_event_end(
        self, event_type: CBEventType, payload: dict[str, Any] | None = None, event_id: str = "", **_: Any
    ) -> None:
        """Show what came of it."""
        step, parent = self.steps.pop(event_id, None), self._parents.pop(event_id, "")
        error = (payload or {}).get(EventPayload.EXCEPTION) or self._errors.pop(event_id, None)
        if error is not None and parent in self._parents and not _has_answer(payload):
            self._errors[parent] = error  # LlamaIndex tells it of the innermost event alone
        if step is None:
            return
        if error is None or _has_answer(payload):
            _answer(step, event_type, payload or {})
            error = None
        step.finish(error)

    def start_trace(self, trace_id: str | None = None) -> None:
        """Nothing: steps stand where they begin."""

    def end_trace(self, trace_id: str | None = None, trace_map: dict[str, list[str]] | None = None) -> None:
        """Nothing."""

    def _around(self, event_id: str) -> Step | None:
        """The step of the next event around one that has a step."""
        parent = self._parents.get(event_id)
        while parent is not None and parent not in self.steps:
            parent = self._parents.get(parent)
        return self.steps.get(parent) if parent is not None else None


def _has_answer(payload: dict[str, Any] | None) -> bool:
    return bool(payload) and EventPayload.EXCEPTION not in (payload or {})


def _name(event_type: CBEventType, payload: dict[str, Any]) -> str:
    tool = payload.get(EventPayload.TOOL)
    return str(getattr(tool, "name", None) or event_type.value)


def _asked(event_type: CBEventType, payload: dict[str, Any]) -> object:
    if event_type == CBEventType.FUNCTION_CALL:
        return plain(payload.get(EventPayload.FUNCTION_CALL))
    if event_type == CBEventType.LLM:
        messages = payload.get(EventPayload.MESSAGES)
        return [_message(each) for each in messages] if messages else payload.get(EventPayload.PROMPT)
    return payload.get(EventPayload.QUERY_STR)


def _answer(step: Step, event_type: CBEventType, payload: dict[str, Any]) -> None:
    response = payload.get(EventPayload.RESPONSE)
    if event_type == CBEventType.LLM:
        step.output = _text(response if response is not None else payload.get(EventPayload.COMPLETION))
        step.generation = _generation(payload, response, step.output)
    elif event_type == CBEventType.FUNCTION_CALL:
        output = payload.get(EventPayload.FUNCTION_OUTPUT)
        step.output = None if output is None else str(output)
    elif event_type == CBEventType.RETRIEVE:
        _show_sources(step, payload.get(EventPayload.NODES))
    else:
        _show_sources(step, getattr(response, "source_nodes", None))


def _show_sources(step: Step, nodes: Sequence[Any] | None) -> None:
    if not nodes:
        return
    names = [f"Source {number}" for number in range(len(nodes))]
    texts = [node.node.get_content() or "Empty node" for node in nodes]
    step.elements = [Text(name=name, content=text, display="side") for name, text in zip(names, texts, strict=True)]
    step.output = f"Retrieved the following sources: {', '.join(names)}"


def _generation(payload: dict[str, Any], response: Any, answer: str) -> ChatGeneration | CompletionGeneration:
    model = getattr(getattr(response, "raw", None), "model", None)
    messages = payload.get(EventPayload.MESSAGES)
    if messages:
        said = GenerationMessage(role="assistant", content=answer)
        asked = [_message(each) for each in messages]
        return ChatGeneration(provider="llama-index", model=model, messages=asked, message_completion=said)
    prompt = payload.get(EventPayload.PROMPT)
    return CompletionGeneration(provider="llama-index", model=model, prompt=prompt, completion=answer)


def _message(message: ChatMessage) -> GenerationMessage:
    role: Any = getattr(message.role, "value", message.role)
    return GenerationMessage(role=role, content=message.content or "")


def _text(response: Any) -> str:
    if isinstance(response, ChatResponse):
        return response.message.content or ""
    return response.text if isinstance(response, CompletionResponse) else str(response or "")
