"""What the user has set in the settings form, as live traitlets that are a dict all the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Self

from traitlets import Bunch

from .state import SessionState


class Settings(SessionState, dict[str, Any]):  # type: ignore[misc]  # its keys() and items() are lists
    """The values of the settings form, by the ids of its inputs.

    To an App it is a dict: ``cl.user_session.get("chat_settings")["temperature"]``. It can be observed and linked to
    widgets as `SessionState` can, in both directions, and the form in the page follows. The settings are the user's:
    going back in the conversation leaves them as they are.

    Examples
    --------
    >>> from anychat.settings import Settings
    >>> settings = Settings(temperature=1)
    >>> settings.observe(lambda change: print(change.name, change.new), "temperature")
    >>> settings["temperature"] = 2
    temperature 2
    >>> settings == {"temperature": 2}
    True
    """

    def __init__(self, /, **values: Any) -> None:
        self._on_change: Callable[[], None] = _nothing
        super().__init__(**values)
        self._copy()

    def show_with(self, show: Callable[[], None]) -> None:
        """Call `show` whenever something has changed."""
        self._on_change = show

    def replace(self, values: Mapping[str, Any]) -> None:
        """Have these values and no others."""
        with self.hold_trait_notifications():
            for key in set(self) - set(values):
                del self[key]
            self.update(values)

    def notify_change(self, change: Bunch) -> None:
        """Show what changed, and tell observers."""
        self._copy()
        if self._held is None:
            self._on_change()
        super().notify_change(change)

    def clear(self) -> None:
        """Drop all values without a word: the session is over, or begins anew."""
        super().clear()
        self._copy()

    def _copy(self) -> None:
        """What C code reads, such as that of json, is the dict below."""
        dict.clear(self)
        dict.update(self, self._values)

    # ── What else a dict can do ──────────────────────────────────────────────────────────────────

    def update(self, *values: Any, **more: Any) -> None:
        """Set several keys; observers hear of each."""
        super().update(dict(*values, **more))

    def setdefault(self, key: str, default: Any = None) -> Any:
        """The value of `key`, which is set to `default` if there is none."""
        if key not in self:
            self[key] = default
        return self[key]

    def pop(self, key: str, *default: Any) -> Any:
        """Take a key out; returns its value, or `default`."""
        if key not in self and default:
            return default[0]
        value = self[key]
        del self[key]
        return value

    def popitem(self) -> tuple[str, Any]:
        """Take out the key that came last."""
        key, value = dict.popitem(self)
        del self[key]
        return key, value

    def __ior__(self, values: Any) -> Self:  # type: ignore[override, misc]
        self.update(values)
        return self

    def __bool__(self) -> bool:
        return bool(self._values)

    def __repr__(self) -> str:
        return repr(self._values)


def _nothing() -> None:
    pass
