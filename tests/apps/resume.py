"""Conversations are kept in a store of one's own, and taken up again."""

from typing import Optional

import chainlit as cl
from chainlit.data import BaseDataLayer, get_data_layer
from chainlit.data.utils import queue_until_user_message
from chainlit.element import ElementDict
from chainlit.step import StepDict
from chainlit.types import Feedback, PageInfo, PaginatedResponse, Pagination, ThreadDict, ThreadFilter
from chainlit.user import PersistedUser, User

threads: dict[str, ThreadDict] = {}
users: dict[str, PersistedUser] = {}


class Memory(BaseDataLayer):
    """A store in memory, with all that Chainlit asks of one."""

    async def get_user(self, identifier: str) -> Optional[PersistedUser]:
        return users.get(identifier)

    async def create_user(self, user: User) -> Optional[PersistedUser]:
        users[user.identifier] = PersistedUser(id=user.identifier, createdAt="now", identifier=user.identifier)
        return users[user.identifier]

    async def upsert_feedback(self, feedback: Feedback) -> str:
        return feedback.id or ""

    async def delete_feedback(self, feedback_id: str) -> bool:
        return True

    @queue_until_user_message()
    async def create_element(self, element):
        pass

    async def get_element(self, thread_id: str, element_id: str) -> Optional[ElementDict]:
        return None

    @queue_until_user_message()
    async def delete_element(self, element_id: str, thread_id: Optional[str] = None):
        pass

    @queue_until_user_message()
    async def create_step(self, step_dict: StepDict):
        thread = threads.setdefault(step_dict["threadId"], {"id": step_dict["threadId"], "steps": []})
        thread["steps"].append(step_dict)

    @queue_until_user_message()
    async def update_step(self, step_dict: StepDict):
        await self.create_step(step_dict)

    @queue_until_user_message()
    async def delete_step(self, step_id: str):
        pass

    async def get_thread_author(self, thread_id: str) -> str:
        return threads[thread_id].get("userIdentifier") or ""

    async def delete_thread(self, thread_id: str):
        threads.pop(thread_id, None)

    async def list_threads(self, pagination: Pagination, filters: ThreadFilter) -> PaginatedResponse[ThreadDict]:
        found = [thread for thread in threads.values() if thread.get("userId") == filters.userId]
        return PaginatedResponse(data=found[: pagination.first], pageInfo=PageInfo(False, None, None))

    async def get_thread(self, thread_id: str) -> Optional[ThreadDict]:
        return threads.get(thread_id)

    async def update_thread(self, thread_id, name=None, user_id=None, metadata=None, tags=None):
        threads.setdefault(thread_id, {"id": thread_id, "steps": []})["name"] = name

    async def build_debug_url(self) -> str:
        return ""

    async def get_favorite_steps(self, user_id: str) -> list[StepDict]:
        return []

    async def close(self):
        pass


@cl.data_layer
def data_layer():
    return Memory()


@cl.password_auth_callback
def login(username: str, password: str) -> Optional[cl.User]:
    return cl.User(identifier=username, display_name=username.title(), metadata={"role": "guest"})


@cl.on_chat_resume
async def resume(thread: ThreadDict):
    said = [step["output"] for step in thread["steps"] if step["type"] == "user_message"]
    cl.user_session.set("said", said)
    await cl.Message(content=f"Welcome back! You said {len(said)} things.").send()


@cl.on_chat_start
async def start():
    cl.user_session.set("said", [])


@cl.on_message
async def main(message: cl.Message):
    cl.user_session.get("said").append(message.content)
    await cl.Message(content=f"{len(cl.user_session.get('said'))}: {message.content}").send()
    if message.content == "where?":
        await cl.Message(content=type(get_data_layer()).__name__).send()
