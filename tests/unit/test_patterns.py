"""Scripts written for Chainlit's user session do the same here, with nothing changed but the import."""

from types import ModuleType

import pytest

from anychat.callbacks import default_app
from anychat.testing import ChatDriver
from patterns_of_sessions import TALKS, source


@pytest.fixture
def callbacks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The default App, empty for one test."""
    monkeypatch.setattr(default_app, "_callbacks", {})


def run(name: str) -> ModuleType:
    module = ModuleType(name)
    exec(compile(source(name), f"{name}.py", "exec"), module.__dict__)
    return module


@pytest.mark.parametrize("name", TALKS)
@pytest.mark.usefixtures("callbacks")
async def test_two_users_of_a_script_have_the_same_talk_each(name: str) -> None:
    run(name)
    async with ChatDriver() as alice, ChatDriver() as bob:
        for question, answer in TALKS[name]:
            assert (await alice.send(question)).text == answer
        for question, answer in TALKS[name]:
            assert (await bob.send(question)).text == answer


@pytest.mark.usefixtures("callbacks")
async def test_what_a_session_opened_is_closed_at_its_end() -> None:
    script = run("cleanup")
    async with ChatDriver() as user:
        id = user.session.id
    assert script.closed == [id]
