"""What the user has set in the settings form."""

from __future__ import annotations

from .live_dict import LiveDict


class Settings(LiveDict):
    """The values of the settings form, by the ids of its inputs.

    To an App it is a dict: ``cl.user_session.get("chat_settings")["temperature"]``. It can be observed and linked to
    widgets as `SessionState` can, in both directions, and the form in the page follows. The settings are the user's:
    going back in the conversation leaves them as they are.
    """

    _called = "The settings form"
