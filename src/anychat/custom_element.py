"""Elements that draw themselves: a module of the user's own, and props that the page and Python share.

::

    element.props["count"] = 1 ─▶ item with all props ─▶ every page
    update({count: 2}) in a page ─▶ ChangeProps ─▶ element.props, observers ─▶ item with all props ─▶ every page

The last one who writes a prop wins, and the kernel says who was last. A page repeats a change until it sees it counted
in the item, and until then shows its own value; so nothing echoes, and nothing is lost or done twice.
"""

from __future__ import annotations

import json
import re
import sys
import threading
from collections.abc import Mapping
from os import PathLike, fspath
from pathlib import Path
from typing import Any, ClassVar, Self

from .blobs import file_now, open_blob
from .element import Element, ElementDict
from .errors import ElementError, OptionError, ProtocolError
from .live_dict import LiveDict
from .logger import logger
from .protocol import ChangeProps, ElementItem
from .session import Session

MOST_CHARS = 1_000_000
"""So many characters may the props of one element have, as JSON."""

MOST_WRITERS = 8
MOST_RESULTS = 8
"""So many are remembered for pages that have not heard of them."""

MAX_ID_CHARS = 100
LAST_CHANGE = 2**53

FOLDER = Path("public", "elements")
ENDINGS = (".js", ".mjs")
_NAME = re.compile(r"[\w-]{1,100}")

EXAMPLE = """export default function ({ el, props, update, onChange }) {
  const button = document.createElement("button");
  button.onclick = () => update({ count: props.count + 1 });
  const show = () => { button.textContent = `Count: ${props.count}`; };
  onChange(show);
  show();
  el.append(button);
}"""


class Props(LiveDict):
    """The props of a `CustomElement`: a dict whose keys are live traits. Its values are what JSON has.

    Setting a key shows it in the pages; a list or dict that was changed in place is shown by
    ``await element.update()``. Observe it, and link it to widgets, by key.

    Examples
    --------
    >>> import anychat as cl
    >>> counter = cl.CustomElement(name="Counter", props={"count": 1})
    >>> counter.props.observe(lambda change: print("count is", change.new), "count")
    >>> counter.props["count"] += 1
    count is 2
    >>> counter.props
    {'count': 2}
    """

    _called = "This element"

    def __init__(self, element: CustomElement, values: Mapping[str, Any]) -> None:
        super().__init__()
        self.update(values)
        self.show_with(element.refresh)

    def set(self, key: str, value: Any) -> None:
        """Set `key`, tell its observers, and show it in the pages.

        Raises
        ------
        OptionError
            When the value is not what JSON has.
        """
        _check_json(key, value)
        super().set(key, value)

    def replace(self, values: Mapping[str, Any]) -> None:
        """Be these props from now on, and no others; raises as `set` does, before anything has changed."""
        for key, value in values.items():
            _check_json(key, value)
        super().replace(values)


class CustomElement(Element):
    """An element that draws itself, with an ES module of yours.

    The module's default export is called for each place where the element is shown. It draws into ``el``, an element
    of a shadow root of its own, and may return what cleans up. What it is given:

    - ``props``: the props as they are now, always; ``update({count: 2})`` changes some of them, here and in Python
      (``updateElement`` is the same), and ``onChange(f)`` calls back after each change, from wherever it comes
    - ``callAction({ name, payload })``: runs the function under ``@cl.action_callback(name)``; a promise of what it
      returns. The payload comes from the page: check it
    - ``sendUserMessage(text)``: says something as the user
    - ``submitElement(values)`` and ``cancelElement()``: answer an `AskElementMessage`
    - ``deleteElement()``: takes the element back
    - ``signal``: aborted when the place is gone
    - ``model``: the same props for modules that were written for anywidget: ``get``, ``set``, ``save_changes``, ``on``

    The module runs in the page, as all code that a notebook brings along: use only modules that you trust.

    Parameters
    ----------
    name
        Which module: ``public/elements/<name>.js`` (or ``.mjs``) in the working directory, or beside the file that
        makes the element.
    props
        What the page and Python share: what JSON has, by name.
    source
        Instead of a file of that name: the module's text, or the path of another file (ending in ``.js`` or ``.mjs``).
    options
        As for `Element`, such as `display`.

    Attributes
    ----------
    props : Props
        The props as they are now, also after the user changed them.

    Raises
    ------
    OptionError
        When the props are not what JSON has, or the name is no name.
    ElementError
        When it is shown and there is no module.

    Examples
    --------
    >>> import anychat as cl
    >>> source = '''
    ... export default function ({ el, props, update, onChange }) {
    ...   const button = document.createElement("button");
    ...   button.onclick = () => update({ count: props.count + 1 });
    ...   const show = () => { button.textContent = `Count: ${props.count}`; };
    ...   onChange(show);
    ...   show();
    ...   el.append(button);
    ... }
    ... '''
    >>> @cl.on_message
    ... async def reply(message: cl.Message):
    ...     counter = cl.CustomElement(name="Counter", props={"count": 0}, source=source)
    ...     await cl.Message("Count with me.", elements=[counter]).send()

    As Chainlit's ``cl.CustomElement``, but that the module is no JSX, and that the props are shared.
    """

    type = "custom"
    is_text = True
    keys: ClassVar = {"props": "props"}

    def __init__(
        self,
        *,
        name: str = "",
        props: Mapping[str, Any] | None = None,
        source: str | PathLike[str] | None = None,
        mime: str = "application/json",
        **options: Any,
    ) -> None:
        if not isinstance(name, str) or _NAME.fullmatch(name) is None:
            raise OptionError(
                f"cl.CustomElement(name=...) takes the name of a module, of letters, digits, _ and -, not {name!r}."
            )
        self._lock = threading.Lock()
        self._changes: dict[str, int] = {}
        self._results: dict[str, str] = {}
        self._code: str | None = None  # the hash of the module, where nothing else is known of it
        self.source = source
        self._folder = Path(sys._getframe(1).f_globals.get("__file__", "")).parent
        super().__init__(name=name, content="{}", mime=mime, **options)
        self._props = Props(self, props or {})
        self.content = self._written()

    @property
    def props(self) -> Props:
        """What the page and Python share. Setting it replaces all of them."""
        return self._props

    @props.setter
    def props(self, values: Mapping[str, Any]) -> None:
        self._props.replace(values)

    def show_in(self, session: Session, for_id: str | None) -> None:
        """Show the element with its props as they are now."""
        with session.emitter.lock:  # of two changes at once, the page shall get the later one later
            self.content = self._written()
            super().show_in(session, for_id)
            self._enter(session)

    def beside(self, session: Session) -> ElementItem:
        """What stands in the sidebar for it from now on."""
        self.content = self._written()
        self._enter(session)
        return super().beside(session)

    def refresh(self) -> None:
        """Show the props as they are now, if the element is shown at all."""
        if self._home is not None:
            self.show_in(self._session("update"), self.for_id)

    def here(self, session: Session) -> Self:
        """The element, as `session` has it: one object may be shown in several."""
        if self._home is not session:
            self._home, self._shown = session, None
        return self

    def at_home_in(self, session: Session) -> Self:
        """The element for another session, with props of its own."""
        moved = super().at_home_in(session)
        if moved is not self:
            moved._lock = threading.Lock()
            moved._props = Props(moved, json.loads(self._written()))
            moved._changes, moved._results = dict(self._changes), {}
            moved._enter(session)
        return moved

    def to_dict(self) -> ElementDict:
        """The element as a dict, with Chainlit's keys."""
        values = super().to_dict()
        values["props"] = dict(self.props)
        return values

    def _enter(self, session: Session) -> None:
        session.components[self.id] = self
        self._props.tell_with(session.call_observers)

    def _item(self, session: Session) -> ElementItem:
        item = super()._item(session)
        item.code = self._code or session.keep(self._module())
        item.changes, item.results = dict(self._changes), dict(self._results)
        return item

    def _source(self) -> str:
        return str(self.content)  # the props, however long

    def _written(self) -> str:
        text = json.dumps(dict(self._props), ensure_ascii=False, allow_nan=False)
        if len(text) > MOST_CHARS:
            raise ElementError(
                f"The props of {self.name!r} have {len(text):,} characters as JSON; up to {MOST_CHARS:,} can be shared."
            )
        return text

    # ── The module ───────────────────────────────────────────────────────────────────────────────

    def _module(self) -> bytes:
        if isinstance(self.source, str) and not self.source.endswith((*ENDINGS, ".jsx")):
            return self.source.encode()
        path = self._find() if self.source is None else Path(fspath(self.source))
        if path.suffix == ".jsx":
            raise ElementError(_no_jsx(path))
        module = open_blob(path)
        assert isinstance(module, bytes), "A module is no large file."
        return module

    def _find(self) -> Path:
        folders = dict.fromkeys([Path.cwd() / FOLDER, self._folder.absolute() / FOLDER])
        paths = [folder / f"{self.name}{ending}" for ending in (*ENDINGS, ".jsx") for folder in folders]
        found = next((path for path in paths if file_now(path) is not None), None)
        if found is None:
            looked = " and ".join(map(str, folders))
            raise ElementError(
                f"There is no module for cl.CustomElement(name={self.name!r}): no {self.name}.js or {self.name}.mjs in "
                f"{looked}. Write one there, or give source=..., such as\n\n{EXAMPLE}"
            )
        return found

    # ── What pages do ────────────────────────────────────────────────────────────────────────────

    def take_change(self, writer: str, number: int, values: Mapping[str, Any]) -> None:
        """A page changes some props; what it has said before changes nothing."""
        if len(writer) > MAX_ID_CHARS or not 0 < number < LAST_CHANGE:
            raise ProtocolError("A page counts its changes of props from 1, under a short id.")
        with self._lock:
            if number <= self._changes.get(writer, 0):
                return
            changed = {key: value for key, value in values.items() if key not in self.props or self.props[key] != value}
            is_too_long = len(json.dumps({**dict(self.props), **changed})) > MOST_CHARS
            self._changes = _latest({**self._changes, writer: number}, writer, MOST_WRITERS)
        try:
            self.props.update({} if is_too_long else changed)
        except Exception:  # an observer's own
            logger.exception("An observer of the props of %r raised.", self)
        self.refresh()  # the page wants to hear of its change, also where nothing is new
        if is_too_long:
            raise ProtocolError(f"Props of more than {MOST_CHARS:,} characters came from the page.")

    def give_result(self, call: str, value: object) -> None:
        """Tell the page what a call returned.

        Raises
        ------
        OptionError
            When it is not what JSON has, or too much.
        """
        _check_json("result", value)
        text = json.dumps(value, allow_nan=False)
        if len(text) > MOST_CHARS:
            raise OptionError(
                f"A callback may return {MOST_CHARS:,} characters of JSON to {self.name!r}, but it has {len(text):,}."
            )
        self._results = _latest({**self._results, call: text}, call, MOST_RESULTS)
        self.refresh()


def find_component(session: Session, id: str) -> CustomElement:
    """The custom element with this id, as Python has it; one is made of what is shown, where Python has it no longer.

    Raises
    ------
    OptionError
        When none is shown.
    """
    known = session.components.get(id)
    item = session.transcript.item(id) or session.transcript.sidebar.find(id)
    if not isinstance(item, ElementItem) or item.type != "custom":
        raise OptionError("This element is not there any more, so nothing was done.")
    if isinstance(known, CustomElement) and known.id == id:  # it may have been sent with another message since
        return known.here(session)
    return _revive(item, session)


def change_props(session: Session, command: ChangeProps) -> None:
    """A page changes props; raises as `find_component` does."""
    find_component(session, command.element).take_change(command.writer, command.change, command.props)


def remove_component(session: Session, id: str) -> None:
    """A component takes itself back; it may say so twice."""
    if session.transcript.item(id) is not None or session.transcript.sidebar.find(id) is not None:
        find_component(session, id).hide()


def _revive(item: ElementItem, session: Session) -> CustomElement:
    element = CustomElement(
        name=item.name,
        props=json.loads(item.content),
        id=item.id,
        for_id=item.for_id,
        display=item.display,
        size=item.size,
    )
    element._code, element._changes = item.code, dict(item.changes)
    element._home, element._shown = session, item
    element._is_beside = session.transcript.item(item.id) is None
    element._enter(session)
    return element


def _latest(counted: dict[str, Any], newest: str, most: int) -> dict[str, Any]:
    """The newest few, the very newest last."""
    others = [(key, value) for key, value in counted.items() if key != newest]
    return dict([*others[-(most - 1) :], (newest, counted[newest])])


def _check_json(key: str, value: object) -> None:
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise OptionError(f"The page gets what JSON has, and {key!r} is none of it: {error}.") from None


def _no_jsx(path: Path) -> str:
    return (
        f"{path} is JSX, which has to be compiled before a page can run it. Write {path.with_suffix('.js').name} as an "
        f"ES module that draws into an element, such as\n\n{EXAMPLE}\n\nor build one from it, with esbuild and Preact."
    )
