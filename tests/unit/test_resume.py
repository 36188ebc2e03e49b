"""Conversations that go on: ``on_chat_resume`` in place of ``on_chat_start``."""

from typing import Any

import anychat as cl
from anychat.testing import ChatDriver

SAID = [
    {"role": "user", "content": "hello"},
    {"role": "assistant", "content": "Hello, Ada."},
]


def resumed_app(resumed: list[Any]) -> cl.App:
    app = cl.App(on_message=lambda message: str(len(cl.chat_context.get())))

    @app.on_chat_start
    def start() -> str:
        return "A new conversation."

    @app.on_chat_resume
    def resume(thread: Any) -> str:
        resumed.append(thread)
        cl.user_session.set("messages", len(thread["steps"]))
        return "Where were we?"

    return app


async def test_a_conversation_that_is_there_is_resumed() -> None:
    resumed: list[Any] = []
    async with ChatDriver(resumed_app(resumed), messages=SAID, user="ada") as user:
        assert [message.content for message in user.messages] == ["hello", "Hello, Ada.", "Where were we?"]
        assert user.state.messages == 2
        assert (await user.send("go on")).text == "4"
        (thread,) = resumed
        assert (thread["id"], thread["name"], thread["userIdentifier"]) == (user.session.thread_id, "hello", "ada")
        steps = [(step["type"], step["name"], step["output"]) for step in thread["steps"]]
        assert steps == [("user_message", "ada", "hello"), ("assistant_message", "Assistant", "Hello, Ada.")]


async def test_a_new_chat_is_not() -> None:
    resumed: list[Any] = []
    async with ChatDriver(resumed_app(resumed), messages=SAID) as user:
        await user.restart()
        assert [message.content for message in user.messages] == ["A new conversation."]
    async with ChatDriver(resumed_app(resumed)) as user:
        assert [message.content for message in user.messages] == ["A new conversation."]
    assert len(resumed) == 1


async def test_without_the_callback_the_chat_starts_as_ever() -> None:
    app = cl.App()
    app.on_chat_start(lambda: "Hello again.")
    async with ChatDriver(app, messages=SAID) as user:
        assert user.messages[-1].content == "Hello again."
