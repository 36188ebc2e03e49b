"""Chainlit scripts run unchanged: ``cl.load`` gives their App."""

import asyncio
import gc
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import anychat as cl
from anychat import dispatcher, names
from anychat.callbacks import default_app
from anychat.testing import ChatDriver

APPS = Path(__file__).parents[1] / "apps"


@pytest.fixture(autouse=True)
def nothing_stays() -> Iterator[None]:
    """Whatever is loaded, no path and no callback is left behind, and Chainlit and the files are nowhere."""
    names.say_once.cache_clear()
    path, callbacks = list(sys.path), dict(default_app._callbacks)
    yield
    assert not {"chainlit", "app", "words", "shop", "prompts", "package", "data"} & set(sys.modules)
    assert sys.path == path
    assert default_app._callbacks == callbacks


def texts(user: ChatDriver) -> list[str]:
    return [message.content for message in user.messages]


async def test_the_user_session() -> None:
    app = cl.load(APPS / "counter.py")
    async with ChatDriver(app, user="Ada") as ada, ChatDriver(app, user="Bob") as bob:
        await ada.send("a")
        assert (await ada.send("b")).text == "Ada, you sent 2 message(s)!"
        assert (await bob.send("c")).text == "Bob, you sent 1 message(s)!"


async def test_streaming() -> None:
    async with ChatDriver(cl.load(APPS / "streaming.py")) as user:
        turn = await user.send("go")
        assert [(message.author, message.content, message.streaming) for message in turn.messages] == [
            ("Assistant", "the quick brown fox ", False),
            ("Sequence", "the quick brown fox", False),
        ]


async def test_the_conversation_as_a_model_takes_it() -> None:
    async with ChatDriver(cl.load(APPS / "memory.py")) as user:
        await user.send("one")
        assert (await user.send("two")).text == "4 messages, 'two' is the last "


async def test_steps() -> None:
    async with ChatDriver(cl.load(APPS / "steps.py")) as user:
        turn = await user.send("go")
        assert turn.text == "4 results, input 'go'"
        research, *inside = turn.steps
        assert [(step.name, step.type) for step in inside] == [
            ("search", "tool"),
            ("search", "tool"),
            ("summarize", "llm"),
        ]
        assert {step.parent_id for step in inside} == {research.id}
        assert inside[-1].content == "left/0 left/1 right/0 right/1"


async def test_stop() -> None:
    async with ChatDriver(cl.load(APPS / "stop.py")) as user:
        user.post("go")
        await user.until(lambda user: len(user.messages) == 2)
        await user.stop()
        assert user.state.stopped_after_cleaning is True
        assert user.turns[-1].status == "stopped"


async def test_sync_tools_with_async_work_in_callbacks_and_threads() -> None:
    async with ChatDriver(cl.load(APPS / "tools.py")) as user:
        assert (await user.send("x")).text.split("\n\n") == ["<X/0> <X/1>", "a thread at work", "<X/0> <X/1>"]


async def test_what_is_cached_is_for_all() -> None:
    app = cl.load(APPS / "model_cache.py")
    async with ChatDriver(app), ChatDriver(app) as user:
        assert (await user.send("go")).text == "tiny was loaded 1 time(s)"


async def test_errors_show_the_scripts_lines() -> None:
    async with ChatDriver(cl.load(APPS / "errors.py")) as user:
        assert (await user.send("2")).text == "0.5"
        said, happened = (await user.send("0")).messages
        assert (said.content, said.is_error) == ("I will not divide by zero.", True)
        assert happened.content == "ZeroDivisionError: division by zero"
        assert happened.traceback is not None
        assert f'File "{APPS / "errors.py"}", line 13, in main' in happened.traceback
        assert "str(1 / int(message.content))" in happened.traceback


async def test_authors_under_other_names() -> None:
    async with ChatDriver(cl.load(APPS / "rename.py")) as user:
        turn = await user.send("go")
        assert [(message.author, message.content) for message in turn.messages] == [
            ("Albert Einstein", "2"),
            ("Albert Einstein", "4"),
            ("Assistant", "done"),
        ]


async def test_what_means_nothing_in_a_notebook_is_said_once_and_harms_nobody() -> None:
    with pytest.warns(UserWarning, match="has no effect in a notebook") as warned:
        app = cl.load(APPS / "login.py")
    told = [str(warning.message).split()[0] for warning in warned]
    assert told == [
        "cl.server", "cl.password_auth_callback", "cl.oauth_callback", "cl.on_logout",
        "cl.on_audio_chunk",
    ]  # fmt: skip
    assert {warning.filename for warning in warned} == {str(APPS / "login.py")}
    async with ChatDriver(app, user="Ada") as user:
        assert (await user.send("go")).text == "Ada of session True"


async def test_what_runs_once_for_the_app() -> None:
    app = cl.load(APPS / "lifecycle.py")
    async with ChatDriver(app, loop="thread") as one, ChatDriver(app, loop="thread") as other:
        events = one.state.events
        assert events == ["app starts", "chat starts", "chat starts"]
        await other.restart()
        await asyncio.to_thread(dispatcher.end_all)
        assert events[3:] == ["chat ends", "chat starts", "chat ends", "chat ends", "app ends"]


async def test_an_app_of_several_files() -> None:
    async with ChatDriver(cl.load(APPS / "project" / "app.py")) as user:
        assert (await user.send("tea")).text == "tea: here you are, of 1\n\napp.py"
        assert (await user.send("beer")).text == "beer: sold out, of 1\n\napp.py"
        assert user.state.ordered == "beer"
        assert user.messages[0].content == "What will it be?"


# ── Of one's own ─────────────────────────────────────────────────────────────────────────────────


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


ECHO = """
import chainlit as cl
from words import WORD

@cl.on_message
async def main(message: cl.Message):
    await cl.Message(f"{WORD} {message.content}").send()
"""


async def test_two_scripts_whose_files_have_the_same_names_do_not_meet(tmp_path: Path) -> None:
    apps = []
    for word in ("one", "two"):
        script(tmp_path / word / "words.py", f"WORD = {word!r}")
        apps.append(cl.load(script(tmp_path / word / "app.py", ECHO)))
    async with ChatDriver(apps[0]) as first, ChatDriver(apps[1]) as second:
        assert (await first.send("x")).text == "one x"
        assert (await second.send("x")).text == "two x"


async def test_loading_again_reads_all_files_again(tmp_path: Path) -> None:
    words = script(tmp_path / "words.py", "WORD = 'old'")
    path = script(tmp_path / "app.py", ECHO)
    async with ChatDriver(cl.load(path)) as user:
        assert (await user.send("x")).text == "old x"
    words.write_text("WORD = 'new'")  # as long, and within the same second
    async with ChatDriver(cl.load(path)) as user:
        assert (await user.send("x")).text == "new x"


async def test_a_script_is_found_from_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(tmp_path / "words.py", "WORD = 'here'")
    script(tmp_path / "app.py", ECHO)
    monkeypatch.chdir(tmp_path)
    async with ChatDriver(cl.load("app.py")) as user:
        assert (await user.send("x")).text == "here x"


def test_a_script_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    path = script(tmp_path / "app.py", "import chainlit as cl\nimport chainlit.types\n\n1 / 0\n")
    with pytest.raises(ZeroDivisionError) as caught:
        cl.load(path)
    assert (caught.traceback[-1].path, caught.traceback[-1].lineno + 1) == (path, 4)


def test_a_file_beside_it_that_fails_can_be_mended(tmp_path: Path) -> None:
    words = script(tmp_path / "words.py", "WORD = WRONG")
    path = script(tmp_path / "app.py", ECHO)
    with pytest.raises(NameError, match="WRONG"):
        cl.load(path)
    words.write_text("WORD = 'right'")
    assert cl.load(path).callback("on_message") is not None


def test_there_must_be_a_script(tmp_path: Path) -> None:
    with pytest.raises(cl.AnychatError, match=r"there is none at .*nowhere\.py"):
        cl.load(tmp_path / "nowhere.py")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("from chainlit import Missing", r"cannot import name 'Missing' from 'chainlit'. anychat has no 'Missing'"),
        ("from chainlit import on_mesage", "Did you mean 'on_message'?"),
        ("import chainlit.slack", "No module named 'chainlit.slack': anychat stands in for Chainlit"),
        ("from chainlit.types import Nope", "cannot import name 'Nope' from 'chainlit.types'"),
        ("from .words import WORD", "no known parent package"),
        ("import words.deeper", r"No module named 'words.deeper'"),
    ],
)
def test_an_import_that_fails_says_why(tmp_path: Path, line: str, told: str) -> None:
    script(tmp_path / "words.py", "WORD = 1")
    with pytest.raises(ImportError) as caught:
        cl.load(script(tmp_path / "app.py", line))
    assert told in str(caught.value)


IMPORTS = """
import asyncio.tasks, json as standard
import chainlit
import chainlit as cl
import chainlit.types as types
import chainlit.callbacks
import anychat
from chainlit import *
from chainlit import types as same_types
from chainlit.types import ThreadDict, AskFileResponse
from chainlit.user import User as TheirUser
from chainlit.user_session import user_session as session
from chainlit.context import context as where
from chainlit.utils import utc_now
from chainlit.message import AskUserMessage, Message
from chainlit.element import ElementBased, Image, TaskList
import package.inner.leaf
import package.inner.leaf as leaf
from package.inner import *
from package import inner as nested

assert types is same_types and types.ThreadDict is ThreadDict
assert TheirUser is cl.User is User and session is cl.user_session and where is cl.context
assert (AskUserMessage, Message, TaskList) == (cl.AskUserMessage, cl.Message, cl.TaskList)
assert package.inner.leaf is leaf is nested.leaf and leaf.VALUE == VALUE == 7
assert asyncio.tasks and standard.dumps and utc_now().endswith("Z")
assert __name__ != "__main__" and __file__.endswith("app.py")

anychat.on_message(lambda message: "by anychat's own name")
chainlit.callbacks.on_stop(lambda: None)
"""


async def test_imports_of_every_kind(tmp_path: Path) -> None:
    script(tmp_path / "package" / "__init__.py", "")
    script(tmp_path / "package" / "inner" / "__init__.py", "__all__ = ['leaf', 'VALUE']\nfrom .leaf import VALUE")
    script(
        tmp_path / "package" / "inner" / "leaf.py", "from . import other\nfrom ..inner import other as again\nVALUE = 7"
    )
    script(tmp_path / "package" / "inner" / "other.py", "import chainlit\nassert chainlit.Message")
    app = cl.load(script(tmp_path / "app.py", IMPORTS))
    assert app.callback("on_stop") is not None
    async with ChatDriver(app) as user:
        assert (await user.send("x")).text == "by anychat's own name"


def test_a_plain_directory_hides_no_package(tmp_path: Path) -> None:
    (tmp_path / "traitlets").mkdir()
    script(tmp_path / "data" / "table.py", "ROWS = 3")
    cl.load(
        script(tmp_path / "app.py", "from traitlets import HasTraits\nfrom data.table import ROWS\nassert ROWS == 3")
    )


def test_its_modules_have_names_of_their_own_for_as_long_as_the_app_lives(tmp_path: Path) -> None:
    script(tmp_path / "words.py", "WORD = 'hello'")
    path = script(tmp_path / "app.py", f"{ECHO}\nfrom chainlit import on_stop")
    gc.collect()  # the Apps of other tests
    before = set(sys.modules)
    app = cl.load(path)
    one, other = sorted(set(sys.modules) - before)
    assert one.startswith("app_")
    assert other == f"{one}.words"
    del app
    gc.collect()
    assert set(sys.modules) == before


def test_a_script_that_fails_is_in_no_modules(tmp_path: Path) -> None:
    script(tmp_path / "words.py", "WORD = 'hello'")
    path = script(tmp_path / "app.py", f"{ECHO}\n1 / 0")
    gc.collect()
    before = set(sys.modules)
    with pytest.raises(ZeroDivisionError):
        cl.load(path)
    assert set(sys.modules) == before


async def test_dataclasses_and_annotations_are_resolved_also_later(tmp_path: Path) -> None:
    text = """
from __future__ import annotations
import dataclasses, pickle, typing
@dataclasses.dataclass
class Point:
    x: int
    many: typing.ClassVar[int] = 1
assert typing.get_type_hints(Point)["x"] is int
assert [field.name for field in dataclasses.fields(Point)] == ["x"]

import chainlit as cl
@cl.on_message
def late(message: cl.Message):
    @dataclasses.dataclass
    class Late:
        kind: typing.ClassVar[str] = "late"
    assert typing.get_type_hints(Point)["x"] is int
    return pickle.loads(pickle.dumps(Point(7))).x
"""
    async with ChatDriver(cl.load(script(tmp_path / "app.py", text))) as user:
        assert (await user.send("x")).text == "7"


def test_who_imports_meanwhile_sees_nothing_of_it(tmp_path: Path) -> None:
    text = """
import chainlit as cl
import gate
gate.loading.set()
gate.go_on.wait()
"""
    gate = ModuleType("gate")
    gate.loading, gate.go_on = threading.Event(), threading.Event()  # type: ignore[attr-defined]
    sys.modules["gate"] = gate
    apps: list[cl.App] = []
    thread = threading.Thread(target=lambda: apps.append(cl.load(script(tmp_path / "app.py", text))))
    try:
        thread.start()
        gate.loading.wait()
        with pytest.raises(ModuleNotFoundError):
            __import__("chainlit")
        cl.on_stop(lambda: None)
        assert "on_stop" in default_app._callbacks
        del default_app._callbacks["on_stop"]
    finally:
        gate.go_on.set()
        thread.join()
        del sys.modules["gate"]
    assert [app.callback("on_stop") for app in apps] == [None]


async def test_a_chat_takes_it(tmp_path: Path) -> None:
    script(tmp_path / "words.py", "WORD = 'hello'")
    chat = cl.Chat(cl.load(script(tmp_path / "app.py", ECHO)))
    turn: Any = await chat.send("x")
    assert turn.text == "hello x"
    chat.close()
