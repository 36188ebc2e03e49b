"""The dispatcher: takes what pages and cells ask of one chat, and gives it to the session's runner.

Commands arrive on any thread, also in the middle of a cell: they are decoded, noted and answered here, and no user
code runs. What is wrong with one is said in the page.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, wait
from typing import Any, assert_never
from weakref import WeakSet

from .assets import find_asset
from .blobs import FileOnDisk
from .branches import Past
from .callbacks import App, Watcher, begun_apps
from .concurrency import Unheard, blocked_loop, call
from .context import current_session, current_turn
from .custom_element import change_props, remove_component
from .emitter import Emitter, Send
from .errors import (
    ContextError,
    InvalidValueError,
    OptionError,
    ProtocolError,
    SessionBusyError,
    SessionEndedError,
    UploadError,
)
from .files import FileSource
from .history import History, fill
from .host import Host, LoopName
from .inspection import Onlookers
from .logger import logger
from .message import said_by_user
from .offers import check_picked
from .pacer import Pacer, kernel_pacer
from .protocol import (
    PROTOCOL_VERSION,
    Ack,
    Answer,
    AskItem,
    Asset,
    Bye,
    CallAction,
    ChangeProps,
    Click,
    CloseSidebar,
    Command,
    DropFile,
    FileState,
    FillForm,
    GetAsset,
    GetEarlier,
    Hello,
    Incompatible,
    Info,
    Inspect,
    MessageItem,
    MessagePatch,
    Offers,
    Packet,
    PostWindow,
    PutFile,
    Rate,
    Rating,
    Refused,
    RemoveElement,
    Restart,
    Restore,
    Resync,
    SetValue,
    ShowBranch,
    Stop,
    StopInspecting,
    UploadRules,
    UserMessage,
    WindowHeard,
    Withdraw,
    decode_command,
    encode,
)
from .runner import ENDED, Runner
from .session import Session
from .settings import Settings
from .sidebar import close_sidebar
from .state import SessionState
from .transcript import Transcript
from .turn import Turn
from .types import Feedback
from .uploads import Uploads, check_files, check_uploads
from .user import User
from .window import Window, window_message

MAX_COMMENT_CHARS = 10_000
QUICK = 5_000_000  # bytes: what is smaller is there before anybody asks again
SPEED = 5_000_000  # bytes a second that at least arrive
MAX_ID_CHARS = 100
"""The longest id that a page may make up."""

REFUSALS = (ProtocolError, SessionEndedError, SessionBusyError, OptionError, InvalidValueError, UploadError)
"""What a page is told when it asks for something that cannot be."""


class Dispatcher(Watcher):
    """Takes what is asked of one chat, for as long as the chat lives: one session after another.

    All methods may be called from any thread.

    Parameters
    ----------
    app
        Whose callbacks to run.
    host
        The place it runs in.
    send
        Sends packets to the chat's pages.
    name, user, env, profile, loop, history
        As `Chat` takes them.
    pacer
        The budget for sending; the kernel's own by default.
    """

    def __init__(
        self,
        app: App,
        host: Host,
        send: Send,
        *,
        name: str | None = None,
        user: User | None = None,
        env: Mapping[str, str] | None = None,
        profile: str | None = None,
        loop: LoopName = "main",
        history: History = (),
        pacer: Pacer | None = None,
    ) -> None:
        self.app = app
        self._host = host
        self._send = send
        self._name = name
        self._user = user
        self._env = env or {}
        self.uploads: Uploads | bool | None = None  # None: as the App has it
        self.window = Window()
        self._pacer = pacer or kernel_pacer()
        self.loop_name = loop
        self._loop = host.loop(loop)
        self._context = contextvars.copy_context()
        self._lock = threading.RLock()
        self._left: Past | None = None  # the conversation that `restore` goes on with
        self._past_turns: set[str] = set()  # taken by sessions that are over: a page may still send them
        self._arriving: dict[str, float] = {}  # large files on their way, and until when
        self._unseen: Callable[[], None] | None = None
        self._detach: Callable[[], None] | None = None
        self.runner = self._new_runner(1, profile)
        self._onlookers = Onlookers(self.runner, self.put, self._pacer)
        self._all_onlookers = WeakSet([self._onlookers])
        fill(self.runner.branches, self.session, history)
        self.runner.goes_on = bool(history)
        app.watch(self)
        live_dispatchers.add(self)

    @property
    def session(self) -> Session:
        """The session that is alive."""
        return self.runner.session

    @property
    def upload_rules(self) -> UploadRules | None:
        """Which files the user may add to a message; None: none."""
        return self.app.upload_rules if self.uploads is None else check_uploads(self.uploads, "Chat")

    # ── Commands ─────────────────────────────────────────────────────────────────────────────────

    def receive(self, text: object, buffers: Sequence[bytes] = ()) -> None:
        """Take a command from a page, as JSON text, with the bytes that travel beside it."""
        try:
            self._handle(decode_command(text), b"".join(buffers))
        except REFUSALS as error:
            self.put(Refused(str(error)))

    def _handle(self, command: Command, buffer: bytes) -> None:
        emitter = self.session.emitter
        match command:
            case UserMessage():
                self._take_message(command)
            case Click():
                if command.epoch == emitter.epoch:
                    self.runner.click(command.action, check_id(command.click))
            case Answer():
                if command.epoch == emitter.epoch:
                    self._take_answer(command)
            case Stop():
                self.runner.stop(command.turn)
            case Withdraw():
                self.runner.withdraw(command.turn)
            case Restart():
                if command.epoch == emitter.epoch:
                    self._check_profile(command.profile)
                    self.restart(command.profile)
            case ShowBranch():
                if command.epoch == emitter.epoch:
                    self.runner.show_branch(command.turn)
            case Restore():
                if command.epoch == emitter.epoch and self._left is not None:
                    self.restore()
            case FillForm():
                if command.epoch == emitter.epoch:
                    self._take_form(command)
            case Hello():
                self._greet(command)
            case Resync():
                emitter.answer(check_id(command.page), command.epoch, command.seq)
            case Ack():
                emitter.acknowledge(check_id(command.page), command.epoch, command.seq)
            case GetEarlier():
                emitter.send_earlier(command.epoch, command.before)
            case GetAsset():
                self._serve(command.hash)
            case PutFile():
                self._take_part(command, buffer)
            case PostWindow():
                if command.epoch == emitter.epoch:
                    self._take_post(command)
            case Rate():
                if command.epoch == emitter.epoch:
                    self.rate(command.message, command.rating)
            case DropFile():
                with self._lock:  # it may be on its way into a message
                    if command.epoch == emitter.epoch:
                        self.session.files.drop(command.file)
            case ChangeProps():
                if command.epoch == emitter.epoch:
                    self._check_alive()
                    change_props(self.session, command)
            case CallAction():
                if command.epoch == emitter.epoch:
                    check_id(command.call)
                    self._check_alive()
                    self.runner.call(command)
            case RemoveElement():
                if command.epoch == emitter.epoch:
                    self._check_alive()
                    remove_component(self.session, command.element)
            case CloseSidebar():
                if command.epoch == emitter.epoch:
                    close_sidebar(self.session, command.id)
            case Inspect() if command.chat == 0:
                self._onlookers.inspect(command)
            case StopInspecting() if command.chat == 0:
                self._onlookers.leave(command.page)
            case SetValue() if command.chat == 0:
                self._onlookers.edit(command)
            case Inspect() | StopInspecting() | SetValue():
                raise ProtocolError(f"A chat's own inspector shows one chat, not number {command.chat}.")
            case Bye():
                emitter.leave(command.page)
                self._onlookers.leave(command.page)
                self._check_unseen()
            case _:
                assert_never(command)

    def _greet(self, hello: Hello) -> None:
        wrong = wrong_version(hello)
        if wrong is None:
            self.session.emitter.answer(check_id(hello.page), hello.epoch, hello.seq)
            self.runner.begin()
        else:
            self.put(wrong)

    def _take_message(self, command: UserMessage) -> None:
        check_id(command.turn)
        with self._lock:
            if command.epoch not in (0, self.session.emitter.epoch):
                return  # written to a session that is over: the page gives the text back when it hears of the new one
            if command.turn in self._past_turns:
                self.put(Refused("This message was taken by the conversation before this one.", command.turn))
                return
            try:
                self._check_picked(command)
                self._check_given(command.files)
                if command.answers is None:
                    self.submit(
                        command.content, command.turn, command.replaces, command.files, command.command, command.modes
                    )
                else:
                    self._take_reply(command, command.answers)
            except REFUSALS as error:
                self.put(Refused(str(error), command.turn))

    def _check_given(self, ids: Sequence[str]) -> None:
        """Refuse files that may not go with a message; what went with one before may do so again."""
        given = [file for file in self.session.files.complete(ids) if not file.is_sent]
        if given:
            check_files(self._rules(None), given)

    def _take_reply(self, command: UserMessage, ask_id: str) -> None:
        """A text that answers a question; the page may send it twice."""
        session = self.session
        if command.turn not in session.known_turns:
            self.answer(said_by_user(session, command.content, command.turn), ask_id)
            session.known_turns.add(command.turn)

    def _take_answer(self, command: Answer) -> None:
        """What else answers a question; the page may send it twice."""
        ask = self.session.asks.get(command.ask)
        if ask is not None:
            ask.take(command)

    def _check_alive(self) -> None:
        if self.runner.is_ended:
            raise SessionEndedError(ENDED)

    def _check_picked(self, command: UserMessage) -> None:
        """Refuse what is not offered; a message that is written again keeps its command."""
        before = self.session.transcript.item(command.replaces or "")
        is_kept = isinstance(before, MessageItem) and before.command == command.command
        if command.turn not in self.session.known_turns:
            check_picked(self.session.transcript.offers, None if is_kept else command.command, command.modes)

    def _check_profile(self, name: str | None) -> None:
        names = [profile.name for profile in self.session.transcript.offers.profiles]
        if name is not None and name not in names:
            raise OptionError(f"There is no profile {name[:100]!r} here, or no more. Choose another one.")

    def _take_form(self, command: FillForm) -> None:
        """Take the settings form as a page has filled it in, once."""
        check_id(command.form)
        with self._lock:
            form = self.session.form
            if form.is_taken(command.form):
                return
            values = form.parse(command.values)
            event = "on_settings_update" if command.confirmed else "on_settings_edit"
            self._check_alive()
            form.take(command.form, values if command.confirmed else {})
            self.runner.aside(event, values)

    def _take_post(self, command: PostWindow) -> None:
        """A message of the window; the page sends it until it hears that it was heard."""
        session, post = self.session, check_id(command.post)
        with self._lock:
            is_heard = post in session.known_posts or self.runner.is_ended  # a page says much that is for others
            if not is_heard:
                session.known_posts.add(post)
                if self.app.callback("on_window_message") is not None:
                    self.post_window(command.data)
        session.emit(WindowHeard(post))

    def _take_part(self, command: PutFile, part: bytes) -> None:
        """Take a part of a file, and say how much of it is here, or why it is not wanted."""
        session, epoch = self.session, self.session.emitter.epoch
        if command.epoch != epoch:
            return  # meant for a session that is over: the page begins anew when it hears of the new one
        try:
            rules = self._rules(command.ask)
            received = session.files.put(command.file, command.name, command.size, command.offset, part, rules)
            self.put(FileState(epoch=epoch, file=command.file, received=received))
        except REFUSALS as error:
            self.put(FileState(epoch=epoch, file=command.file, received=0, message=str(error)))

    def _rules(self, ask: str | None) -> UploadRules:
        """What holds for files that answer a question, or go with a message."""
        if self.runner.is_ended:
            raise SessionEndedError(ENDED)
        if ask is None and (rules := self.upload_rules) is not None:
            return rules
        question = None if ask is None else self.session.transcript.item(ask)
        if isinstance(question, AskItem) and question.type == "file":
            return UploadRules(accept=question.accept, max_files=question.max_files, max_size_mb=question.max_size_mb)
        raise UploadError("This chat takes no files." if ask is None else "The files are not wanted any more.")

    def _serve(self, digest: str) -> None:
        kept = self.session.assets.get(digest)
        now = self._pacer.clock()
        self._arriving = {other: due for other, due in self._arriving.items() if due > now}
        if digest in self._arriving:
            return  # all pages get what one asks for, and ask again for what does not come soon
        blob = kept.read() if isinstance(kept, FileOnDisk) else kept or find_asset(digest)
        if blob is not None and len(blob) > QUICK:
            self._arriving[digest] = now + len(blob) / SPEED
        self.put(Asset(digest), [blob] if blob else [])

    def put(self, packet: Packet, buffers: Sequence[bytes] = ()) -> None:
        """Send a packet that is no event to all pages."""
        try:
            self._send(encode(packet), buffers)
        except Exception:  # a broken connection: the page asks again when it is back
            logger.exception("A packet could not be sent.")

    # ── What cells and pages ask for ─────────────────────────────────────────────────────────────

    def submit(
        self,
        content: str,
        turn_id: str | None = None,
        replaces: str | None = None,
        files: Sequence[str] = (),
        command: str | None = None,
        modes: Mapping[str, str] = {},  # it is not changed
    ) -> Turn | None:
        """Take a message of the user: its turn waits in the inbox. Returns None for a turn that was taken before.

        `files` are the ids of what goes with it.

        Raises
        ------
        SessionEndedError
            When the session is over.
        ProtocolError
            When the message is too long.
        SessionBusyError, OptionError
            When it shall replace a turn, and cannot.
        UploadError
            When a file is not here, or not as a whole.
        """
        with self._lock:
            session, id = self.session, turn_id or str(uuid.uuid4())
            if id in session.known_turns:
                return None
            message = said_by_user(session, content, id, command)
            self.runner.begin()
            turn = Turn(id, session.transcript, message, replaces, files)
            turn.modes = dict(modes)
            self.runner.queue(turn)
            session.files.keep(files)
            session.known_turns.add(id)
            return turn

    def take_files(self, sources: Sequence[FileSource]) -> list[str]:
        """Take files from Python, for a message; returns their ids.

        Raises
        ------
        SessionEndedError
            When the session is over.
        UploadError
            When one of them cannot be read, or there is no room for it.
        """
        if sources and self.runner.is_ended:
            raise SessionEndedError(ENDED)
        return [self.session.files.add(source).id for source in sources]

    def answer(self, value: object, ask_id: str | None = None) -> None:
        """Answer a question that a callback waits with; without an id, the one that waits longest.

        Raises
        ------
        OptionError
            When it is no answer to this question, or nobody waits for one (any more).
        """
        asks = self.session.asks
        ask = next(iter(self.session.open_asks()), None) if ask_id is None else asks.get(ask_id)
        if ask is None and ask_id is None:
            raise OptionError("No callback of this chat waits for an answer.")
        if ask is None or not ask.take(value):
            raise OptionError("This question waits for no answer any more. What you wrote was not sent.")

    def post_window(self, data: object) -> Future[Any]:
        """The window around the chat got a message; returns what is done when the App's callback has ended.

        Raises
        ------
        OptionError
            When it cannot travel, or the App does not want to hear.
        SessionEndedError
            When the session is over.
        """
        message = window_message(data)
        if self.app.callback("on_window_message") is None:
            raise OptionError(f"{self.app.name!r} has no on_window_message callback, so nobody hears the message.")
        self.runner.begin()
        return self.runner.aside("on_window_message", message.data)

    def rate(self, message_id: str, rating: Rating | None) -> None:
        """The user says what an answer is worth, or takes it back. The App hears of it once.

        Raises
        ------
        OptionError
            When there is no such answer, it is not finished, or the App does not want to hear.
        """
        session, transcript = self.session, self.session.transcript
        if self.app.callback("on_feedback") is None:
            raise OptionError(f"{self.app.name!r} has no on_feedback callback, so nobody hears what you think.")
        self._check_alive()
        if rating is not None and len(rating.comment) > MAX_COMMENT_CHARS:
            raise OptionError(f"A comment may have {MAX_COMMENT_CHARS:,} characters, not {len(rating.comment):,}.")
        with self._lock, transcript.lock:
            item = transcript.item(message_id)
            if not isinstance(item, MessageItem) or item.type != "assistant_message" or item.streaming:
                raise OptionError("Only a finished answer can be rated, and this is none, or no more.")
            if item.rating == rating:
                return
            session.emit(MessagePatch(id=item.id, rating=rating), urgent=True)
        if rating is not None:
            feedback = Feedback(
                forId=item.id,
                value=rating.value,
                threadId=session.thread_id,
                id=str(uuid.uuid5(uuid.NAMESPACE_OID, item.id)),
                comment=rating.comment or None,
            )
            self.runner.aside("on_feedback", feedback, at=transcript.home(item.id))

    def open_turn(self) -> str | None:
        """The first turn that has not ended."""
        session = self.session
        waiting = [session.running, *session.inbox]
        return next((turn.id for turn in waiting if turn is not None), None)

    def restart(self, profile: str | None = None) -> Future[None]:
        """End the session and begin a new one; returns what is done when the old one has ended.

        The new one has the profile of the old one, unless another is named.

        Raises
        ------
        SessionEndedError
            When the chat itself has ended.
        """
        with self._lock:
            old = self.runner
            if old.is_ended:
                raise SessionEndedError("This chat has ended. Run its cell again, or make a new Chat.")
            ended = old.end()
            state, old.session.state = old.session.state, old.session.state.hand_over()
            settings = old.session.hand_over_settings()
            self._past_turns |= old.session.known_turns
            profile = profile or old.session.chat_profile
            self.runner = self._new_runner(old.session.emitter.epoch + 1, profile, state, settings, ended)
            self.session.offer(profiles=old.session.transcript.offers.profiles, profile=profile)
            self.session.emit(self._info())  # the first event, so that a page that misses the start notices
            self.session.emitter.follow(old.session.emitter)
            for onlookers in list(self._all_onlookers):
                onlookers.follow(self.runner)
            self.runner.begin()
            return ended

    def show_to(self, put: Callable[[Packet], None], pacer: Pacer, chat: int, chats: int) -> Onlookers:
        """Onlookers elsewhere: inspectors that show several chats."""
        onlookers = Onlookers(self.runner, put, pacer, chat, chats)
        self._all_onlookers.add(onlookers)
        return onlookers

    def leave(self) -> Past:
        """End the session for good; returns the conversation, for another chat to go on with."""
        with self._lock:
            past = self.runner.branches.past()
            self.end()
            return past

    def offer(self, past: Past) -> None:
        """Let `restore` go on with a conversation."""
        self._left = past
        self.app_changed()

    def restore(self) -> Future[None]:
        """Go on with the conversation that was offered; returns what is done when it is there.

        Raises
        ------
        OptionError
            When none was offered, or it was taken already.
        SessionBusyError
            While a message is being answered.
        """
        with self._lock:
            if self._left is None:
                raise OptionError(
                    "There is no conversation to restore: one is kept when the cell that made its chat is run again."
                )
            if self.runner.has_words:
                self.runner.check_movable()
                self.restart()
            self.runner.begin()
            restored = self.runner.adopt(self._left)
            restored.add_done_callback(self._forget_offer)
            return restored

    def _forget_offer(self, restored: Future[None]) -> None:
        if restored.exception() is None:
            self._left = None
            self.app_changed()

    def end(self) -> Future[None]:
        """End the session for good; returns what is done when it has ended."""
        with self._lock:
            live_dispatchers.discard(self)
            ended = self.runner.end()
            ended.add_done_callback(lambda _: self.session.emit(self._info(), urgent=True))
            return ended

    def when_unseen(self, callback: Callable[[], None]) -> None:
        """Call back, once, when no page shows the chat any more."""
        self._unseen = callback
        self.session.emitter.when_alone = self._check_unseen
        self._check_unseen()

    def _check_unseen(self) -> None:
        if self._unseen is not None and not self.session.emitter.is_seen:
            callback, self._unseen = self._unseen, None
            callback()

    def attach(self, app: App, send: Send, detach: Callable[[], None], env: Mapping[str, str] | None = None) -> None:
        """Belong to this chat from now on; the one it belonged to is told by its own `detach`."""
        with self._lock:
            if env:
                self._env = self.session.env = dict(env)
            before, self._detach = self._detach, detach
            self.app = self.runner.app = app
            self.session.options = app.options
            self._send = self.session.emitter.send = send
            app.watch(self)
        if before is not None:
            before()
        self.app_changed()

    def app_changed(self) -> None:
        """Show whether the App can answer now, and what else it offers."""
        self.runner.ask_for_offers()
        if not self.runner.is_ended:
            self.session.offer(**self._standing_offers())
        info = self._info()
        if info != self.session.emitter.transcript.info and not info.ended:
            self.session.assistant = info.assistant
            self.session.emit(info, urgent=True)

    # ── Sessions ─────────────────────────────────────────────────────────────────────────────────

    def _new_runner(
        self,
        epoch: int,
        profile: str | None,
        state: SessionState | None = None,
        settings: Settings | None = None,
        after: Future[None] | None = None,
    ) -> Runner:
        unknown = Info(session="", assistant=self.app.name, has_on_message=False)
        emitter = Emitter(Transcript(unknown), self._send, self._pacer, epoch)
        session = Session(
            self.app.name,
            emitter,
            state=state,
            settings=settings,
            name=self._name,
            user=self._user,
            env=self._env,
            chat_profile=profile,
        )
        session.window = self.window
        runner = Runner(session, self.app, self._host, self._loop, self._context, after)
        emitter.transcript.info = self._info(runner)
        emitter.transcript.offers = Offers(**self._standing_offers())
        return runner

    def _standing_offers(self) -> dict[str, Any]:
        """What is offered by the App being as it is; what its callbacks offer, they are asked."""
        return {
            "uploads": self.upload_rules,
            "feedback": self.app.callback("on_feedback") is not None,
            "window_messages": self.app.callback("on_window_message") is not None,
        }

    def _info(self, runner: Runner | None = None) -> Info:
        runner = runner or self.runner
        return Info(
            session=runner.session.id,
            assistant=self.app.name,
            user=runner.session.author if runner.session.user else None,
            has_on_message=self.app.callback("on_message") is not None,
            ended=runner.is_ended,
            can_restore=self._left is not None,
        )


def check_id(id: str) -> str:
    """An id that a page made up.

    Raises
    ------
    ProtocolError
        When it is too long.
    """
    if len(id) > MAX_ID_CHARS:
        raise ProtocolError(f"An id may have {MAX_ID_CHARS} characters, not {len(id):,}.")
    return id


def wrong_version(hello: Hello) -> Incompatible | None:
    """What a page is told that speaks another version of the protocol."""
    if hello.protocol == PROTOCOL_VERSION:
        return None
    return Incompatible(
        PROTOCOL_VERSION,
        f"This page was loaded with another version of anychat (protocol {hello.protocol}) than the kernel "
        f"runs (protocol {PROTOCOL_VERSION}). Save the notebook and reload the page; if this stays, "
        "restart the kernel and run the cell again.",
    )


# ── All chats ────────────────────────────────────────────────────────────────────────────────────

live_dispatchers: WeakSet[Dispatcher] = WeakSet()
"""The chats of this process whose sessions are alive."""


def find_named(name: str) -> Dispatcher | None:
    """The live chat that was given this name."""
    return next((each for each in list(live_dispatchers) if each.session.name == name), None)


def end_all(timeout: float = 2.0) -> None:
    """The process goes down: end all sessions, then all Apps, and give their callbacks some seconds."""
    endings: dict[asyncio.AbstractEventLoop, list[Future[None]]] = {}
    for dispatcher in list(live_dispatchers):
        endings.setdefault(dispatcher.runner.loop, []).append(dispatcher.end())
    for loop, futures in endings.items():
        if loop.is_running():  # in a thread of its own
            wait(futures, timeout)
        elif not loop.is_closed():
            loop.run_until_complete(_all_of(futures, timeout))
    for app in list(begun_apps):
        begun_apps.discard(app)
        _shut_down(app, timeout)


def _shut_down(app: App, timeout: float) -> None:
    callback, loop = app.callback("on_app_shutdown"), app.loop
    if callback is None or loop is None:
        return
    last = asyncio.wait_for(call(callback, (), Unheard()), timeout)
    try:
        if loop.is_running():  # in a thread of its own
            asyncio.run_coroutine_threadsafe(last, loop).result(timeout)
        elif loop.is_closed():
            asyncio.run(last)
        else:
            loop.run_until_complete(last)
    except Exception:  # there is no chat any more to show it in
        logger.exception("on_app_shutdown of %r raised.", app)


async def _all_of(futures: Sequence[Future[None]], timeout: float) -> None:
    await asyncio.wait([asyncio.wrap_future(future) for future in futures], timeout=timeout)


def check_not_inside(session: Session) -> None:
    """Refuse to wait for a turn of the session whose turn is running, or whose loop stands still: that never ends.

    Raises
    ------
    ContextError
        When the running callback belongs to `session`, or a cell waits with ``cl.run_sync``.
    """
    if blocked_loop.get() is not None and blocked_loop.get() is session.loop:
        raise ContextError(
            "cl.run_sync makes the cell wait, and this chat answers on the very loop that the cell holds. "
            'Write `await chat.send(...)` in the cell, or make the chat with Chat(..., loop="thread").'
        )
    turn = current_turn.get()
    if current_session.get(None) is session and turn is not None and turn is session.running:
        raise ContextError(
            "A callback cannot wait for another turn of its own chat: that turn runs only when this one has ended. "
            "Call the function itself, or send from a cell or from another chat."
        )
