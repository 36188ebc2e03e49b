"""The runner: runs user code in one session.

::

    queue(turn) ─▶ inbox ─▶ worker (one task, on the session's loop) ─▶ turn (a task in the session's context)

The turns of a session run one after another; sessions run side by side. What else a user can do (click a button,
fill in a form) does not wait for them: its callback runs *aside*, and what it says and raises stands at a turn that
is there. Only the runner starts tasks, and it keeps every one. What a callback raises is shown at its turn and ends
nothing but that turn.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
import uuid
from asyncio import AbstractEventLoop, Task
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import Future
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any

from .action import Action
from .branches import Branches, Past, is_said_by_user
from .callbacks import App, Callback, accepted, named
from .concurrency import Unheard, call
from .context import current_session, current_turn, local_steps
from .custom_element import CustomElement, find_component
from .element import Element, given_element
from .errors import AnychatError, CallbackInterrupted, HandlerError, OptionError, SessionBusyError, SessionEndedError
from .history import as_thread
from .host import Host
from .logger import logger
from .message import Message, utc_now
from .offering import Offering
from .offers import resolve_modes
from .orphans import Home, home, watch_loop
from .protocol import (
    ActionItem,
    CallAction,
    Item,
    ItemPut,
    MessageItem,
    MessagePatch,
    StepItem,
    StepPatch,
    TurnPut,
    TurnRemoved,
    TurnStatus,
)
from .reply import AsideReply, TurnReply
from .session import Session
from .step import Run
from .tracebacks import summary
from .turn import Turn

ENDED = "This chat has ended. Run its cell again, or make a new Chat."
RUNS = ("on_chat_start", "on_message")
"""The callbacks that stand around their steps as a run."""
LANDING = 5.0  # seconds that callbacks have to clean up before their session ends without them


class Runner:
    """Runs the callbacks of one session, from its beginning to its end.

    Public methods may be called from any thread; the others run on the loop.

    Parameters
    ----------
    session
        Whose turns to run.
    app
        Whose callbacks to run; it may be replaced.
    host, loop
        Where they run.
    context
        The context that callbacks start from.
    after
        The end of an earlier session, to be waited for.
    """

    def __init__(
        self,
        session: Session,
        app: App,
        host: Host,
        loop: AbstractEventLoop,
        context: contextvars.Context,
        after: Future[None] | None = None,
    ) -> None:
        self.session = session
        self.app = app
        self.loop = loop
        self.branches = Branches(session)
        self.offering = Offering(session)
        self.ended: Future[None] | None = None  # set when the end begins, done when it is over
        self.opening: Turn | None = None  # the turn of on_chat_start, or of on_chat_resume
        self.goes_on = False  # with a conversation that was there when its chat was made
        self._host = host
        self._context = context
        self._after = after
        self._lock = threading.RLock()
        self._tasks: set[Task[None]] = set()
        self.answers: set[Future[Any]] = set()  # of callbacks that run aside
        self._asides: set[Turn] = set()  # what stands for the turns that callbacks run at aside
        self._worker: Task[None] | None = None
        self._has_begun = False  # so that on_chat_end is owed
        session.loop = loop
        session.rename_author = self._rename_author
        session.options = app.options
        session.call_observers = self._call_where_observers_run
        session.state.tell_with(self._call_where_observers_run)
        session.chat_settings.tell_with(self._call_where_observers_run)

    @property
    def is_ended(self) -> bool:
        """Whether the end has at least begun: no new turn is taken."""
        return self.ended is not None

    # ── From any thread ──────────────────────────────────────────────────────────────────────────

    def begin(self) -> None:
        """Begin the session, if it has not begun: a page shows it, or somebody speaks."""
        session = self.session
        with self._lock:
            if session.is_started or self.is_ended:
                return
            session.is_started = True
            session.started_at = datetime.now(UTC)
            self.app.begin(self.loop)
            if self._has_opening:
                self.opening = Turn(str(uuid.uuid4()), session.transcript)
                self.queue(self.opening)
            else:
                self._has_begun = True
                self._call_on_loop(self.session.enter, "idle")
                self.ask_for_offers()

    @property
    def _has_opening(self) -> bool:
        """Whether something comes before the first message."""
        owes_startup = self.app.callback("on_app_startup") and not self.app.startup.is_claimed
        return bool(self.app.callback(self._opening_event) or self.app.callback("set_chat_profiles") or owes_startup)

    @property
    def _opening_event(self) -> str:
        goes_on = self.goes_on and self.app.callback("on_chat_resume") is not None
        return "on_chat_resume" if goes_on else "on_chat_start"

    def queue(self, turn: Turn) -> None:
        """Let a turn wait until those before it have ended.

        Raises
        ------
        SessionEndedError
            When the session, or the loop that it lives on, is over.
        SessionBusyError, OptionError
            When it replaces a turn, and cannot.
        """
        with self._lock:
            if turn.replaces is not None:
                self._check_rewindable(turn.replaces)
            elif self.is_ended:
                raise SessionEndedError(ENDED)
            self.session.inbox.append(turn)
            if not self._call_on_loop(self._wake):
                self.session.inbox.remove(turn)
                raise SessionEndedError(
                    "The event loop that this chat was made on is closed, so nothing can run on it any more. "
                    'Make the chat where it is used, or with Chat(..., loop="thread"), whose loop lives on.'
                )
            if turn.replaces is not None:
                self.branches.rewind(turn.replaces)
            said = [ItemPut(turn.id, turn.message)] if turn.message else []
            said += [ItemPut(turn.id, element.item_in(self.session)) for element in self._given(turn)]
            siblings = self.session.transcript.siblings_of_next(turn.id) if turn.message else []
            self.session.emit(TurnPut(turn.id, "queued", siblings), *said, patient=True)

    def withdraw(self, turn_id: str) -> None:
        """Take back a message that still waits."""
        with self._lock:
            turn = self.session.find(turn_id)
            if turn is not None and turn is not self.session.running and turn.message is not None:
                self.session.inbox.remove(turn)
                self.session.emit(TurnRemoved(turn_id), urgent=True)
                turn.finished.set_result(turn)
                if turn.replaces is not None and not self.is_busy:
                    self.branches.show(turn.replaces)

    def call_soon(self, function: Callable[..., object], *arguments: object) -> bool:
        """Call a function where callbacks run; whether there still is such a place."""
        return self._call_on_loop(function, *arguments)

    @property
    def is_busy(self) -> bool:
        """Whether a turn runs or waits."""
        return self.session.running is not None or bool(self.session.inbox)

    def rewind(self, turn_id: str) -> None:
        """Go back to before a turn.

        Raises
        ------
        SessionBusyError
            While a turn runs or waits.
        SessionEndedError
            When the session is over.
        OptionError
            When the turn is not shown, or is the opening one.
        """
        with self._lock:
            self._check_rewindable(turn_id)
            self.branches.rewind(turn_id)

    def show_branch(self, turn_id: str) -> None:
        """Go to the branch that begins with a turn; raises as `rewind` does."""
        with self._lock:
            self.check_movable()
            if turn_id not in self.session.transcript:
                raise OptionError(f"This conversation has no branch that begins with {turn_id!r}.")
            if not self.session.transcript.is_shown(turn_id):
                self.branches.show(turn_id)

    def adopt(self, past: Past) -> Future[None]:
        """Go on with another session's conversation, in place of what the opening turn said, once that has ended.

        Returns what is done then; it raises `SessionBusyError` if the user began to speak meanwhile.
        """
        adopted: Future[None] = Future()
        adopted.set_running_or_notify_cancel()

        def adopt(_opening: Future[Turn] | None = None) -> None:
            with self._lock:
                try:
                    self.check_movable()
                    self.branches.adopt(past)
                    adopted.set_result(None)
                except AnychatError as error:
                    adopted.set_exception(error)

        with self._lock:
            opening = self.session.running or next(iter(self.session.inbox), None)
            if opening is None or opening.message is not None:
                adopt()
            else:
                if self.session.asks:  # what it asks does not matter any more
                    self.stop()
                opening.finished.add_done_callback(adopt)
        return adopted

    def resume(self, past: Past) -> None:
        """Begin the session in the middle of a conversation: it had its opening elsewhere."""
        with self._lock:
            self.session.is_started = self._has_begun = True
            self.session.started_at = datetime.now(UTC)
            self.app.begin(self.loop)
            self.branches.adopt(past)
            self._call_on_loop(self.session.enter, "idle")
            self.ask_for_offers()

    @property
    def has_words(self) -> bool:
        """Whether the user has said something that is shown."""
        return any(map(is_said_by_user, self.session.transcript.turns))

    def check_movable(self) -> None:
        """Refuse to go to another point of the conversation while a turn runs or waits, or when it is over."""
        if self.is_ended:
            raise SessionEndedError(ENDED)
        if self.is_busy or self.session.asks:
            raise SessionBusyError(
                "This conversation cannot go to another point while an answer is on its way. Wait for it, or stop it."
            )

    def _check_rewindable(self, turn_id: str) -> None:
        self.check_movable()
        transcript = self.session.transcript
        turn = transcript.turn(turn_id) if transcript.is_shown(turn_id) else None
        if turn is None or not is_said_by_user(turn):
            raise OptionError(
                "A conversation goes back to before a message of the user that is shown now, and "
                f"{turn_id!r} is none. To begin anew, restart the chat."
            )

    def aside(self, event: str, *arguments: object, at: str | None = None) -> Future[Any]:
        """Run a callback at once, beside the turns: for what a user does that is no message.

        The session's end cancels it. A stop means the turns; only where none runs or waits, it cancels what runs aside.

        Parameters
        ----------
        event
            Whose callback, such as ``"on_settings_update"``; see also `named`.
        *arguments
            What it is offered; it may take less.
        at
            The turn at which it speaks, prints and fails; the latest if none is given.

        Returns
        -------
        Future
            What the callback returns, which is not shown; None when it raised or was cancelled, or there is none.

        Raises
        ------
        SessionEndedError
            When the session, or the loop that it lives on, is over.
        """
        answer: Future[Any] = Future()
        answer.set_running_or_notify_cancel()  # whoever waits for it may give up, it goes on
        with self._lock:
            if self.is_ended or not self._call_on_loop(self._begin_aside, event, arguments, at, answer):
                raise SessionEndedError(ENDED)
            self.answers.add(answer)
            answer.add_done_callback(self.answers.discard)
        return answer

    def ask_for_offers(self) -> None:
        """Ask the App what it offers this user, where it was not asked before: callbacks may have been registered."""
        with self._lock, suppress(SessionEndedError):
            if self._has_begun and not self.is_ended:
                for event in self.offering.due(self.app):
                    answer = self.aside(event, *self.offering.arguments)
                    answer.add_done_callback(partial(self._take_answer, event))

    def _take_answer(self, event: str, answer: Future[Any]) -> None:
        self._take_offer(event, answer.result())

    def _take_offer(self, event: str, answer: object) -> None:
        try:
            self.offering.take(event, answer)
        except AnychatError as error:
            self._show_error(Turn(self.session.latest_turn(), self.session.transcript), error)

    def stop(self, turn_id: str | None = None) -> Turn | None:
        """Stop a turn that runs or waits; without an id, the one that runs. Returns it.

        Where there is none, what runs aside is stopped, and nobody waits for an answer any more.
        """
        with self._lock:
            turn = self.session.find(turn_id) if turn_id else self.session.running
            if turn is None:
                if not self.is_busy:
                    self._call_on_loop(self._cancel_asides)
                    self.session.cancel_asks()
                return None
            if turn is self.session.running:
                turn.is_stopping = True
                self.session.emit(TurnPut(turn.id, "stopping"), urgent=True)
                self._call_on_loop(self._cancel, turn)
            else:
                self.session.inbox.remove(turn)
                self.session.emit(TurnPut(turn.id, "stopped"), urgent=True)
                turn.finished.set_result(turn)
            return turn

    def end(self) -> Future[None]:
        """End the session, once: stop what runs, drop what waits, run ``on_chat_end``; returns what is done then."""
        with self._lock:
            if self.ended is None:
                self.ended = Future()
                self.ended.set_running_or_notify_cancel()  # whoever waits for it may give up, it goes on
                self._drop_inbox()
                if not self._call_on_loop(lambda: self._spawn(self._run_end())):
                    self.ended.set_result(None)
            return self.ended

    def _drop_inbox(self) -> None:
        inbox = self.session.inbox
        while inbox:
            turn = inbox.popleft()
            self.session.emit(TurnPut(turn.id, "stopped"))
            turn.finished.set_exception(SessionEndedError("The session ended before this message's turn came."))

    def _call_on_loop(self, function: Callable[..., object], *arguments: object) -> bool:
        """Whether there is still a loop to call it."""
        try:
            self.loop.call_soon_threadsafe(partial(function, *arguments), context=self._context.copy())
        except RuntimeError:
            return False
        return True

    # ── Turns ────────────────────────────────────────────────────────────────────────────────────

    def _wake(self) -> None:
        """See to it that the worker runs."""
        with self._lock:
            if self._worker is None and self.session.inbox:
                self._worker = self._spawn(self._work())

    async def _work(self) -> None:
        """Run the turns in the inbox, one after another."""
        try:
            await self._wait_for_earlier_end()
            while (turn := self._next_turn()) is not None:
                await self._run_turn(turn)
        finally:
            with self._lock:
                self._worker = None
                if self.session.inbox:  # a turn came just now, or somebody cancelled all tasks there are
                    self._call_on_loop(self._wake)

    async def _wait_for_earlier_end(self) -> None:
        if self._after is not None:
            await asyncio.wait([asyncio.wrap_future(self._after)], timeout=3 * LANDING)

    def _next_turn(self) -> Turn | None:
        with self._lock:
            self.session.running = self.session.inbox.popleft() if self.session.inbox else None
            return self.session.running

    async def _run_turn(self, turn: Turn) -> None:
        self._has_begun = True
        self.session.touch()
        self.session.enter("running")
        self.session.emit(TurnPut(turn.id, "running"), patient=True)
        status: TurnStatus = "stopped"  # also when this very task is cancelled
        try:
            self.branches.begin(turn.id, self.session.state.begin_turn(turn.id))
            await self._begin_app(turn)
            if turn.message is None:
                await self._find_profile(turn)
            status = await self._run_callback("on_message" if turn.message else self._opening_event, turn)
            if status == "stopped" and not self.is_ended:
                await self._run_callback("on_stop", turn)
        except Exception as error:  # not a callback's: those are shown where they run
            self._show_error(turn, error)
            status = "failed"
        finally:
            self._notice_changes()
            self._finish_turn(turn, status)

    def _notice_changes(self) -> None:
        try:
            self.session.state.end_turn()
        except Exception:  # an observer's own
            logger.exception("An observer of the state of %r raised.", self.session)

    def _call_where_observers_run(self, function: Callable[[], None]) -> None:
        """Here, on the main thread (cells) and the loop's; from any other thread, on the loop."""
        try:
            is_here = threading.current_thread() is threading.main_thread() or asyncio.get_running_loop() is self.loop
        except RuntimeError:
            is_here = False
        if is_here or not self._call_on_loop(function):
            function()

    def _finish_turn(self, turn: Turn, status: TurnStatus) -> None:
        session = self.session
        finished = self._end_streams(turn, status)
        with self._lock:
            turn.is_muted = status == "stopped"
            session.running = None
            session.emit(*finished, TurnPut(turn.id, status), urgent=True)
        session.turns += 1
        session.touch()
        self.session.enter("idle")
        if not turn.finished.done():
            turn.finished.set_result(turn)

    def _end_streams(self, turn: Turn, status: TurnStatus) -> list[MessagePatch | StepPatch]:
        """Nothing more comes to what is said and done in a turn, unless another callback runs at it."""
        running = {other.id for other in [self.session.running, *self._asides] if other and other is not turn}
        if turn.id in running:
            return []
        return _end([*turn.messages, *turn.steps], is_over=status in ("stopped", "failed"))

    def _cancel(self, turn: Turn) -> None:
        if turn.task is not None and self.session.running is turn:
            self.session.enter("stopping")
            turn.task.cancel()
            self.session.cancel_asks(turn)  # also those that other tasks and threads of it wait for

    async def _begin_app(self, turn: Turn) -> None:
        """With the App's first turn of all, run ``on_app_startup``; what it prints and raises is shown here."""
        startup = self.app.startup
        if startup.claim():
            try:
                await self._run_callback("on_app_startup", turn)
            finally:
                startup.done.set_result(None)
        elif not startup.done.done():
            await asyncio.wait([asyncio.wrap_future(startup.done)])

    async def _find_profile(self, turn: Turn) -> None:
        """Ask for the profiles before ``on_chat_start``, which wants to know; what else is offered can come later."""
        for event in self.offering.due(self.app, "set_chat_profiles"):
            reply = AsideReply(self.session, turn, self._host)
            await self._run_callback(event, turn, self.offering.arguments, reply)
            self._take_offer(event, reply.answer)
        self.ask_for_offers()

    # ── Aside ────────────────────────────────────────────────────────────────────────────────────

    def _begin_aside(self, event: str, arguments: tuple[object, ...], at: str | None, answer: Future[Any]) -> None:
        transcript = self.session.transcript
        turn = Turn(at or transcript.last_turn_id or str(uuid.uuid4()), transcript)
        reply = AsideReply(self.session, turn, self._host)
        turn.finished.add_done_callback(lambda _: answer.set_result(reply.answer))
        self._asides.add(turn)
        self.session.touch()
        self._spawn(self._run_aside(event, arguments, turn, reply))

    async def _run_aside(self, event: str, arguments: tuple[object, ...], turn: Turn, reply: AsideReply) -> None:
        try:
            await self._wait_for_earlier_end()
            await self._begin_app(turn)
            await self._run_callback(event, turn, arguments, reply)
        finally:
            self._asides.discard(turn)
            turn.is_muted = turn.is_stopping
            if self.session.running is None:  # else that turn's end notices
                self._notice_changes()
            self.session.emit(*self._end_streams(turn, "stopped" if turn.is_stopping else "done"))
            if not turn.finished.done():
                turn.finished.set_result(turn)

    def _cancel_asides(self) -> None:
        for turn in self._asides:
            turn.is_stopping = True
            if turn.task is not None:
                turn.task.cancel()
            self.session.cancel_asks(turn)

    # ── Actions ──────────────────────────────────────────────────────────────────────────────────

    def click(self, action_id: str, click_id: str) -> Future[Any] | None:
        """Take a click on a button, once: it answers the question that it belongs to, or its callback runs aside.

        A button whose callback runs takes no other click. Returns what its callback will return, if one begins.

        Raises
        ------
        OptionError
            When there is no such button (any more).
        SessionEndedError
            When the session is over.
        """
        session = self.session
        with self._lock:
            item, turn_id = session.transcript.item(action_id), session.transcript.home(action_id)
            is_known = click_id in session.known_clicks
            if not isinstance(item, ActionItem) or turn_id is None or action_id not in session.actions:
                if is_known:
                    return None
                raise OptionError("This button is not there any more, so nothing was done.")
            session.known_clicks.add(click_id)
            begun = None if item.running or is_known else self._act(item, turn_id)
            if session.transcript.item(action_id) is not None:
                is_running = item.running or begun is not None
                session.emit(ItemPut(turn_id, item.taken(click_id, is_running)), urgent=True)
            return begun

    def _act(self, item: ActionItem, turn_id: str) -> Future[Any] | None:
        """Do what a button is for; returns what its callback will return, if that runs now."""
        session = self.session
        asks = [ask for ask in session.asks.values() if ask.item.type == "action" and ask.item.for_id == item.for_id]
        if asks:
            asks[0].take(item)
            return None
        event = named("action_callback", item.name)
        if self.app.callback(event) is None:
            self._nobody_acts(item.name, Turn(turn_id, session.transcript))
            return None
        done = self.aside(event, session.actions[item.id](), at=turn_id)
        done.add_done_callback(lambda _: self._let_rest(item.id))
        return done

    def call(self, command: CallAction) -> None:
        """Run the action callback that a custom element calls, aside and once; what it returns goes back to it.

        Raises
        ------
        OptionError
            When there is no such element (any more).
        SessionEndedError
            When the session is over.
        """
        session = self.session
        with self._lock:
            element = find_component(session, command.element)
            if command.call in session.known_clicks:
                return
            event, home = named("action_callback", command.name), session.transcript.home(element.id)
            turn = Turn(home or session.latest_turn(), session.transcript)
            if self.app.callback(event) is None:
                self._nobody_acts(command.name, turn)
                element.give_result(command.call, None)
            else:
                action = Action(command.name, command.payload, forId=element.for_id)
                done = self.aside(event, action, at=turn.id)
                done.add_done_callback(partial(self._give_result, element, command.call, turn))
            session.known_clicks.add(command.call)

    def _give_result(self, element: CustomElement, call: str, turn: Turn, done: Future[Any]) -> None:
        try:
            element.give_result(call, done.result())
        except OptionError as error:  # it cannot be given to the page
            self._show_error(turn, error)
            element.give_result(call, None)

    def _let_rest(self, action_id: str) -> None:
        with self._lock:
            item, turn_id = self.session.transcript.item(action_id), self.session.transcript.home(action_id)
            if isinstance(item, ActionItem) and turn_id is not None:  # the callback may have removed it
                self.session.emit(ItemPut(turn_id, item.finished()), urgent=True)

    # ── Callbacks ────────────────────────────────────────────────────────────────────────────────

    async def _run_callback(
        self, event: str, turn: Turn, arguments: tuple[object, ...] = (), reply: TurnReply | None = None
    ) -> TurnStatus:
        """Run a callback as a task that can be stopped; returns how it ended."""
        callback = self.app.callback(event)
        if callback is None:
            return self._nobody_answers(turn) if event == "on_message" else "done"
        context = self._context.copy()
        self.session.options = self.app.options
        if event != "on_app_startup":  # which belongs to no session
            context.run(current_session.set, self.session)
            context.run(current_turn.set, turn)
        if event in RUNS:
            run = Run(event, self.session, turn.message.id if turn.message else None)
            context.run(local_steps.set, (run,))
        context.run(home.set, Home(partial(self._show_error, turn), self._host.interruptible))
        reply = reply or TurnReply(self.session, turn, self._host)
        turn.task = self._spawn(self._call(callback, event, turn, arguments, reply), context)
        if turn.is_stopping and event != "on_stop":  # stopped before it could begin
            turn.task.cancel()
        await asyncio.wait([turn.task])
        return self._outcome(turn, turn.task)

    async def _call(
        self, callback: Callback, event: str, turn: Turn, arguments: tuple[object, ...], reply: TurnReply
    ) -> None:
        """In the turn's own task and context."""
        if event == "on_message" and turn.message is not None:
            message = Message.from_item(turn.message, self.session)
            message.elements = self._given(turn)
            message.modes = resolve_modes(self.session.transcript.offers, turn.modes)
            self.session.chat_context[message.id] = message
            arguments = (message,)
        if event == "on_chat_resume":
            arguments = (as_thread(self.session),)
        with self._host.capture(reply):
            try:
                await call(callback, accepted(callback, arguments), Unheard() if event == "on_app_startup" else reply)
            except (SystemExit, KeyboardInterrupt) as error:
                if isinstance(error, KeyboardInterrupt) and threading.current_thread() is threading.main_thread():
                    raise  # the notebook's stop button, which the host looks after
                # asyncio lets these through a task: they would end the loop, and the kernel with it.
                raise HandlerError(f"The callback left with {type(error).__name__}: {error}.") from error
            finally:
                reply.close()

    def _given(self, turn: Turn) -> list[Element]:
        """What the user gave with a turn's message."""
        return [given_element(file, turn.id) for file in self.session.files.complete(turn.files)]

    def _rename_author(self, name: str) -> Any:
        callback = self.app.callback("author_rename")
        return name if callback is None else callback(*accepted(callback, (name,)))

    def _outcome(self, turn: Turn, task: Task[None]) -> TurnStatus:
        cancelled = asyncio.CancelledError("What the callback awaited was cancelled.")
        error = cancelled if task.cancelled() else task.exception()
        if isinstance(error, CallbackInterrupted) or (
            turn.is_stopping and (error is None or isinstance(error, asyncio.CancelledError))
        ):
            return "stopped"
        if error is None:
            return "done"
        self._show_error(turn, error)
        return "failed"

    def _nobody_answers(self, turn: Turn) -> TurnStatus:
        error = HandlerError(
            f"{self.app.name!r} has no on_message callback, so nobody answers. Write one under "
            "@cl.on_message (or @app.on_message for an App of your own), run its cell, and send the message again."
        )
        self._show_error(turn, error)
        return "failed"

    def _nobody_acts(self, name: str, turn: Turn) -> None:
        error = HandlerError(
            f"{self.app.name!r} has no callback for the action {name[:100]!r}, so nothing happens. Write one under "
            f"@cl.action_callback({name[:100]!r}), run its cell, and click again."
        )
        self._show_error(turn, error)

    def _show_error(self, turn: Turn, error: BaseException) -> None:
        """Show an exception at its turn, with its traceback, and leave it in the log."""
        logger.error("A callback of %r raised.", self.app, exc_info=error)
        turn.error = turn.error or error
        mask = self.session.mask()
        item = MessageItem(
            id=str(uuid.uuid4()),
            type="assistant_message",
            author=self.session.assistant,
            content=mask.hide(summary(error)),
            created_at=utc_now(),
            is_error=True,
            traceback=mask.hide(self._host.format_error(error)) if error.__traceback__ else None,
        )
        self.session.emit(ItemPut(self.session.place(turn), item), urgent=True)

    # ── The end ──────────────────────────────────────────────────────────────────────────────────

    async def _run_end(self) -> None:
        try:
            await self._land()
            if self._has_begun:
                await self._run_chat_end()
        finally:
            turns = self.session.transcript.turns  # tasks of theirs may still be at it
            self.session.emit(*_end([item for turn in turns for item in turn.items], is_over=True))
            self.session.enter("ended")
            self.session.forget()
            if self.ended is not None:
                self.ended.set_result(None)

    async def _land(self) -> None:
        """Stop what runs, and give it some time to clean up."""
        running = self.session.running
        landing = [*self._asides, *([running] if running else [])]
        if not landing:
            return
        self._cancel_asides()
        if running is not None:
            running.is_stopping = True
            self._cancel(running)
        await asyncio.wait([asyncio.wrap_future(turn.finished) for turn in landing], timeout=LANDING)
        for turn in landing:
            turn.is_muted = True
            if not turn.finished.done():  # it does not let go; whoever waits for it may
                turn.finished.set_exception(SessionEndedError("The session ended before the answer did."))

    async def _run_chat_end(self) -> None:
        last = Turn(self.session.latest_turn(), self.session.emitter.transcript)
        ending = self._spawn(self._run_last_callback(last))
        await asyncio.wait([ending], timeout=LANDING)
        if not ending.done():
            if last.task is not None:
                last.task.cancel()
            late = f"on_chat_end took longer than {LANDING:g} s; the session ends without it."
            self._show_error(last, TimeoutError(late))

    async def _run_last_callback(self, last: Turn) -> None:
        await self._run_callback("on_chat_end", last)

    # ── Tasks ────────────────────────────────────────────────────────────────────────────────────

    def _spawn(self, coroutine: Coroutine[Any, Any, None], context: contextvars.Context | None = None) -> Task[None]:
        watch_loop(self.loop)
        task = self.loop.create_task(coroutine, context=context or self._context.copy())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _end(items: Sequence[Item], *, is_over: bool) -> list[MessagePatch | StepPatch]:
    """End what still streams; with `is_over`, also steps that still run: they did not get to their end."""
    messages = [item for item in items if isinstance(item, MessageItem) and item.streaming]
    steps = [item for item in items if isinstance(item, StepItem)]
    open_ones = [step for step in steps if is_over and step.started_at and not step.ended_at]
    known = {step.id for step in open_ones}
    return [
        *(MessagePatch(id=message.id, streaming=False) for message in messages),
        *(StepPatch(id=step.id, ended_at=utc_now(), streaming=False, is_error=True) for step in open_ones),
        *(StepPatch(id=step.id, streaming=False) for step in steps if step.streaming and step.id not in known),
    ]
