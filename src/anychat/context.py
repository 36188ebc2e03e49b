"""Where a callback is: in which session, in which turn, in which steps.

The ContextVars follow ``asyncio.create_task``, ``asyncio.to_thread`` and generators. They do not follow
plain threads and executors; `bind` carries them there.
"""

from __future__ import annotations

import inspect
from asyncio import AbstractEventLoop
from collections.abc import Callable
from contextvars import ContextVar, copy_context
from functools import wraps
from typing import Any, ParamSpec, Protocol, TypeVar

from .app_emitter import AppEmitter
from .errors import ContextError, OptionError
from .names import say_once
from .protocol import Event, StepType
from .session import Session
from .turn import Turn

current_session: ContextVar[Session] = ContextVar("anychat_session")
current_turn: ContextVar[Turn | None] = ContextVar("anychat_turn", default=None)


class OpenStep(Protocol):
    """What is known here of a `cl.Step`.

    Attributes
    ----------
    is_run
        Whether it is the run of a callback, around all its steps.
    """

    id: str
    name: str
    type: StepType
    language: str | None
    is_error: bool
    metadata: dict[str, Any]
    is_run: bool

    @property
    def input(self) -> str:
        """What went in; anything may be set."""

    @input.setter
    def input(self, content: object) -> None: ...

    @property
    def output(self) -> str:
        """What came out; anything may be set."""

    @output.setter
    def output(self, content: object) -> None: ...

    @property
    def shown_id(self) -> str | None:
        """The id of the step that readers see: its own, else that of the next one around it."""


local_steps: ContextVar[tuple[OpenStep, ...]] = ContextVar("anychat_local_steps", default=())
"""The steps that are open here, the outermost first. The tuple never changes: another one takes its place."""


def get_session(wanted: str) -> Session:
    """The session of the running callback; `wanted` says for the error what needs it.

    Raises
    ------
    ContextError
        When no callback runs here.
    """
    session = current_session.get(None)
    if session is None:
        raise ContextError(
            f"{wanted} needs a chat's session, but no callback is running here. In a cell, use the chat "
            "itself: chat.state, chat.session, await chat.send(...). Into threads and executors of your own, "
            "cl.bind(function) carries the session of the callback that calls it."
        )
    return session


def session_here(home: Session | None, wanted: str) -> Session:
    """The session in which something is sent: that of the running callback, else where it was sent before.

    Raises
    ------
    ContextError
        When no callback runs here, and it was sent nowhere before.
    """
    return current_session.get(None) or home or get_session(wanted)


def session_of(id: str, home: Session | None, wanted: str) -> Session:
    """The session in which something is changed that was sent before: shown once, it can be changed from anywhere.

    But a conversation that goes on in another session has it, too, and a callback there means what it has itself.

    Raises
    ------
    ContextError
        As for `session_here`.
    """
    here = current_session.get(None)
    is_here = here is not None and here is not home and here.transcript.has(id)
    return session_here(home, wanted) if home is None or is_here else home


def is_muted() -> bool:
    """Whether this code belongs to a turn that was stopped, so that nobody listens to it any more."""
    turn = current_turn.get()
    return turn is not None and turn.is_muted


def emit(session: Session, event: Event) -> bool:
    """Show an event, unless it comes from a turn that was stopped; see `Emitter.emit`."""
    return not is_muted() and session.emit(event)


def open_step_id() -> str | None:
    """The id of the innermost open step that readers see: what is printed now belongs into it."""
    steps = local_steps.get()
    return steps[-1].shown_id if steps else None


P = ParamSpec("P")
R = TypeVar("R")


def bind(function: Callable[P, R]) -> Callable[P, R]:
    """Carry the running callback's session into plain threads and executors, which do not know it.

    Tasks, ``asyncio.to_thread`` and generators know it without this.

    Parameters
    ----------
    function
        What the thread shall call; no coroutine function.

    Returns
    -------
    callable
        The same function; it runs in the session and the turn in which ``bind`` was called.

    Raises
    ------
    ContextError
        Outside of a callback.
    OptionError
        For a coroutine function: it runs as part of a task, and the task knows its session.

    Examples
    --------
    >>> import anychat as cl
    >>> from concurrent.futures import ThreadPoolExecutor
    >>> pool = ThreadPoolExecutor()
    >>> @cl.on_message
    ... def reply(message: cl.Message):
    ...     return pool.submit(cl.bind(lambda: cl.user_session.get("id"))).result()
    """
    get_session("cl.bind")
    if inspect.iscoroutinefunction(function):
        raise OptionError(f"cl.bind takes a plain function, and {function!r} is a coroutine function: just await it.")
    context = copy_context()

    @wraps(function)
    def bound(*args: P.args, **kwargs: P.kwargs) -> R:
        return context.copy().run(function, *args, **kwargs)

    return bound


class Context:
    """The session behind the running callback: ``cl.context.session``.

    Raises
    ------
    ContextError
        On any access outside a callback.
    """

    @property
    def session(self) -> Session:
        """The session of the running callback."""
        return get_session("cl.context.session")

    @property
    def emitter(self) -> AppEmitter:
        """What this session's page is told that is no message: commands, modes, toasts."""
        return AppEmitter(get_session("cl.context.emitter"), is_muted)

    @property
    def loop(self) -> AbstractEventLoop | None:
        """The event loop that the session's callbacks run on."""
        return get_session("cl.context.loop").loop

    @property
    def turn(self) -> Turn | None:
        """The turn that the running callback belongs to."""
        get_session("cl.context.turn")
        return current_turn.get()

    @property
    def current_step(self) -> OpenStep | None:
        """The innermost `cl.Step` that is open here, else the callback's run; None where there is neither."""
        get_session("cl.context.current_step")
        return next(reversed(local_steps.get()), None)

    @property
    def current_run(self) -> OpenStep | None:
        """What stands around all steps of the callback, and is not shown: its `id` tells one run from another."""
        get_session("cl.context.current_run")
        return next((step for step in local_steps.get() if step.is_run), None)

    def __repr__(self) -> str:
        session = current_session.get(None)
        return f"<Context of {session!r}>" if session else "<Context: no callback is running here>"


context = Context()


def get_context() -> Context:
    """The context of the running callback.

    Raises
    ------
    ContextError
        When no callback is running here.
    """
    get_session("get_context")
    return context


def init_http_context(*_arguments: object, **_options: object) -> Context:
    """Accepted: a context comes with the callback that runs. `anychat.testing.ChatDriver` tries an App."""
    say_once("server")
    return context


init_ws_context = init_http_context
