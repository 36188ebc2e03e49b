"""A question that is answered with an element."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .ask import AskMessage
from .custom_element import CustomElement
from .errors import OptionError
from .protocol import Answer
from .session import Session


class AskElementMessage(AskMessage):
    """Ask the user with an element of yours, such as a form.

    The element answers with ``submitElement(values)``, or gives up with ``cancelElement()``.

    Parameters
    ----------
    content
        The question.
    element
        A `CustomElement`; it is shown below the question, and taken back when it is answered.
    author
        Whose name stands above it; the App's if none is given.
    timeout
        Seconds to wait; None waits for ever.
    raise_on_timeout
        Raise `TimeoutError` when no answer came in time, instead of returning None.

    Examples
    --------
    >>> import anychat as cl
    >>> @cl.on_message
    ... async def reply(message: cl.Message):
    ...     form = cl.CustomElement(name="OrderForm", props={"item": message.content})
    ...     answer = await cl.AskElementMessage("How many?", form, timeout=None).send()
    ...     if answer["submitted"]:
    ...         await cl.Message(f"Ordered: {answer['count']}").send()

    The answer is a dict of what was submitted, with ``"submitted": True``; or ``{"submitted": False}``. Names and
    behaviour follow Chainlit's ``cl.AskElementMessage``.
    """

    ask_type = "element"

    def __init__(
        self,
        content: object,
        element: CustomElement,
        author: str | None = None,
        timeout: float | None = 90,
        raise_on_timeout: bool = False,
    ) -> None:
        if not isinstance(element, CustomElement):
            raise OptionError(f"cl.AskElementMessage asks with a cl.CustomElement, not with {element!r}.")
        super().__init__(content, author, timeout, raise_on_timeout)
        self.element = element

    async def send(self) -> Any:
        """Ask, and wait for the answer; returns and raises what any question does."""
        self.elements = [self.element]  # also when it is asked again
        return await super().send()

    def _read(self, session: Session, answer: object) -> dict[str, Any]:
        values = answer.values if isinstance(answer, Answer) else answer
        if values is None:
            return {"submitted": False}
        if not isinstance(values, Mapping):
            raise OptionError(
                f"The question {self.content[:60]!r} is answered with a dict of values, or None to cancel, "
                f"not with {values!r}."
            )
        return {**values, "submitted": True}

    def _put_away(self, session: Session) -> None:
        if self.elements:
            self.elements.clear()  # an update of the message does not bring it back
            self.element.hide()

    async def _conclude(self, answer: object) -> None:
        if not isinstance(answer, dict):
            self.content = "Timed out"
        else:
            self.content = "Thanks for submitting" if answer["submitted"] else "Cancelled"
        await self.update()
