"""A turn: one user message and everything it caused."""

from __future__ import annotations

from asyncio import Task
from collections.abc import Mapping, Sequence
from concurrent.futures import Future

from .protocol import Item, MessageItem, OutputItem, StepItem, TurnStatus
from .transcript import Transcript


class Turn:
    """One user message and everything it caused; what ``await chat.send(...)`` returns.

    Attributes
    ----------
    id : str
        The turn's id; its user message has the same.
    error : BaseException or None
        What a callback raised in this turn.

    Examples
    --------
    >>> turn = await chat.send("hello")                          # doctest: +SKIP
    >>> turn.text, turn.error                                    # doctest: +SKIP
    ('You said hello', None)
    """

    def __init__(
        self,
        id: str,
        transcript: Transcript,
        message: MessageItem | None = None,
        replaces: str | None = None,
        files: Sequence[str] = (),
    ) -> None:
        self.id = id
        self.replaces = replaces  # the turn that the conversation goes back to before this one begins
        self.error: BaseException | None = None
        self.message = message  # the user's message; None in the opening turn
        self.files = files  # the ids of what the user gave with the message
        self.modes: Mapping[str, str] = {}  # the options that the user picked beside it
        self.is_muted = False  # stopped: what its threads still say is dropped
        self.is_stopping = False
        self.task: Task[None] | None = None  # while its callback runs
        self.finished: Future[Turn] = Future()
        self.finished.set_running_or_notify_cancel()  # whoever waits for it may give up, it goes on
        self._transcript = transcript

    @property
    def status(self) -> TurnStatus | None:
        """Where the turn is: queued, running, stopping, done, stopped or failed; None once it was withdrawn."""
        turn = self._transcript.turn(self.id)
        return turn.status if turn else None

    @property
    def messages(self) -> list[MessageItem]:
        """What was said in answer, errors included, oldest first."""
        return [item for item in self._items if isinstance(item, MessageItem) and item.type != "user_message"]

    @property
    def outputs(self) -> list[OutputItem]:
        """What was printed and displayed, oldest first."""
        return [item for item in self._items if isinstance(item, OutputItem)]

    @property
    def steps(self) -> list[StepItem]:
        """What was done on the way to the answer, as readers see it, oldest first; see `cl.Step`."""
        return [item for item in self._items if isinstance(item, StepItem)]

    @property
    def text(self) -> str:
        """The answer: its messages, and what it displayed as plain text, with a blank line between them."""
        return "\n\n".join(text for text in map(self._text_of, self._items) if text is not None)

    @property
    def _items(self) -> list[Item]:
        turn = self._transcript.turn(self.id)
        return turn.items if turn else []

    def _text_of(self, item: Item) -> str | None:
        if isinstance(item, OutputItem):
            return item.data.get("text/plain") if item.name == "display" and not item.parent_id else None
        is_answer = isinstance(item, MessageItem) and not item.is_error and item.type != "user_message"
        return item.content if is_answer else None

    def __repr__(self) -> str:
        return f"<Turn {self.status}: {self.text[:60]!r}>"
