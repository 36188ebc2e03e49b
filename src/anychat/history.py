"""A conversation that is already there when a chat is made: what ``Chat(messages=...)`` takes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from .branches import Branches
from .errors import OptionError
from .message import Message, utc_now
from .protocol import ROLES, ItemPut, MessageItem, MessageType, TurnPut
from .session import Session
from .types import ThreadDict

History = Sequence[Mapping[str, str] | MessageItem]
"""``{"role": ..., "content": ...}``, or what ``chat.messages`` gives."""

_TYPES: dict[str, MessageType] = {role: type for type, role in ROLES.items()}


def check_history(history: object) -> History:
    """The history as it is, if it can be read.

    Raises
    ------
    OptionError
        When an entry is of another shape.
    """
    if not isinstance(history, Sequence) or isinstance(history, str):
        raise OptionError(f"Chat(messages=...) takes a list of messages, not {history!r}.")
    for entry in history:
        if not isinstance(entry, MessageItem) and not _is_role_and_content(entry):
            raise OptionError(
                'Chat(messages=...) takes dicts such as {"role": "user", "content": "hello"}, with the role '
                f"user, assistant or system and a str as content, not {entry!r}."
            )
    return history


def fill(branches: Branches, session: Session, history: History) -> None:
    """Put a conversation into a new session: its turns are over, and models will hear of it."""
    turn_id = None
    heard = {}
    for entry in history:
        item = _item(entry, session)
        if turn_id is None or item.type == "user_message":
            turn_id = item.id if item.type == "user_message" else str(uuid.uuid4())
            session.known_turns.add(turn_id)
            heard[turn_id] = len(session.chat_context)
            session.emit(TurnPut(turn_id, "done"))
        session.emit(ItemPut(turn_id, item))
        if not item.is_error:
            session.chat_context[item.id] = Message.from_item(item, session)
    branches.look_back(heard)


def as_thread(session: Session) -> ThreadDict:
    """The conversation as ``on_chat_resume`` gets it: in Chainlit's form, as if it had been stored."""
    messages = list(session.transcript.messages())
    first = next((message.content for message in messages if message.type == "user_message"), None)
    return ThreadDict(
        id=session.thread_id,
        createdAt=messages[0].created_at if messages else utc_now(),
        name=first,
        userId=None,
        userIdentifier=session.user.identifier if session.user else None,
        tags=None,
        metadata={},
        steps=[Message.from_item(message, session).to_dict() for message in messages],
        elements=[],
    )


def _is_role_and_content(entry: object) -> bool:
    return isinstance(entry, Mapping) and entry.get("role") in list(_TYPES) and isinstance(entry.get("content"), str)


def _item(entry: Mapping[str, str] | MessageItem, session: Session) -> MessageItem:
    if isinstance(entry, MessageItem):
        return entry.finished()
    type = _TYPES[entry["role"]]
    author = session.author if type == "user_message" else session.assistant
    return MessageItem(id=str(uuid.uuid4()), type=type, author=author, content=entry["content"], created_at=utc_now())
