"""Elements: what there is to see, hear or fetch beside the text of a message."""

from __future__ import annotations

import uuid
import warnings
from collections.abc import Iterable
from copy import copy
from difflib import get_close_matches
from os import PathLike, fspath
from pathlib import PurePath
from typing import Any, ClassVar, Self, TypedDict, get_args
from urllib.parse import urlsplit

from .blobs import Blob, FileOnDisk, file_now, head, open_blob, size
from .context import current_session, current_turn, emit, session_here, session_of
from .errors import ElementError, OptionError
from .files import UserFile
from .mime import guess_mime
from .protocol import ElementDisplay, ElementItem, ElementSize, ElementType, ItemPut, ItemRemoved
from .session import Session

LONG = 20_000
"""A text with more characters than this does not travel with the picture of the chat: the page fetches it."""

Source = bytes | str | None


class ElementDict(TypedDict, total=False):
    """An element as a dict, with Chainlit's keys."""

    id: str
    threadId: str | None
    type: ElementType
    chainlitKey: str | None
    path: str | None
    url: str | None
    objectKey: str | None
    name: str
    display: ElementDisplay
    size: ElementSize | None
    language: str | None
    page: int | None
    props: dict[str, Any] | None
    autoPlay: bool | None
    playerConfig: dict[str, Any] | None
    forId: str | None
    mime: str | None
    content: str | bytes | None


class Element:
    """Something to see, hear or fetch. Use one of its kinds: `Text`, `Image`, `File` and so on.

    What it shows comes from `content`, `path` or `url`. Content and files are given to pages when they ask, each once,
    and never by their path. What lies at a `url` is fetched only when the user clicks. A file of more than 10 MB is
    not read before a page asks for it, so it must stay where it is.

    Parameters
    ----------
    name
        What it is called in the chat. With the displays ``"side"`` and ``"page"`` it is also the link to it, wherever
        it occurs in the text of its message.
    content
        Bytes or text.
    path
        A file of the kernel's machine.
    url
        An address (http or https) where the browser can find it.
    display
        ``"inline"`` (below its message), ``"side"`` (beside the conversation) or ``"page"`` (in its place).
    size
        ``"small"``, ``"medium"`` or ``"large"``, for what has a size of its own.
    mime
        The kind of data; guessed from the first bytes or the name if none is given.
    language
        To show a text as code.
    id
        A UUID is made up if none is given.
    for_id
        The message that it belongs to; `send` and ``Message(elements=[...])`` set it.
    thread_id, chainlit_key, object_key
        Taken for Chainlit's sake.

    Raises
    ------
    ElementError
        When there is nothing to show.
    OptionError
        When an argument is of the wrong kind.
    """

    type: ClassVar[ElementType]
    is_text: ClassVar[bool] = False
    """Whether its content is text that the page reads, not bytes."""

    keys: ClassVar[dict[str, str] | None] = {}
    """What else is in its dict: attributes by Chainlit's keys. None: no element can be made from such a dict."""

    def __init__(
        self,
        *,
        name: str = "",
        content: Source = None,
        path: str | PathLike[str] | None = None,
        url: str | None = None,
        display: ElementDisplay = "inline",
        size: ElementSize | None = None,
        mime: str | None = None,
        language: str | None = None,
        id: str | None = None,
        for_id: str | None = None,
        thread_id: str | None = None,
        chainlit_key: str | None = None,
        object_key: str | None = None,
        **unknown: Any,
    ) -> None:
        self.name = name
        self.content = self._as_source(content)
        self.path = None if path is None else fspath(path)
        self.url = url
        self.display: ElementDisplay = _one_of(display, ElementDisplay, f"cl.{type(self).__name__}(display=...)")
        self.size = None if size is None else _one_of(size, ElementSize, f"cl.{type(self).__name__}(size=...)")
        self.mime = mime
        self.language = language
        self.id = self._first_id = id or str(uuid.uuid4())
        self.for_id = for_id
        self.thread_id = thread_id or _session_id()
        self.chainlit_key = chainlit_key
        self.object_key = object_key
        self._home: Session | None = None  # where it is shown
        self._is_beside = False  # in the sidebar, and not in the conversation
        self._shown: ElementItem | None = None  # as it was shown last
        self._read: tuple[object, str | Blob | None] | None = None  # where from, and what it is
        self._warn(unknown)
        self._check_source()

    def _check_source(self) -> None:
        if not (self.content or self.path or self.url):
            raise ElementError(
                f"cl.{type(self).__name__}(name={self.name!r}) has nothing to show: give content, path or url."
            )

    def _as_source(self, content: object) -> Source:
        if isinstance(content, bytearray | memoryview):
            return bytes(content)
        if content is None or isinstance(content, bytes | str):
            return content
        raise OptionError(f"cl.{type(self).__name__}(content=...) takes bytes or text, not {content!r}.")

    def _warn(self, unknown: dict[str, Any]) -> None:
        for option in unknown:
            guess = get_close_matches(option, [name for name in vars(self) if not name.startswith("_")], 1)
            hint = f" Did you mean {guess[0]!r}?" if guess else ""
            warnings.warn(f"cl.{type(self).__name__} ignores its argument {option!r}.{hint}", stacklevel=4)

    async def send(self, for_id: str | None = None, persist: bool = True) -> None:  # Chainlit's
        """Show the element, below a message if it is for one; sent with several messages, it stands below each.

        Parameters
        ----------
        for_id
            The id of the message.
        persist
            Taken for Chainlit's sake.

        Raises
        ------
        ContextError
            When no callback is running here and the element has not been shown before.
        OSError, ElementError
            When its file cannot be given to pages.
        """
        self.show(for_id or self.for_id)

    async def update(self) -> bool:
        """Show the element as it is now. Returns True."""
        self.show_in(self._session("update"), self.for_id)
        return True

    async def remove(self) -> None:
        """Take the element back."""
        self.hide()

    def hide(self) -> None:
        """What `remove` does, for code that cannot await."""
        session = self._session("remove")
        with session.emitter.lock:
            sidebar = session.transcript.sidebar
            if sidebar.find(self.id) is not None:
                emit(session, sidebar.without(self.id))
        emit(session, ItemRemoved(self.id))
        self._forget(session, self._shown, None)
        self._home, self._shown, self._is_beside = None, None, False

    def show(self, for_id: str | None) -> None:
        """What `send` does, for code that cannot await."""
        self.show_in(session_here(self._home, f"{type(self).__name__}.send"), for_id)

    def show_in(self, session: Session, for_id: str | None) -> None:
        """Show the element as it is now. What is shown already is not sent again."""
        if not session.transcript.has(self.id):
            self._is_beside = self._is_beside and self._home is session
        self.for_id = for_id or None
        self.id = self._id_in(session)
        item = self._item(session)
        before = self._shown if self._home is session else None
        self._home, self._shown = session, item
        self._put(session, item, is_new=item != before)
        self._forget(session, before, item)

    def _id_in(self, session: Session) -> str:
        """What it is called below its message: sent with several, it stands below each."""
        first = session.transcript.item(self._first_id)
        messages = {self.for_id, first.for_id if isinstance(first, ElementItem) else None} - {None}
        return f"{self.for_id}/{self._first_id}" if len(messages) == 2 else self._first_id

    def _put(self, session: Session, item: ElementItem, *, is_new: bool) -> None:
        is_there = session.transcript.item(self.id) is not None
        with session.emitter.lock:
            sidebar = session.transcript.sidebar
            if is_new and sidebar.find(self.id) is not None:
                emit(session, sidebar.with_element(item))
        if is_new if is_there else self.for_id or not self._is_beside:
            home = session.transcript.home(self.for_id) if self.for_id else None
            emit(session, ItemPut(home or session.place(current_turn.get()), item))

    def beside(self, session: Session) -> ElementItem:
        """What stands in the sidebar for it from now on."""
        self._is_beside = session.transcript.item(self.id) is None
        self._home, self._shown = session, self._item(session)
        return self._shown

    def item_in(self, session: Session) -> ElementItem:
        """The element as `session` shows it; it is at home there from now on."""
        self._home, self._shown = session, self._item(session)
        return self._shown

    def to_dict(self) -> ElementDict:
        """The element as a dict, with Chainlit's keys."""
        values = ElementDict(
            id=self.id,
            threadId=self.thread_id,
            type=self.type,
            url=self.url,
            chainlitKey=self.chainlit_key,
            name=self.name,
            display=self.display,
            objectKey=self.object_key,
            size=self.size,
            props=None,
            page=None,
            autoPlay=None,
            playerConfig=None,
            language=self.language,
            forId=self.for_id,
            mime=self.mime,
        )
        for key, attribute in (self.keys or {}).items():
            values[key] = getattr(self, attribute)  # type: ignore[literal-required]
        return values

    @classmethod
    def from_dict(cls, e_dict: ElementDict) -> Element:
        """An element from a dict with Chainlit's keys; a `File` if no other kind can be made from it."""
        wanted = e_dict.get("type", "file")
        kinds = (each for each in Element.__subclasses__() if each.type == wanted and each.keys is not None)
        kind = next(kinds, File)
        own = {attribute: e_dict[key] for key, attribute in (kind.keys or {}).items() if e_dict.get(key)}  # type: ignore[literal-required]
        return kind(
            id=e_dict.get("id"),
            for_id=e_dict.get("forId"),
            name=e_dict.get("name", ""),
            content=e_dict.get("content"),
            path=e_dict.get("path"),
            url=e_dict.get("url"),
            object_key=e_dict.get("objectKey"),
            chainlit_key=e_dict.get("chainlitKey"),
            thread_id=e_dict.get("threadId"),
            display=e_dict.get("display", "inline"),
            size=e_dict.get("size"),
            language=e_dict.get("language"),
            mime=e_dict.get("mime") or None,
            **own,
        )

    @classmethod
    def infer_type_from_mime(cls, mime_type: str) -> ElementType:
        """The type of element that shows data of a MIME type."""
        if mime_type == "application/pdf":
            return "pdf"
        family = mime_type.partition("/")[0]
        return family if family in ("image", "audio", "video") else "file"  # type: ignore[return-value]

    def at_home_in(self, session: Session) -> Self:
        """The element for another session that goes on with the conversation; itself, if it is shown there already."""
        if self._home in (None, session):
            return self
        moved = copy(self)
        moved._home = session
        return moved

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r}>"

    # ── What the page gets ───────────────────────────────────────────────────────────────────────

    def _forget(self, session: Session, before: ElementItem | None, now: ElementItem | None) -> None:
        """Let go of bytes that are shown no longer: a figure that is drawn again and again must not pile up."""
        for blob in (before.blobs if before else frozenset()) - (now.blobs if now else frozenset()):
            session.release(blob)

    def _session(self, wanted: str) -> Session:
        return session_of(self.id, self._home, f"{type(self).__name__}.{wanted}")

    def _item(self, session: Session) -> ElementItem:
        source = self._source()
        item = ElementItem(
            id=self.id,
            type=self.type,
            name=self.name or (PurePath(self.path).name if self.path else ""),
            display=self.display,
            size=self.size,
            mime=self.mime,
            language=self.language,
            url=self.url,
            for_id=self.for_id,
        )
        if isinstance(source, str):
            item.content = source
        elif source is not None:
            item.asset, item.bytes = session.keep(source), size(source)
        return item

    def _source(self) -> str | Blob | None:
        """What it shows: text that the page reads, or bytes that it fetches; read again only if it is another."""
        origin = self._origin()
        if self._read is None or self._read[0] != origin:
            source = self._read_source()
            self._read = (origin, source)
            self.mime = self.mime or self._guess_mime(source)
        return self._read[1]

    def _origin(self) -> object:
        """Where its data is now. A file that was read and is gone since is what it was: it may have been temporary."""
        if self.content or not self.path:
            return self.content
        now, read = file_now(self.path), self._read[0] if self._read else None
        return read if now is None and isinstance(read, FileOnDisk) and read.path == str(self.path) else now

    def _read_source(self) -> str | Blob | None:
        source: str | Blob | None = self.content or (open_blob(self.path) if self.path else None)
        if self.is_text and isinstance(source, bytes):
            source = source.decode(errors="replace")
        if isinstance(source, str) and (not self.is_text or len(source) > LONG):
            source = source.encode(errors="replace")  # a model may leave half a character
        return source

    def _guess_mime(self, source: str | Blob | None) -> str | None:
        if self.is_text:
            return "text/plain"
        if source is None or isinstance(source, str):
            return guess_mime(b"", urlsplit(self.url or "").path)
        return guess_mime(head(source), self.path or self.name)


class Text(Element):
    """A text that is no message: a source, a document, a piece of code.

    Parameters are those of `Element`; with a `language` it is shown as code, else as Markdown.

    Examples
    --------
    >>> import anychat as cl
    >>> @cl.on_message
    ... async def reply(message: cl.Message):
    ...     source = cl.Text(name="source_1", content="What the book says.", display="side")
    ...     await cl.Message("It is so, see source_1.", elements=[source]).send()
    """

    type = "text"
    is_text = True


class Image(Element):
    """A picture: PNG, JPEG, GIF, WebP, AVIF or SVG.

    Parameters are those of `Element`; `size` is how large it is shown at most.

    Examples
    --------
    >>> import anychat as cl
    >>> @cl.on_message
    ... async def reply(message: cl.Message):
    ...     await cl.Message("Here it is.", elements=[cl.Image(name="cat", path="cat.png")]).send()
    """

    type = "image"

    def __init__(self, *, size: ElementSize = "medium", **options: Any) -> None:
        super().__init__(size=size, **options)


class File(Element):
    """A file that the user can save.

    Parameters are those of `Element`; `name` is the file's name.

    Examples
    --------
    >>> import anychat as cl
    >>> @cl.on_message
    ... async def reply(message: cl.Message):
    ...     await cl.Message("Your table.", elements=[cl.File(name="table.csv", content="a,b\\n1,2\\n")]).send()
    """

    type = "file"


class Pdf(Element):
    """A PDF document.

    Parameters are those of `Element`, and

    page
        Where to open it; 1 is the first page.

    Examples
    --------
    >>> import anychat as cl
    >>> @cl.on_message
    ... async def reply(message: cl.Message):
    ...     await cl.Message("The paper.", elements=[cl.Pdf(name="paper", path="paper.pdf", page=3)]).send()
    """

    type = "pdf"
    keys: ClassVar = {"page": "page"}

    def __init__(self, *, mime: str = "application/pdf", page: int | None = None, **options: Any) -> None:
        if page is not None and (not isinstance(page, int) or page < 1):
            raise OptionError(f"cl.Pdf(page=...) takes the number of a page, from 1, not {page!r}.")
        self.page = page
        super().__init__(mime=mime, **options)

    def _item(self, session: Session) -> ElementItem:
        item = super()._item(session)
        item.page = self.page
        return item


class Audio(Element):
    """Something to hear.

    Parameters are those of `Element`, and

    auto_play
        Play it as soon as it is there. Only what the kernel has itself: nothing is fetched from a `url` unasked.

    Examples
    --------
    >>> import anychat as cl
    >>> @cl.on_message
    ... async def reply(message: cl.Message):
    ...     await cl.Message("Listen.", elements=[cl.Audio(name="bell", path="bell.mp3")]).send()
    """

    type = "audio"
    keys: ClassVar = {"autoPlay": "auto_play"}

    def __init__(self, *, auto_play: bool = False, **options: Any) -> None:
        self.auto_play = auto_play
        super().__init__(**options)

    def _item(self, session: Session) -> ElementItem:
        item = super()._item(session)
        item.auto_play = self.auto_play
        return item


class Video(Element):
    """Something to watch.

    Parameters are those of `Element`, and

    player_config
        Taken for Chainlit's sake.

    Examples
    --------
    >>> import anychat as cl
    >>> @cl.on_message
    ... async def reply(message: cl.Message):
    ...     await cl.Message("Watch.", elements=[cl.Video(name="flight", path="flight.mp4")]).send()
    """

    type = "video"
    keys: ClassVar = {"playerConfig": "player_config"}

    def __init__(
        self, *, size: ElementSize = "medium", player_config: dict[str, Any] | None = None, **options: Any
    ) -> None:
        self.player_config = player_config
        super().__init__(size=size, **options)


ElementBased = Element
"""Any element, by the name that Chainlit's users write in annotations."""


def given_element(file: UserFile, for_id: str) -> Element:
    """A file that the user gave with the message `for_id`; its bytes stay on disk, also when they are few."""
    wanted = Element.infer_type_from_mime(file.mime)
    kind = next((each for each in (Image, Audio, Video, Pdf) if each.type == wanted), File)
    element = kind(id=f"{for_id}/{file.id}", name=file.name, path=file.path, mime=file.mime, for_id=for_id)
    on_disk = file_now(file.path)
    element._read = (on_disk, on_disk)
    return element


def let_go(session: Session, gone: Iterable[ElementItem]) -> None:
    """Drop the bytes that only these elements were made of, which are shown no longer: they must not pile up."""
    for blob in {blob for item in gone for blob in item.blobs}:
        session.release(blob)


def _one_of(value: Any, choices: Any, what: str) -> Any:
    if value not in get_args(choices):
        raise OptionError(f"{what} takes {' or '.join(map(repr, get_args(choices)))}, not {value!r}.")
    return value


def _session_id() -> str | None:
    session = current_session.get(None)
    return session.id if session else None
