"""What an App asks of its sessions beside its callbacks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

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
    """

    cot: Cot = "full"
    secrets: Secrets = field(default_factory=Secrets)
    instrumented: set[str] = field(default_factory=set)


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
