"""What an App asks of its sessions beside its callbacks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from .errors import OptionError
from .secrets import Secrets

Cot = Literal["full", "tool_call", "hidden"]
"""Which steps readers see: all, those of type ``"tool"``, or none."""


@dataclass
class Options:
    """What an App asks of its sessions.

    Attributes
    ----------
    cot
        Which steps readers see.
    secrets
        What no page and no repr may show.
    instrumented
        The clients whose calls become steps, by the name of their package.
    data_layer
        What makes the App's store of conversations, if it has one.
    """

    cot: Cot = "full"
    secrets: Secrets = field(default_factory=Secrets)
    instrumented: set[str] = field(default_factory=set)
    data_layer: Callable[[], Any] | None = None
    _made: tuple[Callable[[], Any], Any] | None = field(default=None, repr=False, compare=False)

    def find_data_layer(self) -> Any:
        """The App's store of conversations, made when it is first asked for; None if it has none."""
        make = self.data_layer
        if make is not None and (self._made is None or self._made[0] is not make):
            self._made = (make, make())
        return self._made[1] if make is not None and self._made is not None else None


def check_cot(cot: object) -> None:
    """Refuse what is no mode of showing steps.

    Raises
    ------
    OptionError
        When it is none.
    """
    if cot not in get_args(Cot):
        raise OptionError(
            'cot says which steps are shown: "full" (all), "tool_call" (those of type "tool") or "hidden" (none), '
            f"not {cot!r}."
        )
