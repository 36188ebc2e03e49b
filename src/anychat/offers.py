"""What Apps offer their users, as it travels, from Chainlit's records; and what the users picked of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from .errors import OptionError
from .mode import Mode
from .protocol import CommandOffer, ModeChoice, ModeOffer, Offers, ProfileOffer, StarterGroup, StarterOffer
from .types import ChatProfile, Starter, StarterCategory

T = TypeVar("T")


def check_list(what: str, kind: type[T], given: object) -> list[T]:
    """A list of records that an App gives; None is an empty one. `what` begins the sentence of the error.

    Raises
    ------
    OptionError
        When it is something else.
    """
    listed = [] if given is None else given
    if not isinstance(listed, Sequence) or not all(isinstance(each, kind) for each in listed):
        raise OptionError(f"{what} a list of cl.{kind.__name__}, or None, not {given!r}.")
    return list(listed)


def profile_offers(profiles: Sequence[ChatProfile]) -> list[ProfileOffer]:
    """Profiles to choose from."""
    return [
        ProfileOffer(
            name=profile.name,
            label=profile.display_name or profile.name,
            description=profile.markdown_description,
            icon=profile.icon,
        )
        for profile in profiles
    ]


def starter_groups(categories: Sequence[StarterCategory], starters: Sequence[Starter]) -> list[StarterGroup]:
    """Starters under the headings of their categories; where there are none, under no heading."""
    if categories:
        return [
            StarterGroup(label=each.label, icon=each.icon, starters=_starters(each.starters)) for each in categories
        ]
    return [StarterGroup(starters=_starters(starters))] if starters else []


def _starters(starters: Sequence[Starter]) -> list[StarterOffer]:
    return [
        StarterOffer(label=each.label, message=each.message, command=each.command, icon=each.icon) for each in starters
    ]


def command_offers(commands: object) -> list[CommandOffer]:
    """Commands, as apps write them: dicts with an ``id``.

    Raises
    ------
    OptionError
        When there is something else.
    """
    listed = [] if commands is None else commands
    if not isinstance(listed, Sequence) or not all(map(_is_command, listed)):
        raise OptionError(
            'set_commands takes a list of dicts such as {"id": "Search", "description": "Find on the web", '
            f'"icon": "globe"}}, each with an id of its own, not {commands!r}.'
        )
    by_id = {each["id"]: _command(each) for each in listed}
    return list(by_id.values())


def _is_command(command: object) -> bool:
    return isinstance(command, Mapping) and isinstance(command.get("id"), str) and command["id"] != ""


def _command(command: Mapping[str, Any]) -> CommandOffer:
    return CommandOffer(
        id=command["id"],
        description=str(command.get("description") or ""),
        icon=command.get("icon"),
        button=bool(command.get("button")),
        persistent=bool(command.get("persistent")),
        selected=bool(command.get("selected")),
    )


def mode_offers(modes: object) -> list[ModeOffer]:
    """Modes with something to choose.

    Raises
    ------
    OptionError
        When there is something else.
    """
    return [_mode(mode) for mode in check_list("set_modes takes", Mode, modes) if mode.options]


def _mode(mode: Mode) -> ModeOffer:
    options = [
        ModeChoice(id=each.id, name=each.name, description=each.description, icon=each.icon) for each in mode.options
    ]
    default = mode.get_default_option()
    return ModeOffer(id=mode.id, name=mode.name, options=options, default=default.id if default else None)


def check_picked(offers: Offers, command: str | None, modes: Mapping[str, str]) -> None:
    """Refuse what a user cannot have picked.

    Raises
    ------
    OptionError
        When a command or an option is not offered.
    """
    starters = [starter for group in offers.starters for starter in group.starters]
    if command is not None and command not in {*(each.id for each in offers.commands), *(s.command for s in starters)}:
        raise OptionError(f"There is no command {command[:100]!r} here, or no more. Send the message without it.")
    options = {(mode.id, option.id) for mode in offers.modes for option in mode.options}
    for picked in modes.items():
        if picked not in options:
            mode, option = (part[:100] for part in picked)
            raise OptionError(
                f"{mode!r} cannot be {option!r} here, or no more. Choose again, and send the message again."
            )


def resolve_modes(offers: Offers, picked: Mapping[str, str]) -> dict[str, str] | None:
    """The option of each mode: what was picked, else the default; None where there are no modes."""
    defaults = {mode.id: mode.default for mode in offers.modes if mode.default is not None}
    return {**defaults, **picked} or None
