"""What an inspector shows of a session, and what can be done there."""

import asyncio
import json
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

import anychat as cl
from anychat import nodes
from anychat.edits import MAX_CHARS, set_at
from anychat.errors import OptionError
from anychat.inspection import LEASE, REST, Onlookers
from anychat.pacer import Pacer
from anychat.protocol import Inspect, Inspection, Opened, Packet, SetValue, encode
from anychat.secrets import HIDDEN, Mask
from anychat.summary import summarize
from anychat.testing import ChatDriver
from unit.fakes import Time

KEY = "sk-planted-0123456789abcdef"


def keeping_app() -> cl.App:
    app = cl.App()

    @app.on_chat_start
    def start() -> None:
        cl.user_session.set("count", 0)
        cl.user_session.set("history", [])
        cl.user_session.set("settings", {"tone": "dry", "rates": [0.5, 1.5]})

    @app.on_message
    def reply(message: cl.Message) -> None:
        if message.content == "count":
            cl.user_session.set("count", cl.user_session.get("count") + 1)
        cl.user_session.get("history").append(message.content)

    return app


def record_traffic(user: ChatDriver) -> list[str]:
    """All that page and kernel say to each other from now on."""
    said: list[str] = []
    dispatcher = user._dispatcher
    arrive, receive = dispatcher._send, dispatcher.receive

    def send(text: str, buffers: Sequence[bytes]) -> None:
        said.extend([text, *(buffer.decode("latin-1") for buffer in buffers)])
        arrive(text, buffers)

    def take(text: object, buffers: Sequence[bytes] = ()) -> None:
        said.append(str(text))
        receive(text, buffers)

    dispatcher._send = user.session.emitter.send = send
    dispatcher.receive = take  # type: ignore[method-assign]
    return said


async def test_it_shows_each_key_with_its_type_and_a_summary() -> None:
    async with ChatDriver(keeping_app(), user="ada") as user:
        await user.inspect()
        shown = {key: (node.type, node.summary, node.total) for key, node in user.inspected().items()}
        assert shown == {
            "count": ("int", "0", 0),
            "history": ("list", "[]", 0),
            "settings": ("dict", "{'tone': 'dry', 'rates': [0.5, 1.5]}", 2),
        }
        assert (user.inspection.user, user.inspection.status) == ("ada", "idle")


async def test_keys_of_the_session_itself_stand_apart() -> None:
    async with ChatDriver(keeping_app(), user="ada", env={"MY_KEY": KEY}) as user:
        await user.inspect()
        own = {node.name: (node.summary, node.editable) for node in user.inspection.session.first}
        assert own == {
            "id": (repr(user.session.id), None),
            "user": ("User(identifier='ada', display_name=None, metadata={})", None),
            "chat_profile": ("None", None),
            "chat_settings": ("{}", None),
            "client_type": ("'notebook'", None),
            "env": (f"{{'MY_KEY': {HIDDEN}}}", None),
        }


async def test_changes_are_shown_as_they_come() -> None:
    async with ChatDriver(keeping_app()) as user:
        await user.inspect()
        await user.send("count")
        await user.until(lambda user: user.inspected()["count"].summary == "1")
        user.state.count = 7  # a cell
        await user.until(lambda user: user.inspected()["count"].summary == "7")
        del user.state["count"]
        await user.until(lambda user: "count" not in user.inspected())


async def test_parts_are_shown_where_they_are_asked_for_and_no_more_than_that() -> None:
    async with ChatDriver(keeping_app()) as user:
        user.state.history = [[number] for number in range(1000)]
        await user.inspect("history", "history.999", most=4)
        history = user.inspected()["history"]
        assert (history.total, [node.name for node in history.first + history.last]) == (1000, ["0", "1", "998", "999"])
        assert [node.opened for node in history.first + history.last] == [False, False, False, True]
        assert user.inspected("history.999")["0"].summary == "999"
        await user.inspect()
        assert user.inspected()["history"].first == []


async def test_a_tree_is_bounded_whatever_is_asked_for() -> None:
    async with ChatDriver(keeping_app()) as user:
        user.state.many = [list(range(1000)) for _ in range(1000)]
        loop: dict[str, Any] = {}
        user.state.loop = loop
        loop["again"] = loop
        paths = [f"many.{number}" for number in range(100)]
        await user.inspect("many", "loop", "loop.again", "loop.again.again", *paths, most=10**9)
        assert len(encode(user.inspection)) < 1_000_000
        assert user.inspected("loop")["again"].total == 0, "a value is not opened inside of itself"


# ── When ─────────────────────────────────────────────────────────────────────────────────────────


def marks(user: ChatDriver) -> dict[str, tuple[int | None, bool]]:
    """Of each key that is known to have changed: in which turn, and whether that is the newest."""
    changed = {key: node.changed for key, node in user.inspected().items()}
    return {key: (each.turn, each.is_new) for key, each in changed.items() if each is not None}


async def test_a_callback_aside_takes_no_turn_from_the_changes_that_follow_it() -> None:
    app, may_go_on = cl.App(), asyncio.Event()

    @app.on_message
    async def reply(message: cl.Message) -> None:
        await cl.Message("Go?", actions=[cl.Action("go", {})]).send()
        await may_go_on.wait()
        cl.user_session.set("late", 1)

    @app.action_callback("go")
    def go() -> None: ...

    async with ChatDriver(app) as user:
        await user.inspect()
        turn = user.post("hello")
        await user.until(lambda user: len(user.actions) == 1)
        await user.click("go")
        may_go_on.set()
        await user.until(lambda user: user.turns[-1].id == turn and user.turns[-1].status == "done")
        await user.until(lambda user: "late" in user.inspected())
        assert marks(user)["late"] == (1, True)


async def test_it_says_in_which_turn_a_key_changed_and_marks_the_newest_changes() -> None:
    async with ChatDriver(keeping_app()) as user:
        await user.inspect()
        assert marks(user) == {"count": (0, True), "history": (0, True), "settings": (0, True)}
        await user.send("count")
        await user.until(lambda user: marks(user)["history"] == (1, True))
        assert marks(user) == {"count": (1, True), "history": (1, True), "settings": (0, False)}
        await user.send("nothing")
        await user.until(lambda user: marks(user)["history"] == (2, True))
        assert marks(user)["count"] == (1, False)
        user.state.count = 9
        await user.until(lambda user: marks(user)["count"] == (None, False))
        changed = user.inspected()["count"].changed
        assert changed is not None
        assert changed.at is not None


async def test_who_looks_later_learns_it_too() -> None:
    async with ChatDriver(keeping_app()) as user:
        for text in ("one", "count", "three"):
            await user.send(text)
        user.state.settings = {}
        await user.inspect()
        assert marks(user) == {"count": (2, False), "history": (3, True), "settings": (None, False)}
        user.stop_inspecting()
        await user.send("count")
        await user.inspect()
        assert marks(user) == {"count": (4, True), "history": (4, True), "settings": (None, False)}


async def test_a_change_in_place_that_nobody_saw_is_dated_by_its_turn() -> None:
    async with ChatDriver(keeping_app()) as user:

        def look_away(message: cl.Message) -> None:
            pass

        await user.send("one")
        user._app.on_message(look_away)
        await user.send("two")
        await user.inspect()
        changed = user.inspected()["history"].changed
        assert changed is not None
        assert (changed.at, changed.turn, changed.is_new) == (None, 1, False)


# ── Edits ────────────────────────────────────────────────────────────────────────────────────────


async def test_simple_values_are_edited_and_python_hears_of_it_on_the_sessions_loop() -> None:
    async with ChatDriver(keeping_app()) as user:
        user.state.update({"flag": True, "rate": 0.5, "name": "ada", "nothing": None})
        heard: list[tuple[Any, ...]] = []
        here = threading.current_thread()
        user.state.observe(lambda change: heard.append((change.name, change.new, threading.current_thread() is here)))
        await user.inspect()
        written = {key: (node.editable, node.text) for key, node in user.inspected().items() if node.editable}
        assert written == {
            "count": ("int", "0"),
            "flag": ("bool", "True"),
            "rate": ("float", "0.5"),
            "name": ("str", "ada"),
            "nothing": ("None", "None"),
        }
        for key, text in {"count": "7", "flag": "false", "rate": "2", "name": "'bob'", "nothing": "'text'"}.items():
            assert await user.set_value(key, text) is None
        assert heard == [
            ("count", 7, True),
            ("flag", False, True),
            ("rate", 2.0, True),
            ("name", "'bob'", True),
            ("nothing", "text", True),
        ]
        assert user.inspected()["count"].text == "7"


async def test_values_in_dicts_and_lists_are_edited_in_their_place() -> None:
    async with ChatDriver(keeping_app()) as user:
        heard: list[Any] = []
        user.state.observe(lambda change: heard.append(change.new), "settings")
        settings = user.state.settings
        await user.inspect("settings", "settings.rates")
        assert user.inspected("settings.rates")["1"].text == "1.5"
        assert await user.set_value("settings.tone", "warm") is None
        assert await user.set_value("settings.rates.1", "2.5") is None
        assert settings == {"tone": "warm", "rates": [0.5, 2.5]}
        assert heard == [settings, settings]


@pytest.mark.parametrize(
    ("key", "text", "wanted"),
    [
        ("count", "1.5", "'1.5' is not a whole number, as this value is"),
        ("rate", "much", "'much' is not a number"),
        ("flag", "perhaps", "'perhaps' is neither True nor False"),
        ("nothing", "text", "none of None, True, False, a number"),
        ("nothing", "[1]", "none of None, True, False, a number"),
        ("nothing", "(" * 5000, "none of None"),
        ("name", "x" * (MAX_CHARS + 1), "may have 10,000 characters"),
        ("gone", "1", "not there any more"),
        ("settings", "{}", "A dict cannot be edited here"),
        ("api_key", "new", "cannot be edited here"),
        ("no_token", "'new'", "cannot be edited here"),
        ("thing.value", "1", "cannot be edited here"),
        ("pair.0", "1", "cannot be edited here"),
        ("long", "x", "A str cannot be edited here"),
    ],
)
async def test_what_cannot_be_is_refused_in_words(key: str, text: str, wanted: str) -> None:
    class Thing:
        value = 1

        def __init__(self) -> None:
            self.value = 1

    async with ChatDriver(keeping_app()) as user:
        values = {"rate": 0.5, "flag": True, "nothing": None, "name": "ada", "api_key": KEY, "no_token": None}
        user.state.update({**values, "thing": Thing(), "pair": (1, 2), "long": "x" * (MAX_CHARS + 1)})
        before = dict(user.state)
        await user.inspect()
        error = await user.set_value(key, text)
        assert error is not None
        assert wanted in error
        assert dict(user.state) == before


async def test_an_edit_that_comes_twice_is_done_once() -> None:
    async with ChatDriver(keeping_app()) as user:
        await user.inspect()
        edit = SetValue(edit="e", chat=0, session=user.session.id, path=["state", ".count"], text="5")
        user.inject(encode(edit))
        await user.until(lambda user: user.state.count == 5)
        user.state.count = 6
        for _ in range(3):
            user.inject(encode(edit))
        await user.set_value("settings.tone", "warm")
        assert user.state.count == 6


async def test_an_edit_is_for_the_session_that_it_was_made_in() -> None:
    async with ChatDriver(keeping_app()) as user:
        await user.inspect()
        edit = SetValue(edit="e", chat=0, session=user.session.id, path=["state", ".count"], text="5")
        await user.restart()
        await user.until(lambda user: user.inspection.id == user.session.id)
        user.inject(encode(edit))
        await user.until(lambda user: [each.edit for each in user.inspection.edited] == ["e"])
        assert user.inspection.edited[0].error == "The session that this was meant for is over."
        assert user.state.count == 0


async def test_what_belongs_to_the_session_is_not_edited() -> None:
    async with ChatDriver(keeping_app()) as user:
        await user.inspect()
        user.inject(encode(SetValue(edit="e", chat=0, session=user.session.id, path=["session", ".id"], text="x")))
        await user.until(lambda user: bool(user.inspection.edited))
        assert user.inspection.edited[0].error == "This belongs to the session itself and cannot be edited."


async def test_an_observer_that_raises_does_not_undo_an_edit(caplog: pytest.LogCaptureFixture) -> None:
    async with ChatDriver(keeping_app()) as user:
        user.state.observe(lambda change: 1 / 0, "count")
        await user.inspect()
        assert await user.set_value("count", "5") is None
        assert user.state.count == 5
    assert "An observer of the state" in caplog.text


# ── Lives ────────────────────────────────────────────────────────────────────────────────────────


async def test_it_follows_a_new_chat_and_says_when_a_session_has_ended() -> None:
    async with ChatDriver(keeping_app()) as user:
        await user.send("count")
        await user.inspect()
        first = user.inspection.id
        await user.restart()
        await user.until(lambda user: user.inspection.id == user.session.id != first)
        await user.until(lambda user: user.inspected()["count"].summary == "0")
        await user.send("count")
        await user.until(lambda user: user.inspected()["count"].summary == "1")
        await asyncio.wrap_future(user._dispatcher.end())
        await user.until(lambda user: user.inspection.status == "ended")
        assert user.inspected() == {}
        assert await user.set_value("count", "5") == "This chat has ended. Run its cell again, or make a new Chat."


async def test_going_back_is_seen() -> None:
    async with ChatDriver(keeping_app()) as user:
        await user.inspect()
        await user.send("count")
        await user.send("count")
        await user.edit(1, "nothing")
        await user.until(lambda user: user.inspected()["history"].summary == "['count', 'nothing']")
        assert user.inspected()["count"].summary == "1"


async def test_without_an_inspector_nothing_is_observed_summarized_or_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []

    def summarized(value: object, mask: Mask) -> str:
        made.append(value)
        return summarize(value, mask)

    monkeypatch.setattr(nodes, "summarize", summarized)
    async with ChatDriver(keeping_app()) as user:
        packets = record_traffic(user)
        onlookers = user._dispatcher._onlookers

        async def talk() -> None:
            made.clear()
            packets.clear()
            await user.send("count")
            user.state.count = 5

        def is_unnoticed() -> bool:
            sent = [text for text in packets if '"inspection"' in text]
            notifiers = [*user.state._trait_notifiers.values(), *user.session._trait_notifiers.values()]
            observers = [each for kinds in notifiers for handlers in kinds.values() for each in handlers]
            return made == sent == observers == [] and not onlookers._is_scheduled

        await talk()
        assert is_unnoticed()
        await user.inspect()
        await talk()
        await user.until(lambda user: user.inspected()["count"].summary == "5")
        assert not is_unnoticed()
        user.stop_inspecting()
        while onlookers._is_scheduled:  # for what was changed while somebody looked
            await asyncio.sleep(0.01)
        await talk()
        assert is_unnoticed()
        assert user.state._trait_notifiers == {}


# ── On a clock of our own ────────────────────────────────────────────────────────────────────────


class Looker:
    """A page that looks at a chat, on a clock of its own, over a line that may lose what is sent."""

    def __init__(self, chat: cl.Chat) -> None:
        self.time = Time()
        self.sent: list[Inspection] = []
        self.is_line_down = False
        self.onlookers = Onlookers(chat._dispatcher.runner, self._put, Pacer(self.time, clock=self.time.clock))

    def _put(self, packet: Packet) -> None:
        if isinstance(packet, Inspection) and not self.is_line_down:
            self.sent.append(packet)

    def look(self, *, page: str = "page", seen: int | None = None) -> None:
        last = self.sent[-1].revision if self.sent else 0
        opened = [Opened(["state"], 100)]
        self.onlookers.inspect(Inspect(page=page, chat=0, seen=last if seen is None else seen, opened=opened))
        self.time.pass_(REST)


@pytest.fixture
def chat() -> Iterator[cl.Chat]:
    chat = cl.Chat(lambda message: None, loop="thread")
    yield chat
    chat.close()


@pytest.fixture
def looker(chat: cl.Chat) -> Looker:
    return Looker(chat)


def test_many_changes_are_one_packet(chat: cl.Chat, looker: Looker) -> None:
    looker.look()
    assert len(looker.sent) == 1
    for number in range(1000):
        chat.state.count = number
    looker.time.pass_(REST)
    assert [node.summary for node in looker.sent[-1].state.first] == ["999"]
    assert len(looker.sent) == 2
    for number in range(1000):
        chat.state.count = number
        looker.time.pass_(0.001)
    assert len(looker.sent) <= 2 + 1 / REST + 1, "a second of changes"
    looker.time.pass_(1)
    assert [node.summary for node in looker.sent[-1].state.first] == ["999"]


def test_what_was_lost_is_sent_when_the_page_says_what_it_has(chat: cl.Chat, looker: Looker) -> None:
    looker.look()
    looker.is_line_down = True
    chat.state.count = 1
    looker.time.pass_(1)
    looker.is_line_down = False
    looker.look()
    assert [node.summary for node in looker.sent[-1].state.first] == ["1"]
    count = len(looker.sent)
    looker.look()
    assert len(looker.sent) == count, "who has everything is sent nothing"


def test_a_page_that_says_nothing_for_long_is_gone(chat: cl.Chat, looker: Looker) -> None:
    looker.look()
    looker.time.pass_(LEASE / 2)
    looker.look()
    looker.time.pass_(LEASE / 2)
    assert not looker.onlookers.is_empty
    looker.time.pass_(2 * LEASE)
    assert looker.onlookers.is_empty
    assert chat.state._trait_notifiers == {}
    assert looker.time.is_quiet
    looker.look()
    assert looker.sent[-1].revision > looker.sent[-2].revision


def test_a_change_that_changes_nothing_to_see_is_not_sent(chat: cl.Chat, looker: Looker) -> None:
    chat.state.text = "x" * 1000
    looker.look()
    before = looker.sent[-1].state.first[0].summary
    chat.state.text = "x" * 1001
    looker.time.pass_(1)
    assert looker.sent[-1].state.first[0].summary == before
    count = len(looker.sent)
    chat.session.observe(lambda change: None)
    looker.onlookers._schedule(0)
    looker.time.pass_(1)
    assert len(looker.sent) == count


def test_many_pages_that_never_leave_do_not_pile_up(looker: Looker) -> None:
    for number in range(500):
        looker.look(page=f"page {number}")
    assert len(looker.onlookers._pages) <= 50


# ── Hostile pages ────────────────────────────────────────────────────────────────────────────────


def inspect(path: object = ("state",), page: str = "p", chat: object = 0, most: object = 1, times: int = 1) -> str:
    opened = [{"path": path, "most": most}] * times
    return json.dumps({"type": "inspect", "page": page, "chat": chat, "seen": 0, "opened": opened})


def set_value(path: object = ("state",), edit: str = "e", chat: int = 0) -> str:
    return json.dumps({"type": "set_value", "edit": edit, "chat": chat, "session": "s", "path": path, "text": "1"})


@pytest.mark.parametrize(
    "command",
    [
        inspect([]),
        inspect(["state"] * 50),
        inspect(["state", "x" * 500]),
        inspect("state"),
        inspect(times=1000),
        inspect(most="many"),
        inspect(page="p" * 1000),
        inspect(chat=1),
        set_value([]),
        set_value(["state"] * 50),
        set_value(edit="e" * 1000),
        set_value(chat=-1),
        json.dumps({"type": "stop_inspecting", "page": "p", "chat": 9}),
    ],
)
async def test_what_no_page_would_say_is_refused(command: str) -> None:
    async with ChatDriver(keeping_app()) as user:
        user.inject(command)
        await user.until(lambda user: bool(user.notices))
        await user.inspect()
        assert user.inspected()["count"].summary == "0"


@pytest.mark.parametrize("most", [-5, 0, 10**18])
async def test_any_number_of_parts_may_be_asked_for(most: int) -> None:
    async with ChatDriver(keeping_app()) as user:
        await user.inspect("settings", most=most)
        assert len(user.inspection.state.first) == (0 if most <= 0 else 3)


async def test_paths_lead_nowhere_but_to_what_is_shown() -> None:
    class Thing:
        def __init__(self) -> None:
            self.fine = 1
            self._private = KEY

        @property
        def trap(self) -> None:
            raise AssertionError("It was called.")

    async with ChatDriver(keeping_app()) as user:
        user.state.update({"thing": Thing(), "api_key": {"inside": [KEY]}})
        await user.inspect("thing", "thing.trap", "thing._private", "thing.__class__", "api_key", "api_key.inside")
        assert list(user.inspected("thing")) == ["fine"]
        assert user.inspected("api_key") == {}
        for path in ("thing._private", "thing.trap", "thing.__class__", "api_key.inside.0"):
            error = await user.set_value(path, "x")
            assert error is not None
        assert KEY not in encode(user.inspection)


# ── Secrets ──────────────────────────────────────────────────────────────────────────────────────


async def test_secrets_do_not_leave_the_kernel() -> None:
    app = cl.App(secrets="pin")

    @app.on_message
    def reply(message: cl.Message) -> str:
        state = cl.user_session
        state.set("api_key", KEY)
        state.set("nested", {"list": [{"token": KEY}, f"I use {KEY} today"], KEY: "as a key"})
        state.set("note", f"{'x' * 70}{KEY}")
        state.set("pin", "0123-4567")
        state.set("copy", "my pin is 0123-4567")
        state.set("client", type("Client", (), {})())
        vars(state.get("client")).update(api_key=KEY, url=f"https://host/?key={KEY}")
        return "done"

    async with ChatDriver(app, env={"MY_KEY": KEY}, user=cl.User("ada", metadata={"token": KEY})) as user:
        said = record_traffic(user)
        paths = ["nested", "nested.list", "nested.list.0", "client", "api_key", "copy"]
        await user.inspect(*paths)
        await user.send("go")
        await user.until(lambda user: len(user.inspected()) == 6)
        nested = user.inspected("nested")
        assert nested["list"].summary == f"[{{'token': {HIDDEN}}}, 'I use {HIDDEN} today']"
        assert (nested[HIDDEN].step, nested[HIDDEN].summary) == ("", "'as a key'")
        assert user.inspected("nested.list.0")["token"].hidden
        assert {key: node.summary for key, node in user.inspected("client").items()} == {
            "api_key": HIDDEN,
            "url": f"'https://host/?key={HIDDEN}'",
        }
        assert [user.inspected()[key].summary for key in ("api_key", "pin", "copy")] == [
            *[HIDDEN, HIDDEN, f"'my pin is {HIDDEN}'"]
        ]
        assert user.inspected()["copy"].editable is None
        assert len(said) > 5
        assert [text for text in said if "planted" in text or "0123-4567" in text] == []


def test_setting_needs_a_key(chat: cl.Chat) -> None:
    with pytest.raises(OptionError):
        set_at(chat.state, [], "1", chat.app.secrets)
