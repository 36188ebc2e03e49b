"""What a model was asked and what it answered: `cl.ChatGeneration`, `cl.CompletionGeneration`, `cl.GenerationMessage`.

A step keeps one as its `generation`. It stays in the kernel, for whoever counts tokens or compares prompts. Names and
fields are Literal AI's, as Chainlit has them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, Literal, Self, TypedDict

GenerationMessageRole = Literal["user", "assistant", "tool", "function", "system"]


class GenerationMessage(TypedDict, total=False):
    """One message of a conversation with a model: a dict, with those of these keys that it needs."""

    uuid: str | None
    templated: bool | None
    name: str | None
    role: GenerationMessageRole | None
    content: Any
    function_call: dict[str, Any] | None
    tool_calls: list[dict[str, Any]] | None
    tool_call_id: str | None


@dataclass
class BaseGeneration:
    """What is known of any call of a model. Times are in seconds, but for `tt_first_token`: milliseconds."""

    id: str | None = None
    prompt_id: str | None = None
    provider: str | None = None
    model: str | None = None
    error: str | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)
    tools: list[dict[str, Any]] | None = None
    token_count: int | None = None
    input_token_count: int | None = None
    output_token_count: int | None = None
    tt_first_token: float | None = None
    token_throughput_in_s: float | None = None
    duration: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """The record as a dict, with Chainlit's keys."""
        values = {_key(each.name): getattr(self, each.name) for each in fields(self)}
        if self.id is None:
            del values["id"]
        return {**values, "type": "CHAT" if isinstance(self, ChatGeneration) else "COMPLETION"}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """A record from a dict with Chainlit's keys."""
        return cls(**{each.name: values[_key(each.name)] for each in fields(cls) if _key(each.name) in values})


@dataclass
class CompletionGeneration(BaseGeneration):
    """A call of a model that goes on with a text.

    Examples
    --------
    >>> import anychat as cl
    >>> generation = cl.CompletionGeneration(model="local", prompt="Once upon", completion=" a time")
    >>> generation.to_dict()["completion"]
    ' a time'
    """

    prompt: str | None = None
    completion: str | None = None


@dataclass
class ChatGeneration(BaseGeneration):
    """A call of a model that answers messages.

    Examples
    --------
    >>> import anychat as cl
    >>> asked, answered = {"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}
    >>> cl.ChatGeneration(model="local", messages=[asked], message_completion=answered).model
    'local'
    """

    messages: list[GenerationMessage] = field(default_factory=list)
    message_completion: GenerationMessage | None = None


def _key(name: str) -> str:
    """What a field is called in a dict."""
    first, *rest = name.replace("in_s", "in_seconds").split("_")
    return first + "".join(map(str.capitalize, rest))
