"""A chat widget for notebooks, with sessions.

``import anychat as cl``: the callbacks are Chainlit's, the widget is Jupyter's.
"""

from typing import TYPE_CHECKING, Any

from . import input_widget
from .action import Action
from .ask import AskActionMessage, AskFileMessage, AskUserMessage
from .ask_element import AskElementMessage
from .cache import cache
from .callbacks import (
    App,
    action_callback,
    author_rename,
    data_layer,
    instrument_mistralai,
    instrument_openai,
    on_app_shutdown,
    on_app_startup,
    on_chat_end,
    on_chat_resume,
    on_chat_start,
    on_feedback,
    on_message,
    on_settings_edit,
    on_settings_update,
    on_stop,
    on_window_message,
    set_chat_profiles,
    set_starter_categories,
    set_starters,
)
from .chat_context import chat_context
from .chat_settings import ChatSettings
from .context import bind, context
from .copilot import CopilotFunction, send_window_message
from .custom_element import CustomElement
from .element import Audio, File, Image, Pdf, Text, Video
from .errors import AnychatError
from .figures import Plotly, Pyplot
from .generation import ChatGeneration, CompletionGeneration, GenerationMessage
from .load import load
from .message import ErrorMessage, Message
from .mode import Mode, ModeOption
from .model_calls import import_optional
from .names import ACCEPTED, OPTIONAL, find_other
from .semantic_kernel import SemanticKernelFilter
from .sessions import sessions
from .sidebar import ElementSidebar
from .step import Step, step
from .sync import make_async, run_sync, sleep
from .table import Dataframe
from .tasks import Task, TaskList, TaskStatus
from .types import ChatProfile, InputAudioChunk, OutputAudioChunk, Starter, StarterCategory
from .uploads import Uploads
from .user import PersistedUser, User
from .user_session import user_session
from .widget import Chat, Inspector

__version__ = "0.1.0"

__all__ = [
    "Action",
    "AnychatError",
    "App",
    "AskActionMessage",
    "AskElementMessage",
    "AskFileMessage",
    "AskUserMessage",
    "Audio",
    "Chat",
    "ChatGeneration",
    "ChatProfile",
    "ChatSettings",
    "CompletionGeneration",
    "CopilotFunction",
    "CustomElement",
    "Dataframe",
    "ElementSidebar",
    "ErrorMessage",
    "File",
    "GenerationMessage",
    "Image",
    "InputAudioChunk",
    "Inspector",
    "Message",
    "Mode",
    "ModeOption",
    "OutputAudioChunk",
    "Pdf",
    "PersistedUser",
    "Plotly",
    "Pyplot",
    "SemanticKernelFilter",
    "Starter",
    "StarterCategory",
    "Step",
    "Task",
    "TaskList",
    "TaskStatus",
    "Text",
    "Uploads",
    "User",
    "Video",
    "__version__",
    "action_callback",
    "author_rename",
    "bind",
    "cache",
    "chat_context",
    "context",
    "data_layer",
    "input_widget",
    "instrument_mistralai",
    "instrument_openai",
    "load",
    "make_async",
    "on_app_shutdown",
    "on_app_startup",
    "on_chat_end",
    "on_chat_resume",
    "on_chat_start",
    "on_feedback",
    "on_message",
    "on_settings_edit",
    "on_settings_update",
    "on_stop",
    "on_window_message",
    "run_sync",
    "send_window_message",
    "sessions",
    "set_chat_profiles",
    "set_starter_categories",
    "set_starters",
    "sleep",
    "step",
    "user_session",
]

if TYPE_CHECKING:  # a checker shall see a misspelt name
    from .langchain.callbacks import AsyncLangchainCallbackHandler as AsyncLangchainCallbackHandler
    from .langchain.callbacks import LangchainCallbackHandler as LangchainCallbackHandler
    from .llama_index.callbacks import LlamaIndexCallbackHandler as LlamaIndexCallbackHandler
else:

    def __getattr__(name: str) -> Any:
        if name not in OPTIONAL:
            return find_other(name, __all__)
        module, package = OPTIONAL[name]
        return getattr(import_optional(f"{__name__}.{module}", f"cl.{name}", package), name)

    def __dir__() -> list[str]:
        return sorted({*globals(), *ACCEPTED})
