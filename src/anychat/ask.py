"""Questions: messages that wait for the user's answer."""

from __future__ import annotations

import asyncio
import math
import uuid
from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar

from .action import Action
from .context import current_turn, is_muted
from .element import given_element
from .errors import OptionError
from .message import Message, said_by_user
from .pending import PendingAsk
from .protocol import ActionItem, Answer, AskItem, AskType, ItemPut, ItemRemoved, MessageItem, MessageType
from .session import Session
from .types import AskFileResponse
from .uploads import Accept, check_files, upload_rules


async def wait_for(session: Session, ask: PendingAsk, timeout: float | None) -> Any:
    """Wait until somebody answers, and show meanwhile that a callback waits.

    Raises
    ------
    TimeoutError
        When nobody does in so many seconds.
    asyncio.CancelledError
        When the turn is stopped or the session ends.
    """
    if is_muted():
        raise asyncio.CancelledError("The turn that asks was stopped, so nobody will answer.")
    session.open_ask(ask)
    try:
        return await ask.result(timeout)
    finally:
        session.close_ask(ask)


class AskMessage(Message):
    """A message that waits for the user's answer: what all questions have in common.

    A class of questions names its `ask_type`, reads an answer (`_read`), and says how it ended (`_conclude`).

    Parameters
    ----------
    content
        The question.
    author
        Whose name stands above it; the App's if none is given.
    timeout
        Seconds to wait; None waits for ever.
    raise_on_timeout
        Raise `TimeoutError` when no answer came in time, instead of returning None.
    options
        As for `Message`.
    """

    ask_type: ClassVar[AskType]

    def __init__(
        self, content: object, author: str | None, timeout: float | None, raise_on_timeout: bool, **options: Any
    ) -> None:
        super().__init__(content, author, **options)
        self.timeout = _check_timeout(timeout)
        self.raise_on_timeout = raise_on_timeout
        self._pending: PendingAsk | None = None

    async def send(self) -> Any:
        """Ask, and wait for the answer.

        Returns
        -------
        object
            The answer; None when it did not come in time.

        Raises
        ------
        TimeoutError
            When it did not come in time, with ``raise_on_timeout=True``.
        asyncio.CancelledError
            When the turn is stopped or the session ends.
        ContextError
            When no callback is running here.
        """
        await super().send()
        session = self._session("Asking")
        try:
            answer, late = await self._wait(session), None
        except TimeoutError as error:
            answer, late = None, error
        finally:
            self._put_away(session)
        if self._home is session:  # it was not removed
            await self._conclude(answer)
        if late is not None and self.raise_on_timeout:
            raise late
        return answer

    async def remove(self) -> bool:
        """Take the question back: whoever waits for the answer gets None. Returns True."""
        if self._pending is not None:
            self._pending.withdraw()
        return await super().remove()

    async def _wait(self, session: Session) -> Any:
        item = self._ask_item(id=str(uuid.uuid4()), type=self.ask_type, for_id=self.id, content=self.content)
        self._pending = PendingAsk(item, current_turn.get(), partial(self._take, session))
        self.wait_for_answer = True
        try:
            return await wait_for(session, self._pending, self.timeout)
        finally:
            self.wait_for_answer, self._pending = False, None

    def _take(self, session: Session, answer: object) -> object:
        """Read an answer, and show at once that there is one: the loop may be blocked by a cell."""
        result = self._read(session, answer)
        self._put_away(session)
        if self._pending is not None:
            session.hide_ask(self._pending)
        return result

    def _ask_item(self, **fields: Any) -> AskItem:
        """How the question is shown."""
        return AskItem(**fields)

    def _read(self, session: Session, answer: object) -> object:
        """What `send` returns for an answer; called once, on any thread.

        Raises
        ------
        OptionError
            When it is no answer to this question.
        """
        raise NotImplementedError

    def _put_away(self, session: Session) -> None:
        """It waits no more, however that came: take away what answers it, if it is there."""

    async def _conclude(self, answer: object) -> None:
        """Show how it ended; `answer` is None when none came in time."""


class AskUserMessage(AskMessage):
    """Ask the user for a text: the next line of the composer answers.

    Parameters
    ----------
    content
        The question.
    author
        Whose name stands above it; the App's if none is given.
    type
        As for `Message`.
    timeout
        Seconds to wait; None waits for ever.
    raise_on_timeout
        Raise `TimeoutError` when no answer came in time, instead of returning None.

    Examples
    --------
    >>> import anychat as cl
    >>> @cl.on_chat_start
    ... async def start():
    ...     answer = await cl.AskUserMessage("What is your name?", timeout=None).send()
    ...     await cl.Message(f"Hello, {answer['output']}!").send()

    The answer has the keys of ``Message.to_dict()``. Question and answer are in ``cl.chat_context``, and the answer
    does not run ``on_message``. Names and behaviour follow Chainlit's ``cl.AskUserMessage``, but that a timeout may be
    any number or None, and raises the built-in `TimeoutError`.
    """

    ask_type = "text"

    def __init__(
        self,
        content: object,
        author: str | None = None,
        type: MessageType = "assistant_message",
        timeout: float | None = 60,
        raise_on_timeout: bool = False,
    ) -> None:
        super().__init__(content, author, timeout, raise_on_timeout, type=type)

    def _read(self, session: Session, answer: object) -> dict[str, Any]:
        if isinstance(answer, str):
            answer = said_by_user(session, answer)
        if not isinstance(answer, MessageItem):
            raise OptionError(f"The question {self.content[:60]!r} is answered with a text, not with {answer!r}.")
        reply = Message.from_item(answer, session)
        session.chat_context[reply.id] = reply
        session.emit(ItemPut(session.transcript.home(self.id) or session.latest_turn(), answer))
        return reply.to_dict()


class AskFileMessage(AskMessage):
    """Ask the user for files: below the question there is a place to choose them, or to drop them.

    Parameters
    ----------
    content
        The question.
    accept
        MIME types, with ``*`` for any, and endings with a dot: ``["text/plain", "image/*", ".csv"]``; or a dict of
        MIME types with the endings to take, ``{"text/plain": [".txt", ".py"]}``. What counts is what a file's bytes
        say, not what its name does.
    max_size_mb
        How large each may be, in millions of bytes.
    max_files
        How many at most.
    author
        Whose name stands above it; the App's if none is given.
    type
        As for `Message`.
    timeout
        Seconds to wait; None waits for ever.
    raise_on_timeout
        Raise `TimeoutError` when no answer came in time, instead of returning None.

    Raises
    ------
    OptionError
        When a limit is of the wrong kind.

    Examples
    --------
    >>> import anychat as cl
    >>> @cl.on_chat_start
    ... async def start():
    ...     files = await cl.AskFileMessage("Give me a table.", accept=[".csv"], max_size_mb=20).send()
    ...     for file in files or []:
    ...         await cl.Message(f"{file.name} has {file.size} bytes and lies at {file.path}.").send()

    The answer is a list of `anychat.types.AskFileResponse`. The files are there until the session ends. Names and
    behaviour follow Chainlit's ``cl.AskFileMessage``; each question has limits of its own.
    """

    ask_type = "file"

    def __init__(
        self,
        content: object,
        accept: Accept,
        max_size_mb: float = 2,
        max_files: int = 1,
        author: str | None = None,
        type: MessageType = "assistant_message",
        timeout: float | None = 90,
        raise_on_timeout: bool = False,
    ) -> None:
        self._rules = upload_rules("AskFileMessage", accept, max_files, max_size_mb)
        super().__init__(content, author, timeout, raise_on_timeout, type=type)
        self.accept = accept
        self.max_size_mb = max_size_mb
        self.max_files = max_files

    def _ask_item(self, **fields: Any) -> AskItem:
        rules = self._rules
        return AskItem(accept=rules.accept, max_files=rules.max_files, max_size_mb=rules.max_size_mb, **fields)

    def _read(self, session: Session, answer: object) -> list[AskFileResponse] | None:
        files = session.files.complete(answer.files if isinstance(answer, Answer) else _sent(session, answer))
        check_files(self._rules, files)
        session.files.keep(file.id for file in files)
        if files:
            reply = said_by_user(session, "")
            given = [given_element(file, reply.id).item_in(session) for file in files]
            place = session.transcript.home(self.id) or session.latest_turn()
            session.emit(ItemPut(place, reply), *[ItemPut(place, item) for item in given])
        return [AskFileResponse(file.id, file.name, str(file.path), file.size, file.mime) for file in files] or None


def _sent(session: Session, answer: object) -> list[str]:
    """The ids of files that come from Python."""
    if not isinstance(answer, Sequence) or isinstance(answer, str):
        raise OptionError(
            'Files are asked for: answer with a list, such as ["table.csv"] or [("table.csv", data)], '
            f"not with {answer!r}."
        )
    return [session.files.add(source).id for source in answer]


class AskActionMessage(AskMessage):
    """Ask the user to click one of some buttons.

    Parameters
    ----------
    content
        The question.
    actions
        The buttons. A click answers; it runs no ``action_callback``.
    author
        Whose name stands above it; the App's if none is given.
    timeout
        Seconds to wait; None waits for ever.
    raise_on_timeout
        Raise `TimeoutError` when no answer came in time, instead of returning None.

    Examples
    --------
    >>> import anychat as cl
    >>> @cl.on_message
    ... async def reply(message: cl.Message):
    ...     actions = [cl.Action("yes", {}, label="Yes"), cl.Action("no", {}, label="No")]
    ...     answer = await cl.AskActionMessage("Shall I go on?", actions).send()
    ...     if answer and answer["name"] == "yes":
    ...         await cl.Message("On we go.").send()

    The answer has the keys of ``Action.to_dict()``. Afterwards the buttons are gone, and the message says below the
    question what was chosen. Names and behaviour follow Chainlit's ``cl.AskActionMessage``.
    """

    ask_type = "action"

    def __init__(
        self,
        content: object,
        actions: Sequence[Action],
        author: str | None = None,
        timeout: float | None = 90,
        raise_on_timeout: bool = False,
    ) -> None:
        super().__init__(content, author, timeout, raise_on_timeout, actions=actions)

    def _read(self, session: Session, answer: object) -> dict[str, Any]:
        wanted = answer.id if isinstance(answer, Action | ActionItem) else answer
        for names in ("item_id", "id", "label", "name"):
            found = [action for action in self.actions if getattr(action, names) == wanted]
            if len(found) == 1:
                return found[0].to_dict()
        known = ", ".join(repr(action.label or action.name) for action in self.actions)
        raise OptionError(f"The question {self.content[:60]!r} is answered with one of {known}, not with {answer!r}.")

    def _put_away(self, session: Session) -> None:
        for action in self.actions:
            if session.actions.pop(action.item_id, None) is not None:
                session.emit(ItemRemoved(action.item_id))

    async def _conclude(self, answer: object) -> None:
        chosen = f"**Selected:** {answer['label'] or answer['name']}" if isinstance(answer, dict) else None
        self.content = f"{self.content}\n\n{chosen or 'Timed out: no action was taken'}"
        await self.update()


def _check_timeout(timeout: object) -> float | None:
    is_number = isinstance(timeout, int | float) and not isinstance(timeout, bool)
    if timeout is None or timeout == math.inf:
        return None
    if is_number and timeout >= 0:  # type: ignore[operator]
        return timeout  # type: ignore[return-value]
    raise OptionError(f"A question's timeout is a number of seconds, or None to wait for ever, not {timeout!r}.")
