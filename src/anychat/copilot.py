"""An App and the window around its chat: messages there, and functions that are called there."""

from __future__ import annotations

import inspect
import uuid
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from .ask import wait_for
from .context import current_turn, emit, get_session
from .errors import OptionError
from .pending import PendingAsk
from .protocol import Answer, AskItem
from .window import window_message

PATIENCE = 300.0
"""Seconds that a function of the page may take."""


async def send_window_message(data: Any) -> None:
    """Send a message to the window around the chat: the notebook's page, and ``chat.on_window_message`` in Python.

    In the page it is a `message` event of the window, with the page's own origin::

        window.addEventListener("message", event => console.log(event.data))

    Parameters
    ----------
    data
        Text, numbers, lists and dicts of them: what JSON can say.

    Raises
    ------
    ContextError
        When no callback is running here.
    OptionError
        When it is something else, or too long.

    Examples
    --------
    >>> import anychat as cl
    >>> @cl.on_message
    ... async def reply(message: cl.Message):
    ...     await cl.send_window_message({"highlight": message.content})

    As Chainlit's ``cl.send_window_message``, whose window is the page around its frame, of whatever origin.
    """
    session = get_session("cl.send_window_message")
    message = window_message(data)
    emit(session, message)
    session.call_observers(partial(session.window.tell, data))


@dataclass
class CopilotFunction:
    """A function of the page around the chat, or of Python, to be called by the App.

    ``chat.functions`` has those of Python. Others are the page's: it hears an event, and answers with its callback::

        window.addEventListener("chainlit-call-fn", ({ detail: { name, args, callback } }) => {
            if (name === "add") callback(args.a + args.b);
        });

    Parameters
    ----------
    name
        Which function.
    args
        Its arguments, by name.

    Examples
    --------
    >>> import anychat as cl
    >>> @cl.on_message
    ... async def reply(message: cl.Message):
    ...     total = await cl.CopilotFunction("add", {"a": 1, "b": 2}).acall()
    ...     await cl.Message(f"It makes {total}.").send()
    >>> chat = cl.Chat()
    >>> chat.functions["add"] = lambda a, b: a + b

    As Chainlit's ``cl.CopilotFunction``.
    """

    name: str
    args: dict[str, Any] = field(default_factory=dict)

    async def acall(self) -> Any:
        """Call it.

        Returns
        -------
        object
            What it answers; None when no page has answered in 300 seconds.

        Raises
        ------
        Exception
            What a function of Python raises.
        asyncio.CancelledError
            When the turn is stopped or the session ends.
        ContextError
            When no callback is running here.
        """
        session = get_session("cl.CopilotFunction")
        function = session.window.functions.get(self.name)
        if function is not None:
            result = function(**self.args)
            return await result if inspect.isawaitable(result) else result
        window_message(self.args)  # it shall be as bounded as one
        item = AskItem(id=str(uuid.uuid4()), type="function", for_id="", content=self.name, args=self.args)
        try:
            return await wait_for(session, PendingAsk(item, current_turn.get(), _result), PATIENCE)
        except TimeoutError:
            return None


def _result(answer: object) -> object:
    if not isinstance(answer, Answer):
        return answer
    if answer.values is None:
        raise OptionError("A function of the page answers with a value.")
    return answer.values.get("result")
