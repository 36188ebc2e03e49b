"""Plain records, by Chainlit's names and with its fields."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Generic, Literal, Self, TypedDict, TypeVar

T = TypeVar("T")


class Record:
    """A plain record, which becomes a dict."""

    def to_dict(self) -> dict[str, Any]:
        """The fields as a dict, and those of the records in it."""
        return asdict(self)  # type: ignore[call-overload, no-any-return]  # each is a dataclass


# ── What the user is offered ─────────────────────────────────────────────────────────────────────


@dataclass
class Starter(Record):
    """A message that the user can send with one click, while nothing was said yet.

    Parameters
    ----------
    label
        What the user reads.
    message
        What is sent.
    command, icon
        A command to send with it, and a picture beside the label.
    """

    label: str
    message: str
    command: str | None = None
    icon: str | None = None


@dataclass
class StarterCategory(Record):
    """A group of starters.

    Parameters
    ----------
    label, icon
        What the user sees.
    starters
        The group.
    """

    label: str
    icon: str | None = None
    starters: list[Starter] = field(default_factory=list)


@dataclass
class ChatProfile(Record):
    """One of several kinds of chat that the user may choose from.

    Parameters
    ----------
    name
        What tells profiles apart.
    markdown_description, icon, display_name
        What the user sees.
    default
        Whether it is chosen at first.
    starters
        Starters of its own.
    config_overrides
        Taken for Chainlit's sake.
    """

    name: str
    markdown_description: str
    icon: str | None = None
    display_name: str | None = None
    default: bool = False
    starters: list[Starter] | None = None
    config_overrides: Any = None


class CommandDict(TypedDict):
    """A command of the composer."""

    id: str
    description: str
    icon: str
    button: bool | None
    persistent: bool | None
    selected: bool | None


# ── What the user gives ──────────────────────────────────────────────────────────────────────────


class FileDict(TypedDict):
    """A file that the user gave."""

    id: str
    name: str
    path: Path
    size: int
    type: str


@dataclass
class AskFileResponse:
    """A file that the user gave when asked for one; it is there, at ``path``."""

    id: str
    name: str
    path: str
    size: int
    type: str


class AskActionResponse(TypedDict):
    """The button that the user clicked when asked for one."""

    name: str
    payload: dict[str, Any]
    label: str
    tooltip: str
    icon: str | None
    forId: str
    id: str


class AskElementResponse(TypedDict, total=False):
    """What the user filled in when asked with an element, beside whether it was submitted."""

    submitted: bool


@dataclass
class Feedback:
    """What the user thinks of an answer: 1 is good, 0 is bad."""

    forId: str
    value: Literal[0, 1]
    threadId: str | None = None
    id: str | None = None
    comment: str | None = None


@dataclass
class InputAudioChunk:
    """A piece of what a microphone hears."""

    isStart: bool
    mimeType: str
    elapsedTime: float
    data: bytes


class OutputAudioChunk(TypedDict):
    """A piece of what a loudspeaker says."""

    track: str
    mimeType: str
    data: bytes


# ── What is kept of conversations ────────────────────────────────────────────────────────────────


class ThreadDict(TypedDict):
    """A conversation, as it is stored."""

    id: str
    createdAt: str
    name: str | None
    userId: str | None
    userIdentifier: str | None
    tags: list[str] | None
    metadata: dict[str, Any] | None
    steps: list[dict[str, Any]]
    elements: list[dict[str, Any]] | None


@dataclass
class Pagination:
    """Which page of a list is wanted."""

    first: int
    cursor: str | None = None


@dataclass
class ThreadFilter:
    """Which conversations are wanted."""

    feedback: Literal[0, 1] | None = None
    userId: str | None = None
    search: str | None = None


@dataclass
class PageInfo(Record):
    """Where a page of a list begins and ends."""

    hasNextPage: bool
    startCursor: str | None
    endCursor: str | None

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """The record of a dict; what is missing is no next page, and no cursor."""
        return cls(values.get("hasNextPage", False), values.get("startCursor"), values.get("endCursor"))


@dataclass
class PaginatedResponse(Generic[T]):
    """A page of a list."""

    pageInfo: PageInfo
    data: list[T]

    def to_dict(self) -> dict[str, Any]:
        """The fields as a dict, and what is in the list, too, where it knows how."""
        data = [each.to_dict() if hasattr(each, "to_dict") else each for each in self.data]
        return {"pageInfo": self.pageInfo.to_dict(), "data": data}

    @classmethod
    def from_dict(cls, values: dict[str, Any], the_class: Any) -> Self:
        """The page of a dict; ``the_class.from_dict`` makes what is in the list."""
        data = [the_class.from_dict(each) for each in values.get("data", [])]
        return cls(PageInfo.from_dict(values.get("pageInfo", {})), data)
