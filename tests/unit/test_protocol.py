"""The wire: what is committed agrees with the code, and what cannot be read is refused in words."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

import anychat as cl
from anychat.errors import ProtocolError
from anychat.protocol import (
    MAX_COMMAND_CHARS,
    MAX_MESSAGE_CHARS,
    Event,
    Events,
    Hello,
    Info,
    Token,
    TurnRecord,
    UserMessage,
    decode_command,
    decode_packet,
    encode,
    encode_events,
    schema,
)
from anychat.testing import ChatDriver, Page
from anychat.transcript import Transcript

PROTOCOL = Path(__file__).parents[1] / "protocol"
FIXTURES = sorted((PROTOCOL / "reducer").glob("*.json"))


def test_the_committed_schema_is_the_one_of_the_code() -> None:
    assert json.loads((PROTOCOL / "schema.json").read_text()) == schema(), "Run `nox -s protocol`."


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_the_reducer_agrees_with_the_page(path: Path) -> None:
    fixture: dict[str, Any] = json.loads(path.read_text())
    transcript = Transcript(msgspec.convert(fixture["info"], Info), msgspec.convert(fixture["turns"], list[TurnRecord]))
    for event in msgspec.convert(fixture["events"], list[Event]):
        transcript.apply(event)
    assert msgspec.to_builtins(transcript.turns) == fixture["expected"]["turns"]
    assert msgspec.to_builtins(transcript.info) == fixture["expected"]["info"]
    if "offers" in fixture["expected"]:
        assert msgspec.to_builtins(transcript.offers) == fixture["expected"]["offers"]


def test_there_are_fixtures() -> None:
    assert len(FIXTURES) >= 4


def test_commands_and_packets_survive_the_wire() -> None:
    command = UserMessage(turn="t", content='quotes " and 日本語 and \u2028')
    assert decode_command(encode(command)) == command
    packet = Events(3, 7, [Token("m", "x"), Token("m", "\n")])
    assert decode_packet(encode_events(3, 7, [encode(event) for event in packet.events])) == packet


@pytest.mark.parametrize(
    "text",
    [
        None,
        {},
        17,
        "",
        "not json",
        "[]",
        "null",
        '{"type":"fly"}',
        '{"type":"user_message"}',
        '{"type":"user_message","turn":7,"content":"x"}',
        '{"type":"stop"',
        '{"type":"hello","protocol":"one","page":"p"}',
        "[" * 100_000,
    ],
    ids=repr,
)
def test_a_command_that_cannot_be_read_is_refused_in_words(text: object) -> None:
    with pytest.raises(ProtocolError, match=r"from the page|page sent a command"):
        decode_command(text)


def test_a_huge_command_is_refused_unread() -> None:
    with pytest.raises(ProtocolError, match="8,000,000 characters"):
        decode_command('"' + "x" * MAX_COMMAND_CHARS + '"')


async def test_refused_commands_are_said_in_the_page_and_lose_nothing() -> None:
    async with ChatDriver(lambda message: message.content) as user:
        await user.send("before")
        for text in ["garbage", '{"type":"fly"}', encode(UserMessage(turn="t" * 1000, content="x"))]:
            user.inject(text)
        await user.until(lambda user: len(user.notices) == 3)
        assert (await user.send("after")).text == "after"
        assert [message.content for message in user.messages] == ["before", "before", "after", "after"]


async def test_a_message_that_is_too_long_is_refused_with_its_turn() -> None:
    async with ChatDriver(lambda message: "ok") as user:
        turn = await user.send("x" * (MAX_MESSAGE_CHARS + 1))
        assert turn.status is None
        assert "1,000,000 characters" in user.notices[0]
        assert (await user.send("x" * MAX_MESSAGE_CHARS)).text == "ok"


async def test_texts_of_a_librarys_own_kind_are_texts() -> None:
    class OwnText(str):
        def __str__(self) -> str:
            return "something else"

    async def reply() -> None:
        answer = cl.Message(OwnText("a"))
        await answer.stream_token(OwnText("b\ud83d"))
        await answer.stream_token(OwnText("\ude80"))
        await answer.send()

    async with ChatDriver(reply) as user:
        assert (await user.send("go")).text == "ab\ud83d\ude80"


async def test_a_message_sent_twice_is_taken_once() -> None:
    said: list[str] = []
    async with ChatDriver(lambda message: said.append(message.content)) as user:
        for _ in range(3):
            user.inject(encode(UserMessage(turn="t1", content="once")))
        await user.send("other")
        assert said == ["once", "other"]


async def test_a_page_of_another_version_is_told_what_to_do() -> None:
    async with ChatDriver(lambda message: "ok") as user:
        user.inject(encode(Hello(protocol=99, page="p")))
        await user.until(lambda user: bool(user.notices))
        assert "protocol 99" in user.notices[0]
        assert "reload the page" in user.notices[0]


def test_a_page_ignores_what_it_has_and_asks_for_what_it_lacks() -> None:
    page = Page()
    (ask,) = page.receive(encode_events(1, 1, [encode(Token("m", "x"))]))
    assert isinstance(ask, Hello)


def test_the_roles_are_those_of_language_models() -> None:
    for type, role in [("user_message", "user"), ("assistant_message", "assistant"), ("system_message", "system")]:
        item = cl.Message("x", type=type)._item()  # type: ignore[arg-type]
        assert item.role == role
