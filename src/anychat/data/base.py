"""What Chainlit asks of a store of conversations."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from ..element import Element, ElementDict
from ..step import StepDict
from ..types import Feedback, PaginatedResponse, Pagination, ThreadDict, ThreadFilter
from ..user import PersistedUser, User


class BaseDataLayer(ABC):
    """A store of conversations, with Chainlit's methods. An App calls them itself, where it wants something stored.

    Examples
    --------
    >>> import anychat as cl
    >>> from anychat.data import get_data_layer
    >>> @cl.on_chat_end
    ... async def keep():
    ...     for message in cl.chat_context.get():
    ...         await get_data_layer().create_step(message.to_dict())
    """

    @abstractmethod
    async def get_user(self, identifier: str) -> PersistedUser | None:
        """A user, if that one is stored."""

    @abstractmethod
    async def create_user(self, user: User) -> PersistedUser | None:
        """Store a user."""

    @abstractmethod
    async def upsert_feedback(self, feedback: Feedback) -> str:
        """Store what a user thinks of an answer; returns its id."""

    @abstractmethod
    async def delete_feedback(self, feedback_id: str) -> bool:
        """Forget what a user thinks of an answer."""

    @abstractmethod
    async def create_element(self, element: Element) -> None:
        """Store an element."""

    @abstractmethod
    async def get_element(self, thread_id: str, element_id: str) -> ElementDict | None:
        """An element, if it is stored."""

    @abstractmethod
    async def delete_element(self, element_id: str, thread_id: str | None = None) -> None:
        """Forget an element."""

    @abstractmethod
    async def create_step(self, step_dict: StepDict) -> None:
        """Store a step or a message."""

    @abstractmethod
    async def update_step(self, step_dict: StepDict) -> None:
        """Store what changed of a step or a message."""

    @abstractmethod
    async def delete_step(self, step_id: str) -> None:
        """Forget a step or a message."""

    @abstractmethod
    async def get_thread_author(self, thread_id: str) -> str:
        """Whose conversation it is."""

    @abstractmethod
    async def get_thread(self, thread_id: str) -> ThreadDict | None:
        """A conversation, if it is stored."""

    @abstractmethod
    async def list_threads(self, pagination: Pagination, filters: ThreadFilter) -> PaginatedResponse[ThreadDict]:
        """A page of the list of conversations."""

    @abstractmethod
    async def update_thread(
        self,
        thread_id: str,
        name: str | None = None,
        user_id: str | None = None,
        metadata: dict[str, Any] | None = None,
        tags: list[str] | None = None,
    ) -> None:
        """Store what changed of a conversation."""

    @abstractmethod
    async def delete_thread(self, thread_id: str) -> None:
        """Forget a conversation."""

    @abstractmethod
    async def build_debug_url(self) -> str:
        """An address for whoever looks into the store."""

    @abstractmethod
    async def get_favorite_steps(self, user_id: str) -> list[StepDict]:
        """What a user has marked."""

    async def set_step_favorite(self, step_dict: StepDict, favorite: bool) -> StepDict:
        """Mark a step or a message, or take the mark away."""
        step_dict["metadata"] = {**(step_dict.get("metadata") or {}), "favorite": favorite}
        await self.update_step(step_dict)
        return step_dict

    @abstractmethod
    async def close(self) -> None:
        """The store is not needed any more."""
