"""Test an App without a browser: `ChatDriver` is a page in memory that speaks the real protocol.

::

    from anychat.testing import ChatDriver

    async def test_it_counts():
        async with ChatDriver(app) as user:
            turn = await user.send("hello")
            assert turn.text == "message 1: hello"
            assert user.state.count == 1
"""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any, Literal, Self

from .callbacks import App, default_app
from .dispatcher import Dispatcher
from .errors import UploadError
from .history import History
from .host import LoopName, PlainHost
from .pacer import LoopTimers, Pacer
from .protocol import (
    MAX_CHUNK_BYTES,
    PROTOCOL_VERSION,
    Ack,
    ActionItem,
    Answer,
    AskItem,
    Asset,
    CallAction,
    ChangeProps,
    Click,
    CloseSidebar,
    Command,
    DropFile,
    Earlier,
    ElementItem,
    Events,
    FileState,
    FillForm,
    GetAsset,
    GetEarlier,
    Head,
    Hello,
    Incompatible,
    Info,
    Inspect,
    Inspection,
    MessageItem,
    Offers,
    Opened,
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
    Sidebar,
    Snapshot,
    StarterOffer,
    Stop,
    StopInspecting,
    Toast,
    TurnRecord,
    UserMessage,
    ValueNode,
    WindowMessage,
    Withdraw,
    decode_packet,
    encode,
)
from .secrets import check_env
from .session import Session
from .state import SessionState
from .transcript import Transcript
from .turn import Turn
from .uploads import Uploads
from .user import User

_OVER = ("done", "stopped", "failed")


class Page:
    """A page's side of the wire: follows packets, and says what it would ask for.

    It keeps no time: what a browser repeats after a while, `ask` says when it is called.
    """

    def __init__(self) -> None:
        self.id = str(uuid.uuid4())
        self.epoch = 0
        self.seq = 0
        self.transcript = Transcript(Info(session="", assistant="", has_on_message=False))
        self.notices: list[str] = []
        self.earlier = 0
        self.refused: set[str | None] = set()
        self.assets: dict[str, bytes | None] = {}  # None: the kernel has no such bytes
        self.inspection: Inspection | None = None
        self.files: dict[str, FileState] = {}
        self.toasts: list[Toast] = []
        self.window_messages: list[Any] = []  # what the window around the chat heard

    def receive(self, text: str, buffers: Sequence[bytes] = ()) -> list[Command]:
        """Take a packet; returns the commands that answer it."""
        match decode_packet(text):
            case Snapshot() as snapshot:
                if (snapshot.epoch, snapshot.seq) > (self.epoch, self.seq) or not self.epoch:
                    self.epoch, self.seq = snapshot.epoch, snapshot.seq
                    self.transcript = Transcript(snapshot.info, snapshot.turns, snapshot.offers, snapshot.sidebar)
                    self.earlier = snapshot.earlier
                return [self._ack(), *self.ask_earlier()]
            case Earlier() as packet:
                known = self.transcript
                if (packet.epoch, packet.seq, packet.before) == (self.epoch, self.seq, known.first_turn_id):
                    turns = [*packet.turns, *known.turns]
                    self.transcript = Transcript(known.info, turns, known.offers, known.sidebar)
                    self.earlier = packet.earlier
                return self.ask_earlier()
            case Events() as packet:
                if packet.epoch < self.epoch:
                    return []
                if packet.epoch != self.epoch or packet.first > self.seq + 1:
                    return [self.ask()]
                for event in packet.events[self.seq + 1 - packet.first :]:
                    self.transcript.apply(event)
                    self.toasts += [event] if isinstance(event, Toast) else []
                    if isinstance(event, WindowMessage):
                        self.window_messages.append(event.data)
                    self.seq += 1
                return [self._ack()]
            case Head() as head:
                return [self._ack() if (head.epoch, head.seq) <= (self.epoch, self.seq) else self.ask()]
            case Asset() as asset:
                self.assets[asset.hash] = buffers[0] if buffers else None
            case FileState() as state:
                if state.epoch == self.epoch:
                    self.files[state.file] = state
            case Inspection() as inspection:
                if self.inspection is None or inspection.revision > self.inspection.revision:
                    self.inspection = inspection
            case Refused() as refused:
                self.notices.append(refused.message)
                self.refused.add(refused.turn)
            case Incompatible() as incompatible:
                self.notices.append(incompatible.message)
        return []

    def ask(self) -> Command:
        """What a page says that thinks it has missed something."""
        if self.epoch:
            return Resync(page=self.id, epoch=self.epoch, seq=self.seq)
        return Hello(protocol=PROTOCOL_VERSION, page=self.id)

    def ask_earlier(self) -> list[Command]:
        """What a reader's page says who scrolls up to the beginning."""
        first = self.transcript.first_turn_id
        return [GetEarlier(epoch=self.epoch, before=first)] if self.earlier and first is not None else []

    def _ack(self) -> Command:
        return Ack(page=self.id, epoch=self.epoch, seq=self.seq)


class ChatDriver:
    """A user with a browser, both in memory: drives an App through the real dispatcher and the real protocol.

    Use it as an async context manager: it opens the chat, waits for ``on_chat_start``, and ends the session when
    it is left.

    Parameters
    ----------
    app_or_callable
        An `App`, a function as for ``@cl.on_message``, or nothing for the default App.
    user, env, profile, loop, messages, uploads
        As for `anychat.Chat`.
    timeout
        Seconds that any wait may take before it raises `TimeoutError`.

    Attributes
    ----------
    messages : list of MessageItem
        What the reader sees, oldest first.
    elements : list of ElementItem
        The pictures, files and the like that are shown with them.
    actions : list of ActionItem
        The buttons that the reader sees, oldest first.
    pending_asks : list of AskItem
        The questions that wait for an answer, oldest first.
    notices : list of str
        What the page was told was refused, and why.
    offers : Offers
        What the reader is offered: profiles, starters, commands, modes, settings.
    toasts : list of Toast
        The short notices that passed by.

    Examples
    --------
    >>> import asyncio
    >>> from anychat.testing import ChatDriver
    >>> async def main():
    ...     async with ChatDriver(lambda message: message.content.upper()) as user:
    ...         return (await user.send("hello")).text
    >>> asyncio.run(main())
    'HELLO'
    """

    def __init__(
        self,
        app_or_callable: App | Callable[..., Any] | None = None,
        *,
        user: User | str | None = None,
        env: Mapping[str, str] | None = None,
        profile: str | None = None,
        loop: LoopName = "main",
        messages: History = (),
        uploads: Uploads | bool | None = None,
        timeout: float = 10.0,
    ) -> None:
        given = default_app if app_or_callable is None else app_or_callable
        self._app = given if isinstance(given, App) else App(on_message=given)
        self._user = User(user) if isinstance(user, str) else user
        self._env = check_env(env)
        self._profile = profile
        self._loop_name: LoopName = loop
        self._history = messages
        self._uploads = uploads
        self._timeout = timeout
        self._page = Page()
        self._command_picked: str | None = None
        self._modes_picked: dict[str, str] = {}

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Condition()
        self._packets: asyncio.Queue[tuple[str, Sequence[bytes]] | None] = asyncio.Queue()
        self._dispatcher = Dispatcher(
            self._app,
            PlainHost(self._loop),
            self._arrive,
            user=self._user,
            env=self._env,
            profile=self._profile,
            loop=self._loop_name,
            history=self._history,
            pacer=Pacer(LoopTimers(self._loop), rate=1_000_000),
        )
        self._dispatcher.uploads = self._uploads
        self._reader = asyncio.create_task(self._read())
        self._command(self._page.ask())
        await self._until(lambda: self._page.epoch > 0 and self._is_at_rest())
        await self._settle()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await asyncio.wrap_future(self._dispatcher.end())
        await self._until(lambda: self._page.transcript.info.ended)
        self._reader.cancel()
        await asyncio.wait([self._reader])

    @property
    def session(self) -> Session:
        """The session in the kernel."""
        return self._dispatcher.session

    @property
    def state(self) -> SessionState:
        """What callbacks keep in ``cl.user_session``."""
        return self.session.state

    @property
    def messages(self) -> list[MessageItem]:
        """What the reader sees, oldest first."""
        return list(self._page.transcript.messages())

    @property
    def turns(self) -> list[TurnRecord]:
        """The same by turns, with what was printed and displayed."""
        return self._page.transcript.turns

    @property
    def elements(self) -> list[ElementItem]:
        """The pictures, files and the like that the page shows, oldest first."""
        items = [item for turn in self.turns for item in turn.items]
        return [item for item in items if isinstance(item, ElementItem)]

    @property
    def sidebar(self) -> Sidebar:
        """What stands beside the conversation."""
        return self._page.transcript.sidebar

    async def close_sidebar(self) -> None:
        """Close what stands beside the conversation, and wait until it is gone."""
        self._command(CloseSidebar(self._page.epoch, self.sidebar.id))
        await self._until(lambda: not self.sidebar.elements)

    async def change_props(self, element: ElementItem, props: Mapping[str, Any]) -> None:
        """Change some props of a custom element, as it does itself in the page, and wait until it shows them.

        Parameters
        ----------
        element
            One of `elements`, or of `sidebar`.
        props
            The new values, by name.
        """
        writer, notices = str(uuid.uuid4()), len(self.notices)
        self._command(
            ChangeProps(element=element.id, epoch=self._page.epoch, writer=writer, change=1, props=dict(props))
        )
        await self._until(lambda: writer in self._component(element).changes or len(self.notices) > notices)

    async def call_action(self, element: ElementItem, name: str, payload: Mapping[str, Any] | None = None) -> Any:
        """Call an action callback, as a custom element does in the page.

        Parameters
        ----------
        element
            One of `elements`, or of `sidebar`.
        name, payload
            Of the `Action` that the callback gets.

        Returns
        -------
        object
            What the callback returned, as JSON has it; None when it raised.
        """
        call, notices = str(uuid.uuid4()), len(self.notices)
        self._command(
            CallAction(call=call, element=element.id, epoch=self._page.epoch, name=name, payload=dict(payload or {}))
        )
        await self._until(lambda: call in self._component(element).results or len(self.notices) > notices)
        return json.loads(self._component(element).results.get(call, "null"))

    async def remove_element(self, element: ElementItem) -> None:
        """Take a custom element back, as it does itself in the page, and wait until it is gone."""
        self._command(RemoveElement(element.id, self._page.epoch))
        await self._until(lambda: all(each.id != element.id for each in (*self.elements, *self.sidebar.elements)))

    async def submit_element(self, element: ElementItem, values: Mapping[str, Any] | None) -> None:
        """Answer a question with its element, and wait until the turn that asked has ended, or asks something else.

        Parameters
        ----------
        element
            One of `elements`.
        values
            What it gives; None cancels it.
        """
        ask = next(each for each in self.pending_asks if each.type == "element" and each.for_id == element.for_id)
        home = self._home(ask.id)
        given = None if values is None else dict(values)
        self._command(Answer(ask=ask.id, epoch=self._page.epoch, values=given))
        await self._until(lambda: not self._has(ask.id) and self._rests(home))

    def _component(self, element: ElementItem) -> ElementItem:
        shown = (*self.elements, *self.sidebar.elements)
        return next((each for each in shown if each.id == element.id), element)

    async def fetch(self, element: ElementItem) -> bytes:
        """Get the bytes of an element, as the page does that shows it; of one that has none, its text.

        Raises
        ------
        LookupError
            When the kernel does not have them (any more).
        """
        if element.asset is None:
            return element.content.encode()
        self._command(GetAsset(element.asset))
        await self._until(lambda: element.asset in self._page.assets)
        blob = self._page.assets.pop(element.asset)
        if blob is None:
            raise LookupError(f"The kernel does not give the bytes of {element.name!r}.")
        return blob

    @property
    def actions(self) -> list[ActionItem]:
        """The buttons that the reader sees, oldest first."""
        return [item for turn in self.turns for item in turn.items if isinstance(item, ActionItem)]

    @property
    def pending_asks(self) -> list[AskItem]:
        """The questions that wait for an answer, oldest first; `content` is the question."""
        return [item for turn in self.turns for item in turn.items if isinstance(item, AskItem)]

    @property
    def window_messages(self) -> list[Any]:
        """What the window around the chat got from the App, oldest first."""
        return self._page.window_messages

    @property
    def notices(self) -> list[str]:
        """What the page was told was refused, and why."""
        return self._page.notices

    @property
    def offers(self) -> Offers:
        """What the reader is offered: profiles, starters, commands, modes, settings."""
        return self._page.transcript.offers

    @property
    def starters(self) -> list[StarterOffer]:
        """The starters, of all groups."""
        return [starter for group in self.offers.starters for starter in group.starters]

    @property
    def toasts(self) -> list[Toast]:
        """The short notices that passed by, oldest first."""
        return self._page.toasts

    async def send(
        self,
        text: str,
        *,
        files: Sequence[str] = (),
        command: str | None = None,
        modes: Mapping[str, str] | None = None,
        replaces: str | None = None,
    ) -> Turn:
        """Say something, and wait until its turn has ended, or asks something.

        Parameters
        ----------
        text
            The message.
        files
            The ids of what was uploaded for it; see `upload`.
        command, modes
            What is picked beside it, instead of what was chosen before; see `choose`.
        replaces
            The turn that it takes the place of; see `edit`.

        Returns
        -------
        Turn
            The turn as the page shows it: ``text``, ``messages``, ``status``; ``error`` is the exception or None.
        """
        turn_id = self.post(text, files=files, command=command, modes=modes, replaces=replaces)
        in_kernel = self.session.find(turn_id)
        await self._until(lambda: self._rests(turn_id) or turn_id in self._page.refused)
        turn = Turn(turn_id, self._page.transcript)
        turn.error = in_kernel.error if in_kernel else None
        return turn

    def post(
        self,
        text: str,
        *,
        files: Sequence[str] = (),
        command: str | None = None,
        modes: Mapping[str, str] | None = None,
        replaces: str | None = None,
    ) -> str:
        """Say something without waiting; returns the id of its turn."""
        turn_id = str(uuid.uuid4())
        picked = self._command_picked if command is None else command
        message = UserMessage(
            turn=turn_id,
            content=text,
            replaces=replaces,
            files=list(files),
            command=picked,
            modes={**self._modes_picked, **(modes or {})},
        )
        self._command(message)
        is_persistent = any(each.id == picked and each.persistent for each in self.offers.commands)
        self._command_picked = picked if is_persistent else None
        return turn_id

    async def upload(
        self, source: str | PathLike[str] | bytes, name: str | None = None, *, ask: AskItem | None = None
    ) -> str:
        """Give a file, and wait until the kernel has it.

        Parameters
        ----------
        source
            Its path, or its bytes.
        name
            What it is called; by default as at its path.
        ask
            The question that it answers. By default it is for a message: see `send`.

        Returns
        -------
        str
            The file's id.

        Raises
        ------
        UploadError
            When the kernel does not take it; with what the page is told.

        Examples
        --------
        >>> import asyncio
        >>> from anychat.testing import ChatDriver
        >>> async def main():
        ...     async with ChatDriver(lambda message: message.elements[0].name) as user:
        ...         return (await user.send("this", files=[await user.upload(b"a,b", "table.csv")])).text
        >>> asyncio.run(main())
        'table.csv'
        """
        data, label = _read(source)
        file = str(uuid.uuid4())
        for offset in range(0, len(data) or 1, MAX_CHUNK_BYTES):
            part = data[offset : offset + MAX_CHUNK_BYTES]
            put = PutFile(
                epoch=self._page.epoch,
                file=file,
                name=name or label,
                size=len(data),
                offset=offset,
                ask=ask.id if ask is not None else None,
            )
            self._dispatcher.receive(encode(put), [part])
            await self._until(partial(self._has_received, file, offset + len(part)))
        return file

    def _has_received(self, file: str, size: int) -> bool:
        state = self._page.files.get(file)
        if state is not None and state.message:
            raise UploadError(state.message)
        return state is not None and state.received >= size

    def drop_file(self, file: str) -> None:
        """Take a file away that was uploaded and not sent."""
        self._command(DropFile(self._page.epoch, file))

    async def answer(self, text: str | None = None, ask: AskItem | None = None, *, files: Sequence[str] = ()) -> None:
        """Answer a question, and wait until the turn that asked has ended, or asks something else.

        Parameters
        ----------
        text
            The answer to a question for a text.
        ask
            One of `pending_asks`; by default the oldest that can be answered so.
        files
            The answer to a question for files: what `upload` returned.
        """
        kind = "file" if text is None else "text"
        asks = [ask] if ask is not None else [each for each in self.pending_asks if each.type == kind]
        assert asks, f"Nothing is asked that a {kind} answers."
        question, epoch, reply = asks[0].id, self._page.epoch, str(uuid.uuid4())
        home, notices = self._home(question), len(self.notices)
        if text is None:
            self._command(Answer(ask=question, epoch=epoch, files=list(files)))
        else:
            self._command(UserMessage(turn=reply, content=text, answers=question, epoch=epoch))

        def is_over() -> bool:
            is_refused = len(self.notices) > notices if text is None else reply in self._page.refused
            return is_refused or (not self._has(question) and self._rests(home))

        await self._until(is_over)

    def press(self, action: ActionItem | str) -> str:
        """Click a button without waiting; returns the id of the click.

        Parameters
        ----------
        action
            One of `actions`, or what is written on the only one of that label.
        """
        button = self._button(action) if isinstance(action, str) else action
        click = str(uuid.uuid4())
        self._command(Click(click=click, action=button.id, epoch=self._page.epoch))
        return click

    async def click(self, action: ActionItem | str) -> None:
        """Click a button, and wait until its callback has ended, or asks something.

        When it answers a question, until the turn that asked has ended, or asks something else.

        Parameters
        ----------
        action
            One of `actions`, or what is written on the only one of that label.
        """
        button = self._button(action) if isinstance(action, str) else action
        home, notices = self._home(button.id), len(self.notices)
        is_answer = any(ask.type == "action" and ask.for_id == button.for_id for ask in self.pending_asks)
        click = self.press(button)

        def has_acted() -> bool:
            item = self._page.transcript.item(button.id)
            if isinstance(item, ActionItem):
                return not is_answer and item.clicked == click and (not item.running or self._asks_in(home))
            return click in self.session.known_clicks and self._rests(home)

        await self._until(lambda: has_acted() or len(self.notices) > notices)

    def _button(self, label: str) -> ActionItem:
        found = [action for action in self.actions if (action.content or action.name) == label]
        assert len(found) == 1, f"There are {len(found)} buttons that say {label!r}: give one of user.actions."
        return found[0]

    async def choose(
        self,
        *,
        starter: str | None = None,
        profile: str | None = None,
        command: str | None = None,
        modes: Mapping[str, str] | None = None,
    ) -> Turn | None:
        """Choose something that is offered.

        Parameters
        ----------
        starter
            The label of a starter: it is sent at once. Returns its turn, as `send` does.
        profile
            The name of a profile: another conversation begins.
        command, modes
            What goes with the next message; modes also with those after it, and so does a persistent command.
        """
        self._command_picked = command or self._command_picked
        self._modes_picked.update(modes or {})
        if profile is not None:
            await self.restart(profile=profile)
        if starter is None:
            return None
        chosen = next(each for each in self.starters if each.label == starter)
        return await self.send(chosen.message, command=chosen.command)

    async def update_settings(self, **values: object) -> None:
        """Fill in the settings form, confirm it, and wait until ``on_settings_update`` has run."""
        await self._fill_form(values, confirmed=True)

    async def edit_settings(self, **values: object) -> None:
        """Change what stands in the settings form, do not confirm it, and wait until ``on_settings_edit`` has run."""
        await self._fill_form(values, confirmed=False)

    async def _fill_form(self, values: dict[str, object], *, confirmed: bool) -> None:
        form, refusals = str(uuid.uuid4()), len(self.notices)
        self._command(FillForm(epoch=self._page.epoch, form=form, values=values, confirmed=confirmed))
        await self._until(lambda: self.offers.taken == form or len(self.notices) > refusals)
        await self._settle()

    async def post_window_message(self, data: Any) -> None:
        """Let the window around the chat get a message, and wait until the App's callback has ended."""
        self._command(PostWindow(post=str(uuid.uuid4()), epoch=self._page.epoch, data=data))
        await self._settle()

    async def feedback(self, message: MessageItem, value: Literal[0, 1] | None, comment: str = "") -> None:
        """Press a thumb below an answer, and wait until it is shown and the App has heard of it.

        Parameters
        ----------
        message
            One of `messages`.
        value
            1 is good, 0 is bad; None takes it back.
        comment
            What is written to it.
        """
        rating = None if value is None else Rating(value=value, comment=comment)
        notices = len(self.notices)
        self._command(Rate(message=message.id, epoch=self._page.epoch, rating=rating))
        await self._until(lambda: len(self.notices) > notices or self._rating_of(message) == rating)
        await self._settle()

    def _rating_of(self, message: MessageItem) -> Rating | None:
        item = self._page.transcript.item(message.id)
        return item.rating if isinstance(item, MessageItem) else None

    async def answer_call(self, result: object) -> None:
        """Answer as the page's function that the App has called with `CopilotFunction`, and wait as `answer` does."""
        question = next(each for each in self.pending_asks if each.type == "function")
        home = self._home(question.id)
        self._command(Answer(ask=question.id, epoch=self._page.epoch, values={"result": result}))
        await self._until(lambda: not self._has(question.id) and self._rests(home))

    async def stop(self) -> None:
        """Press Stop, and wait until the running turn has ended. Nothing runs: nothing happens."""
        running = next((turn.id for turn in self.turns if turn.status == "running"), None)
        running = running or (self.session.running.id if self.session.running else None)
        if running is not None:
            self._command(Stop(running))
            await self._until(lambda: self._status(running) in _OVER)

    async def edit(self, at: int, text: str) -> Turn:
        """Edit a message of the user, or ask it again with the same text; waits as `send` does.

        Parameters
        ----------
        at
            Its index in `messages`.
        text
            What it shall say.
        """
        return await self.send(text, replaces=self._turn_at(at))

    async def show_branch(self, at: int, number: int) -> None:
        """Step with the arrows at a message to another branch, and wait until it is shown.

        Parameters
        ----------
        at
            The message's index in `messages`.
        number
            Which branch, from 0.
        """
        turn = self._page.transcript.turn(self._turn_at(at))
        sibling = turn.siblings[number] if turn is not None else ""
        self._command(ShowBranch(self._page.epoch, sibling))
        await self._until(lambda: self._page.transcript.is_shown(sibling))

    async def restore(self) -> None:
        """Press Continue in the empty chat, and wait until the conversation that was left is there."""
        self._command(Restore(self._page.epoch))
        await self._until(lambda: not self._page.transcript.info.can_restore and self._is_idle())

    async def inspect(self, *paths: str, most: int = 100) -> None:
        """Open the inspector, and wait until it shows the session.

        Parameters
        ----------
        *paths
            Values whose parts it shall show, such as ``"history"``, ``"settings.tone"``, ``"history.0"``.
        most
            How many parts of a value are shown at most.
        """
        self._opened = [Opened(["state"], most), Opened(["session"], most)]
        self._opened += [Opened(["state", *_steps(path)], most) for path in paths]
        before = self._page.inspection
        self._look()
        await self._until(lambda: self._page.inspection is not before)

    @property
    def inspection(self) -> Inspection:
        """What the inspector shows."""
        if self._page.inspection is None:
            raise AssertionError("No inspector is open: await user.inspect() opens it.")
        return self._page.inspection

    def inspected(self, path: str = "") -> dict[str, ValueNode]:
        """The keys of the state, or the parts of what is at a path, as the inspector shows them, by their names."""
        node = self.inspection.state
        for step in _steps(path):
            node = next(each for each in [*node.first, *node.last] if each.step == step)
        return {each.name: each for each in [*node.first, *node.last]}

    async def set_value(self, path: str, text: str) -> str | None:
        """Write in the field of a value in the inspector, and wait for what comes of it: None, or what is wrong."""
        edit, session = str(uuid.uuid4()), self.inspection.id
        self._command(SetValue(edit=edit, chat=0, session=session, path=["state", *_steps(path)], text=text))
        await self._until(lambda: any(each.edit == edit for each in self.inspection.edited))
        return next(each.error for each in self.inspection.edited if each.edit == edit)

    def stop_inspecting(self) -> None:
        """Close the inspector."""
        self._command(StopInspecting(page=self._page.id, chat=0))
        self._page.inspection = None

    def _look(self) -> None:
        seen = self._page.inspection.revision if self._page.inspection else 0
        self._command(Inspect(page=self._page.id, chat=0, seen=seen, opened=self._opened))

    def _turn_at(self, at: int) -> str:
        return self._home(self.messages[at].id)

    def _home(self, item_id: str) -> str:
        home = self._page.transcript.home(item_id)
        assert home is not None, "The page does not show this (any more)."
        return home

    def _has(self, item_id: str) -> bool:
        return self._page.transcript.item(item_id) is not None

    def _asks_in(self, turn_id: str) -> bool:
        """Whether a callback at this turn waits for an answer."""
        return any(self._page.transcript.home(ask.id) == turn_id for ask in self.pending_asks)

    def _rests(self, turn_id: str) -> bool:
        """Whether a turn has ended, or asks something."""
        return self._status(turn_id) in (*_OVER, None) or self._asks_in(turn_id)

    def inject(self, text: str, *buffers: bytes) -> None:
        """Send any text as a command, as a page that is broken or hostile might."""
        self._dispatcher.receive(text, buffers)

    def withdraw(self, turn_id: str) -> None:
        """Take back a message that still waits."""
        self._command(Withdraw(turn_id))

    async def restart(self, *, profile: str | None = None) -> None:
        """Press New chat, or choose a profile, and wait until the new conversation has begun, or asks something."""
        epoch, refusals = self._page.epoch, len(self.notices)
        self._command(Restart(epoch, profile))
        await self._until(lambda: len(self.notices) > refusals or (self._page.epoch > epoch and self._is_at_rest()))
        await self._settle()

    async def until(self, condition: Callable[[Self], bool]) -> None:
        """Wait until the page looks as `condition` says, such as ``lambda user: user.messages``."""
        await self._until(lambda: condition(self))

    def _status(self, turn_id: str) -> str | None:
        turn = self._page.transcript.turn(turn_id)
        if turn is not None:
            return turn.status
        was_withdrawn = turn_id in self.session.known_turns and self._is_caught_up()
        return None if was_withdrawn else "queued"

    def _is_caught_up(self) -> bool:
        emitter = self.session.emitter
        return (emitter.epoch, emitter.seq) == (self._page.epoch, self._page.seq)

    def _is_at_rest(self) -> bool:
        return bool(self.pending_asks) or self._is_idle()

    def _is_idle(self) -> bool:
        session = self.session
        return session.running is None and not session.inbox and self._is_caught_up()

    async def _settle(self) -> None:
        """Wait until no callback runs aside, and the page has what they said; or until something else is asked."""
        answers, known = self._dispatcher.runner.answers, {ask.id for ask in self.pending_asks}
        for answer in list(answers):
            answer.add_done_callback(lambda _: self._loop.call_soon_threadsafe(self._packets.put_nowait, None))

        def is_over() -> bool:
            is_asked = any(ask.id not in known for ask in self.pending_asks)
            return is_asked or (not answers and self._is_caught_up())

        await self._until(is_over)

    def _arrive(self, text: str, buffers: Sequence[bytes]) -> None:
        self._loop.call_soon_threadsafe(self._packets.put_nowait, (text, buffers))

    def _command(self, command: Command) -> None:
        self._dispatcher.receive(encode(command))

    async def _read(self) -> None:
        while True:
            packet = await self._packets.get()
            for command in self._page.receive(*packet) if packet else []:
                self._command(command)
            async with self._changed:
                self._changed.notify_all()

    async def _until(self, condition: Callable[[], bool]) -> None:
        try:
            async with asyncio.timeout(self._timeout), self._changed:
                await self._changed.wait_for(condition)
        except TimeoutError:
            shown = ", ".join(f"{turn.status} with {len(turn.items)} items" for turn in self.turns) or "none"
            raise TimeoutError(
                f"The page did not get where the test wants it within {self._timeout:g} s. Its turns: {shown}. "
                "If the App takes longer, use ChatDriver(..., timeout=seconds)."
            ) from None


def _read(source: str | PathLike[str] | bytes) -> tuple[bytes, str]:
    """The bytes of a file, and what it is called."""
    if isinstance(source, bytes):
        return source, "file"
    path = Path(source)
    return path.read_bytes(), path.name


def _steps(path: str) -> list[str]:
    """The steps of a path as people write it; places in lists are numbers."""
    return [f"#{step}" if step.isdecimal() else f".{step}" for step in path.split(".") if step]
