"""Modes: what the user picks beside the text, such as a model."""

from __future__ import annotations

from dataclasses import dataclass, field

from .types import Record


@dataclass
class ModeOption(Record):
    """One of the options of a `Mode`.

    Parameters
    ----------
    id, name
        What tells options apart, and what the user reads.
    description, icon
        What else the user sees.
    default
        Whether it is chosen at first.
    """

    id: str
    name: str
    description: str | None = None
    icon: str | None = None
    default: bool = False


@dataclass
class Mode(Record):
    """Something to pick one option of.

    Parameters
    ----------
    id, name
        What tells modes apart, and what the user reads.
    options
        What there is to pick.

    Examples
    --------
    >>> import anychat as cl
    >>> mode = cl.Mode("model", "Model", [cl.ModeOption("s", "Small"), cl.ModeOption("l", "Large", default=True)])
    >>> mode.get_default_option().name
    'Large'

    Fields as in Chainlit's ``cl.Mode``.
    """

    id: str
    name: str
    options: list[ModeOption] = field(default_factory=list)

    def get_default_option(self) -> ModeOption | None:
        """The option that is chosen at first: the default, else the first; None when there is none."""
        return next((option for option in self.options if option.default), next(iter(self.options), None))

    def get_option_by_id(self, option_id: str) -> ModeOption | None:
        """The option with this id."""
        return next((option for option in self.options if option.id == option_id), None)
