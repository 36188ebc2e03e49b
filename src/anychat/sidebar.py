"""What stands beside the conversation."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from .context import emit, get_session
from .element import Element, let_go
from .protocol import Sidebar
from .session import Session


class ElementSidebar:
    """The panel beside the conversation; below it where there is no room.

    The user can close it. Elements are shown in it as they are in messages, and ``update`` shows a change.

    Raises
    ------
    ContextError
        Outside of a callback.

    Examples
    --------
    >>> import anychat as cl
    >>> @cl.on_message
    ... async def reply(message: cl.Message):
    ...     await cl.ElementSidebar.set_title("Notes")
    ...     await cl.ElementSidebar.set_elements([cl.Text(name="note", content=message.content)])

    As Chainlit's ``cl.ElementSidebar``.
    """

    @staticmethod
    async def set_title(title: str) -> None:
        """Set what stands above the elements. The title ``"canvas"`` gives them more room, and does not appear."""
        session = get_session("cl.ElementSidebar")
        with session.emitter.lock:
            now = session.transcript.sidebar
            emit(session, Sidebar(title=title, elements=now.elements, key=now.key, id=now.id))

    @staticmethod
    async def set_elements(elements: Sequence[Element], key: str | None = None) -> None:
        """Open the panel with these elements, or close it.

        Parameters
        ----------
        elements
            What is shown, in this order. With none, the panel is closed.
        key
            While the panel is open with the same key, its elements are not replaced: what the user did there stays.
        """
        session = get_session("cl.ElementSidebar")
        items = [] if _is_open(session, key) else [element.beside(session) for element in elements]
        with session.emitter.lock:
            now = session.transcript.sidebar
            if not elements:
                emit(session, Sidebar(title=now.title))
            elif items:
                emit(session, Sidebar(title=now.title, elements=items, key=key, id=str(uuid.uuid4())))
        let_go(session, now.elements)


def _is_open(session: Session, key: str | None) -> bool:
    now = session.transcript.sidebar
    return key is not None and key == now.key and bool(now.elements)


def close_sidebar(session: Session, id: str) -> None:
    """The user closes the panel that was opened under this id."""
    with session.emitter.lock:
        now = session.transcript.sidebar
        if now.elements and now.id == id:
            session.emit(Sidebar(title=now.title), urgent=True)
            let_go(session, now.elements)
