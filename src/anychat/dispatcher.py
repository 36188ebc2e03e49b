"""The dispatcher: takes commands, and runs user code in the right session. One for each chat.

::

    receive(command)   any thread: decode, note, answer. No user code runs here.
        └▶ inbox ─▶ worker (one task per session, on its loop) ─▶ turn (a task in the session's context)

The turns of a session run one after another; sessions run side by side. Only the dispatcher starts tasks, and
it keeps every one.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
import uuid
from asyncio import Task
from collections.abc import Coroutine, Mapping, Sequence
from concurrent.futures import Future, wait
from datetime import UTC, datetime
from functools import partial
from typing import Any, assert_never
from weakref import WeakSet

from .assets import find_asset
from .callbacks import App, Watcher, accepted
from .concurrency import call
from .context import current_session, current_turn
from .emitter import Emitter, Send
from .errors import CallbackInterrupted, ContextError, HandlerError, OptionError, ProtocolError, SessionEndedError
from .host import Host, LoopName
from .logger import logger
from .message import Message, utc_now
from .orphans import error_home, watch_loop
from .pacer import Pacer, kernel_pacer
from .protocol import (
    MAX_MESSAGE_CHARS,
    PROTOCOL_VERSION,
    Ack,
    Asset,
    Bye,
    Command,
    GetAsset,
    Hello,
    Incompatible,
    Info,
    ItemPut,
    MessageItem,
    MessagePatch,
    MessageType,
    Packet,
    Refused,
    Restart,
    Resync,
    Stop,
    TurnPut,
    TurnRemoved,
    TurnStatus,
    UserMessage,
    Withdraw,
    decode_command,
    encode,
)
from .reply import TurnReply
from .session import Session
from .state import SessionState
from .transcript import Transcript
from .turn import Turn
from .user import User

LANDING = 5.0  # seconds that a stopped callback has to clean up before its session ends without it
MAX_TURN_ID_CHARS = 100

History = Sequence[Mapping[str, str] | MessageItem]
"""A conversation that is already there: ``{"role": ..., "content": ...}``, or what ``chat.messages`` gives."""


class Dispatcher(Watcher):
    """Takes the commands of one chat and runs its App's callbacks.

    All methods may be called from any thread.

    Parameters
    ----------
    app
        Whose callbacks to run.
    host
        The place it runs in.
    send
        Sends packets to the chat's pages.
    name, user, loop, history
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
        loop: LoopName = "main",
        history: History = (),
        pacer: Pacer | None = None,
    ) -> None:
        self.app = app
        self.host = host
        self._send = send
        self._name = name
        self._user = user
        self._pacer = pacer or kernel_pacer()
        self.loop = host.loop(loop)
        self._context = contextvars.copy_context()
        self._lock = threading.RLock()
        self._tasks: set[Task[None]] = set()
        self._ending: Future[None] | None = None  # the end of the session before this one
        self.session = self._new_session(1)
        self._fill(self.session, history)
        app.watch(self)
        live_dispatchers.add(self)

    # ── Commands ─────────────────────────────────────────────────────────────────────────────────

    def receive(self, text: object) -> None:
        """Take a command from a page, as JSON text. What is wrong with it is said in the page."""
        try:
            command = decode_command(text)
        except ProtocolError as error:
            self.put(Refused(str(error)))
            return
        self._handle(command)

    def _handle(self, command: Command) -> None:
        emitter = self.session.emitter
        match command:
            case UserMessage():
                self._take_message(command)
            case Stop():
                self.stop(command.turn)
            case Withdraw():
                self.withdraw(command.turn)
            case Restart():
                if command.epoch == emitter.epoch:
                    self.restart()
            case Hello():
                self._greet(command)
            case Resync():
                emitter.answer(command.page, command.epoch, command.seq)
            case Ack():
                emitter.acknowledge(command.page, command.epoch, command.seq)
            case GetAsset():
                self._serve(command.hash)
            case Bye():
                emitter.leave(command.page)
            case _:
                assert_never(command)

    def _greet(self, hello: Hello) -> None:
        if hello.protocol != PROTOCOL_VERSION:
            self.put(
                Incompatible(
                    PROTOCOL_VERSION,
                    f"This page was loaded with another version of anychat (protocol {hello.protocol}) than the kernel "
                    f"runs (protocol {PROTOCOL_VERSION}). Save the notebook and reload the page; if this stays, "
                    "restart the kernel and run the cell again.",
                )
            )
            return
        self.session.emitter.answer(hello.page, hello.epoch, hello.seq)
        self.start()

    def _take_message(self, command: UserMessage) -> None:
        if len(command.turn) > MAX_TURN_ID_CHARS:
            self.put(Refused(f"A turn's id may have {MAX_TURN_ID_CHARS} characters, not {len(command.turn):,}."))
            return
        try:
            self.submit(command.content, command.turn)
        except (SessionEndedError, ProtocolError) as error:
            self.put(Refused(str(error), command.turn))

    def _serve(self, digest: str) -> None:
        blob = self.session.assets.get(digest) or find_asset(digest)
        self.put(Asset(digest), [blob] if blob else [])

    def put(self, packet: Packet, buffers: Sequence[bytes] = ()) -> None:
        """Send a packet that is no event to all pages."""
        try:
            self._send(encode(packet), buffers)
        except Exception:  # a broken connection: the page asks again when it is back
            logger.exception("A packet could not be sent.")

    # ── What pages and cells ask for ─────────────────────────────────────────────────────────────

    def start(self) -> None:
        """Begin the session, if it has not begun: a page shows it, or somebody speaks."""
        session = self.session
        with self._lock:
            if session.is_started or session.is_ended:
                return
            session.is_started = True
            session.started_at = datetime.now(UTC)
            if self.app.callback("on_chat_start"):
                opening = Turn(str(uuid.uuid4()), session.emitter.transcript)
                self._queue(session, opening)
            else:
                self._loop_call(self._set_status, session, "idle")

    def submit(self, content: str, turn_id: str | None = None) -> Turn:
        """Take a message of the user: its turn waits in the inbox. A turn that is known already is not taken twice.

        Raises
        ------
        SessionEndedError
            When the session is over.
        ProtocolError
            When the message is too long.
        """
        if len(content) > MAX_MESSAGE_CHARS:
            raise ProtocolError(
                f"A message may have {MAX_MESSAGE_CHARS:,} characters, but this one has {len(content):,}. "
                "Send it in parts."
            )
        with self._lock:
            session = self.session
            if session.is_ended:
                raise SessionEndedError("This chat has ended. Run its cell again, or make a new Chat.")
            self.start()
            id = turn_id or str(uuid.uuid4())
            transcript = session.emitter.transcript
            message = MessageItem(
                id=id, type="user_message", author=session.author, content=content, created_at=utc_now()
            )
            turn = Turn(id, transcript, message)
            if id in session.seen:
                return turn
            session.seen.add(id)
            self._queue(session, turn)
            return turn

    def _queue(self, session: Session, turn: Turn) -> None:
        session.inbox.append(turn)
        said = [ItemPut(turn.id, turn.message)] if turn.message else []
        session.emit(TurnPut(turn.id, "queued"), *said, patient=True)
        self._loop_call(self._wake, session)

    def withdraw(self, turn_id: str) -> None:
        """Take back a message that still waits."""
        with self._lock:
            turn = self._take_from_inbox(turn_id)
            if turn is not None:
                self.session.emit(TurnRemoved(turn_id), urgent=True)
                turn.finished.set_result(turn)

    def stop(self, turn_id: str | None = None) -> Turn | None:
        """Stop a turn that runs or waits; without an id, the one that runs. Returns it."""
        with self._lock:
            session = self.session
            running = session.running
            if running is not None and turn_id in (None, running.id):
                running.is_stopping = True
                session.emit(TurnPut(running.id, "stopping"), urgent=True)
                self._loop_call(self._cancel, session, running)
                return running
            waiting = self._take_from_inbox(turn_id) if turn_id else None
            if waiting is not None:
                session.emit(TurnPut(waiting.id, "stopped"), urgent=True)
                waiting.finished.set_result(waiting)
            return waiting

    def restart(self) -> Future[None]:
        """End the session and begin a new one; returns what is done when the old one has ended."""
        with self._lock:
            old = self.session
            self._ending = self._end(old)
            state, old.state = old.state, old.state.move()  # what observes and links the chat's state goes on
            self.session = self._new_session(old.emitter.epoch + 1, state)
            self.session.emitter.follow(old.emitter)
            self.start()
            return self._ending

    def end(self) -> Future[None]:
        """End the session for good; returns what is done when it has ended."""
        with self._lock:
            live_dispatchers.discard(self)
            return self._end(self.session)

    def move(self, app: App, send: Send) -> None:
        """Go on with another App and for another chat: the one of the same name that was made again."""
        with self._lock:
            self.app, self._send = app, send
            self.session.emitter.send = send
            app.watch(self)
            self.app_changed()

    def app_changed(self) -> None:
        """Show whether the App can answer now."""
        session = self.session
        info = self._info(session)
        if info != session.emitter.transcript.info and not session.is_ended:
            session.assistant = info.assistant
            session.emit(info, urgent=True)

    # ── Sessions ─────────────────────────────────────────────────────────────────────────────────

    def _new_session(self, epoch: int, state: SessionState | None = None) -> Session:
        info = Info(session="", assistant=self.app.name, has_on_message=False)
        emitter = Emitter(Transcript(info), self._send, self._pacer, epoch)
        session = Session(self.app.name, emitter, state=state, name=self._name, user=self._user)
        emitter.transcript.info = self._info(session)
        return session

    def _info(self, session: Session) -> Info:
        return Info(
            session=session.id,
            assistant=self.app.name,
            user=session.user.display_name or session.user.identifier if session.user else None,
            has_on_message=self.app.callback("on_message") is not None,
            ended=session.is_ended,
        )

    def _fill(self, session: Session, history: History) -> None:
        """Put a conversation that is already there into the transcript."""
        turn_id = None
        for entry in history:
            item = _history_item(entry, session)
            if turn_id is None or item.type == "user_message":
                turn_id = item.id if item.type == "user_message" else str(uuid.uuid4())
                session.seen.add(turn_id)
                session.emit(TurnPut(turn_id, "done"))
            session.emit(ItemPut(turn_id, item))
            session.chat_context[item.id] = Message.from_item(item, session)

    def _end(self, session: Session) -> Future[None]:
        if session.ended is None:
            session.ended = Future()
            waiting = list(session.inbox)
            session.inbox.clear()
            for turn in waiting:
                session.emit(TurnPut(turn.id, "stopped"))
                turn.finished.set_exception(SessionEndedError("The session ended before this message's turn came."))
            self._loop_call(self._start_ending, session)
        return session.ended

    def _start_ending(self, session: Session) -> None:
        self._start(self._finish_session(session))

    async def _finish_session(self, session: Session) -> None:
        try:
            running = session.running
            if running is not None:
                running.is_stopping = True
                self._cancel(session, running)
                await asyncio.wait([asyncio.wrap_future(running.finished)], timeout=LANDING)
                running.muted = True
            if session.is_started:
                await self._run_callback(session, None, "on_chat_end")
        finally:
            self._set_status(session, "ended")
            session.emit(self._info(session), urgent=True)
            session.forget()
            if session.ended is not None:
                session.ended.set_result(None)

    # ── Turns ────────────────────────────────────────────────────────────────────────────────────

    def _wake(self, session: Session) -> None:
        """On the loop: see to it that the session's worker runs."""
        if session.worker is None:
            session.worker = self._start(self._work(session))

    async def _work(self, session: Session) -> None:
        """Run the turns in the inbox, one after another."""
        if self._ending is not None and session is self.session:
            await asyncio.wait([asyncio.wrap_future(self._ending)], timeout=LANDING)
        while (turn := self._next_turn(session)) is not None:
            await self._run_turn(session, turn)

    def _next_turn(self, session: Session) -> Turn | None:
        with self._lock:
            session.running = session.inbox.popleft() if session.inbox else None
            if session.running is None:
                session.worker = None
            return session.running

    async def _run_turn(self, session: Session, turn: Turn) -> None:
        session.touch()
        self._set_status(session, "running")
        session.emit(TurnPut(turn.id, "running"), patient=True)
        event = "on_message" if turn.message else "on_chat_start"
        status = await self._run_callback(session, turn, event)
        if status == "stopped":
            await self._run_callback(session, turn, "on_stop")
        self._finish_turn(session, turn, status)

    def _finish_turn(self, session: Session, turn: Turn, status: TurnStatus) -> None:
        record = session.emitter.transcript.turn(turn.id)
        for item in record.items if record else []:
            if isinstance(item, MessageItem) and item.streaming:
                session.emit(MessagePatch(id=item.id, streaming=False))
        with self._lock:
            turn.muted = status == "stopped"
            session.running = None
            session.emit(TurnPut(turn.id, status), urgent=True)
        session.turns += 1
        session.touch()
        self._set_status(session, "idle")
        turn.finished.set_result(turn)

    async def _run_callback(self, session: Session, turn: Turn | None, event: str) -> TurnStatus:
        """Run a callback in the session's context, as a task that can be stopped; returns how it ended."""
        callback = self.app.callback(event)
        if callback is None and event != "on_message":
            return "done"
        context = self._context.copy()
        context.run(current_session.set, session)
        context.run(current_turn.set, turn)
        context.run(error_home.set, partial(self._show_error, session, turn))
        task = self._start(self.host.interruptible(self._call(session, turn, event)), context)
        if turn is not None and event != "on_stop":
            turn.task = task
            if turn.is_stopping:  # stopped before it could begin
                task.cancel()
        await asyncio.wait([task])
        return self._outcome(session, turn, task)

    async def _call(self, session: Session, turn: Turn | None, event: str) -> None:
        """In the turn's own task and context."""
        callback = self.app.callback(event)
        if callback is None:
            raise HandlerError(
                f"{self.app.name!r} has no on_message callback, so nobody answers. Write one under "
                "@cl.on_message (or @app.on_message for an App of your own), run its cell, and send the message again."
            )
        message = Message.from_item(turn.message, session) if turn and turn.message else None
        if message is not None and event == "on_message":
            session.chat_context[message.id] = message
        reply = TurnReply(session, turn or Turn(session.latest_turn(), session.emitter.transcript), self.host)
        with self.host.capture(reply.printed, reply.displayed):
            try:
                arguments = (message,) if event == "on_message" else ()
                await call(callback, accepted(callback, arguments), reply)
            finally:
                reply.close()

    def _outcome(self, session: Session, turn: Turn | None, task: Task[None]) -> TurnStatus:
        if task.cancelled():
            error: BaseException | None = asyncio.CancelledError("something that this callback awaited was cancelled")
        else:
            error = task.exception()
        if turn is not None and turn.is_stopping and (error is None or isinstance(error, asyncio.CancelledError)):
            return "stopped"
        if isinstance(error, CallbackInterrupted):
            return "stopped"
        if error is None:
            return "done"
        if turn is not None:
            turn.error = error
        self._show_error(session, turn, error)
        return "failed"

    def _show_error(self, session: Session, turn: Turn | None, error: BaseException) -> None:
        """Show an exception at its turn, with its traceback, and leave it in the log."""
        logger.error("A callback of %s raised.", self.app, exc_info=error)
        text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        item = MessageItem(
            id=str(uuid.uuid4()),
            type="assistant_message",
            author=session.assistant,
            content=text,
            created_at=utc_now(),
            is_error=True,
            traceback=self.host.format_error(error),
        )
        turn_id = turn.id if turn and turn.id in session.emitter.transcript else session.latest_turn()
        session.emit(ItemPut(turn_id, item), urgent=True)

    # ── Tasks ────────────────────────────────────────────────────────────────────────────────────

    def _start(self, coroutine: Coroutine[Any, Any, None], context: contextvars.Context | None = None) -> Task[None]:
        watch_loop(self.loop)
        task = self.loop.create_task(coroutine, context=context or self._context.copy())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _cancel(self, session: Session, turn: Turn) -> None:
        """On the loop."""
        if turn.task is not None and session.running is turn:
            turn.task.cancel()

    def _loop_call(self, function: Any, *arguments: object) -> None:
        try:
            self.loop.call_soon_threadsafe(partial(function, *arguments), context=self._context.copy())
        except RuntimeError:  # the loop is closed: the process is going down
            logger.debug("The loop is closed; %s is not called.", function)

    def _set_status(self, session: Session, status: str) -> None:
        if session.status != "ended":
            session.status = status

    def _take_from_inbox(self, turn_id: str) -> Turn | None:
        inbox = self.session.inbox
        turn = next((turn for turn in inbox if turn.id == turn_id), None)
        if turn is not None:
            inbox.remove(turn)
        return turn


live_dispatchers: WeakSet[Dispatcher] = WeakSet()
"""The chats of this process whose sessions are alive."""


def end_all(timeout: float = 2.0) -> None:
    """The process goes down: end all sessions, and give their ``on_chat_end`` some seconds."""
    endings: dict[asyncio.AbstractEventLoop, list[Future[None]]] = {}
    for dispatcher in list(live_dispatchers):
        endings.setdefault(dispatcher.loop, []).append(dispatcher.end())
    for loop, futures in endings.items():
        if loop.is_running():  # in a thread of its own
            wait(futures, timeout)
        elif not loop.is_closed():
            loop.run_until_complete(_all_of(futures, timeout))


async def _all_of(futures: Sequence[Future[None]], timeout: float) -> None:
    await asyncio.wait([asyncio.wrap_future(future) for future in futures], timeout=timeout)


def find_named(name: str) -> Dispatcher | None:
    """The live chat that was given this name."""
    return next((each for each in list(live_dispatchers) if each.session.name == name), None)


_TYPES: dict[str, MessageType] = {
    "user": "user_message",
    "assistant": "assistant_message",
    "system": "system_message",
}


def _history_item(entry: Mapping[str, str] | MessageItem, session: Session) -> MessageItem:
    if isinstance(entry, MessageItem):
        return entry
    if not isinstance(entry, Mapping) or not isinstance(entry.get("content"), str) or entry.get("role") not in _TYPES:
        raise OptionError(
            'Chat(messages=...) takes dicts such as {"role": "user", "content": "hello"}, with the role '
            f"user, assistant or system and a str as content, not {entry!r}."
        )
    type = _TYPES[entry["role"]]
    author = session.author if type == "user_message" else session.assistant
    return MessageItem(id=str(uuid.uuid4()), type=type, author=author, content=entry["content"], created_at=utc_now())


def check_not_inside(session: Session) -> None:
    """Refuse to wait for a turn of the session whose turn is running: it would wait for itself.

    Raises
    ------
    ContextError
        When the running callback belongs to `session`.
    """
    if current_session.get(None) is session and current_turn.get() is not None:
        raise ContextError(
            "A callback cannot wait for another turn of its own chat: that turn runs only when this one has ended. "
            "Call the function itself, or send from a cell or from another chat."
        )
