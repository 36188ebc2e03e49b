"""A session: all that belongs to one user of one App."""

from __future__ import annotations

import locale
import re
import uuid
from asyncio import AbstractEventLoop, Task
from collections import deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from traitlets import Bunch, Dict, Enum, HasTraits, Instance, Int, TraitError, TraitType, Unicode, validate

from .blobs import Blob, digest
from .emitter import Emitter
from .errors import OptionError, SessionEndedError
from .files import Files
from .form import Form
from .logger import logger
from .options import Options
from .pending import PendingAsk
from .protocol import Event, ItemPut, ItemRemoved, TurnPut
from .secrets import Env, Mask
from .settings import Settings
from .state import SessionState
from .transcript import Transcript
from .turn import Turn
from .user import User
from .window import Window


class _SettingsTrait(TraitType[Settings, Mapping[str, Any]]):
    """The session's settings: setting them changes what is in them, and whoever watches them goes on watching."""

    def get(self, obj: Any, cls: Any = None) -> Settings:
        """The one object that the session has for them."""
        settings: Settings = obj._settings
        return settings

    def set(self, obj: Any, value: Any) -> None:
        """Have other values in it."""
        if not isinstance(value, Mapping):
            raise TraitError(f"The chat_settings of a session are a dict by the ids of its inputs, not {value!r}.")
        obj._settings.replace(value)


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
    chat_profile = Unicode(None, allow_none=True, help="The name of the profile that was chosen.")
    chat_settings = _SettingsTrait(help="The values of the settings form: a dict, and each is live. See `Settings`.")
    env: Dict[str, str] = Dict(Env(), help="Values that only the kernel sees; its repr has their names alone.")
    client_type = Unicode("notebook")

    def __init__(
        self,
        assistant: str,
        emitter: Emitter,
        *,
        state: SessionState | None = None,
        settings: Settings | None = None,
        **traits: Any,
    ) -> None:
        self._settings = Settings() if settings is None else settings
        super().__init__(id=str(uuid.uuid4()), **traits)
        self._settings.observe(self._tell_of_settings)
        self.form = Form(self._settings, self.offer)
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
        self.window = Window()  # what stands for the page around the chat
        self.known_posts: set[str] = set()  # the ids of all messages of the window: pages may send one twice
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
    def has_first_interaction(self) -> bool:
        """Whether the user has said or clicked something, by Chainlit's name."""
        return bool(self.known_turns or self.known_clicks)

    @property
    def current_task(self) -> Task[None] | None:
        """The task of the turn that runs, by Chainlit's name."""
        return self.running.task if self.running else None

    @property
    def environ(self) -> dict[str, Any]:
        """What a web server knows of a request, by Chainlit's name: nothing."""
        return {}

    @property
    def mcp_sessions(self) -> dict[str, Any]:
        """The MCP servers that the page has connected, by Chainlit's name: none."""
        return {}

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

    # ── What the user is offered ─────────────────────────────────────────────────────────────────

    @property
    def language(self) -> str:
        """The user's language, such as ``"en-US"``: the one that this process runs in."""
        name = locale.getlocale()[0] or ""
        return name.replace("_", "-") if re.fullmatch("[a-z]{2,3}(_[A-Z]{2})?", name) else "en-US"

    def offer(self, **changes: Any) -> None:
        """Change some fields of what the user is offered; pages hear of it if that is something else than before."""
        with self.emitter.lock:
            offers = self.transcript.offers.but(**changes)
            if offers != self.transcript.offers:
                self.emit(offers)

    def offer_as(self, other: Session) -> None:
        """Offer what another session offers in the middle of its conversation."""
        self.form.show(other.form.inputs)
        self.chat_settings = other.chat_settings
        self.offer(commands=other.transcript.offers.commands, modes=other.transcript.offers.modes)

    def hand_over_settings(self) -> Settings:
        """The settings for a session that begins anew, with those who watch them; this one keeps their values."""
        self._settings.unobserve(self._tell_of_settings)
        settings, self._settings = self._settings, self._settings.hand_over()
        self.form = Form(self._settings, self.offer)
        return settings

    def _tell_of_settings(self, _change: Bunch) -> None:
        settings = self._settings
        self.notify_change(Bunch(name="chat_settings", old=settings, new=settings, owner=self, type="change"))

    # ── Turns ────────────────────────────────────────────────────────────────────────────────────

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
        OptionError
            When it cannot be shown.
        """
        if self.status == "ended":
            raise SessionEndedError("This chat has ended, so nobody will answer its questions.")
        place = self.transcript.home(ask.item.for_id) or self.place(ask.turn)
        self.asks[ask.item.id] = ask  # before it is shown: the answer may come at once
        try:
            self.emit(ItemPut(place, ask.item), urgent=True)
        except OptionError:
            del self.asks[ask.item.id]
            raise
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
