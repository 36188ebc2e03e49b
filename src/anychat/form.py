"""The settings form of one session: its inputs, and what stands in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from copy import copy
from typing import Any

from .errors import InvalidValueError, OptionError
from .input_widget import InputWidget, Tab
from .logger import logger
from .protocol import Field
from .settings import Settings

Inputs = Sequence[InputWidget] | Sequence[Tab]


class Form:
    """The settings form of one session. What stands in it are the settings: where they change, it follows.

    Parameters
    ----------
    settings
        The values, live.
    offer
        Tells the page, by the fields of `Offers`.
    """

    def __init__(self, settings: Settings, offer: Callable[..., None]) -> None:
        self.inputs: Inputs = ()
        self._settings = settings
        self._offer = offer
        self._widgets: dict[str, InputWidget] = {}
        self._shown: dict[str, Any] = {}
        self._followed: dict[str, object] = {}  # the settings as they were when they were shown
        self._taken: set[str] = set()  # the ids of all that the user filled in: pages may send it twice
        settings.show_with(self._follow)

    def show(self, inputs: Inputs) -> None:
        """Show other inputs, and have their initial values as settings."""
        self._put(inputs)
        self._settings.replace(initial_values(inputs))
        self._follow()

    def refresh(self, inputs: Inputs) -> None:
        """Show other inputs with their initial values, and leave the settings as they are."""
        self._put(inputs)
        self._followed.update(self._settings)
        self._follow()

    def is_taken(self, id: str) -> bool:
        """Whether this filled-in form came before."""
        return id in self._taken

    def take(self, id: str, values: Mapping[str, Any] = {}) -> None:  # it is not changed
        """The user has filled in the form; with values, these are settings now."""
        self._taken.add(id)
        self._set(values)
        self._offer(taken=id)

    def adopt(self, settings: Mapping[str, object]) -> None:
        """Go on with the settings that the user made in another session, where there is a place for them."""
        for id, value in settings.items():
            with suppress(InvalidValueError):
                self._set({id: self.parse({id: value})[id]})

    def parse(self, values: Mapping[str, object]) -> dict[str, Any]:
        """The whole form, as the user has filled it in; what is not given is as it is shown.

        Raises
        ------
        InvalidValueError
            When there is no such input, or the user cannot choose that value.
        """
        for id in values:
            if id not in self._widgets:
                raise InvalidValueError(f"The settings have no {id[:100]!r}; they have {self._ids()}.")
        return {id: self._parse(widget, values.get(id, self._shown[id])) for id, widget in self._widgets.items()}

    def _set(self, values: Mapping[str, Any]) -> None:
        try:
            with self._settings.hold_trait_notifications():
                self._settings.update(values)
        except Exception:  # an observer's own
            logger.exception("An observer of the settings raised.")

    def _ids(self) -> str:
        return ", ".join(map(repr, self._widgets)) or "none"

    def _parse(self, widget: InputWidget, value: object) -> Any:
        shown = self._shown[widget.id]
        if value is shown or value == widget.field(shown).value:  # untouched: the App may set what a user cannot
            return shown
        if widget.disabled:
            raise InvalidValueError(f"{widget.label!r} ({widget.id}) cannot be changed now.")
        return widget.parse(value)

    def _put(self, inputs: Inputs) -> None:
        self.inputs = inputs
        self._widgets = {widget.id: widget for widget in widgets_in(inputs)}
        self._shown = initial_values(inputs)
        self._followed = {}

    def _follow(self) -> None:
        for id in self._widgets.keys() & set(self._settings):
            value = self._settings[id]
            if self._followed.get(id, self) is not value:
                self._followed[id] = self._shown[id] = value
        self._offer(settings=[self._field(each) for each in self.inputs])

    def _field(self, entry: InputWidget | Tab) -> Field:
        if isinstance(entry, Tab):
            return Field(
                id=entry.id, type="tab", label=entry.label, inputs=[self._field(each) for each in entry.inputs]
            )
        return entry.field(self._shown[entry.id])


def check_inputs(inputs: object) -> Inputs:
    """Inputs, or tabs of inputs.

    Raises
    ------
    OptionError
        When something else is among them, or tabs are mixed with others.
    """
    entries: list[Any] = list(inputs) if isinstance(inputs, Sequence) else [[inputs]]
    tabs = [each for each in entries if isinstance(each, Tab)]
    inside = [widget for tab in tabs for widget in tab.inputs] if len(tabs) == len(entries) else entries
    for each in inside:
        if not isinstance(each, InputWidget):
            raise OptionError(
                "Settings are a list of inputs from anychat.input_widget (Slider, Select ...), or a list of tabs with "
                f"inputs in them; {each!r} does not belong there."
            )
    return entries


def widgets_in(inputs: Inputs) -> list[InputWidget]:
    """The inputs, also those in tabs."""
    nested = [each.inputs if isinstance(each, Tab) else [each] for each in inputs]
    return [widget for widgets in nested for widget in widgets]


def initial_values(inputs: Inputs) -> dict[str, Any]:
    """The initial values by id, lists as lists of their own. Of two inputs with the same id, the later one counts."""
    return {widget.id: copy(widget.initial) for widget in widgets_in(inputs)}
