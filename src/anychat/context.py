"""Where a callback is: in which session, in which turn.

The two ContextVars follow ``asyncio.create_task``, ``asyncio.to_thread`` and generators. They do not follow
plain threads and executors; `ContextError` says so.
"""

from __future__ import annotations

from contextvars import ContextVar

from .emitter import Emitter
from .errors import ContextError
from .protocol import Event
from .session import Session
from .turn import Turn

current_session: ContextVar[Session] = ContextVar("anychat_session")
current_turn: ContextVar[Turn | None] = ContextVar("anychat_turn", default=None)


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
            "itself: chat.state, chat.session, await chat.send(...). In a thread of your own, start it with "
            "contextvars.copy_context().run, or use asyncio.to_thread, which carries the session along."
        )
    return session


def is_muted() -> bool:
    """Whether this code belongs to a turn that was stopped, so that nobody listens to it any more."""
    turn = current_turn.get()
    return turn is not None and turn.is_muted


def emit(session: Session, event: Event) -> bool:
    """Show an event, unless it comes from a turn that was stopped; see `Emitter.emit`."""
    return not is_muted() and session.emit(event)


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
    def emitter(self) -> Emitter:
        """What brings this session's events to the page."""
        return get_session("cl.context.emitter").emitter

    @property
    def turn(self) -> Turn | None:
        """The turn that the running callback belongs to."""
        get_session("cl.context.turn")
        return current_turn.get()

    def __repr__(self) -> str:
        session = current_session.get(None)
        return f"<Context of {session!r}>" if session else "<Context: no callback is running here>"


context = Context()
