"""Messages, as callbacks make them."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Awaitable, Iterable, Sequence
from copy import copy
from datetime import UTC, datetime
from typing import Any, Self, TypeVar

from .action import Action
from .context import current_session, current_turn, emit, is_muted, open_step_id, session_here, session_of
from .element import Element, let_go
from .errors import OptionError, ProtocolError
from .growing import GrowingText
from .protocol import (
    MAX_MESSAGE_CHARS,
    ElementItem,
    ItemPut,
    ItemRemoved,
    MessageItem,
    MessagePatch,
    MessageType,
    Token,
)
from .session import Session
from .sync import run_sync

T = TypeVar("T")


def utc_now() -> str:
    """The present as messages carry it: ISO 8601, UTC."""
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


def as_text(content: object) -> tuple[str, str | None]:
    """What a content looks like as text, and the language to show it in (None: Markdown).

    The rule is Chainlit's: text as it is, a dict as indented JSON, all else as ``str(content)``.
    """
    if isinstance(content, str):
        return content, None
    if isinstance(content, dict):
        try:
            return json.dumps(content, indent=4, ensure_ascii=False), "json"
        except (TypeError, ValueError):
            return str(content), "text"
    return str(content), "text"


def said_by_user(session: Session, content: str, id: str | None = None, command: str | None = None) -> MessageItem:
    """What the user says, as it is shown, with the command that was picked beside it.

    Raises
    ------
    ProtocolError
        When it is too long.
    """
    if len(content) > MAX_MESSAGE_CHARS:
        raise ProtocolError(
            f"A message may have {MAX_MESSAGE_CHARS:,} characters, but this one has {len(content):,}. Send it in parts."
        )
    return MessageItem(
        id=id or str(uuid.uuid4()),
        type="user_message",
        author=session.author,
        content=content,
        created_at=utc_now(),
        command=command,
    )


class Message:
    """Something to say in the chat.

    Parameters
    ----------
    content
        Markdown; a dict is shown as JSON, anything else as ``str(content)``.
    author
        Whose name stands above it; the App's if none is given.
    language
        Show the content as code in this language.
    actions
        Buttons below it: see `Action`.
    elements
        What there is to see, hear or fetch with it; shown with `send` and `update`.
    type
        ``"assistant_message"``, ``"user_message"`` or ``"system_message"``.
    metadata, tags
        Yours; they stay in the kernel.
    id
        A UUID is made up if none is given.
    parent_id
        The message or step that this one belongs to; the innermost open step if none is given.
    command, modes
        What the user picked beside the text: the id of a command, and of an option for each mode.
    created_at
        ISO 8601; the time of sending if none is given.

    Examples
    --------
    >>> import anychat as cl
    >>> @cl.on_message
    ... async def reply(message: cl.Message):
    ...     answer = cl.Message("")
    ...     for word in message.content.split():
    ...         await answer.stream_token(word + " ")
    ...     await answer.send()

    Names and behaviour follow Chainlit's ``cl.Message``.
    """

    def __init__(
        self,
        content: object,
        author: str | None = None,
        language: str | None = None,
        actions: Sequence[Action] | None = None,
        elements: Sequence[Element] | None = None,
        type: MessageType = "assistant_message",
        metadata: dict[str, Any] | None = None,
        tags: list[str] | None = None,
        id: str | None = None,
        parent_id: str | None = None,
        command: str | None = None,
        modes: dict[str, str] | None = None,
        created_at: str | None = None,
    ) -> None:
        text, as_language = as_text(content)
        self.id = str(id or uuid.uuid4())  # some give a UUID itself
        self.author = author or _default_author()
        self.language = as_language or language
        self.actions = _list_of(Action, "Message(actions=...) takes a list of cl.Action", actions)
        self.elements = _list_of(Element, "Message(elements=...) takes a list of cl.Image and the like", elements)
        self.type: MessageType = type
        self.metadata = metadata or {}
        self.tags = tags
        self.parent_id = str(parent_id) if parent_id else None
        self.command = command
        self.modes = modes
        self.created_at = created_at
        self.streaming = False
        self.wait_for_answer = False
        self.is_error = False
        self.traceback: str | None = None
        self._text = GrowingText(text)
        self._home: Session | None = None  # where it is shown
        self._is_named = False  # the App was asked what to call its author

    @property
    def thread_id(self) -> str | None:
        """The id of the session that it is said in."""
        session = self._home or current_session.get(None)
        return session.thread_id if session else None

    @property
    def content(self) -> str:
        """The text so far."""
        return str(self._text)

    @content.setter
    def content(self, content: object) -> None:
        self._text.set("" if content is None else as_text(content)[0])

    async def send(self) -> Self:
        """Show the message with its actions, or end its stream if it was streamed; returns the message.

        Raises
        ------
        ContextError
            When no callback is running here and the message has not been shown before.
        """
        await self._take_name()
        self._show_whole(self._session_here(), self.actions)
        return self

    async def stream_token(self, token: str, is_sequence: bool = False) -> None:
        """Add to the message and show it at once; the first token makes the message appear.

        Parameters
        ----------
        token
            The text to add. Empty text does nothing.
        is_sequence
            The token is the whole text so far, and replaces it.

        Raises
        ------
        TypeError
            When the token is no text.
        ContextError
            As for `send`.
        """
        if token and not self._is_named:  # asked for each token
            await self._take_name()
        if self.add_token(token, is_sequence):
            await asyncio.sleep(0)  # a callback that streams without a pause must not keep the loop from others

    async def update(self) -> bool:
        """Show the message as it is now, with those actions that were never shown. Returns True."""
        self._show_whole(self._session("Message.update"), self._new_actions())
        return True

    async def remove(self) -> bool:
        """Take the message back, with its actions and elements. Returns True."""
        session = self._session("Message.remove")
        below = [item for item in session.transcript.neighbours(self.id) if item.owner == self.id]
        if not is_muted():
            session.chat_context.pop(self.id, None)
        await self.remove_actions()
        emit(session, ItemRemoved(self.id))
        let_go(session, [item for item in below if isinstance(item, ElementItem)])
        self._home = None
        return True

    async def remove_actions(self) -> None:
        """Take the buttons below the message away."""
        for action in self.actions:
            action.hide(self._session("Message.remove_actions"))

    def show(self) -> None:
        """What `send` or, where it is shown already, `update` does, for code that cannot await."""
        session = self._session_here()
        self._show_whole(session, self._new_actions() if self._home is session else self.actions)

    def _new_actions(self) -> list[Action]:
        return [action for action in self.actions if action.forId is None]

    def _show_whole(self, session: Session, actions: Sequence[Action]) -> None:
        self.streaming = False
        self._show(session)
        for element in self.elements:
            element.show_in(session, self.id)
        for action in actions:
            action.show(self.id, session)
        if not is_muted():
            session.chat_context[self.id] = self

    def add_token(self, token: str | None, is_sequence: bool = False) -> bool:
        """What `stream_token` does, for code that cannot await; returns whether others should get a chance to run."""
        if not token:
            return False
        session = self._session("Message.stream_token")
        self._text.take(token, is_sequence)
        if self._home is session and self.streaming and not self._text.is_replaced:
            return emit(session, Token(self.id, token))
        self.streaming = self._text.is_replaced = True  # a stream begins: the page needs the text so far, too
        return self._show(session)

    def to_dict(self) -> dict[str, Any]:
        """The message as a dict, with Chainlit's keys."""
        return {
            "id": self.id,
            "threadId": self.thread_id,
            "parentId": self.parent_id,
            "createdAt": self.created_at,
            "command": self.command,
            "modes": self.modes,
            "start": self.created_at,
            "end": self.created_at,
            "output": self.content,
            "name": self.author,
            "type": self.type,
            "language": self.language,
            "streaming": self.streaming,
            "isError": self.is_error,
            "waitForAnswer": self.wait_for_answer,
            "metadata": self.metadata,
            "tags": self.tags,
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Message:
        """A message from a dict with Chainlit's keys; only ``output`` must be there."""
        message = Message(
            values["output"],
            author=values.get("name"),
            language=values.get("language"),
            type=values.get("type", "assistant_message"),
            metadata=values.get("metadata"),
            tags=values.get("tags"),
            id=values.get("id"),
            parent_id=values.get("parentId"),
            command=values.get("command"),
            modes=values.get("modes"),
            created_at=values.get("createdAt"),
        )
        message.is_error = values.get("isError", False)
        return message

    @classmethod
    def from_item(cls, item: MessageItem, session: Session) -> Message:
        """The message behind an item that is shown in `session` already."""
        message = Message(
            item.content,
            author=item.author,
            language=item.language,
            type=item.type,
            id=item.id,
            parent_id=item.parent_id,
            command=item.command,
            created_at=item.created_at,
        )
        message._home = session
        message._is_named = True
        return message

    def at_home_in(self, session: Session) -> Message:
        """The message for another session that goes on with the conversation; itself, if it is shown there already."""
        if self._home in (None, session):
            return self
        moved = copy(self)
        moved._home, moved._text, moved.streaming = session, self._text.copy(), False
        moved.elements = [element.at_home_in(session) for element in self.elements]
        moved.actions, moved.metadata = list(self.actions), dict(self.metadata)
        return moved

    def _session(self, wanted: str) -> Session:
        return session_of(self.id, self._home, wanted)

    def _session_here(self) -> Session:
        """Where it is sent: sent again in another session, it is said there, too. A stream ends where it began."""
        return self._session("Message.send") if self.streaming else session_here(self._home, "Message.send")

    async def _take_name(self) -> None:
        if self._is_named:
            return
        name = self._session_here().rename_author(self.author)
        self._be_named(await name if isinstance(name, Awaitable) else name)

    def _take_name_now(self, session: Session) -> None:
        """For code that cannot await."""
        if not self._is_named:
            name = session.rename_author(self.author)
            self._be_named(run_sync(name) if isinstance(name, Awaitable) else name)

    def _be_named(self, name: object) -> None:
        self._is_named = True
        self.author = self.author if name is None else str(name)

    def _show(self, session: Session) -> bool:
        self._take_name_now(session)
        self.created_at = self.created_at or utc_now()
        is_known, self._home = self._home is session, session
        is_replaced, self._text.is_replaced = self._text.is_replaced, False
        if not is_known:
            self.parent_id = self.parent_id or open_step_id()
            return emit(session, ItemPut(session.place(current_turn.get()), self._item()))
        patch = MessagePatch(
            id=self.id,
            author=self.author,
            language=self.language,
            parent_id=self.parent_id,
            streaming=self.streaming,
            is_error=self.is_error,
        )
        if is_replaced:
            patch.content = self.content
        return emit(session, patch)

    def _item(self) -> MessageItem:
        return MessageItem(
            id=self.id,
            type=self.type,
            author=self.author,
            content=self.content,
            created_at=self.created_at or utc_now(),
            parent_id=self.parent_id,
            language=self.language,
            streaming=self.streaming,
            is_error=self.is_error,
            traceback=self.traceback,
            command=self.command,
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} by {self.author}: {self.content[:60]!r}>"


class ErrorMessage(Message):
    """A message that is shown as an error.

    Parameters
    ----------
    content
        What went wrong.
    author
        Whose name stands above it; the App's if none is given.
    fail_on_persist_error
        Taken for Chainlit's sake: nothing is stored here.
    """

    def __init__(
        self,
        content: object,
        author: str | None = None,
        fail_on_persist_error: bool = False,
    ) -> None:
        super().__init__(content, author)
        self.is_error = True


def _list_of(kind: type[T], wanted: str, given: object) -> list[T]:
    """A list of its own, so that who goes on with the list that was given changes no message."""
    if given is not None and not isinstance(given, Iterable):
        raise OptionError(f"{wanted}, not {given!r}.")
    listed = list(given or ())
    strangers = [each for each in listed if not isinstance(each, kind)]
    if strangers:
        raise OptionError(f"{wanted}, but {strangers[0]!r} is in it.")
    return listed


def _default_author() -> str:
    session = current_session.get(None)
    return session.assistant if session else "Assistant"
