"""A dict whose values are live traitlets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Self

from traitlets import Bunch

from .state import SessionState


class LiveDict(SessionState, dict[str, Any]):  # type: ignore[misc]  # its keys() and items() are lists
    """A dict, whose keys can be observed and linked to widgets as those of a `SessionState`, in both directions.

    Examples
    --------
    >>> from anychat.live_dict import LiveDict
    >>> live = LiveDict(temperature=1)
    >>> live.observe(lambda change: print(change.name, change.new), "temperature")
    >>> live["temperature"] = 2
    temperature 2
    >>> live == {"temperature": 2}
    True
    """

    _called = "This dict"

    def __init__(self, /, **values: Any) -> None:
        self._show: Callable[[], None] = _nothing
        self._is_quiet = False
        super().__init__(**values)
        dict.update(self, values)  # what C code reads, such as that of json, is the dict below

    def show_with(self, show: Callable[[], None]) -> None:
        """Call `show` whenever something has changed, once for what changes together."""
        self._show = show

    def replace(self, values: Mapping[str, Any]) -> None:
        """Have these values and no others."""
        with self.hold_trait_notifications():
            for key in set(self) - set(values):
                del self[key]
            self.update(values)

    def notify_change(self, change: Bunch) -> None:
        """Show what changed, and tell observers."""
        key = change["name"]
        if key in self._values:
            dict.__setitem__(self, key, self._values[key])  # another thread may have set it since
        else:
            dict.pop(self, key, None)
        if not self._is_quiet:
            self._show()
        super().notify_change(change)

    @contextmanager
    def hold_trait_notifications(self) -> Iterator[None]:
        """Tell observers at the end, once per key, and then show what changed."""
        was_quiet, self._is_quiet = self._is_quiet, True
        try:
            with super().hold_trait_notifications():
                yield
        finally:
            self._is_quiet = was_quiet
            if not was_quiet:
                self._show()

    def clear(self) -> None:
        """Drop all values without a word: nobody shows them any more."""
        super().clear()
        dict.clear(self)

    # ── What else a dict can do ──────────────────────────────────────────────────────────────────

    def update(self, *values: Any, **more: Any) -> None:
        """Set several keys; observers hear of each, and all are shown together."""
        with self.hold_trait_notifications():
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
