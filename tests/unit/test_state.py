"""The session's state: a dict that traitlets can watch."""

import asyncio
import gc
import threading
import weakref

import pytest
import traitlets
from traitlets import HasTraits, Int, directional_link, link

import anychat as cl
from anychat.errors import ContextError, HandlerError, OptionError
from anychat.state import SessionState
from anychat.testing import ChatDriver


class Slider(HasTraits):
    value = Int(5)


def test_it_is_read_and_written_by_item_and_by_attribute() -> None:
    state = SessionState(a=1)
    state["b"] = 2
    state.c = 3
    assert (state.a, state["b"], state.get("c"), state.get("d", 4)) == (1, 2, 3, 4)
    assert (list(state), len(state), "a" in state, state.items()) == (
        ["a", "b", "c"],
        3,
        True,
        [("a", 1), ("b", 2), ("c", 3)],
    )
    del state["a"], state.b
    assert state.keys() == ["c"]


def test_what_is_not_there_is_said_with_what_is() -> None:
    state = SessionState(count=1)
    with pytest.raises(AttributeError, match=r"no 'cuont'; it has 'count'"):
        state.cuont  # noqa: B018
    with pytest.raises(AttributeError, match=r"state\['set'\]"):
        state.set = 1  # type: ignore[method-assign, assignment]
    with pytest.raises(TypeError, match="is a str"):
        state.set(1, 2)  # type: ignore[arg-type]


def test_observers_hear_of_keys_that_did_not_exist_and_of_all() -> None:
    state = SessionState()
    heard: list[tuple[object, ...]] = []
    state.observe(lambda change: heard.append(("x", change.old, change.new)), "x")
    state.observe(lambda change: heard.append(("all", change.name)))
    state.x = 1
    state.y = 2
    state.x = 1  # the same: nobody hears
    del state.x
    U = traitlets.Undefined
    assert heard == [("x", U, 1), ("all", "x"), ("all", "y"), ("x", 1, U), ("all", "x")]


def test_the_same_list_set_again_notifies() -> None:
    state, heard = SessionState(history=[]), []
    state.observe(lambda change: heard.append(len(change.new)), "history")
    state.history.append("x")
    state.set("history", state.history)
    assert heard == [1]


def test_values_that_cannot_be_compared_are_welcome() -> None:
    class Array:
        def __eq__(self, other: object) -> bool:
            raise ValueError("The truth value of an array is ambiguous.")

        __hash__ = None  # type: ignore[assignment]

    state = SessionState(x=Array())
    state.x = Array()


def test_it_links_with_widgets_in_both_directions() -> None:
    state, slider = SessionState(), Slider()
    link((slider, "value"), (state, "temperature"))
    assert state.temperature == 5
    state.temperature = 7
    assert slider.value == 7
    slider.value = 9
    assert state.temperature == 9
    copy = Slider()
    directional_link((state, "temperature"), (copy, "value"))
    assert copy.value == 9


def test_it_shows_its_traits_and_holds_notifications() -> None:
    state, heard = SessionState(a=1), []
    state.observe(lambda change: heard.append(change.new), "a")
    assert list(state.traits()) == state.trait_names() == ["a"]
    with state.hold_trait_notifications():
        for value in range(100):
            state.a = value
    assert heard == [99]


async def test_reserved_keys_read_through_to_the_session() -> None:
    async def reply(message: cl.Message) -> None:
        with pytest.warns(UserWarning, match="belongs to the session itself"):
            cl.user_session.set("id", "other")
        assert cl.user_session.get("id") == cl.context.session.id
        assert cl.user_session.get("user").identifier == "ada"
        assert cl.user_session.get("nothing", "default") == "default"
        cl.user_session.set("none", None)
        assert cl.user_session.get("none", "default") is None

    async with ChatDriver(reply, user="ada") as user:
        assert (await user.send("go")).error is None
        assert user.state.keys() == ["none"]


async def test_an_accessor_keeps_one_key() -> None:
    async def reply(message: cl.Message) -> None:
        count = cl.user_session.create_accessor("count", 0, apply_fn=lambda value: value + 1)
        assert count.get() == 0
        assert (count.apply(), count.apply()) == (1, 2)
        count.set(10)
        assert count.get() == 10
        count.reset()

    async with ChatDriver(reply) as user:
        assert (await user.send("go")).error is None
        assert user.state.count == 0


async def test_outside_of_a_callback_the_error_says_what_to_use() -> None:
    for call in (
        lambda: cl.user_session.get("x"),
        lambda: cl.user_session.set("x", 1),
        lambda: cl.context.session,
        lambda: cl.chat_context.get(),
    ):
        with pytest.raises(ContextError, match=r"In a cell, use the chat\s+itself: chat.state"):
            call()
    with pytest.raises(ContextError, match=r"Message\.send needs a chat's session"):
        await cl.Message("x").send()


def test_a_callback_that_could_not_be_called_is_refused_where_it_is_written() -> None:
    app = cl.App()
    with pytest.raises(HandlerError, match=r"with the message, but it needs 2 \(message, extra\)"):
        app.on_message(lambda message, extra: None)
    with pytest.raises(HandlerError, match="with no arguments, but it needs 1"):
        app.on_chat_start(lambda message: None)
    with pytest.raises(HandlerError, match="needs 1"):
        exec("def f(*, key): ...\napp.on_message(f)", {"app": app})
    with pytest.raises(HandlerError, match="decorates a function"):
        app.on_message("reply")  # type: ignore[type-var]


async def test_a_chat_refuses_what_it_does_not_know() -> None:
    with pytest.raises(OptionError, match="Did you mean 'messages'"):
        cl.Chat(mesages=[])
    with pytest.raises(OptionError, match="takes an App or a function"):
        cl.Chat("gpt")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match='takes "main"'):
        cl.Chat(loop="other")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="with the role"):
        cl.Chat(messages=[{"role": "robot", "content": "x"}])


async def test_a_chat_cannot_wait_for_itself() -> None:
    async def reply(message: cl.Message) -> None:
        await chat.send("again")

    chat = cl.Chat(reply)
    turn = await chat.send("go")
    assert isinstance(turn.error, ContextError)
    assert "wait for another turn of its own chat" in str(turn.error)
    chat.close()


async def test_a_change_in_place_is_noticed_at_the_end_of_the_turn() -> None:
    async def reply(message: cl.Message) -> None:
        cl.user_session.get("history").append(message.content)
        cl.user_session.get("nested")["deep"].add(message.content)
        cl.user_session.get("told").append(message.content)
        cl.user_session.set("told", cl.user_session.get("told"))

    async with ChatDriver(reply) as user:
        user.state.update(
            {"history": ["old"], "nested": {"deep": set()}, "told": [], "same": [1, 2], "other": object()}
        )
        heard: list[str] = []
        user.state.observe(lambda change: heard.append(change.name))
        await user.send("new")
        assert heard == ["told", "history", "nested"]


async def test_a_change_in_place_by_a_callback_beside_the_turns_is_noticed_each_time() -> None:
    app = cl.App(on_message=lambda message: cl.user_session.set("log", ["begun"]))
    app.action_callback("note")(lambda: cl.user_session.get("log").append("noted"))
    async with ChatDriver(app) as user:
        heard: list[int] = []
        user.state.observe(lambda change: heard.append(len(change.new)), "log")
        await user.send("go")
        for _ in range(2):
            await asyncio.wrap_future(user._dispatcher.runner.aside("action_callback('note')"))
        assert heard == [1, 2, 3]


def test_a_change_in_place_is_noticed_though_the_chat_was_forked_meanwhile() -> None:
    state = SessionState(log=[])
    heard: list[str] = []
    state.observe(lambda change: heard.append(change.name))
    state.begin_turn("a turn")
    state.log.append("said")
    state.freeze()
    state.end_turn()
    assert heard == ["log"]


def test_what_is_over_keeps_nothing_alive() -> None:
    class Model:
        pass

    state = SessionState(model=Model())
    model = weakref.ref(state.model)
    state.begin_turn("a turn")
    state.clear()
    gc.collect()
    assert model() is None


async def test_what_threads_set_reaches_observers_on_the_loop_in_order() -> None:
    def reply(message: cl.Message) -> None:
        for number in range(50):
            cl.user_session.set("number", number)

    async with ChatDriver(reply) as user:
        heard: list[tuple[int, bool]] = []
        here = threading.current_thread()
        user.state.observe(lambda change: heard.append((change.new, threading.current_thread() is here)), "number")
        await user.send("go")
        assert heard == [(number, True) for number in range(50)]


async def test_bind_carries_the_session_into_plain_threads() -> None:
    async def reply(message: cl.Message) -> None:
        def note(name: str) -> None:
            cl.user_session.set(name, cl.user_session.get("id"))

        unbound: list[BaseException] = []

        def try_it() -> None:
            try:
                note("unbound")
            except ContextError as error:
                unbound.append(error)

        threads = [threading.Thread(target=cl.bind(note), args=(name,)) for name in "ab"]
        threads.append(threading.Thread(target=try_it))
        for thread in threads:
            thread.start()
        for thread in threads:
            await asyncio.to_thread(thread.join)
        assert "cl.bind(function)" in str(unbound[0])

    async with ChatDriver(reply) as user:
        assert (await user.send("go")).error is None
        assert user.state.items() == [("a", user.session.id), ("b", user.session.id)]
    with pytest.raises(ContextError):
        cl.bind(print)


async def test_sessions_are_listed_as_a_table() -> None:
    async with ChatDriver(lambda message: "ok", user="ada") as ada, ChatDriver(lambda message: "ok") as other:
        await ada.send("go")
        listed = cl.sessions()
        assert [ada.session, other.session] == [each for each in listed if each in (ada.session, other.session)]
        row = next(line for line in repr(listed).splitlines() if ada.session.id in line)
        assert row.split()[1:5] == ["ada", "Assistant", "idle", "1"]
    assert ada.session not in cl.sessions()


def test_an_observed_set_costs_the_same_at_any_size_and_no_key_is_magic() -> None:
    state, heard = SessionState(), []
    state.observe(lambda change: heard.append(change.new), "count")
    state["_count_changed"] = "a value, no method"
    state.count = 1
    assert heard == [1]
    assert state["_count_changed"] == "a value, no method"
    with pytest.raises(AttributeError):
        state._count_changed  # noqa: B018
