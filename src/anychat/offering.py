"""What the callbacks of an App offer to one session: profiles and starters."""

from __future__ import annotations

from collections.abc import Iterator

from .callbacks import App, Callback
from .errors import OptionError
from .offers import check_list, profile_offers, starter_groups
from .session import Session
from .types import ChatProfile, Starter, StarterCategory

EVENTS = ("set_chat_profiles", "set_starters", "set_starter_categories")


class Offering:
    """Remembers what the callbacks of one session have answered, and offers what follows from it.

    They are asked again when they are registered anew. Whoever asks them gives their answers to `take`.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._asked: dict[str, Callback] = {}
        self._profiles: list[ChatProfile] = []
        self._starters: list[Starter] = []
        self._categories: list[StarterCategory] = []

    @property
    def arguments(self) -> tuple[object, ...]:
        """What these callbacks are given: the user, the language and the profile."""
        session = self._session
        return session.user, session.language, session.chat_profile

    def due(self, app: App, *events: str) -> Iterator[str]:
        """Those of the events (by default, of all) whose callbacks have not been asked; they count as asked now."""
        self._session.offer(edits=app.callback("on_settings_edit") is not None)
        for event in events or EVENTS:
            callback = app.callback(event)
            if callback is not None and callback is not self._asked.get(event):
                self._asked[event] = callback
                yield event

    def take(self, event: str, answer: object) -> None:
        """Offer what a callback has answered. A conversation that goes on keeps its profile.

        Raises
        ------
        OptionError
            When that is no list of the right records, or the profile that was wanted is not among them.
        """
        match event:
            case "set_chat_profiles":
                self._profiles = check_list(f"{event} gives", ChatProfile, answer)
                if not self._session.turns:
                    self._choose_profile()
            case "set_starters":
                self._starters = check_list(f"{event} gives", Starter, answer)
            case _:
                self._categories = check_list(f"{event} gives", StarterCategory, answer)
        self._show()

    def _choose_profile(self) -> None:
        names = [profile.name for profile in self._profiles]
        wanted = self._session.chat_profile
        if not names or wanted in names:
            return
        default = next((profile.name for profile in self._profiles if profile.default), names[0])
        self._session.chat_profile = default
        self._show()
        if wanted is not None:
            raise OptionError(
                f"There is no profile {wanted!r}, so this is {default!r}. There are {', '.join(map(repr, names))}."
            )

    def _show(self) -> None:
        chosen = self._session.chat_profile
        own = next((profile.starters for profile in self._profiles if profile.name == chosen), None)
        self._session.offer(
            profiles=profile_offers(self._profiles),
            profile=chosen,
            starters=starter_groups(self._categories, self._starters if own is None else own),
        )
