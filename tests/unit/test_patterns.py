"""Scripts written for Chainlit's user session do the same here, with nothing changed."""

import pytest

import anychat as cl
from anychat.testing import ChatDriver
from patterns_of_sessions import FOLDER, TALKS


@pytest.mark.parametrize("name", TALKS)
async def test_two_users_of_a_script_have_the_same_talk_each(name: str) -> None:
    app = cl.load(FOLDER / f"{name}.py")
    async with ChatDriver(app) as alice, ChatDriver(app) as bob:
        for question, answer in TALKS[name]:
            assert (await alice.send(question)).text == answer
        for question, answer in TALKS[name]:
            assert (await bob.send(question)).text == answer


async def test_what_a_session_opened_is_closed_at_its_end() -> None:
    app = cl.load(FOLDER / "cleanup.py")
    async with ChatDriver(app) as user:
        state, connection = user.state, user.state.connection
    assert connection.is_closed
    assert list(state) == []
