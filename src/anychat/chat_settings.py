"""``cl.ChatSettings``: the settings form."""

from __future__ import annotations

from typing import Any

from .context import get_session, is_muted
from .form import Inputs, check_inputs, initial_values


class ChatSettings:
    """A form of settings that the user can change at any time.

    What is in it is ``cl.user_session.get("chat_settings")``, a dict by the ids of the inputs, and from outside
    ``chat.session.chat_settings``, which can be observed and linked to widgets. It changes when the user confirms the
    form, and ``on_settings_update`` runs. The settings are the user's: going back in the conversation leaves them.

    Parameters
    ----------
    inputs
        Inputs from `anychat.input_widget`, or tabs of them. Of two with the same id, the later one counts.

    Raises
    ------
    OptionError
        When something else is among them, or tabs are mixed with others.

    Examples
    --------
    >>> import anychat as cl
    >>> from anychat.input_widget import Slider
    >>> settings = cl.ChatSettings([Slider("temperature", "Temperature", initial=1, max=2, step=0.1)])
    >>> settings.settings()
    {'temperature': 1.0}
    >>> @cl.on_chat_start
    ... async def start():
    ...     await settings.send()

    Names and behaviour follow Chainlit's ``cl.ChatSettings``.
    """

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = check_inputs(inputs)

    def settings(self) -> dict[str, Any]:
        """The initial values, by the ids of the inputs."""
        return initial_values(self.inputs)

    async def send(self) -> dict[str, Any]:
        """Show the form and set its initial values, in place of all earlier settings; returns them.

        Raises
        ------
        ContextError
            Outside of a callback.
        """
        session = get_session("cl.ChatSettings.send")
        if not is_muted():
            session.form.show(self.inputs)
        return self.settings()

    async def refresh(self) -> dict[str, Any]:
        """Show the form with its initial values, but leave the settings as they are; returns the initial values.

        For ``on_settings_edit``, when one input shall follow another.

        Raises
        ------
        ContextError
            Outside of a callback.
        """
        session = get_session("cl.ChatSettings.refresh")
        if not is_muted():
            session.form.refresh(self.inputs)
        return self.settings()
