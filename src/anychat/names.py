"""Chainlit's public names, and what became of each here.

A name is *supported* (it does what it does in Chainlit), *accepted* (it can be used, means nothing in a notebook, and
says once what to do instead), or *absent*. The table in the README is made from this.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

# fmt: off
CHAINLIT = (
    "Action", "AskActionMessage", "AskElementMessage", "AskFileMessage", "AskUserMessage",
    "AsyncLangchainCallbackHandler", "Audio", "ChatGeneration", "ChatProfile", "ChatSettings",
    "CompletionGeneration", "CopilotFunction", "CustomElement", "Dataframe", "ElementSidebar", "ErrorMessage",
    "File", "GenerationMessage", "Image", "InputAudioChunk", "LangchainCallbackHandler",
    "LlamaIndexCallbackHandler", "Message", "Mode", "ModeOption", "OutputAudioChunk", "Pdf", "PersistedUser",
    "Plotly", "Pyplot", "SemanticKernelFilter", "Starter", "StarterCategory", "Step", "Task", "TaskList",
    "TaskStatus", "Text", "User", "Video", "__version__", "action_callback", "author_rename", "cache",
    "chat_context", "context", "data_layer", "header_auth_callback", "input_widget", "instrument_mistralai",
    "instrument_openai", "make_async", "oauth_callback", "on_app_shutdown", "on_app_startup", "on_audio_chunk",
    "on_audio_end", "on_audio_start", "on_chat_end", "on_chat_resume", "on_chat_start", "on_feedback", "on_logout",
    "on_mcp_connect", "on_mcp_disconnect", "on_message", "on_settings_edit", "on_settings_update",
    "on_shared_thread_view", "on_slack_reaction_added", "on_stop", "on_window_message", "password_auth_callback",
    "run_sync", "send_window_message", "set_chat_profiles", "set_starter_categories", "set_starters", "sleep",
    "step", "user_session",
)
# fmt: on
"""What ``chainlit.__all__`` lists, in Chainlit 2.12."""

_LOGIN = "A notebook has no login: `cl.Chat(user=...)` says who speaks."
_MICROPHONE = "The page has no microphone: `await chat.send(...)` says what was understood."
_MCP = "The page connects to no MCP servers: connect in `on_chat_start`, and keep the client in `cl.user_session`."
_STORE = "Conversations live in the kernel: keep `chat.messages`, and give it to `cl.Chat(messages=...)` later."

ACCEPTED = MappingProxyType(
    {
        "InputAudioChunk": _MICROPHONE,
        "OutputAudioChunk": _MICROPHONE,
        "PersistedUser": _STORE,
        "data_layer": "Nothing goes there by itself: an App finds it with `anychat.data.get_data_layer()`.",
        "header_auth_callback": _LOGIN,
        "oauth_callback": _LOGIN,
        "on_audio_chunk": _MICROPHONE,
        "on_audio_end": _MICROPHONE,
        "on_audio_start": _MICROPHONE,
        "on_logout": "A notebook has no logout: `chat.close()` ends a session, and `on_chat_end` runs.",
        "on_mcp_connect": _MCP,
        "on_mcp_disconnect": _MCP,
        "on_shared_thread_view": "Conversations have no links of their own: the notebook is what is shared.",
        "on_slack_reaction_added": "There is no Slack here: who speaks, speaks in the notebook.",
        "password_auth_callback": _LOGIN,
        "server": "There is no web server of its own: Jupyter serves the page.",
    }
)
"""Names that can be used and mean nothing here: what to do instead."""

OPTIONAL = MappingProxyType(
    {
        "AsyncLangchainCallbackHandler": ("langchain.callbacks", "langchain-core"),
        "LangchainCallbackHandler": ("langchain.callbacks", "langchain-core"),
        "LlamaIndexCallbackHandler": ("llama_index.callbacks", "llama-index-core"),
    }
)
"""Names that need a package: the module that they are in, which is imported when they are used, and the package."""

Standing = Literal["supported", "accepted", "absent"]


def standing(name: str, public: Iterable[str]) -> Standing:
    """What became of one of Chainlit's names, given the public names of anychat."""
    if name in ACCEPTED:
        return "accepted"
    return "supported" if name in public or name in OPTIONAL else "absent"


def find_other(name: str, public: Iterable[str]) -> Any:
    """What is behind a name that is not one of anychat's public ones.

    Raises
    ------
    AttributeError
        When there is nothing.
    """
    if name == "server":
        return Nowhere()
    if name in ACCEPTED:
        return _accept(name)
    raise AttributeError(f"anychat has no {name!r}.{_hint(name, public)}")


def _hint(name: str, public: Iterable[str]) -> str:
    if name.startswith("_"):
        return ""
    guesses = get_close_matches(name, [*public, *ACCEPTED, *OPTIONAL], 1)
    return f" Did you mean {guesses[0]!r}?" if guesses else ""


class Nowhere:
    """Takes what an app gives to Chainlit's web server, such as routes; nothing happens, and it says so once."""

    def __getattr__(self, name: str) -> Nowhere:
        if name.startswith("_"):
            raise AttributeError(name)
        say_once("server")
        return self

    def __call__(self, *arguments: Any, **_options: Any) -> Any:
        """Give back what is decorated; else go on."""
        return arguments[0] if len(arguments) == 1 and callable(arguments[0]) else self


@cache
def _accept(name: str) -> Callable[..., Any]:
    def accepted(*arguments: Any, **_options: Any) -> Any:
        say_once(name)
        return arguments[0] if arguments else None  # a decorator gives its function back

    accepted.__name__ = accepted.__qualname__ = name
    accepted.__doc__ = f"Accepted, without effect. {ACCEPTED[name]}"
    return accepted


@cache
def say_once(name: str) -> None:
    """Warn, the first time, that a name that is accepted has no effect."""
    warnings.warn(f"cl.{name} has no effect in a notebook. {ACCEPTED[name]}", stacklevel=3)
