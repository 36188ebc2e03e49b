"""Steps: what is done on the way to an answer, shown as folds that nest.

A step that is begun is open until it ends, in the context that it was begun in: what is begun meanwhile, also in tasks
and worker threads that are started there, stands in it.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Generator, Iterator, Sequence
from contextlib import contextmanager
from functools import partial, wraps
from types import TracebackType
from typing import Any, Self, TypedDict, TypeVar, overload

from .context import OpenStep, current_session, current_turn, emit, local_steps, session_of
from .element import Element
from .growing import GrowingText
from .message import utc_now
from .protocol import ItemPut, ItemRemoved, StepItem, StepPatch, StepType, Token
from .secrets import Secrets
from .session import Session
from .sync import run_sync

MOST_YIELDED = 100
"""How many of the values that a generator yields, and that are no text, are shown as its output."""

ShowInput = bool | str


class StepDict(TypedDict, total=False):
    """A step as a dict, with Chainlit's keys."""

    name: str
    type: str
    id: str
    threadId: str | None
    parentId: str | None
    streaming: bool
    metadata: dict[str, Any]
    tags: list[str] | None
    input: str
    isError: bool
    output: str
    createdAt: str | None
    start: str | None
    end: str | None
    language: str | None
    defaultOpen: bool
    autoCollapse: bool
    showInput: ShowInput
    generation: dict[str, Any] | None


class Step:
    """Something that is done on the way to an answer: a search, a call of a model or a tool.

    Use it as a context manager, sync or async: the step is open, and said to be running, until the block ends. What
    the block raises is shown in it, and goes on.

    Parameters
    ----------
    name
        What is done; the App's name if none is given.
    type
        ``"run"``, ``"tool"``, ``"llm"``, ``"embedding"``, ``"retrieval"``, ``"rerank"`` or ``"undefined"``.
    id
        A UUID is made up if none is given.
    parent_id
        The step or message that it stands in; the innermost open step if none is given.
    elements
        Shown in it.
    metadata, tags
        Yours; they stay in the kernel.
    language
        Show the output as code in this language.
    icon
        The name of an icon of Lucide, such as ``"globe"``, or an emoji; by default each type has its own.
    default_open
        Show what is in it from the beginning.
    auto_collapse
        Close it when it ends.
    show_input
        The language to show the input in; True: as Markdown; False: not at all, it does not leave the kernel.
    thread_id
        Yours; the session's id if none is given.

    Attributes
    ----------
    input, output : str
        What went in and what came out. A dict, list or tuple that is set becomes indented JSON; anything else text.
    start, end : str or None
        When it began and ended: ISO 8601, UTC.
    is_error : bool
        Whether it failed.
    generation : object
        What a model was asked and answered, such as `cl.ChatGeneration`; it stays in the kernel.

    Examples
    --------
    >>> import anychat as cl
    >>> @cl.on_message
    ... async def reply(message: cl.Message):
    ...     async with cl.Step("search", type="tool") as step:
    ...         step.input = {"query": message.content}
    ...         step.output = ["one result", "another"]
    ...     await cl.Message(f"I found {step.output}.").send()

    Names and behaviour follow Chainlit's ``cl.Step``.
    """

    is_run = False

    def __init__(
        self,
        name: str | None = None,
        type: StepType = "undefined",
        id: str | None = None,
        parent_id: str | None = None,
        elements: Sequence[Element] | None = None,
        metadata: dict[str, Any] | None = None,
        tags: list[str] | None = None,
        language: str | None = None,
        icon: str | None = None,
        default_open: bool = False,
        auto_collapse: bool = False,
        show_input: ShowInput = "json",
        thread_id: str | None = None,
    ) -> None:
        session = current_session.get(None)
        self.name = name or (session.assistant if session else "Assistant")
        self.type: StepType = type
        self.id = id or str(uuid.uuid4())
        self.parent_id = parent_id
        self.elements = list(elements or [])
        self.metadata = metadata or {}
        self.tags = tags
        self.language = language
        self.icon = icon
        self.default_open = default_open
        self.auto_collapse = auto_collapse
        self.show_input = show_input
        self.thread_id = thread_id or (session.id if session else None)
        self.created_at = utc_now()
        self.start: str | None = None
        self.end: str | None = None
        self.streaming = False
        self.is_error = False
        self.generation: Any = None
        self._input = GrowingText()
        self._output = GrowingText()
        self._has_found_language = False  # the language is the output's own
        self._home: Session | None = None  # where it is shown
        self._is_shown = False  # readers see it
        self._around: OpenStep | None = None  # the step that it stands in, where that is not the one that is open
        self._owner: str | None = None  # the item that it is shown in
        self._is_named = False  # the App was asked what to call it

    @property
    def input(self) -> str:
        """What went in, as text."""
        return str(self._input)

    @input.setter
    def input(self, content: object) -> None:
        self._input.set(as_shown(content)[0])

    @property
    def output(self) -> str:
        """What came out, as text."""
        return str(self._output)

    @output.setter
    def output(self, content: object) -> None:
        text, language = as_shown(content)
        self._output.set(text)
        if language is not None:
            self.language, self._has_found_language = language, True
        elif self._has_found_language:
            self.language, self._has_found_language = None, False

    @property
    def loop(self) -> asyncio.AbstractEventLoop | None:
        """The event loop of the session that it is shown in."""
        return self._home.loop if self._home else None

    @property
    def shown_id(self) -> str | None:
        """The id of the step that readers see: this one's, else that of the next one around it."""
        return self.id if self._is_shown else self._owner

    # ── Where it is open ─────────────────────────────────────────────────────────────────────────

    async def __aenter__(self) -> Self:
        await self.take_name()
        self.begin()
        self._open()
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._close()
        self.finish(error)

    def __enter__(self) -> Self:
        self.begin()
        self._open()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._close()
        self.finish(error)

    def begin(self, around: OpenStep | None = None) -> None:
        """Show that it runs. It is not open, for code that knows better what stands in what: `around` is its parent."""
        self._around = around
        self.start = utc_now()
        self.end = None
        self.show()

    def finish(self, error: BaseException | None = None) -> None:
        """Show that it has ended, with what was raised in it."""
        self.end = utc_now()
        if error is not None and not isinstance(error, GeneratorExit):
            self.is_error = True
        if isinstance(error, Exception):  # what was cancelled says nothing
            said = _plain(error) or type(error).__name__
            self.output = self._home.mask().hide(said) if self._home else said
            self.language, self._has_found_language = "text", True
        self.show()

    def _open(self) -> None:
        local_steps.set((*local_steps.get(), self))

    def _close(self) -> None:
        local_steps.set(tuple(step for step in local_steps.get() if step is not self))

    # ── What is shown ────────────────────────────────────────────────────────────────────────────

    async def send(self) -> Self:
        """Show the step, or end its stream if it was streamed; returns the step.

        Raises
        ------
        ContextError
            When no callback is running here and the step has not been shown before.
        """
        await self.take_name()
        self.show()
        return self

    async def update(self) -> bool:
        """Show the step as it is now. Returns True."""
        await self.send()
        return True

    async def remove(self) -> bool:
        """Take the step back, with what stands in it. Returns True."""
        session = self._session("Step.remove")
        if self._is_shown:
            emit(session, ItemRemoved(self.id))
        self._home, self._is_shown = None, False
        return True

    async def stream_token(self, token: str, is_sequence: bool = False, is_input: bool = False) -> None:
        """Add to the output and show it at once; outside of a ``with`` block, `send` ends the stream.

        Parameters
        ----------
        token
            The text to add. Empty text does nothing.
        is_sequence
            The token is the whole text so far, and replaces it.
        is_input
            It is the input that grows.

        Raises
        ------
        TypeError
            When the token is no text.
        ContextError
            As for `send`.
        """
        if token and not self._is_named:  # asked for each token
            await self.take_name()
        if self.add_token(token, is_sequence, is_input):
            await asyncio.sleep(0)  # a callback that streams without a pause must not keep the loop from others

    def show(self) -> None:
        """What `send` and `update` do, for code that cannot await."""
        self.streaming = False
        self._show(self._session("Step.send"))
        for element in self.elements if self._is_shown else ():
            element.show(self.id)

    def add_token(self, token: str | None, is_sequence: bool = False, is_input: bool = False) -> bool:
        """What `stream_token` does, for code that cannot await; returns whether others should get a chance to run."""
        if not token:
            return False
        session = self._session("Step.stream_token")
        text = self._input if is_input else self._output
        text.take(token, is_sequence)
        if self._home is session and self.streaming and not text.is_replaced:
            return self._is_shown and self._may_show(is_input) and emit(session, Token(self.id, token, is_input))
        self.streaming = text.is_replaced = True  # a stream begins: the page needs the text so far, too
        return self._show(session)

    def to_dict(self) -> StepDict:
        """The step as a dict, with Chainlit's keys."""
        return {
            "name": self.name,
            "type": self.type,
            "id": self.id,
            "threadId": self.thread_id,
            "parentId": self.parent_id,
            "streaming": self.streaming,
            "metadata": {**self.metadata, **({"icon": self.icon} if self.icon else {})},
            "tags": self.tags,
            "input": self.input,
            "isError": self.is_error,
            "output": self.output,
            "createdAt": self.created_at,
            "start": self.start,
            "end": self.end,
            "language": self.language,
            "defaultOpen": self.default_open,
            "autoCollapse": self.auto_collapse,
            "showInput": self.show_input,
            "generation": self.generation.to_dict() if self.generation else None,
        }

    def __call__(self, function: F) -> F:
        """Decorate a function, as `step` does: each call is a step of its own, made like this one."""
        return step(
            name=self.name,
            type=self.type,
            parent_id=self.parent_id,
            tags=self.tags,
            metadata=self.metadata,
            language=self.language,
            icon=self.icon,
            show_input=self.show_input,
            default_open=self.default_open,
            auto_collapse=self.auto_collapse,
        )(function)

    def _session(self, wanted: str) -> Session:
        return session_of(self.id, self._home, wanted)

    def _may_show(self, is_input: bool) -> bool:
        return bool(self.show_input) or not is_input

    def _show(self, session: Session) -> bool:
        self._take_name_now(session)
        is_known, self._home = self._home is session, session
        if not is_known:
            self._take_place(session)
        if not self._is_shown:
            return False
        patch = self._patch() if is_known else ItemPut(self._turn(session), self._item())
        self._input.is_replaced = self._output.is_replaced = False
        return emit(session, patch)

    def _take_place(self, session: Session) -> None:
        """Find out where it stands, and whether readers see it."""
        around = self._step_around()
        self.parent_id = around.id if around else self.parent_id
        self._owner = around.shown_id if around else self.parent_id
        self._is_shown = self._is_wanted(session)

    def _step_around(self) -> OpenStep | None:
        if self._around is not None:
            return self._around
        steps = local_steps.get()
        if self.parent_id is None:
            return steps[-1] if steps else None
        return next((step for step in steps if step.id == self.parent_id), None)

    def _is_wanted(self, session: Session) -> bool:
        cot = session.options.cot
        return cot == "full" or (cot == "tool_call" and self.type == "tool")

    def _turn(self, session: Session) -> str:
        """The turn that it stands in: that of its owner, else the callback's own."""
        home = session.transcript.home(self._owner) if self._owner else None
        return home or session.place(current_turn.get())

    def _item(self) -> StepItem:
        return StepItem(
            id=self.id,
            name=self.name,
            type=self.type,
            input=self.input if self.show_input else "",
            content=self.output,
            input_language=self._input_language,
            language=self.language,
            started_at=self.start,
            ended_at=self.end,
            streaming=self.streaming,
            is_error=self.is_error,
            default_open=self.default_open,
            auto_collapse=self.auto_collapse,
            icon=self.icon,
            parent_id=self._owner,
        )

    def _patch(self) -> StepPatch:
        patch = StepPatch(
            id=self.id,
            name=self.name,
            input_language=self._input_language,
            language=self.language,
            started_at=self.start,
            ended_at=self.end,
            streaming=self.streaming,
            is_error=self.is_error,
            icon=self.icon,
        )
        if self._input.is_replaced and self.show_input:
            patch.input = self.input
        if self._output.is_replaced:
            patch.content = self.output
        return patch

    @property
    def _input_language(self) -> str | None:
        return self.show_input if isinstance(self.show_input, str) else None

    async def take_name(self) -> None:
        """Ask the App what to call it: for code that can await, before `begin`."""
        if not self._is_named:
            name = self._session("Step.send").rename_author(self.name)
            self._be_named(await name if isinstance(name, Awaitable) else name)

    def _take_name_now(self, session: Session) -> None:
        """For code that cannot await."""
        if not self._is_named:
            name = session.rename_author(self.name)
            self._be_named(run_sync(name) if isinstance(name, Awaitable) else name)

    def _be_named(self, name: object) -> None:
        self._is_named = True
        self.name = self.name if name is None else str(name)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r} of type {self.type}: {self.output[:60]!r}>"


class Run(Step):
    """What stands around all steps of a callback. It is not shown, and what is in it stands in the turn."""

    is_run = True

    def __init__(self, event: str, session: Session, parent_id: str | None) -> None:
        super().__init__(event, "run", parent_id=parent_id, thread_id=session.id)
        self.start = utc_now()
        self._is_named = True
        self._home = session


# ── What goes in and comes out, as text ──────────────────────────────────────────────────────────


def as_shown(content: object) -> tuple[str, str | None]:
    """What goes in or comes out as text, and the language to show it in (None: the step's own).

    A dict, list or tuple becomes indented JSON; what JSON does not know stands in it as text, and what is secret does
    not: arguments are taken down by nobody's wish.
    """
    if content is None:
        return "", None
    if isinstance(content, str):
        return content, None
    if isinstance(content, dict | list | tuple):
        session = current_session.get(None)
        secrets = session.options.secrets if session else Secrets()
        hide = secrets.find({"": content}, {}).hide
        try:
            text = json.dumps(secrets.without(content), indent=4, ensure_ascii=False, default=_plain)
            return hide(text), "json"
        except (TypeError, ValueError, RecursionError):  # keys that are no text, or a circle
            return hide(_plain(content)), "text"
    return _plain(content), "text"


def _plain(value: object) -> str:
    if isinstance(value, bytes | bytearray | memoryview):
        return f"<{len(value):,} bytes>"
    try:
        return str(value)
    except Exception as error:  # an object's own
        return f"<{type(value).__name__} that cannot be shown: {type(error).__name__}>"


# ── The decorator ────────────────────────────────────────────────────────────────────────────────

F = TypeVar("F", bound=Callable[..., Any])
Begin = Callable[[tuple[Any, ...], dict[str, Any]], Step]


@overload
def step(original_function: F) -> F: ...


@overload
def step(
    original_function: None = None,
    *,
    name: str | None = ...,
    type: StepType = ...,
    id: str | None = ...,
    parent_id: str | None = ...,
    tags: list[str] | None = ...,
    metadata: dict[str, Any] | None = ...,
    language: str | None = ...,
    icon: str | None = ...,
    show_input: ShowInput = ...,
    default_open: bool = ...,
    auto_collapse: bool = ...,
) -> Callable[[F], F]: ...


def step(
    original_function: Callable[..., Any] | None = None,
    *,
    name: str | None = "",
    type: StepType = "undefined",
    id: str | None = None,
    parent_id: str | None = None,
    tags: list[str] | None = None,
    metadata: dict[str, Any] | None = None,
    language: str | None = None,
    icon: str | None = None,
    show_input: ShowInput = "json",
    default_open: bool = False,
    auto_collapse: bool = False,
) -> Any:
    """Show each call of a function as a step: its arguments go in, what it returns comes out.

    The function may be sync or async, or a generator: text that it yields streams into the output. Inside it,
    ``cl.context.current_step`` is the step: what the function writes into its output stays. Called where no callback
    runs, such as in a cell, the function does just what it does.

    Parameters
    ----------
    original_function
        What is decorated.
    name
        The function's own if none is given.
    id
        For the first call; the others get ids of their own.
    type, parent_id, tags, metadata, language, icon, show_input, default_open, auto_collapse
        As for `Step`.

    Returns
    -------
    callable
        A function of the same kind.

    Examples
    --------
    >>> import anychat as cl
    >>> @cl.step(type="tool")
    ... async def search(query: str):
    ...     return ["one result", "another"]
    >>> @cl.on_message
    ... async def reply(message: cl.Message):
    ...     return ", ".join(await search(message.content))

    Arguments as in Chainlit's ``cl.step``.
    """
    ids = iter([id] if id else [])

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        def begin(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Step:
            begun = Step(
                name or getattr(function, "__name__", None) or repr(function),
                type,
                next(ids, None),
                parent_id,
                None,
                dict(metadata or {}),
                tags,
                language,
                icon,
                default_open,
                auto_collapse,
                show_input,
            )
            begun.input = _arguments(function, args, kwargs) or None
            return begun

        return _in_steps(function, begin)

    return decorate if original_function is None else decorate(original_function)


def _arguments(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a call by name, with the defaults of those that are not given; not the object of a method."""
    try:
        bound = inspect.signature(function).bind(*args, **kwargs)
    except (TypeError, ValueError):  # the call itself will say what is wrong
        return {}
    bound.apply_defaults()
    names = list(bound.arguments)
    own = names[:1] if names[:1] in (["self"], ["cls"]) else []
    return {name: value for name, value in bound.arguments.items() if name not in own}


def _in_steps(function: Callable[..., Any], begin: Begin) -> Callable[..., Any]:
    if inspect.isasyncgenfunction(function):
        return _of_async_generator(function, begin)
    if inspect.iscoroutinefunction(function):
        return _of_coroutine(function, begin)
    if inspect.isgeneratorfunction(function):
        return _of_generator(function, begin)
    return _of_function(function, begin)


def _is_in_callback() -> bool:
    return current_session.get(None) is not None


def _of_function(function: Callable[..., Any], begin: Begin) -> Callable[..., Any]:
    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        if not _is_in_callback():
            return function(*args, **kwargs)
        with begin(args, kwargs) as begun:
            result = function(*args, **kwargs)
            _give(begun, result)
        return result

    return call


def _of_coroutine(
    function: Callable[..., Coroutine[Any, Any, Any]], begin: Begin
) -> Callable[..., Coroutine[Any, Any, Any]]:
    @wraps(function)
    async def call(*args: Any, **kwargs: Any) -> Any:
        if not _is_in_callback():
            return await function(*args, **kwargs)
        async with begin(args, kwargs) as begun:
            result = await function(*args, **kwargs)
            _give(begun, result)
        return result

    return call


def _of_generator(function: Callable[..., Generator[Any, Any, Any]], begin: Begin) -> Callable[..., Any]:
    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        generator = function(*args, **kwargs)
        if not _is_in_callback():
            return (yield from generator)
        with _Yielding(begin(args, kwargs)) as yielding:
            resume: Callable[[], Any] = partial(generator.send, None)
            while True:
                try:
                    with yielding.inside():
                        value = resume()
                except StopIteration as stop:
                    _give(yielding.step, stop.value)
                    return stop.value
                yielding.add(value)
                resume = yield from _hand_out(value, generator)

    return call


def _hand_out(value: Any, generator: Generator[Any, Any, Any]) -> Generator[Any, Any, Callable[[], Any]]:
    """Yield what a generator yielded; returns how it goes on."""
    try:
        sent = yield value
    except GeneratorExit:
        generator.close()
        raise
    except BaseException as error:
        return partial(generator.throw, error)
    return partial(generator.send, sent)


def _of_async_generator(function: Callable[..., AsyncGenerator[Any, Any]], begin: Begin) -> Callable[..., Any]:
    @wraps(function)
    async def call(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
        generator = function(*args, **kwargs)
        if not _is_in_callback():
            async for value in generator:
                yield value
            return
        with _Yielding(begin(args, kwargs)) as yielding:
            resume: Callable[[], Awaitable[Any]] = partial(generator.asend, None)
            while True:
                try:
                    with yielding.inside():
                        value = await resume()
                except StopAsyncIteration:
                    return
                if yielding.add(value):
                    await asyncio.sleep(0)
                try:
                    resume = partial(generator.asend, (yield value))
                except GeneratorExit:
                    await generator.aclose()
                    raise
                except BaseException as error:
                    resume = partial(generator.athrow, error)

    return call


class _Yielding:
    """The step of a generator: open only while the generator runs, for whoever takes its values runs in between."""

    def __init__(self, step: Step) -> None:
        self.step = step
        self._written = 0
        self._values: list[object] = []
        self._open_steps: tuple[OpenStep, ...] = ()

    def __enter__(self) -> Self:
        self.step.begin()
        self._open_steps = (*local_steps.get(), self.step)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        _give(self.step, self._values or None)
        self.step.finish(error)

    @contextmanager
    def inside(self) -> Iterator[None]:
        """While the generator runs, the steps are open that it has open."""
        outside = local_steps.get()
        local_steps.set(self._open_steps)
        try:
            yield
        finally:
            self._open_steps = local_steps.get()
            local_steps.set(outside)

    def add(self, value: object) -> bool:
        """Show what was yielded, unless the function writes the output itself."""
        if not isinstance(value, str):
            if len(self._values) < MOST_YIELDED:
                self._values.append(value)
            return False
        if len(self.step._output) != self._written:
            return False
        self._written += len(value)
        return self.step.add_token(value)


def _give(step: Step, result: object) -> None:
    """Show what a function returned, unless it wrote the output itself."""
    if result is not None and not len(step._output):
        step.output = result
