"""Calls of models, as steps: for clients that know nothing of chats, and are watched from outside.

::

    client.create(...) ─▶ watched ─▶ the client's own method ─▶ an answer, or a stream of pieces ─▶ the caller
                            └▶ ModelCall: a step of type "llm", begun now, ended with the last piece

Only calls that a callback makes are shown, and only if its App asked for it; any other goes through untouched.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import AsyncIterator, Callable, Iterator
from copy import copy
from functools import wraps
from typing import Any

from .context import current_session
from .errors import MissingPackageError
from .generation import BaseGeneration, ChatGeneration, CompletionGeneration
from .logger import logger
from .step import Step

LONGEST_URL = 200
"""Data in messages (pictures, sounds) longer than this many characters is shortened where it is shown."""


class Reading:
    """Understands what one method of a client is given and gives back. Each call has one of its own."""

    def __init__(self, arguments: dict[str, Any]) -> None:
        self.arguments = arguments

    @property
    def asked(self) -> Any:
        """What the model is asked: messages, or a prompt."""

    def take_piece(self, piece: Any) -> bool:
        """Read a piece of a stream; returns whether it has something of the answer in it."""
        raise NotImplementedError

    def take_whole(self, answer: Any) -> None:
        """Read an answer that came at once."""
        raise NotImplementedError

    def shown(self) -> object:
        """What readers see of the answer."""

    def fill(self, generation: ChatGeneration | CompletionGeneration) -> None:
        """Write down what was asked and answered."""


class ModelCall:
    """One call of a model, shown as a step."""

    def __init__(self, package: str, reading: Reading) -> None:
        model = reading.arguments.get("model")
        self.step = Step(str(model or package), "llm")
        self._package = package
        self._reading = reading
        self._began = time.monotonic()
        self._first_at: float | None = None
        self._pieces = 0

    def begin(self) -> None:
        """The call is made."""
        self.step.input = shortened(plain(self._reading.asked))
        self.step.begin()

    def take(self, answer: Any, stream: str) -> Any:
        """Read what the client gave, and give it on; `stream` is where its streams keep their pieces."""
        pieces = getattr(answer, stream, None)
        if pieces is None:
            self._guarded(lambda: self._reading.take_whole(answer))
            self.finish()
            return answer
        # The pieces know their stream. In a copy that they do not know, they are noticed to be left when it is.
        followed = copy(answer)
        follow = self._follow_async if isinstance(pieces, AsyncIterator) else self._follow
        setattr(followed, stream, follow(pieces))
        return followed

    def finish(self, error: BaseException | None = None) -> None:
        """The call is over."""
        if error is None:
            self._guarded(self._write_down)
        self.step.finish(error)

    def _follow(self, pieces: Iterator[Any]) -> Iterator[Any]:
        try:
            for piece in pieces:
                self._take_piece(piece)
                yield piece
        except GeneratorExit:
            self._leave()
            raise
        except BaseException as error:
            self.finish(error)
            raise
        self.finish()

    async def _follow_async(self, pieces: AsyncIterator[Any]) -> AsyncIterator[Any]:
        try:
            async for piece in pieces:
                self._take_piece(piece)
                yield piece
        except GeneratorExit:
            self._leave()
            raise
        except BaseException as error:
            self.finish(error)
            raise
        self.finish()

    def _leave(self) -> None:
        """Nobody wants the rest. Not here: this may be a garbage collection in the middle of anything."""
        loop = self.step.loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self.finish)

    def _take_piece(self, piece: Any) -> None:
        def take() -> None:
            if self._reading.take_piece(piece):
                self._pieces += 1
                self._first_at = self._first_at or time.monotonic()

        self._guarded(take)

    def _write_down(self) -> None:
        generation = CompletionGeneration() if isinstance(self._reading.asked, str) else ChatGeneration()
        generation.provider = self._package
        generation.model = self.step.name
        generation.duration = time.monotonic() - self._began
        if self._first_at is not None:
            generation.tt_first_token = 1000 * (self._first_at - self._began)
            generation.token_throughput_in_s = self._pieces / generation.duration if generation.duration else None
        self._reading.fill(generation)
        self.step.generation = generation
        self.step.output = self._reading.shown()

    def _guarded(self, read: Callable[[], object]) -> None:
        """Whatever a client gives that is not understood must not break the call."""
        try:
            read()
        except Exception:
            logger.exception("An answer of the package %s could not be read for its step.", self._package)


def watch(owner: type, method: str, package: str, reading: Callable[[dict[str, Any]], Reading], stream: str) -> None:
    """Show the calls of a client's method, once and for all: it stays as it is where no App asked for it."""
    original = getattr(owner, method, None)
    if original is None or hasattr(original, "anychat_original"):  # another version of the client, or done already
        return
    watched = _watched_async if owner.__name__.startswith("Async") or method.endswith("_async") else _watched
    wrapper: Any = wraps(original)(watched(original, package, reading, stream))
    wrapper.anychat_original = original
    setattr(owner, method, wrapper)


def _watched(original: Any, package: str, reading: Callable[[dict[str, Any]], Reading], stream: str) -> Any:
    def create(*args: Any, **kwargs: Any) -> Any:
        if not _is_wanted(package):
            return original(*args, **kwargs)
        call = ModelCall(package, reading(kwargs))
        call.begin()
        try:
            answer = original(*args, **kwargs)
        except BaseException as error:
            call.finish(error)
            raise
        return call.take(answer, stream)

    return create


def _watched_async(original: Any, package: str, reading: Callable[[dict[str, Any]], Reading], stream: str) -> Any:
    async def create(*args: Any, **kwargs: Any) -> Any:
        if not _is_wanted(package):
            return await original(*args, **kwargs)
        call = ModelCall(package, reading(kwargs))
        await call.step.take_name()
        call.begin()
        try:
            answer = await original(*args, **kwargs)
        except BaseException as error:
            call.finish(error)
            raise
        return call.take(answer, stream)

    return create


def _is_wanted(package: str) -> bool:
    session = current_session.get(None)
    return session is not None and package in session.options.instrumented


def import_optional(module: str, wanted: str, install: str) -> Any:
    """Import what is needed for something that is optional.

    Raises
    ------
    MissingPackageError
        When it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise MissingPackageError(
            f"{wanted} needs the package {install}, which is not installed here: run `pip install {install}`, "
            "and restart the kernel."
        ) from error


# ── What messages are made of ────────────────────────────────────────────────────────────────────


def plain(value: Any) -> Any:
    """The same as dicts, lists and text, where it is made of a client's own records; iterators are left alone."""
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json", exclude_none=True, warnings=False)
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value


def shortened(value: Any) -> Any:
    """The same without what nobody can read: pictures and sounds in the middle of messages."""
    if isinstance(value, dict):
        return {key: shortened(each) for key, each in value.items()}
    if isinstance(value, list):
        return [shortened(each) for each in value]
    if isinstance(value, str) and value.startswith("data:") and len(value) > LONGEST_URL:
        return f"{value[:LONGEST_URL]}… ({len(value):,} characters)"
    return value


def count_tokens(generation: BaseGeneration, usage: Any, asked: str, answered: str) -> None:
    """Write down how many tokens were used, if that was said; `asked` and `answered` are what the client calls them."""
    if usage is not None:
        generation.input_token_count = getattr(usage, asked, None)
        generation.output_token_count = getattr(usage, answered, None)
        generation.token_count = getattr(usage, "total_tokens", None)
