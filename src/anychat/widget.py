"""Chat and Inspector: the widgets."""

from __future__ import annotations

import asyncio
import atexit
import os
import uuid
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from typing import Any, ClassVar

import traitlets
from anywidget import AnyWidget
from ipywidgets import Layout

from .assets import for_every_page, loader
from .assets import watch as watch_assets
from .branches import Past
from .callbacks import App, default_app
from .dispatcher import Dispatcher, check_not_inside, end_all, find_named, live_dispatchers
from .errors import OptionError
from .files import FileSource
from .history import History, check_history
from .host import LoopName, check_loop_name
from .inspector import Desk
from .kernel.cells import cells, current_cell
from .kernel.host import current_host, current_shell
from .markdown import as_markdown
from .protocol import ActionItem, AskItem, Asset, MessageItem, Reload, encode
from .secrets import check_env
from .session import Session
from .state import SessionState
from .turn import Turn
from .uploads import Uploads, check_uploads
from .user import User

OPTIONS = ("name", "user", "env", "profile", "loop", "messages", "uploads", "layout")

Point = MessageItem | Turn | int | str
"""A place in a conversation: a message, its index in ``chat.messages`` or its id, or a turn."""


class PageWidget(AnyWidget):
    """What the widgets of this package share: the loader, the wire, and how they leave."""

    _assets_were_sent: ClassVar[bool] = False  # pages that came later ask for them
    _has_own_layout = False

    _esm = traitlets.Unicode().tag(sync=True)

    @traitlets.default("_esm")
    def _default_esm(self) -> str:
        return loader()

    def __init__(self, layout: Layout | dict[str, Any] | None) -> None:
        super().__init__(**({} if layout is None else {"layout": layout}))
        self._has_own_layout = not isinstance(layout, Layout)
        self._pin_comm()
        self.on_msg(_receive)

    def _pin_comm(self) -> None:
        # ipykernel 7.4 answers a comm where it last sent from, so a cell that sends would draw all later messages
        # behind the cells. Pinned, they arrive where the front end asked for: on its subshell.
        if hasattr(self.comm, "_reply_subshell_for"):
            self.comm._reply_subshell_for = _where_it_came_from

    def _receive(self, text: object, buffers: Sequence[bytes]) -> None:
        """Take a command. This may be any thread, and it may be in the middle of a cell: no user code runs here."""
        raise NotImplementedError

    def _send_packet(self, text: str, buffers: Sequence[bytes]) -> None:
        self._send({"method": "custom", "content": {"text": text}}, buffers=list(buffers))

    def _send_assets(self) -> None:
        """The page gets what it needs without having to ask."""
        if not PageWidget._assets_were_sent:
            PageWidget._assets_were_sent = True
            for digest, blob in for_every_page():
                self._send_packet(encode(Asset(digest)), [blob])

    def _leave_pages(self) -> None:
        super().close()
        if self._has_own_layout:  # ipywidgets forgets it, and keeps it for good
            self.layout.close()


class Chat(PageWidget):
    """A chat in a notebook. Each Chat is a user of its own: it has its own session.

    Show it by making it the last line of a cell, with ``display``, or inside ipywidgets' boxes.

    Parameters
    ----------
    app_or_callable
        Who answers: an `App`, or a function as for ``@cl.on_message``. By default the App that ``@cl.on_message``
        and its siblings fill.
    name
        Names the session: making a Chat of that name again in this kernel goes on with the conversation.
        Without a name, running the cell again begins a new session.
    user
        Who speaks: a `User`, or just a name.
    env
        Texts for callbacks alone, such as keys: ``cl.user_session.get("env")``. They never leave the kernel.
    profile
        The name of the profile to begin with, where ``set_chat_profiles`` gives several; by default the default one.
    loop
        Where async callbacks run: ``"main"``, beside the cells (a cell that blocks makes them wait), or ``"thread"``,
        on a loop in a thread of the package (they go on while a cell blocks, but clients that were made in a
        cell may be bound to the main loop).
    messages
        A conversation that is already there: ``{"role": "user", "content": "..."}``, roles user, assistant and
        system, or the ``messages`` of another chat.
    uploads
        Which files the user may add to a message: an `Uploads`, False or True; by default as the App has it.
    layout
        As for any widget: its width and the like.

    Attributes
    ----------
    session : Session
        Live traits of the session: id, user, status and more.
    state : SessionState
        What callbacks keep in ``cl.user_session``, live: observe it, link it to widgets.
    messages : list of MessageItem
        What was said so far; each has ``role``, ``author`` and ``content``.

    Raises
    ------
    OptionError
        When an argument is unknown or of the wrong kind.

    Examples
    --------
    >>> import anychat as cl
    >>> chat = cl.Chat(lambda message: message.content.upper())
    >>> turn = await chat.send("hello")                          # doctest: +SKIP
    >>> turn.text                                                # doctest: +SKIP
    'HELLO'
    """

    def __init__(
        self,
        app_or_callable: App | Callable[..., Any] | None = None,
        *,
        name: str | None = None,
        user: User | str | None = None,
        env: Mapping[str, str] | None = None,
        profile: str | None = None,
        loop: LoopName = "main",
        messages: History | None = None,
        uploads: Uploads | bool | None = None,
        layout: Layout | dict[str, Any] | None = None,
        **unknown: Any,
    ) -> None:
        _refuse_unknown(unknown)
        _watch_process()
        app = _as_app(app_or_callable)
        user = User(user) if isinstance(user, str) else user
        if user is not None and not isinstance(user, User):
            raise OptionError(f"Chat(user=...) takes a cl.User or a name, not {user!r}.")
        if profile is not None and not isinstance(profile, str):
            raise OptionError(f"Chat(profile=...) takes the name of a profile, not {profile!r}.")
        loop, history, env = check_loop_name(loop), check_history(messages or ()), check_env(env)
        if uploads is not None:
            check_uploads(uploads, "Chat")
        super().__init__(layout)
        self._is_detached = False
        self._dispatcher = (find_named(name) if name is not None else None) or Dispatcher(
            app,
            current_host(),
            self._send_packet,
            name=name,
            user=user,
            env=env,
            profile=profile,
            loop=loop,
            history=history,
        )
        self._dispatcher.uploads = uploads
        self._dispatcher.attach(app, self._send_packet, self._detach, env)
        self._follow_cell()

    # ── What a notebook asks of it ───────────────────────────────────────────────────────────────

    @property
    def app(self) -> App:
        """The App whose callbacks answer."""
        return self._dispatcher.app

    @property
    def session(self) -> Session:
        """The session: identity and status, live. A restart makes a new one."""
        return self._dispatcher.session

    @property
    def state(self) -> SessionState:
        """What callbacks keep in ``cl.user_session``, live."""
        return self.session.state

    @property
    def messages(self) -> list[MessageItem]:
        """What was said so far, oldest first."""
        emitter = self.session.emitter
        with emitter.lock:
            return list(emitter.transcript.messages())

    def to_markdown(self) -> str:
        """The conversation that is shown, as Markdown: each message below the name of who says it.

        Examples
        --------
        >>> import anychat as cl
        >>> chat = cl.Chat(lambda message: message.content.upper(), user="Ada")
        >>> await chat.send("hello")                             # doctest: +SKIP
        >>> Path("talk.md").write_text(chat.to_markdown())       # doctest: +SKIP
        """
        return as_markdown(self.messages)

    async def send(  # ipywidgets' own `send` is for the wire: see _send_packet
        self,
        text: str,
        *,
        files: Sequence[FileSource] = (),
        command: str | None = None,
        modes: Mapping[str, str] | None = None,
    ) -> Turn:
        """Say something as the user, and wait for the answer.

        Parameters
        ----------
        text
            The message.
        files
            What goes with it: paths, or pairs of a name and bytes. The limits of uploads hold for pages, not for cells.
        command, modes
            What is picked beside it: the id of a command, and of an option for some modes. Modes that are not named
            have their defaults.

        Returns
        -------
        Turn
            The finished turn: its ``text``, ``messages`` and ``error``.

        Raises
        ------
        SessionEndedError
            When the chat was closed, or ends before the answer.
        ContextError
            In a callback of this very chat, which would wait for itself.
        UploadError
            When a file cannot be read.

        Examples
        --------
        >>> await chat.send("What is in it?", files=["table.csv"])   # doctest: +SKIP
        """
        if not isinstance(text, str):
            raise OptionError(f"chat.send takes the text of a message, not {text!r}.")
        check_not_inside(self.session)
        taken = self._dispatcher.take_files(files)
        turn = self._dispatcher.submit(text, files=taken, command=command, modes=modes or {})
        assert turn is not None, "A turn without an id is always new."
        return await asyncio.wrap_future(turn.finished)

    @property
    def pending_asks(self) -> list[AskItem]:
        """The questions of callbacks that wait for an answer, oldest first; `content` is the question."""
        return [ask.item for ask in self.session.open_asks()]

    def answer(self, answer: object, ask: AskItem | None = None) -> None:
        """Answer a question that a callback waits with, as the user would in the page.

        Parameters
        ----------
        answer
            A text for `AskUserMessage`; for `AskActionMessage` one of its actions, or the label or name of one; for
            `AskFileMessage` a list of paths, or of pairs of a name and bytes.
        ask
            One of `pending_asks`; the oldest if none is given.

        Raises
        ------
        OptionError
            When it is no answer to this question, or nobody waits for one (any more).
        UploadError
            When a file is not one that is asked for, or cannot be read.

        Examples
        --------
        >>> chat.pending_asks[0].content                         # doctest: +SKIP
        'What is your name?'
        >>> chat.answer("Ada")                                   # doctest: +SKIP
        """
        self._dispatcher.answer(answer, ask.id if ask is not None else None)

    @property
    def functions(self) -> dict[str, Callable[..., Any]]:
        """What `CopilotFunction` calls in this chat, by name; other names are the page's."""
        return self._dispatcher.window.functions

    def on_window_message(self, callback: Callable[[Any], object], remove: bool = False) -> None:
        """Hear what the App sends with ``cl.send_window_message``, as the page around the chat does.

        Parameters
        ----------
        callback
            Called with the data.
        remove
            Call it no more.

        Examples
        --------
        >>> chat.on_window_message(print)                        # doctest: +SKIP
        """
        listeners = self._dispatcher.window.listeners
        if not remove:
            listeners.append(callback)
        elif callback in listeners:
            listeners.remove(callback)

    async def post_window_message(self, data: Any) -> None:
        """Send a message to the App's ``on_window_message``, as the page around the chat does; wait for its end.

        Parameters
        ----------
        data
            Text, numbers, lists and dicts of them: what JSON can say.

        Raises
        ------
        OptionError
            When it is something else, or the App has no such callback.
        SessionEndedError
            When the chat was closed.
        ContextError
            In a callback of this very chat.
        """
        check_not_inside(self.session)
        await asyncio.wrap_future(self._dispatcher.post_window(data))

    @property
    def actions(self) -> list[ActionItem]:
        """The buttons that are shown now, oldest first."""
        emitter = self.session.emitter
        with emitter.lock:
            return [item for turn in emitter.transcript.turns for item in turn.items if isinstance(item, ActionItem)]

    async def click(self, action: ActionItem | str) -> object:
        """Click a button as the user would in the page, and wait until its callback has ended.

        Parameters
        ----------
        action
            One of `actions`, or what is written on the only one of that label.

        Returns
        -------
        object
            What the callback returned; None from a button that answers a question, or is at work already.

        Raises
        ------
        OptionError
            When there is no such button (any more), or more than one.
        SessionEndedError
            When the chat was closed.
        ContextError
            In a callback of this very chat.

        Examples
        --------
        >>> await chat.click("Undo")                             # doctest: +SKIP
        """
        check_not_inside(self.session)
        button = self._button(action) if isinstance(action, str) else action
        begun = self._dispatcher.runner.click(button.id, str(uuid.uuid4()))
        return None if begun is None else await asyncio.wrap_future(begun)

    def _button(self, label: str) -> ActionItem:
        found = [button for button in self.actions if (button.content or button.name) == label]
        if len(found) != 1:
            shown = ", ".join(repr(button.content or button.name) for button in self.actions) or "none"
            raise OptionError(
                f"chat.click({label!r}) needs one button that says so, and there are {len(found)}. "
                f"The buttons: {shown}. If several say the same, give one of chat.actions."
            )
        return found[0]

    async def stop(self) -> None:
        """Stop the turn that runs, if one does, and wait until it has ended."""
        turn = self._dispatcher.runner.stop()
        if turn is not None:
            await asyncio.wrap_future(turn.finished)

    def rewind(self, to: Point) -> None:
        """Go back to before a message of the user: messages, state and ``cl.chat_context`` are as they were then.

        What is left stays as a branch. Saying something now begins another one beside it, and the arrows at the message
        step between them; each is as it was left. Plain data in the state (lists, dicts, sets and tuples of plain
        data) is copied at each turn's beginning and comes back; any other object is shared by reference, and what
        was changed inside it stays changed. The settings of the settings form are the user's, and stay, too.

        Parameters
        ----------
        to
            One of ``chat.messages``, its index there or its id, or a `Turn`. Any message of a turn means the turn.

        Raises
        ------
        SessionBusyError
            While an answer is on its way.
        OptionError
            When there is no such message, or it belongs to the opening, which only `restart` repeats.

        Examples
        --------
        >>> import anychat as cl
        >>> chat = cl.Chat(lambda message: message.content.upper())
        >>> await chat.send("hello")                             # doctest: +SKIP
        >>> chat.rewind(0)                                       # doctest: +SKIP
        >>> chat.messages                                        # doctest: +SKIP
        []
        """
        self._dispatcher.runner.rewind(self._turn_of(to))

    def fork(self, at: Point | None = None, *, layout: Layout | dict[str, Any] | None = None) -> Chat:
        """Make another Chat of the same App and user that goes on from a point of this one; both go their own ways.

        Parameters
        ----------
        at
            The message before which the new chat stands, as for `rewind`. By default it has all turns that have ended.
        layout
            As for `Chat`.

        Returns
        -------
        Chat
            With its own copy of messages, sidebar, ``cl.chat_context``, state and settings. What cannot be copied (see
            `rewind`) is shared by both.

        Raises
        ------
        OptionError
            When there is no such message.
        """
        before = self._dispatcher.open_turn() if at is None else self._turn_of(at)
        past = self._dispatcher.runner.branches.past(before)
        session = self.session
        twin = Chat(
            self.app,
            user=session.user,
            env=session.env,
            profile=session.chat_profile,
            loop=self._dispatcher.loop_name,
            uploads=self._dispatcher.uploads,
            layout=layout,
        )
        if past.path:
            twin.session.offer_as(session)
            twin._dispatcher.runner.resume(past)
        return twin

    async def restore(self) -> None:
        """Go on with the conversation that ended when the cell of this chat was run again.

        Its messages, sidebar, state and settings come back, and the callbacks that are registered now answer. What was
        said in this chat meanwhile is dropped. An object that ``on_chat_start`` has put into the state again (a client,
        say) stays as it made it.

        Raises
        ------
        OptionError
            When there is none: only the last conversation that was ended by running the cell again is kept.
        SessionBusyError
            While an answer is on its way.
        """
        await asyncio.wrap_future(self._dispatcher.restore())

    def _turn_of(self, point: Point) -> str:
        if isinstance(point, Turn):
            return point.id
        if isinstance(point, int):
            messages = self.messages
            if not -len(messages) <= point < len(messages):
                raise OptionError(f"This chat has {len(messages)} messages, so there is none at index {point}.")
            point = messages[point]
        id = point.id if isinstance(point, MessageItem) else point
        home = self.session.transcript.home(id) if isinstance(id, str) else None
        if home is None or not self.session.transcript.is_shown(home):
            raise OptionError(
                f"A point is one of chat.messages, its index or id, or a Turn that is shown; not {point!r}."
            )
        return home

    async def restart(self, *, profile: str | None = None) -> None:
        """Begin a new conversation: the session ends (``on_chat_end``) and a new one starts (``on_chat_start``).

        Returns when both have been seen to.

        Parameters
        ----------
        profile
            The name of another profile to go on with.
        """
        await asyncio.wrap_future(self._dispatcher.restart(profile))
        opening = self._dispatcher.runner.opening
        if opening is not None:
            await asyncio.wrap_future(opening.finished)

    def close(self) -> None:
        """End the session and remove the widget from all pages."""
        if hasattr(self, "_dispatcher") and not self._is_detached:
            self._dispatcher.end()
        self._leave_pages()

    def _repr_mimebundle_(self, **options: Any) -> Any:
        self._show()
        return super()._repr_mimebundle_(**options)

    def __repr__(self) -> str:
        if not hasattr(self, "_dispatcher"):
            return "<Chat>"
        return f"<Chat with {self.app.name!r}: {self.session.status}, {len(self.messages)} messages>"

    # ── Wire ─────────────────────────────────────────────────────────────────────────────────────

    def _receive(self, text: object, buffers: Sequence[bytes]) -> None:
        self._dispatcher.receive(text, buffers)

    def _show(self) -> None:
        """A cell displays the chat: the session begins."""
        self._send_assets()
        self.session.emitter.open()
        self._dispatcher.runner.begin()

    # ── Life cycle ───────────────────────────────────────────────────────────────────────────────

    def _detach(self) -> None:
        """Another Chat of the same name goes on with the session: this one leaves the pages."""
        self._is_detached = True
        self._leave_pages()

    def _follow_cell(self) -> None:
        shell = current_shell()
        cell = current_cell(shell) if shell is not None else None
        if cell is not None and self.session.name is None:
            past = cells(shell).when_gone(cell, self._cell_gone)
            if isinstance(past, Past):
                self._dispatcher.offer(past)

    def _cell_gone(self) -> Past | None:
        """The cell that made this chat is run again or deleted: what still shows the chat may be read, nothing more.

        Returns the conversation, if there is one, for the chat that the cell makes next.
        """
        past = self._dispatcher.leave()
        self._dispatcher.when_unseen(self._leave_pages)
        return past if past.has_words else None


class Inspector(PageWidget):
    """The state of one or several chats, live, in a widget of its own: a column for each.

    Keys have their type, a summary, and the turn of their last change; what changed in the newest turn is marked, and
    values of simple types can be edited. Secrets are hidden (see `anychat.secrets`). It follows *New chat*, and costs
    nothing while no page shows it. Inside a chat, the button in its head shows the same.

    Parameters
    ----------
    chat_or_chats
        A `Chat`, or several.
    layout
        As for any widget: its width and the like.

    Raises
    ------
    OptionError
        When it is given something else than chats.

    Examples
    --------
    >>> import anychat as cl
    >>> alice, bob = cl.Chat(user="Alice"), cl.Chat(user="Bob")
    >>> cl.Inspector([alice, bob])
    <Inspector of 2 chats>
    """

    _shows = traitlets.Unicode("inspector").tag(sync=True)

    def __init__(
        self,
        chat_or_chats: Chat | Sequence[Chat],
        *,
        layout: Layout | dict[str, Any] | None = None,
    ) -> None:
        chats = [chat_or_chats] if isinstance(chat_or_chats, Chat) else chat_or_chats
        if not isinstance(chats, Sequence) or not chats or not all(isinstance(each, Chat) for each in chats):
            raise OptionError(f"Inspector takes a chat, or a list of chats, not {chat_or_chats!r}.")
        super().__init__(layout)
        self._desk = Desk([chat._dispatcher for chat in chats], self._send_packet)
        self._count = len(chats)
        shell = current_shell()
        cell = current_cell(shell) if shell is not None else None
        if cell is not None:
            cells(shell).when_gone(cell, self._cell_gone)

    def close(self) -> None:
        """Remove the widget from all pages."""
        if hasattr(self, "_desk"):
            self._desk.close()
        self._leave_pages()

    def _receive(self, text: object, buffers: Sequence[bytes]) -> None:
        self._desk.receive(text)

    def _cell_gone(self) -> None:
        """The cell that made it is run again or deleted: what still shows it may be read."""
        self._desk.when_unseen(self.close)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        self._send_assets()
        self._desk.open()
        return super()._repr_mimebundle_(**options)

    def __repr__(self) -> str:
        count = getattr(self, "_count", 0)
        return f"<Inspector of {count} chat{'' if count == 1 else 's'}>"


def _where_it_came_from(_message: Any, subshell: Any) -> Any:
    return subshell


def _receive(widget: PageWidget, content: Any, buffers: Sequence[memoryview]) -> None:
    text = content.get("text") if isinstance(content, dict) else content
    widget._receive(text, [bytes(buffer) for buffer in buffers or ()])


def _as_app(given: object) -> App:
    if given is None:
        return default_app
    if isinstance(given, App):
        return given
    if callable(given):
        return App(on_message=given)
    raise OptionError(f"Chat takes an App or a function that answers a message, not {given!r}.")


def _refuse_unknown(options: dict[str, Any]) -> None:
    for option in options:
        guess = get_close_matches(option, OPTIONS, 1)
        hint = f"Did you mean {guess[0]!r}?" if guess else f"It knows {', '.join(OPTIONS)}."
        raise OptionError(f"Chat has no argument {option!r}. {hint}")


@cache
def _watch_process() -> None:
    """Once per process: end the sessions with it; in development, show each new bundle in the open pages."""
    atexit.register(end_all)
    if os.environ.get("ANYCHAT_DEV"):
        watch_assets(_reload_pages)


def _reload_pages(digest: str) -> None:
    for dispatcher in list(live_dispatchers):
        dispatcher.put(Reload(digest))
