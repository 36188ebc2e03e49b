"""``cl.chat_context``: the messages of the running session, in the order they were said."""

from __future__ import annotations

from .context import get_session
from .message import Message
from .protocol import ROLES


class ChatContext:
    """The messages of whoever speaks to the running callback: what a language model wants to see.

    Notices (such as that a turn was stopped) are no part of it.

    Raises
    ------
    ContextError
        Outside of a callback.

    Examples
    --------
    >>> import anychat as cl
    >>> @cl.on_message
    ... async def reply(message: cl.Message):
    ...     history = cl.chat_context.to_openai()  # [{"role": "user", "content": ...}, ...]

    As Chainlit's ``cl.chat_context``.
    """

    def get(self) -> list[Message]:
        """A copy of the list of messages, oldest first."""
        messages = list(get_session("cl.chat_context").chat_context.values())
        return [message for message in messages if isinstance(message, Message)]

    def add(self, message: Message) -> Message:
        """Add a message that was not sent; returns it."""
        get_session("cl.chat_context").chat_context[message.id] = message
        return message

    def remove(self, message: Message) -> bool:
        """Forget a message (it stays in the chat); returns whether it was there."""
        return get_session("cl.chat_context").chat_context.pop(message.id, None) is not None

    def clear(self) -> None:
        """Forget all messages (they stay in the chat)."""
        get_session("cl.chat_context").chat_context.clear()

    def to_openai(self) -> list[dict[str, str]]:
        """The messages as ``{"role": ..., "content": ...}``, as chat models take them."""
        return [{"role": ROLES.get(message.type, "system"), "content": message.content} for message in self.get()]


chat_context = ChatContext()
