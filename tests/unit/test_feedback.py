"""What users think of answers."""

from typing import Any

import pytest

import anychat as cl
from anychat.protocol import Rate, Rating, encode
from anychat.testing import ChatDriver
from anychat.types import Feedback


def rated_app(heard: list[Feedback]) -> cl.App:
    app = cl.App(on_message=lambda message: message.content.upper())
    app.on_feedback(heard.append)
    return app


async def test_the_app_hears_of_it_and_the_page_shows_it() -> None:
    heard: list[Feedback] = []
    async with ChatDriver(rated_app(heard)) as user:
        await user.send("hi")
        answer = user.messages[1]
        await user.feedback(answer, 0, "Too loud.")
        assert user.messages[1].rating == Rating(value=0, comment="Too loud.")
        await user.feedback(answer, 1)
        assert user.messages[1].rating == Rating(value=1)
        assert [(each.forId, each.value, each.comment) for each in heard] == [
            (answer.id, 0, "Too loud."),
            (answer.id, 1, None),
        ]
        assert heard[0].id == heard[1].id
        assert heard[0].threadId == user.session.thread_id


async def test_it_can_be_taken_back_which_is_none_of_the_apps_business() -> None:
    heard: list[Feedback] = []
    async with ChatDriver(rated_app(heard)) as user:
        await user.send("hi")
        await user.feedback(user.messages[1], 1)
        await user.feedback(user.messages[1], None)
        assert (user.messages[1].rating, len(heard)) == (None, 1)


async def test_what_the_page_repeats_is_heard_once() -> None:
    heard: list[Feedback] = []
    async with ChatDriver(rated_app(heard)) as user:
        await user.send("hi")
        for _ in range(3):
            user.inject(encode(Rate(message=user.messages[1].id, epoch=1, rating=Rating(value=1))))
        await user.feedback(user.messages[1], 1)
        assert len(heard) == 1


async def test_branches_keep_it() -> None:
    async with ChatDriver(rated_app([])) as user:
        await user.send("hi")
        await user.feedback(user.messages[1], 1)
        await user.edit(0, "ho")
        assert user.messages[1].rating is None
        await user.show_branch(0, 0)
        assert user.messages[1].rating == Rating(value=1)


async def test_what_the_callback_says_stands_at_the_answers_turn() -> None:
    app = rated_app([])
    app.on_feedback(lambda feedback: cl.Message("Thank you.").send())
    async with ChatDriver(app) as user:
        await user.send("one")
        await user.send("two")
        await user.feedback(user.messages[1], 1)
        assert [message.content for message in user.messages] == ["one", "ONE", "Thank you.", "two", "TWO"]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"message": "nowhere"}, "Only a finished answer"),
        ({"message": "USER"}, "Only a finished answer"),
        ({"message": "ANSWER", "rating": Rating(value=1, comment="x" * 10_001)}, "10,000 characters"),
    ],
)
async def test_what_cannot_be_rated_is_refused_in_words(fields: dict[str, Any], why: str) -> None:
    heard: list[Feedback] = []
    async with ChatDriver(rated_app(heard)) as user:
        await user.send("hi")
        ids = {"USER": user.messages[0].id, "ANSWER": user.messages[1].id}
        fields = {"rating": Rating(value=1), **fields, "message": ids.get(fields["message"], fields["message"])}
        user.inject(encode(Rate(epoch=1, **fields)))
        await user.until(lambda user: bool(user.notices))
        assert why in user.notices[0]
        assert heard == []


async def test_an_app_that_does_not_ask_hears_nothing() -> None:
    async with ChatDriver(lambda message: "ok") as user:
        await user.send("hi")
        await user.feedback(user.messages[1], 1)
        assert "no on_feedback callback" in user.notices[0]
        assert user.messages[1].rating is None
