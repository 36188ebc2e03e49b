"""What LangChain's runs take and give, as plain data that people can read."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, get_args

from langchain_core.documents import Document
from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
from langchain_core.prompt_values import PromptValue

from ..generation import GenerationMessage, GenerationMessageRole
from ..model_calls import plain

ROLES: Mapping[str, GenerationMessageRole] = MappingProxyType({"human": "user"})
"""Who speaks, where LangChain has another word for it. Whoever is not known is the model."""


def readable(value: Any) -> Any:
    """The same as dicts, lists and text, as far as it is LangChain's own."""
    if isinstance(value, BaseMessage):
        return as_message(value)
    if isinstance(value, PromptValue):
        return readable(value.to_messages())
    if isinstance(value, Document):
        return {"page_content": value.page_content, "metadata": value.metadata}
    if isinstance(value, dict):
        return {key: readable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [readable(each) for each in value]
    return plain(value)


def as_message(message: BaseMessage) -> GenerationMessage:
    """A message as a dict, with the keys that are common among clients of models."""
    known = message.type in get_args(GenerationMessageRole)
    role: GenerationMessageRole = message.type if known else ROLES.get(message.type, "assistant")  # type: ignore[assignment]
    said = GenerationMessage(role=role, content=message.content)
    if message.name:
        said["name"] = message.name
    if isinstance(message, AIMessage) and message.tool_calls:
        said["tool_calls"] = [dict(call) for call in message.tool_calls]
    if isinstance(message, ToolMessage):
        said["tool_call_id"] = message.tool_call_id
    return said


def text_of(token: Any) -> str:
    """The text in a token, which may be a list of parts."""
    if isinstance(token, list):
        return "".join(map(text_of, token))
    if isinstance(token, dict):
        return str(token.get("text", ""))
    return "" if token is None else str(token)
