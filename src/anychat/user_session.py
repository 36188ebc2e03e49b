"""``cl.user_session``: the session's state, seen from inside a callback."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from .context import get_session
from .errors import ContextError
from .session import Session

T = TypeVar("T")

RESERVED = ("id", "user", "env", "chat_settings", "chat_profile", "client_type")
"""Keys that belong to the session itself. They are Chainlit's."""


class UserSession:
    """The state of whoever speaks to the running callback.

    Outside of a callback, use ``chat.state``, which is the same state.

    Examples
    --------
    >>> import anychat as cl
    >>> @cl.on_chat_start
    ... def start():
    ...     cl.user_session.set("count", 0)

    Names and reserved keys are those of Chainlit's ``user_session``.
    """

    def get(self, key: str, default: Any = None) -> Any:
        """The value of `key`, or `default` if it was never set.

        ``id``, ``user``, ``env``, ``chat_settings``, ``chat_profile`` and ``client_type`` are the session's own.

        Raises
        ------
        ContextError
            Outside of a callback.
        """
        session = get_session("cl.user_session.get")
        if key in RESERVED:
            return getattr(session, key)
        return session.state.get(key, default)

    def set(self, key: str, value: Any) -> None:
        """Keep `value` under `key`, for this session alone. A reserved key is left as it is, with a warning.

        Raises
        ------
        ContextError
            Outside of a callback.
        """
        session = get_session("cl.user_session.set")
        if key in RESERVED:
            warnings.warn(
                f"cl.user_session.set({key!r}, ...) changes nothing: {key!r} belongs to the session itself. "
                "Choose another key.",
                stacklevel=2,
            )
            return
        session.state.set(key, value)

    def create_accessor(self, key: str, default: T, *, apply_fn: Callable[[T], T] | None = None) -> Accessor[T]:
        """A typed handle on one key.

        Parameters
        ----------
        key
            The key in the session's state.
        default
            What `get` returns, and `reset` stores, when nothing is there.
        apply_fn
            What `apply` does to the value.
        """
        return Accessor(self, key, default, apply_fn)

    def __repr__(self) -> str:
        try:
            session: Session = get_session("cl.user_session")
        except ContextError:
            return "<UserSession: no callback is running here>"
        return f"<UserSession of {session!r}: {', '.join(session.state.keys()) or 'no keys yet'}>"


class Accessor(Generic[T]):
    """One key of the user session, with a type and a default; made by `UserSession.create_accessor`."""

    def __init__(self, owner: UserSession, key: str, default: T, apply_fn: Callable[[T], T] | None) -> None:
        self._owner = owner
        self._key = key
        self._default = default
        self._apply_fn = apply_fn

    def get(self) -> T:
        """The value, or the default."""
        value: T = self._owner.get(self._key, self._default)
        return value

    def set(self, value: T) -> None:
        """Keep a value."""
        self._owner.set(self._key, value)

    def reset(self) -> None:
        """Keep the default."""
        self.set(self._default)

    def apply(self) -> T:
        """Replace the value by what `apply_fn` makes of it, and return that."""
        value = self.get() if self._apply_fn is None else self._apply_fn(self.get())
        self.set(value)
        return value


user_session = UserSession()
