"""Who speaks in a session."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .errors import OptionError
from .types import Record


@dataclass
class User(Record):
    """The person (or the role) on the user's side of a chat.

    Parameters
    ----------
    identifier
        A name that tells users apart, such as an e-mail address.
    display_name
        What messages show as their author; the identifier if there is none.
    metadata
        Anything the App wants to know about the user. No chat shows it, and no ``repr``.

    Raises
    ------
    OptionError
        When a name is no text.

    Examples
    --------
    >>> import anychat as cl
    >>> cl.User("ada", display_name="Ada").display_name
    'Ada'

    Fields as in Chainlit's ``cl.User``.
    """

    identifier: str
    display_name: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if not isinstance(self.identifier, str) or not isinstance(self.display_name, str | None):
            raise OptionError(f"A User's identifier and display_name are text, not {self!r}.")


@dataclass
class _PersistedFields:
    id: str
    createdAt: str


@dataclass
class PersistedUser(User, _PersistedFields):
    """A `User` as it is stored.

    Parameters
    ----------
    id, createdAt
        The key in the store, and the time of its making.
    identifier, display_name, metadata
        As for `User`.
    """
