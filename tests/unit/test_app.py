"""What belongs to an App and to none of its sessions: its beginning, its end, and what its authors are called."""

import asyncio
import sys
from collections.abc import Iterator
from typing import Any

import pytest

import anychat as cl
from anychat import dispatcher, stepper
from anychat.testing import ChatDriver


def shown(user: ChatDriver) -> list[tuple[str, str]]:
    return [(message.author, message.content) for message in user.messages if message.role != "user"]


# ── Beginning and end ────────────────────────────────────────────────────────────────────────────


async def test_an_app_begins_once_before_its_first_session_and_the_others_wait_for_it() -> None:
    app, events, go_on = cl.App(), [], asyncio.Event()

    @app.on_app_startup
    async def startup() -> str:
        await go_on.wait()
        events.append(repr(cl.context))
        return "not shown"

    @app.on_chat_start
    def start() -> None:
        events.append("chat")

    async def open_and_close() -> list[tuple[str, str]]:
        async with ChatDriver(app) as user:
            return shown(user)

    opened = [asyncio.create_task(open_and_close()) for _ in range(3)]
    while not app.startup.is_claimed:
        await asyncio.sleep(0)
    go_on.set()
    assert await asyncio.gather(*opened) == [[], [], []]
    assert events == ["<Context: no callback is running here>", "chat", "chat", "chat"]


async def test_an_app_begins_without_a_callback_for_the_chats_start() -> None:
    app, events = cl.App(), []

    @app.on_app_startup
    async def startup() -> None:
        events.append(summarise())

    def summarise() -> str:
        return cl.run_sync(look_up())  # sync code can wait here, too, and on this loop

    async def look_up() -> str:
        await asyncio.sleep(0)
        return "here" if asyncio.get_running_loop() is loop else "elsewhere"

    loop = asyncio.get_running_loop()
    async with ChatDriver(app), ChatDriver(app):
        assert events == ["here"]


async def test_an_error_at_the_beginning_is_shown_and_the_chat_goes_on() -> None:
    app = cl.App(on_message=lambda message: message.content)

    @app.on_app_startup
    def startup() -> None:
        raise FileNotFoundError("model.bin")

    async with ChatDriver(app) as user:
        assert shown(user) == [("Assistant", "FileNotFoundError: model.bin")]
        assert (await user.send("hello")).text == "hello"


async def test_a_new_callback_for_the_beginning_runs_with_the_next_session() -> None:
    app, events = cl.App(), []
    app.on_app_startup(lambda: events.append("old"))
    async with ChatDriver(app) as user:
        app.on_app_startup(lambda: events.append("new"))
        await user.restart()
        await user.restart()
    assert events == ["old", "new"]


async def test_an_app_ends_after_its_sessions_and_only_if_it_began() -> None:
    events: list[str] = []
    apps = {name: cl.App(name) for name in ("used", "fails", "unused")}
    for name, app in apps.items():
        app.on_chat_end(lambda name=name: events.append(f"chat of {name}"))

        @app.on_app_shutdown
        async def shutdown(name: str = name) -> None:
            await asyncio.sleep(0)
            events.append(name)
            if name == "fails":
                raise ValueError

    async with ChatDriver(apps["used"], loop="thread"), ChatDriver(apps["fails"], loop="thread"):
        await asyncio.to_thread(dispatcher.end_all)
        assert sorted(events[:2]) == ["chat of fails", "chat of used"]
        assert sorted(events[2:]) == ["fails", "used"]
        await asyncio.to_thread(dispatcher.end_all)
        assert len(events) == 4


def test_an_app_whose_loop_is_closed_ends_on_another() -> None:
    app, events = cl.App(), []

    @app.on_app_shutdown
    async def shutdown() -> None:
        await asyncio.sleep(0)
        events.append("ended")

    async def use() -> None:
        async with ChatDriver(app):
            pass

    asyncio.run(use())
    dispatcher.end_all()
    assert events == ["ended"]


# ── Authors ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def no_greenlet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(sys.modules, "greenlet", None)
    stepper.library.cache_clear()
    yield
    stepper.library.cache_clear()


async def rename_async(name: str) -> str | None:
    await asyncio.sleep(0)
    return "Ada" if name == "Assistant" else None


def rename(name: str) -> str | None:
    return "Ada" if name == "Assistant" else None


async def sends(message: cl.Message) -> None:
    await cl.Message("one").send()
    await cl.Message("two", author="Bob").send()


async def streams(message: cl.Message) -> None:
    answer = cl.Message("")
    await answer.stream_token("one")
    assert answer.author == "Ada"
    await answer.send()
    await answer.update()
    await cl.ErrorMessage("two", author="Bob").send()


async def yields(message: cl.Message) -> Any:
    yield "one"
    yield cl.Message("two", author="Bob")


def in_a_thread(message: cl.Message) -> Any:
    yield "one"
    cl.Message("two", author="Bob").show()


@pytest.mark.parametrize("handler", [sends, streams, yields, in_a_thread])
@pytest.mark.parametrize("renamer", [rename, rename_async])
async def test_the_app_says_what_authors_are_called_however_they_speak(handler: Any, renamer: Any) -> None:
    app = cl.App(on_message=handler)
    app.author_rename(renamer)
    async with ChatDriver(app, user="Assistant") as user:
        await user.send("go")
        assert shown(user) == [("Ada", "one"), ("Bob", "two")]
        assert user.messages[0].author == "Assistant"  # the user's own name is left alone


@pytest.mark.usefixtures("no_greenlet")
@pytest.mark.parametrize("handler", [sends, streams, yields, in_a_thread])
async def test_authors_are_renamed_without_greenlet_too(handler: Any) -> None:
    app = cl.App(on_message=handler)
    app.author_rename(rename_async)
    async with ChatDriver(app) as user:
        await user.send("go")
        assert shown(user) == [("Ada", "one"), ("Bob", "two")]


async def test_a_name_is_asked_for_once_and_the_users_message_can_be_updated() -> None:
    app, asked = cl.App(), []

    @app.author_rename
    def rename(name: str) -> str:
        asked.append(name)
        return f"{name}!"

    @app.on_message
    async def reply(message: cl.Message) -> None:
        message.content += "?"
        await message.update()
        answer = await cl.Message("a").send()
        await answer.stream_token("b")
        await answer.send()

    async with ChatDriver(app) as user:
        await user.send("go")
        assert [(m.author, m.content) for m in user.messages] == [("User", "go?"), ("Assistant!", "ab")]
        assert asked == ["Assistant"]


async def test_an_error_in_renaming_is_an_error_of_the_callback() -> None:
    app = cl.App(on_message=sends)
    app.author_rename(lambda name: 1 / 0)
    async with ChatDriver(app) as user:
        assert isinstance((await user.send("go")).error, ZeroDivisionError)


def test_a_callback_that_cannot_be_called_is_refused() -> None:
    with pytest.raises(cl.AnychatError, match=r"@author_rename calls .* with the name, but it needs 2"):
        cl.App().author_rename(lambda name, other: name)
    with pytest.raises(cl.AnychatError, match=r"@on_app_startup calls .* with no arguments, but it needs 1"):
        cl.App().on_app_startup(lambda app: None)
