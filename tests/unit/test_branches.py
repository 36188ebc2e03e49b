"""Going back in a conversation: branches, with the state and the history that belong to each."""

import ast
import asyncio
import operator
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import anychat as cl
from anychat.checkpoint import freeze, thaw
from anychat.errors import OptionError, SessionBusyError
from anychat.testing import ChatDriver


def counting_app() -> cl.App:
    app = cl.App()

    @app.on_chat_start
    def start() -> str:
        cl.user_session.set("count", 0)
        cl.user_session.set("history", [])
        return "Hello"

    @app.on_message
    def reply(message: cl.Message) -> str:
        count = cl.user_session.get("count") + 1
        cl.user_session.set("count", count)
        cl.user_session.get("history").append({"role": "user", "content": message.content})
        return f"{count}: {message.content}"

    @app.on_chat_end
    def end() -> None:
        cl.user_session.set("history", None)

    return app


def said(user: ChatDriver) -> list[str]:
    return [message.content for message in user.messages]


def heard(user: ChatDriver) -> list[str]:
    return [message.content for message in user.session.chat_context.values() if isinstance(message, cl.Message)]


async def test_editing_the_first_of_three_goes_back_and_stepping_returns_all() -> None:
    async with ChatDriver(counting_app()) as user:
        for text in ("one", "two", "three"):
            await user.send(text)
        before = said(user)
        assert before == ["Hello", "one", "1: one", "two", "2: two", "three", "3: three"]

        await user.edit(1, "uno")
        assert said(user) == ["Hello", "uno", "1: uno"]
        assert heard(user) == ["Hello", "uno", "1: uno"]
        assert (user.state.count, user.state.history) == (1, [{"role": "user", "content": "uno"}])

        await user.show_branch(1, 0)
        assert said(user) == heard(user) == before
        assert user.state.count == 3
        assert [entry["content"] for entry in user.state.history] == ["one", "two", "three"]

        await user.show_branch(1, 1)
        assert said(user) == ["Hello", "uno", "1: uno"]
        assert user.state.count == 1


async def test_each_message_knows_how_many_branches_begin_beside_it() -> None:
    async with ChatDriver(counting_app()) as user:
        await user.send("one")
        await user.send("two")
        first = await user.edit(3, "zwei")
        second = await user.edit(3, "deux")
        turn = user.turns[-1]
        assert (turn.id, turn.siblings[1:]) == (second.id, [first.id, second.id])
        assert [len(turn.siblings) for turn in user.turns] == [0, 0, 3]
        await user.show_branch(3, 0)
        assert said(user)[-2:] == ["two", "2: two"]


async def test_a_branch_is_left_and_found_where_it_was() -> None:
    async with ChatDriver(counting_app()) as user:
        await user.send("one")
        await user.send("two")
        await user.edit(1, "uno")
        await user.send("dos")
        await user.edit(3, "DOS")
        await user.show_branch(1, 0)
        user.state.count = 100  # a cell changes the state of this branch
        await user.show_branch(1, 1)
        assert said(user) == ["Hello", "uno", "1: uno", "DOS", "2: DOS"]
        assert user.state.count == 2
        await user.show_branch(1, 0)
        assert user.state.count == 100


async def test_the_transcript_of_the_session_is_the_tree() -> None:
    async with ChatDriver(counting_app()) as user:
        one = await user.send("one")
        uno = await user.edit(1, "uno")
        transcript = user.session.transcript
        opening = transcript.parent(one.id)
        assert transcript.children(opening) == [one.id, uno.id]
        assert [turn.id for turn in transcript.turns] == [opening, uno.id]
        assert [transcript.is_shown(each.id) for each in (one, uno)] == [False, True]
        await user.send("dos")
        assert repr(transcript) == "● Hello\n├ ○ one\n└ ● uno\n  ● dos"


async def test_while_an_answer_is_on_its_way_the_conversation_stays_where_it_is() -> None:
    going_on = threading.Event()
    app = counting_app()
    answer = app.callback("on_message")
    assert answer is not None

    @app.on_message
    def reply(message: cl.Message) -> object:
        if message.content == "wait":
            going_on.wait(10)
        return answer(message)

    async with ChatDriver(app) as user:
        await user.send("one")
        waiting = asyncio.create_task(user.send("wait"))
        await user.until(lambda user: user.session.status == "running")
        turn = user.post("uno", replaces=user.turns[1].id)
        await user.until(lambda user: bool(user.notices))
        assert "Wait for it, or stop it" in user.notices[0]
        going_on.set()
        await waiting
        assert turn not in user.session.transcript
        assert said(user)[-2:] == ["wait", "2: wait"]


async def test_the_opening_cannot_be_rewound() -> None:
    async with ChatDriver(counting_app()) as user:
        user.post("again", replaces=user.turns[0].id)
        await user.until(lambda user: bool(user.notices))
        assert "restart the chat" in user.notices[0]
        assert said(user) == ["Hello"]


async def test_what_cannot_be_copied_is_shared_by_reference() -> None:
    client = threading.Lock()
    app = cl.App()

    @app.on_chat_start
    def start() -> None:
        cl.user_session.set("client", client)
        cl.user_session.set("settings", {"tags": ["a"]})

    @app.on_message
    def reply(message: cl.Message) -> None:
        cl.user_session.get("settings")["tags"].append(message.content)

    async with ChatDriver(app) as user:
        await user.send("b")
        await user.edit(0, "c")
        assert user.state.client is client
        assert user.state.settings == {"tags": ["a", "c"]}


async def test_observers_hear_of_what_going_back_changed_and_of_nothing_else() -> None:
    changes: list[tuple[str, str]] = []
    async with ChatDriver(counting_app()) as user:
        user.state["constant"] = [1, 2]
        await user.send("one")
        await user.send("two")
        user.state.observe(lambda change: changes.append((change.name, repr(change.new))))
        await user.edit(1, "uno")
        assert ("count", "0") in changes
        assert ("history", "[]") in changes
        assert "constant" not in {name for name, _ in changes}


@pytest.fixture
def chat() -> cl.Chat:
    return cl.Chat(counting_app(), loop="thread")


async def test_a_chat_goes_back_from_a_cell(chat: cl.Chat) -> None:
    await chat.send("one")
    await chat.send("two")
    chat.rewind(3)
    assert [message.content for message in chat.messages] == ["Hello", "one", "1: one"]
    assert chat.state.count == 1
    turn = await chat.send("zwei")
    assert turn.text == "2: zwei"
    chat.rewind(turn)
    chat.rewind(chat.messages[1])
    assert (chat.state.count, chat.state.history) == (0, [])
    for wrong in (7, -5, "no such id", chat.messages[0]):
        with pytest.raises(OptionError, match="message"):
            chat.rewind(wrong)
    chat.close()


@pytest.mark.parametrize("at", [0, 2, 62, 64, 66, 128, 198])  # a part of a checkpoint has 32 messages
async def test_in_a_conversation_that_is_given_any_point_can_be_gone_back_to(at: int) -> None:
    roles = ("user", "assistant")
    past = [{"role": roles[index % 2], "content": f"message {index}"} for index in range(200)]

    def recite(message: cl.Message) -> list[str]:
        return [entry["content"] for entry in cl.chat_context.to_openai()]

    chat = cl.Chat(recite, messages=past)
    before = [entry["content"] for entry in past[:at]]
    chat.rewind(at)
    assert [message.content for message in chat.messages] == before
    turn = await chat.send("and now?")
    assert ast.literal_eval(turn.text) == [*before, "and now?"]
    chat.close()


async def test_a_fork_goes_its_own_way(chat: cl.Chat) -> None:
    await chat.send("one")
    await chat.send("two")
    twin, early = chat.fork(), chat.fork(at=3)
    assert (await twin.send("three")).text == "3: three"
    assert (await early.send("zwei")).text == "2: zwei"
    assert [message.content for message in early.messages] == ["Hello", "one", "1: one", "zwei", "2: zwei"]
    assert [message.content for message in chat.messages][-1] == "2: two"
    assert (chat.state.count, len(chat.state.history), len(twin.state.history)) == (2, 2, 3)
    assert len({each.session.id for each in (chat, twin, early)}) == 3
    twin.rewind(1)
    assert (twin.state.count, chat.state.count) == (0, 2)
    for each in (chat, twin, early):
        each.close()


async def test_a_change_in_a_forked_message_is_shown_in_the_fork_alone() -> None:
    app = cl.App()

    @app.on_message
    async def reply(message: cl.Message) -> None:
        if message.content == "change":
            shown = cl.chat_context.get()[1]
            shown.content = "changed"
            await shown.update()
        else:
            await cl.Message("first").send()

    chat = cl.Chat(app, loop="thread")
    await chat.send("say")
    twin = chat.fork()
    await twin.send("change")
    assert [message.content for message in twin.messages] == ["say", "changed", "change"]
    assert [message.content for message in chat.messages] == ["say", "first"]
    chat.close()
    twin.close()


async def test_a_fork_has_what_stands_beside_the_conversation_and_the_rules_for_files() -> None:
    async def reply(message: cl.Message) -> None:
        await cl.ElementSidebar.set_title("Notes")
        await cl.ElementSidebar.set_elements([cl.Text(name="note", content=message.content)])

    chat = cl.Chat(reply, loop="thread", uploads=False)
    await chat.send("one")
    twin, early = chat.fork(), chat.fork(at=0)
    shown = [each.session.transcript.sidebar for each in (chat, twin, early)]
    assert [[element.content for element in sidebar.elements] for sidebar in shown] == [["one"], ["one"], []]
    assert twin.session.transcript.offers.uploads is None
    await twin.send("two")
    assert chat.session.transcript.sidebar == shown[0]
    for each in (chat, twin, early):
        each.close()


async def test_nothing_can_be_restored_where_nothing_was_left(chat: cl.Chat) -> None:
    with pytest.raises(OptionError, match="no conversation to restore"):
        await chat.restore()
    chat.close()


async def test_a_busy_chat_cannot_be_rewound() -> None:
    going_on = threading.Event()
    chat = cl.Chat(lambda message: going_on.wait(10) and "there", loop="thread")
    sending = asyncio.create_task(chat.send("one"))
    while not chat.messages:
        await asyncio.sleep(0)
    with pytest.raises(SessionBusyError, match="Wait for it"):
        chat.rewind(0)
    going_on.set()
    await sending
    chat.rewind(0)
    assert chat.messages == []
    chat.close()


# ── Whatever is done, in whatever order ──────────────────────────────────────────────────────────

Step = tuple[str, int]
STEPS = st.lists(st.tuples(st.sampled_from(["say", "edit", "step"]), st.integers(0, 5)), max_size=12)


@settings(max_examples=40, deadline=None)
@given(STEPS)
def test_state_history_and_page_always_belong_together(steps: list[Step]) -> None:
    asyncio.run(_walk(steps))


async def _walk(steps: list[Step]) -> None:
    async with ChatDriver(counting_app()) as user:
        for number, (what, where) in enumerate(steps):
            own = [index for index, message in enumerate(user.messages) if message.type == "user_message"]
            if what == "say" or not own:
                await user.send(f"say {number}")
            elif what == "edit":
                await user.edit(own[where % len(own)], f"edit {number}")
            else:
                at = own[where % len(own)]
                siblings = user.turns[1 + at // 2].siblings
                if siblings:
                    await user.show_branch(at, where % len(siblings))
            texts = said(user)
            assert user.state.count == len(texts) // 2
            assert [entry["content"] for entry in user.state.history] == texts[1::2]
            assert texts[2::2] == [f"{index + 1}: {text}" for index, text in enumerate(texts[1::2])]
            assert heard(user) == texts
            assert [message.content for message in user.session.transcript.messages()] == texts


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=2), inner, max_size=4) | st.tuples(inner, inner)
    ),
    max_leaves=200,
)


@given(VALUES, VALUES)
def test_a_checkpoint_is_the_value_as_it_was(value: object, other: object) -> None:
    frozen = freeze(value)
    assert thaw(frozen) == value
    assert freeze(value, frozen) is frozen
    assert thaw(freeze(other, frozen)) == other


def test_a_checkpoint_shares_what_stayed() -> None:
    history: list[object] = [{"content": f"message {index}"} for index in range(1000)]
    first = freeze(history)
    history.append({"content": "news"})
    second = freeze(history, first)
    assert isinstance(first, tuple)
    assert isinstance(second, tuple)
    assert sum(map(operator.is_, first[1], second[1])) == len(first[1]) - 1


async def test_a_state_of_any_depth_stops_no_turn() -> None:
    def reply(message: cl.Message) -> str:
        deep: list[object] = ["bottom"]
        for _ in range(10_000):
            deep = [deep]
        cl.user_session.set("deep", {"count": [1], "deep": deep})
        return message.content

    async with ChatDriver(reply) as user:
        for text in ("one", "two"):
            assert (await user.send(text)).text == text
        user.state.deep["count"].append(2)
        await user.edit(2, "zwei")
        assert said(user) == ["one", "one", "zwei", "zwei"]
        assert user.state.deep["count"] == [1]


def test_a_value_that_holds_itself_is_kept() -> None:
    circle: list[object] = [1]
    circle.append(circle)
    assert thaw(freeze(circle))[0] == 1
