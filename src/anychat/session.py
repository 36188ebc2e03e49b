"""A session: all that belongs to one user of one App."""

from __future__ import annotations

import uuid
from asyncio import AbstractEventLoop
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from traitlets import Bunch, Dict, Enum, HasTraits, Instance, Int, Unicode, validate

from .blobs import Blob, digest
from .emitter import Emitter
from .errors import SessionEndedError
from .files import Files
from .logger import logger
from .options import Options
from .pending import PendingAsk
from .protocol import Event, ItemPut, ItemRemoved, TurnPut
from .secrets import Env, Mask
from .state import SessionState
from .transcript import Transcript
from .turn import Turn
from .user import User


class Session(HasTraits):
    """All that belongs to one user of one App: identity, state, transcript and the turns to come.

    The traits are live: ``chat.session.observe(print, "status")``. Read them; anychat sets them.
    """

    id = Unicode(help="A UUID; a new chat gets a new one.")
    name = Unicode(None, allow_none=True, help="The name given to the Chat, if it was given one.")
    user = Instance(User, allow_none=True, help="Who speaks.")
    status = Enum(
        ["new", "idle", "running", "waiting", "stopping", "ended"],
        "new",
        help="new before the first display or message; waiting for an answer; ended when nothing more can come.",
    )
    turns = Int(help="How many turns have ended.")
    started_at = Instance(datetime, allow_none=True)
    last_active = Instance(datetime, allow_none=True)
    chat_profile = Unicode(None, allow_none=True)
    chat_settings: Dict[str, Any] = Dict(help="The values of the settings form.")
    env: Dict[str, str] = Dict(Env(), help="Values that only the kernel sees; its repr has their names alone.")
    client_type = Unicode("notebook")

    def __init__(self, assistant: str, emitter: Emitter, *, state: SessionState | None = None, **traits: Any) -> None:
        super().__init__(id=str(uuid.uuid4()), **traits)
        self.assistant = assistant
        self.emitter = emitter
        self.state = SessionState() if state is None else state
        self.chat_context: dict[str, object] = {}  # the messages said, by id, as `cl.chat_context` gives them
        self.inbox: deque[Turn] = deque()  # turns that wait
        self.running: Turn | None = None
        self.known_turns: set[str] = set()  # the ids of all messages ever taken: pages may send one twice
        self.known_clicks: set[str] = set()  # the same for clicks
        self.actions: dict[str, Callable[[], Any]] = {}  # what makes the Action for a callback, by button
        self.asks: dict[str, PendingAsk] = {}  # what callbacks wait for, oldest first
        self.assets: dict[str, Blob] = {}  # what pages may ask for, by hash
        self.components: dict[str, Any] = {}  # the custom elements that are shown, by id
        self.files = Files()  # what the user gave
        self.is_started = False
        self._phase = "new"
        self.state.hide_with(lambda: self.options.secrets)
        self.rename_author: Callable[[str], Any] = str  # the name to show for an author's; may have to be awaited
        self.call_observers: Callable[[Callable[[], None]], None] = lambda tell: (
            tell()
        )  # calls them where they shall run
        self.options = Options()  # what its App asks for
        self.loop: AbstractEventLoop | None = None  # where its callbacks run

    @property
    def author(self) -> str:
        """The name above the user's messages."""
        return (self.user.display_name or self.user.identifier) if self.user else "User"

    @property
    def thread_id(self) -> str:
        """The session's id, by the name that Chainlit has for the conversation's."""
        return self.id

    @property
    def user_env(self) -> dict[str, str]:
        """``env``, by Chainlit's name."""
        return self.env

    @property
    def transcript(self) -> Transcript:
        """What was said and shown, with all branches: ``transcript.turns`` is the path that is shown now."""
        return self.emitter.transcript

    def emit(self, *events: Event, urgent: bool = False, patient: bool = False) -> bool:
        """Show events; see `Emitter.emit`."""
        return self.emitter.emit(*events, urgent=urgent, patient=patient)

    def keep(self, blob: Blob) -> str:
        """Keep bytes for pages that ask for them; returns the hash by which they do."""
        name = digest(blob)
        self.assets[name] = blob
        return name

    def release(self, blob: str) -> None:
        """Something is shown no longer that was made of these bytes: drop them, unless something else is."""
        if not self.transcript.needs(blob):
            self.assets.pop(blob, None)

    def mask(self) -> Mask:
        """Hides in texts what is secret in this session now."""
        own = {"user": self.user, "chat_settings": self.chat_settings}
        return self.options.secrets.find({**own, **dict(self.state.items())}, self.env)

    def find(self, turn_id: str) -> Turn | None:
        """The turn with this id, while it waits or runs."""
        return next((turn for turn in [self.running, *self.inbox] if turn and turn.id == turn_id), None)

    def latest_turn(self) -> str:
        """The id of the newest turn; an opening turn is made where there is none."""
        last = self.emitter.transcript.last_turn_id
        if last is None:
            last = str(uuid.uuid4())
            self.emit(TurnPut(last, "done"))
        return last

    def place(self, turn: Turn | None) -> str:
        """The id of the turn in which something that is said in `turn` stands: the latest, if that one is not there."""
        return turn.id if turn is not None and turn.id in self.transcript else self.latest_turn()

    def open_ask(self, ask: PendingAsk) -> None:
        """A callback begins to wait for an answer to a message.

        Raises
        ------
        SessionEndedError
            When the session is over.
        """
        if self.status == "ended":
            raise SessionEndedError("This chat has ended, so nobody will answer its questions.")
        self.asks[ask.item.id] = ask
        self.emit(ItemPut(self.transcript.home(ask.item.for_id) or self.place(ask.turn), ask.item), urgent=True)
        self.enter(self._phase)

    def close_ask(self, ask: PendingAsk) -> None:
        """The callback waits no more."""
        self.hide_ask(ask)
        self.enter(self._phase)

    def hide_ask(self, ask: PendingAsk) -> None:
        """The question takes no more answers, though the callback may not have heard yet: a cell can be in its way."""
        if self.asks.pop(ask.item.id, None) is not None:
            self.emit(ItemRemoved(ask.item.id), urgent=True)

    def open_asks(self) -> list[PendingAsk]:
        """Those of the questions that still want an answer, oldest first."""
        return [ask for ask in list(self.asks.values()) if ask.is_open]

    def cancel_asks(self, turn: Turn | None = None) -> None:
        """Let nobody wait for answers any more: in a turn, or at all."""
        for ask in list(self.asks.values()):
            if turn is None or ask.turn is turn:
                ask.cancel()

    def enter(self, phase: str) -> None:
        """Set the status; while a callback waits for the user, that is what it says."""
        self._phase = phase
        if self.status != "ended":
            self.status = "waiting" if self.asks and phase in ("idle", "running") else phase

    def forget(self) -> None:
        """Drop what the App kept: the session is over."""
        self.cancel_asks()
        self.state.clear()
        self.chat_context.clear()
        self.components.clear()
        self.files.clear()
        self.actions.clear()

    @validate("env")
    def _as_env(self, proposal: Bunch) -> Env:
        return Env(proposal.value)

    def notify_change(self, change: Bunch) -> None:
        """Tell observers. What they raise is theirs: it is logged, and the session goes on."""
        try:
            super().notify_change(change)
        except Exception:
            logger.exception("An observer of %r raised.", self)

    def touch(self) -> None:
        """Note that something happened just now."""
        self.last_active = datetime.now(UTC)

    def __repr__(self) -> str:
        return f"<Session {self.id[:8]} of {self.author}: {self.status}, {self.turns} turns>"
