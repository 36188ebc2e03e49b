"""Actions: buttons below a message."""

from __future__ import annotations

import uuid
import warnings
from dataclasses import dataclass, fields, replace
from typing import Any

from .checkpoint import freeze, thaw
from .context import current_turn, get_session, is_muted
from .errors import OptionError
from .protocol import ActionItem, ItemPut, ItemRemoved
from .session import Session


@dataclass(init=False)
class Action:
    """A button below a message; a click runs the function under ``@cl.action_callback(name)``.

    The callback gets a new Action each time, with a copy of the payload as it was when the button was shown.
    What the payload holds never leaves the kernel, so it may be anything.

    Parameters
    ----------
    name
        Which callback a click runs. Several buttons may share a name: their payloads tell them apart.
    payload
        Yours: what the callback needs to know.
    label
        What is written on the button; the name if nothing is given, or only the icon if there is one.
    tooltip
        More about it, when the pointer rests on it.
    icon
        The name of a Lucide icon, such as ``"check"``.
    forId
        The id of the message that it belongs to; set by `send`.
    id
        A UUID is made up if none is given.

    Raises
    ------
    OptionError
        When the payload is no dict, or a text is no text.

    Examples
    --------
    >>> import anychat as cl
    >>> @cl.action_callback("approve")
    ... async def approve(action: cl.Action):
    ...     await action.remove()
    ...     await cl.Message(f"Approved: {action.payload['order']}").send()
    >>> @cl.on_message
    ... async def reply(message: cl.Message):
    ...     approve = cl.Action("approve", {"order": 7}, label="Approve")
    ...     await cl.Message("Shall I order it?", actions=[approve]).send()

    Names and behaviour follow Chainlit's ``cl.Action``.
    """

    name: str
    payload: dict[str, Any]
    label: str
    tooltip: str
    icon: str | None
    forId: str | None  # Chainlit's name
    id: str

    def __init__(
        self,
        name: str,
        payload: dict[str, Any],
        label: str = "",
        tooltip: str = "",
        icon: str | None = None,
        forId: str | None = None,
        id: str | None = None,
        **unknown: object,
    ) -> None:
        if not isinstance(payload, dict):
            raise OptionError(f"Action(payload=...) takes a dict, not {payload!r}.")
        for option, text in {"name": name, "label": label, "tooltip": tooltip, "icon": icon or ""}.items():
            if not isinstance(text, str):
                raise OptionError(f"Action({option}=...) takes a str, not {text!r}.")
        for option in unknown:  # Chainlit takes them without a word
            hint = "What its callback shall know goes into `payload`."
            warnings.warn(f"cl.Action ignores its argument {option!r}. {hint}", stacklevel=2)
        self.name = name
        self.payload = payload
        self.label = label
        self.tooltip = tooltip
        self.icon = icon
        self.forId = forId
        self.id = id or str(uuid.uuid4())

    async def send(self, for_id: str) -> None:
        """Show the button below the message with this id.

        Raises
        ------
        ContextError
            When no callback is running here.
        """
        self.show(for_id, get_session("Action.send"))

    async def remove(self) -> None:
        """Take the button away.

        Raises
        ------
        ContextError
            When no callback is running here; ``Message.remove_actions`` needs none.
        """
        self.hide(get_session("Action.remove"))

    def show(self, for_id: str, session: Session) -> None:
        """What `send` does, for code that cannot await."""
        if is_muted():
            return
        self.forId = for_id
        sent, payload = replace(self, payload={}), freeze(self.payload)
        session.actions[self.item_id] = lambda: replace(sent, payload=thaw(payload))
        before = session.transcript.item(self.item_id)
        item = ActionItem(
            id=self.item_id,
            name=self.name,
            for_id=for_id,
            content=self.label,
            tooltip=self.tooltip,
            icon=self.icon,
            running=isinstance(before, ActionItem) and before.running,
        )
        session.emit(ItemPut(session.transcript.home(for_id) or session.place(current_turn.get()), item))

    def hide(self, session: Session) -> None:
        """What `remove` does, for code that cannot await."""
        if not is_muted() and session.actions.pop(self.item_id, None) is not None:
            session.emit(ItemRemoved(self.item_id))

    @property
    def item_id(self) -> str:
        """The id of the button in the transcript: one Action may be shown below several messages."""
        return f"{self.forId}/{self.id}"

    def to_dict(self) -> dict[str, Any]:
        """The action as a dict, with Chainlit's keys."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Action:
        """An action from a dict with Chainlit's keys; ``name`` and ``payload`` must be there."""
        return cls(**values)
