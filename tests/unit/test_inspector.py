"""An inspector as a widget of its own: the states of several chats, in columns."""

import json
from collections.abc import Callable, Iterator, Sequence

import pytest

import anychat as cl
from anychat.errors import OptionError
from anychat.inspector import Desk
from anychat.pacer import Pacer
from anychat.protocol import (
    PROTOCOL_VERSION,
    Asset,
    Bye,
    Command,
    GetAsset,
    Hello,
    Incompatible,
    Inspect,
    Inspection,
    Opened,
    Packet,
    Refused,
    SetValue,
    Snapshot,
    StopInspecting,
    UserMessage,
    decode_packet,
    encode,
)
from unit.fakes import Time


class Page:
    """A page that shows a desk's columns."""

    def __init__(self, *chats: cl.Chat) -> None:
        self.time = Time()
        self.packets: list[Packet] = []
        dispatchers = [chat._dispatcher for chat in chats]
        self.desk = Desk(dispatchers, self._arrive, Pacer(self.time, clock=self.time.clock))

    def _arrive(self, text: str, buffers: Sequence[bytes]) -> None:
        self.packets.append(decode_packet(text))

    def say(self, *commands: Command) -> None:
        for command in commands:
            self.desk.receive(encode(command))
        self.time.pass_(1)

    def look(self, *chats: int) -> None:
        opened = [Opened(["state"], 100)]
        self.say(*(Inspect(page="p", chat=chat, seen=0, opened=opened) for chat in chats))

    def shown(self, chat: int) -> Inspection:
        return next(
            packet for packet in reversed(self.packets) if isinstance(packet, Inspection) and packet.chat == chat
        )

    def keys(self, chat: int) -> dict[str, str]:
        return {node.name: node.summary for node in self.shown(chat).state.first}


@pytest.fixture
def make_chat() -> Iterator[Callable[[str], cl.Chat]]:
    chats: list[cl.Chat] = []

    def make(user: str) -> cl.Chat:
        def reply(message: cl.Message) -> None:
            cl.user_session.set("said", message.content)

        chats.append(cl.Chat(reply, user=user, loop="thread"))
        return chats[-1]

    yield make
    for chat in chats:
        chat.close()


async def test_each_chat_has_a_column(make_chat: Callable[[str], cl.Chat]) -> None:
    ada, bob = make_chat("ada"), make_chat("bob")
    page = Page(ada, bob)
    page.look(0, 1)
    await ada.send("hello")
    await bob.send("hi")
    page.time.pass_(1)
    assert [(page.shown(chat).user, page.shown(chat).chats, page.keys(chat)) for chat in (0, 1)] == [
        ("ada", 2, {"said": "'hello'"}),
        ("bob", 2, {"said": "'hi'"}),
    ]


async def test_it_follows_a_new_chat_and_shows_the_end(make_chat: Callable[[str], cl.Chat]) -> None:
    ada = make_chat("ada")
    page = Page(ada)
    page.look(0)
    await ada.send("hello")
    await ada.restart()
    page.time.pass_(1)
    assert (page.shown(0).id, page.keys(0)) == (ada.session.id, {})
    await ada.send("again")
    page.time.pass_(1)
    assert page.keys(0) == {"said": "'again'"}
    ada._dispatcher.end().result(10)
    page.time.pass_(1)
    assert (page.shown(0).status, page.keys(0)) == ("ended", {})


async def test_a_value_is_edited_in_its_column(make_chat: Callable[[str], cl.Chat]) -> None:
    ada, bob = make_chat("ada"), make_chat("bob")
    page = Page(ada, bob)
    page.look(0, 1)
    await ada.send("hello")
    await bob.send("hi")
    page.say(SetValue(edit="e", chat=1, session=bob.session.id, path=["state", ".said"], text="edited"))
    await bob.send("...")  # which comes after it, on the same loop
    page.time.pass_(1)
    assert [(each.edit, each.error) for each in page.shown(1).edited] == [("e", None)]
    assert ada.state.said == "hello"


def test_it_costs_nothing_while_no_page_shows_it(make_chat: Callable[[str], cl.Chat]) -> None:
    ada = make_chat("ada")
    page = Page(ada)
    page.say(Hello(protocol=PROTOCOL_VERSION, page="p"))
    assert ada.state._trait_notifiers == {}
    for goodbye in (StopInspecting(page="p", chat=0), Bye("p")):
        page.look(0)
        assert ada.state._trait_notifiers != {}
        page.say(goodbye)
        assert ada.state._trait_notifiers == {}
    count = len(page.packets)
    ada.state.x = 1
    page.time.pass_(3600)
    assert len(page.packets) == count
    page.look(0)
    page.desk.close()
    assert ada.state._trait_notifiers == {}


def test_its_page_learns_that_the_kernel_is_there_and_gets_the_bundle(make_chat: Callable[[str], cl.Chat]) -> None:
    page = Page(make_chat("ada"))
    page.say(Hello(protocol=PROTOCOL_VERSION, page="p"), GetAsset("0" * 64))
    assert [type(packet) for packet in page.packets] == [Snapshot, Asset]
    page.say(Hello(protocol=0, page="p"))
    assert isinstance(page.packets[-1], Incompatible)


def test_what_is_for_a_chat_is_refused(make_chat: Callable[[str], cl.Chat]) -> None:
    page = Page(make_chat("ada"))
    page.say(UserMessage(turn="t", content="hello"))
    page.desk.receive("nonsense")
    page.desk.receive(json.dumps({"type": "stop_inspecting", "page": "p", "chat": 7}))
    page.desk.receive(json.dumps({"type": "stop_inspecting", "page": "p", "chat": -1}))
    said = [packet.message for packet in page.packets if isinstance(packet, Refused)]
    assert ["takes no UserMessage" in said[0], len(said)] == [True, 4]
    assert "not number -1" in said[-1]


def test_it_takes_a_chat_or_several(make_chat: Callable[[str], cl.Chat]) -> None:
    ada, bob = make_chat("ada"), make_chat("bob")
    inspectors = [cl.Inspector(ada), cl.Inspector([ada, bob], layout={"width": "50%"})]
    assert repr(inspectors) == "[<Inspector of 1 chat>, <Inspector of 2 chats>]"
    assert inspectors[0]._shows == "inspector"
    for inspector in inspectors:
        inspector.close()
    for wrong in ([], "ada", [ada, "bob"], None):
        with pytest.raises(OptionError, match="takes a chat, or a list of chats"):
            cl.Inspector(wrong)  # type: ignore[arg-type]
