"""``cl.context.emitter``: what apps say to their user's page that is no message, by Chainlit's names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_args

from .errors import InvalidValueError
from .mode import Mode
from .offers import command_offers, mode_offers
from .protocol import Toast, ToastType
from .session import Session

MAX_TOAST_CHARS = 1_000


class AppEmitter:
    """What an App says to one user's page beside messages.

    Numbering and sending is the session's own emitter's. What Chainlit's web server does with its emitter (such as
    ``send_step``) is done by the objects themselves here: ``await message.send()``.

    Parameters
    ----------
    session
        Whose page it is.
    is_muted
        Whether nobody listens any more: the turn was stopped.

    Examples
    --------
    >>> import anychat as cl
    >>> @cl.on_chat_start
    ... async def start():
    ...     await cl.context.emitter.set_commands([{"id": "Search", "description": "Find on the web", "icon": "globe"}])
    ...     await cl.context.emitter.set_modes([cl.Mode("model", "Model", [cl.ModeOption("s", "Small")])])
    ...     await cl.context.emitter.send_toast("Ready", "success")
    """

    def __init__(self, session: Session, is_muted: Callable[[], bool]) -> None:
        self._session = session
        self._is_muted = is_muted

    async def set_commands(self, commands: Sequence[Mapping[str, Any]]) -> None:
        """Offer commands that the user can pick beside the text of a message; ``message.command`` is the id picked.

        Parameters
        ----------
        commands
            Dicts with an ``id``, and if wanted ``description``, ``icon``, ``button`` (show it as one, too),
            ``persistent`` (stays picked after a message) and ``selected`` (is picked at first). An empty list takes
            all commands away.

        Raises
        ------
        OptionError
            When it is something else.
        """
        self._offer(commands=command_offers(commands))

    async def set_modes(self, modes: Sequence[Mode]) -> None:
        """Offer choices that go with each message; ``message.modes`` has the option picked for each mode.

        Raises
        ------
        OptionError
            When it is no list of `Mode`.
        """
        self._offer(modes=mode_offers(modes))

    async def send_toast(self, message: str, type: ToastType = "info") -> None:
        """Show a short notice that passes by.

        Parameters
        ----------
        message
            Plain text; what is longer than 1,000 characters is cut.
        type
            ``"info"``, ``"success"``, ``"warning"`` or ``"error"``.

        Raises
        ------
        InvalidValueError
            For another type. It is a ValueError.
        """
        if type not in get_args(ToastType):
            raise InvalidValueError(f"A toast is one of {', '.join(map(repr, get_args(ToastType)))}, not {type!r}.")
        if not self._is_muted():
            self._session.emit(Toast(str(message)[:MAX_TOAST_CHARS], type))

    def set_chat_settings(self, settings: Mapping[str, Any]) -> None:
        """Have these settings, as if the user had set them; the form shows them."""
        if not self._is_muted():
            self._session.chat_settings = settings

    async def task_start(self) -> None:
        """Nothing: the page knows whether a turn runs."""

    async def task_end(self) -> None:
        """Nothing: the page knows whether a turn runs."""

    def _offer(self, **changes: Any) -> None:
        if not self._is_muted():
            self._session.offer(**changes)
