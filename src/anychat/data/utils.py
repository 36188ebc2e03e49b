"""What Chainlit's data layers decorate their methods with."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

F = TypeVar("F", bound=Callable[..., object])


def queue_until_user_message() -> Callable[[F], F]:
    """Decorate a method of a data layer: here it runs when it is called, as only the App itself calls it."""
    return _as_it_is


def _as_it_is(method: F) -> F:
    return method
