"""App: an assistant as a named set of callbacks, and the module-level decorators that fill the default one."""

from __future__ import annotations

import inspect
import threading
from asyncio import AbstractEventLoop
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from functools import partial
from typing import Any, TypeVar
from weakref import WeakSet

from .errors import HandlerError, OptionError
from .names import say_once
from .options import Cot, Options, check_cot
from .secrets import Rule, Secrets
from .uploads import Uploads, check_uploads

Callback = Callable[..., Any]
F = TypeVar("F", bound=Callback)

ARGUMENTS: dict[str, tuple[str, ...]] = {
    "on_chat_start": (),
    "on_message": ("the message",),
    "on_stop": (),
    "on_chat_end": (),
    "author_rename": ("the name",),
    "data_layer": (),
    "action_callback": ("the action",),
    "on_settings_update": ("the settings",),
    "on_settings_edit": ("the settings",),
    "set_chat_profiles": ("the user", "the language"),
    "set_starters": ("the user", "the language", "the profile"),
    "set_starter_categories": ("the user", "the language", "the profile"),
    "on_window_message": ("the data",),
    "on_feedback": ("the feedback",),
    "on_chat_resume": ("the thread",),
    "on_app_startup": (),
    "on_app_shutdown": (),
}
"""What each callback is offered. It may take less."""


class App:
    """An assistant: a named set of callbacks that any number of chats can share.

    Callbacks are looked up when they run, so running a cell again swaps them under live chats. A callback
    may be sync or async, a function or a generator; it may return or yield text, `Message` objects, anything
    that a cell can show, or nothing. Sync ones run in a worker thread, so they may block.

    Parameters
    ----------
    name
        The assistant's name, above its messages.
    on_message
        A first callback, the same as decorating with `on_message`.
    cot
        Which steps readers see: ``"full"`` (all), ``"tool_call"`` (those of type ``"tool"``; what stands in the others
        moves up) or ``"hidden"`` (none). What is not seen does not leave the kernel.
    secrets
        Which keys hold secrets beside those that look like it (``api_key``, ``password`` and the like; see
        `anychat.secrets` for the rule): names, patterns, functions of a key, or several of these.
    uploads
        Which files the user may add to a message: an `Uploads`, False for none, or True for its defaults.

    Attributes
    ----------
    secrets : Secrets
        The rule as it is now. Assign what the argument takes, to change it: ``chat.app.secrets = ["pin"]``.

    Examples
    --------
    >>> import anychat as cl
    >>> app = cl.App("Parrot")
    >>> @app.on_message
    ... def reply(message: cl.Message):
    ...     return message.content
    """

    def __init__(
        self,
        name: str = "Assistant",
        on_message: Callback | None = None,
        *,
        cot: Cot = "full",
        secrets: Rule | Iterable[Rule] = (),
        uploads: Uploads | bool = True,
    ) -> None:
        check_cot(cot)
        if not isinstance(name, str):
            raise OptionError(f'App("name") takes the name of the assistant, not {name!r}.')
        self.name = name
        self.options = Options(cot, Secrets(secrets))
        self.upload_rules = check_uploads(uploads, "App")
        self._callbacks: dict[str, Callback] = {}
        self._watchers: WeakSet[Watcher] = WeakSet()
        self.startup = Startup()
        self.loop: AbstractEventLoop | None = None  # where its first session lives
        if on_message is not None:
            self.on_message(on_message)

    @property
    def secrets(self) -> Secrets:
        """Which keys hold secrets."""
        return self.options.secrets

    @secrets.setter
    def secrets(self, more: Rule | Iterable[Rule]) -> None:
        self.options.secrets = Secrets(more)

    def on_chat_start(self, function: F) -> F:
        """Run `function()` once per session, at its chat's first display or first message."""
        return self._register("on_chat_start", function)

    def on_message(self, function: F) -> F:
        """Run `function(message)` for each message of the user; one that takes no argument is called with none."""
        return self._register("on_message", function)

    def on_stop(self, function: F) -> F:
        """Run `function()` when the user stopped a turn, after the turn's callback has ended."""
        return self._register("on_stop", function)

    def on_chat_end(self, function: F) -> F:
        """Run `function()` once per session, when it ends; its state can still be read."""
        return self._register("on_chat_end", function)

    def author_rename(self, function: F) -> F:
        """Show a message under the name that `function(name)` returns, instead of its author's; None keeps the name."""
        return self._register("author_rename", function)

    def data_layer(self, function: F) -> F:
        """Let ``anychat.data.get_data_layer()`` return what `function()` returns, called once, when it is asked for.

        Nothing is stored there but what the App itself stores.
        """
        say_once("data_layer")
        self.options.data_layer = function
        return self._register("data_layer", function)

    def action_callback(self, name: str) -> Callable[[F], F]:
        """Run `function(action)` when a button of this name is clicked: see ``cl.Action``.

        It does not wait for the turns of the chat, nor they for it.
        """
        if not isinstance(name, str):
            raise HandlerError(f'@action_callback("name") takes the name of the buttons, not {name!r}.')
        return partial(self._register, named("action_callback", name))

    def on_settings_update(self, function: F) -> F:
        """Run `function(settings)` when the user confirms the settings form: a dict of all that is in it.

        It does not wait for the turns of the chat, nor they for it.
        """
        return self._register("on_settings_update", function)

    def on_settings_edit(self, function: F) -> F:
        """Run `function(settings)` while the user changes the settings form, before it is confirmed.

        The settings are what they were. ``await cl.ChatSettings(...).refresh()`` shows the form otherwise.
        """
        return self._register("on_settings_edit", function)

    def set_chat_profiles(self, function: F) -> F:
        """Let the user choose from the list of `ChatProfile` that `function(user, language)` returns.

        It runs when a session begins, before ``on_chat_start``, and when it is registered anew. The name of the profile
        that was chosen is ``cl.user_session.get("chat_profile")``; choosing another begins a new conversation.
        """
        return self._register("set_chat_profiles", function)

    def set_starters(self, function: F) -> F:
        """Suggest the list of `Starter` that `function(user, language, profile)` returns, while nothing was said yet.

        It runs when a session begins, and when it is registered anew. A profile's own starters take their place.
        """
        return self._register("set_starters", function)

    def set_starter_categories(self, function: F) -> F:
        """Suggest the list of `StarterCategory` that `function(user, language, profile)` returns.

        It runs as `set_starters` does, and takes the place of all other starters.
        """
        return self._register("set_starter_categories", function)

    def on_window_message(self, function: F) -> F:
        """Run `function(data)` when the window around a chat got a message: in the notebook's page, of its own origin.

        In Python, ``chat.post_window_message(data)`` stands for the page. It does not wait for the turns of the chat.
        """
        return self._register("on_window_message", function)

    def on_feedback(self, function: F) -> F:
        """Run `function(feedback)` when the user says what an answer is worth; without it, the page does not ask.

        What it gets is an `anychat.types.Feedback`: `value` 1 (good) or 0 (bad), perhaps a `comment`, and `forId`, the
        answer's id. It does not wait for the turns of the chat.
        """
        return self._register("on_feedback", function)

    def on_chat_resume(self, function: F) -> F:
        """Run `function(thread)` in place of ``on_chat_start`` where a chat goes on with ``cl.Chat(messages=...)``.

        What it gets is an `anychat.types.ThreadDict`, with the messages as its `steps`.
        """
        return self._register("on_chat_resume", function)

    def on_app_startup(self, function: F) -> F:
        """Run `function()` once in this process, before the App's first session begins; it belongs to no session."""
        if self.startup.is_claimed:  # its cell was run again: the new one runs with the next turn
            self.startup = Startup()
        return self._register("on_app_startup", function)

    def on_app_shutdown(self, function: F) -> F:
        """Run `function()` when the kernel exits, after the App's sessions have ended; it belongs to no session."""
        return self._register("on_app_shutdown", function)

    def instrument_openai(self) -> None:
        """Show each call of an ``openai`` client, in this App's callbacks, as a step of type ``"llm"``.

        Sync and async clients; chat completions, completions and responses, whole or streamed. What the model was
        asked and answered is the step's `generation`. Any other call of the client is as it was.

        Raises
        ------
        MissingPackageError
            When the package is not installed.
        """
        from .openai import instrument

        instrument()
        self.options.instrumented.add("openai")

    def instrument_mistralai(self) -> None:
        """Show each call of a ``mistralai`` client, in this App's callbacks, as a step; see `instrument_openai`."""
        from .mistralai import instrument

        instrument()
        self.options.instrumented.add("mistralai")

    @property
    def cot(self) -> Cot:
        """Which steps readers see from now on; it can be set."""
        return self.options.cot

    @cot.setter
    def cot(self, cot: Cot) -> None:
        check_cot(cot)
        self.options.cot = cot

    def callback(self, event: str) -> Callback | None:
        """The callback that would run now for an event, such as ``"on_message"``; see also `named`."""
        return self._callbacks.get(event)

    def begin(self, loop: AbstractEventLoop) -> None:
        """A session begins, on this loop."""
        self.loop = self.loop or loop
        begun_apps.add(self)

    def watch(self, watcher: Watcher) -> None:
        """Call ``watcher.app_changed()`` when a callback is registered (held weakly)."""
        self._watchers.add(watcher)

    def _register(self, event: str, function: F) -> F:
        check_signature(event, function)
        self._callbacks[event] = function
        for watcher in list(self._watchers):
            watcher.app_changed()
        return function

    def __repr__(self) -> str:
        return f"<App {self.name!r}: {', '.join(self._callbacks) or 'no callbacks yet'}>"


class Startup:
    """The beginning of an App: once in a process, with its first turn; the others wait for it.

    Attributes
    ----------
    done : Future
        Done when the App may run.
    """

    def __init__(self) -> None:
        self.is_claimed = False
        self.done: Future[None] = Future()
        self.done.set_running_or_notify_cancel()  # whoever waits may give up
        self._lock = threading.Lock()

    def claim(self) -> bool:
        """Whether the caller is the one who shall begin the App."""
        with self._lock:
            was_claimed, self.is_claimed = self.is_claimed, True
        return not was_claimed


class Watcher:
    """Somebody who wants to hear when an App's callbacks change."""

    def app_changed(self) -> None:
        """A callback was registered."""


def named(event: str, name: str) -> str:
    """The event of a callback of which there is one for each name."""
    return f"{event}({name!r})"


def check_signature(event: str, function: object) -> None:
    """Refuse, where it is written, a callback that could not be called.

    Raises
    ------
    HandlerError
        When it is no function, or needs arguments that it will not get.
    """
    offered = ARGUMENTS[event.partition("(")[0]]
    if not callable(function):
        raise HandlerError(f"@{event} decorates a function, but {function!r} is a {type(function).__name__}.")
    needed = [
        parameter.name
        for parameter in _parameters(function)
        if parameter.default is parameter.empty and parameter.kind not in _VARIADIC
    ]
    keyword_only = [p.name for p in _parameters(function) if p.kind is p.KEYWORD_ONLY and p.name in needed]
    if len(needed) > len(offered) or keyword_only:
        name = getattr(function, "__name__", repr(function))
        given = " and ".join(offered) or "no arguments"
        raise HandlerError(
            f"@{event} calls {name} with {given}, but it needs {len(needed)} ({', '.join(needed)}). "
            "Give the others defaults, or keep what they hold in cl.user_session."
        )


def accepted(function: Callback, arguments: tuple[object, ...]) -> tuple[object, ...]:
    """As many of `arguments` as a callback takes by position."""
    positional = 0
    for parameter in _parameters(function):
        if parameter.kind is parameter.VAR_POSITIONAL:
            return arguments
        positional += parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
    return arguments[:positional]


_VARIADIC = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
_ANYTHING = inspect.Parameter("args", inspect.Parameter.VAR_POSITIONAL)


def _parameters(function: Callback) -> list[inspect.Parameter]:
    try:
        return list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):  # some builtins do not tell
        return [_ANYTHING]


begun_apps: WeakSet[App] = WeakSet()
"""The Apps of this process that have begun, to be shut down with it."""

default_app = App()

on_chat_start = default_app.on_chat_start
on_message = default_app.on_message
on_stop = default_app.on_stop
on_chat_end = default_app.on_chat_end
author_rename = default_app.author_rename
instrument_openai = default_app.instrument_openai
instrument_mistralai = default_app.instrument_mistralai
action_callback = default_app.action_callback
data_layer = default_app.data_layer
on_settings_update = default_app.on_settings_update
on_settings_edit = default_app.on_settings_edit
set_chat_profiles = default_app.set_chat_profiles
set_starters = default_app.set_starters
set_starter_categories = default_app.set_starter_categories
on_window_message = default_app.on_window_message
on_feedback = default_app.on_feedback
on_chat_resume = default_app.on_chat_resume
on_app_startup = default_app.on_app_startup
on_app_shutdown = default_app.on_app_shutdown
