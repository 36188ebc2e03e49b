"""Buttons: what a click does, and what it does not do twice."""

import asyncio
import threading
from typing import Any

import pytest

import anychat as cl
from anychat.errors import ContextError, OptionError
from anychat.protocol import ActionItem, Click, encode
from anychat.testing import ChatDriver


def buttons(user: ChatDriver) -> list[tuple[str, str]]:
    return [(action.name, action.content) for action in user.actions]


async def test_a_click_gives_the_callback_a_fresh_action_with_its_payload() -> None:
    app, got = cl.App(), list[cl.Action]()
    sent = [cl.Action("order", {"items": ["tea"]}, label="Tea"), cl.Action("order", {"items": ["milk"]}, label="Milk")]

    @app.on_message
    async def reply(message: cl.Message) -> None:
        await cl.Message("What?", actions=sent).send()

    @app.action_callback("order")
    def order(action: cl.Action) -> None:
        got.append(action)
        action.payload["items"].append("sugar")

    async with ChatDriver(app) as user:
        await user.send("order")
        sent[1].payload["items"].append("not any more")
        await user.click("Milk")
        await user.click("Milk")
        await user.click("Tea")
    assert [action.payload for action in got] == [{"items": [it, "sugar"]} for it in ("milk", "milk", "tea")]
    assert [action.id for action in got] == [sent[1].id, sent[1].id, sent[0].id]
    assert got[0] is not got[1]


async def test_the_payload_may_be_anything_and_never_leaves_the_kernel() -> None:
    app, secret = cl.App(), object()

    @app.on_message
    async def reply(message: cl.Message) -> None:
        await cl.Message("Go?", actions=[cl.Action("go", {"secret": secret, "key": "hunter2"})]).send()

    @app.action_callback("go")
    async def go(action: cl.Action) -> None:
        cl.user_session.set("is_same", action.payload["secret"] is secret)

    async with ChatDriver(app) as user:
        await user.send("hello")
        await user.click("go")
        assert user.state.is_same
        assert "hunter2" not in encode(user.session.emitter.snapshot())


async def test_what_the_callback_says_stands_at_the_turn_of_the_button() -> None:
    app = cl.App()

    @app.on_message
    async def reply(message: cl.Message) -> None:
        if message.content == "first":
            await cl.Message("Go?", actions=[cl.Action("go", {})]).send()

    @app.action_callback("go")
    async def go() -> str:
        await cl.Message("gone").send()
        return "nobody sees this"

    async with ChatDriver(app) as user:
        await user.send("first")
        await user.send("second")
        await user.click("go")
        await user.until(lambda user: len(user.messages) == 4)
        assert [message.content for message in user.messages] == ["first", "Go?", "gone", "second"]


async def test_a_running_callback_shows_on_its_button_which_takes_no_other_click() -> None:
    app, go_on, calls = cl.App(), asyncio.Event(), list[str]()

    @app.on_message
    async def reply(message: cl.Message) -> None:
        await cl.Message("Go?", actions=[cl.Action("go", {}, label=label) for label in "AB"]).send()

    @app.action_callback("go")
    async def go(action: cl.Action) -> None:
        calls.append(action.label)
        await go_on.wait()

    async with ChatDriver(app) as user:
        await user.send("hello")
        user.press("A")
        user.press("A")
        await user.until(lambda user: [action.running for action in user.actions] == [True, False])
        user.press("B")
        await user.until(lambda user: all(action.running for action in user.actions))
        go_on.set()
        await user.until(lambda user: not any(action.running for action in user.actions))
        assert sorted(calls) == ["A", "B"]


async def test_a_click_is_taken_once_though_the_page_repeats_it() -> None:
    app, calls = cl.App(), list[str]()

    @app.on_message
    async def reply(message: cl.Message) -> None:
        await cl.Message("Go?", actions=[cl.Action("go", {})]).send()

    @app.action_callback("go")
    async def go(action: cl.Action) -> None:
        calls.append(action.name)
        if len(calls) == 2:
            await action.remove()

    async with ChatDriver(app) as user:
        await user.send("hello")
        button = user.actions[0]
        repeated = encode(Click(click="c1", action=button.id, epoch=user.session.emitter.epoch))
        for _ in range(3):
            user.inject(repeated)
            await user.until(lambda user: user.actions[0].clicked == "c1" and not user.actions[0].running)
        await user.click("go")
        user.inject(repeated)  # late: its button is gone
        assert (len(calls), user.actions, user.notices) == (2, [], [])


async def test_buttons_can_be_removed_one_by_one_all_at_once_and_with_their_message() -> None:
    app = cl.App()

    @app.on_message
    async def reply(message: cl.Message) -> None:
        actions = [cl.Action(name, {}) for name in ("one", "two", "three")]
        question = await cl.Message("Which?", actions=actions).send()
        other = await cl.Message("Other?", actions=[cl.Action("other", {})]).send()
        cl.user_session.set("messages", [question, other])

    @app.action_callback("one")
    async def one(action: cl.Action) -> None:
        await action.remove()

    @app.action_callback("two")
    async def two() -> None:
        question, other = cl.user_session.get("messages")
        await question.remove_actions()
        await other.remove()

    async with ChatDriver(app) as user:
        await user.send("hello")
        await user.click("one")
        assert buttons(user) == [("two", ""), ("three", ""), ("other", "")]
        await user.click("two")
        await user.until(lambda user: user.actions == [])
        assert user.session.actions == {}
        assert [message.content for message in user.messages] == ["hello", "Which?"]


async def test_an_update_shows_what_was_added_and_keeps_what_was_removed_away() -> None:
    app = cl.App()

    @app.on_message
    async def reply(message: cl.Message) -> None:
        old, new, alone = (cl.Action(name, {}) for name in ("old", "new", "alone"))
        answer = await cl.Message("", actions=[old]).send()
        await old.remove()
        answer.actions.append(new)
        await answer.update()
        await alone.send(for_id=answer.id)

    async with ChatDriver(app) as user:
        await user.send("hello")
        assert buttons(user) == [("new", ""), ("alone", "")]


async def test_a_message_that_was_sent_and_is_returned_has_no_buttons_that_were_removed() -> None:
    async def reply(message: cl.Message) -> cl.Message:
        answer = await cl.Message("Well?", actions=[cl.Action("yes", {}), cl.Action("no", {})]).send()
        await answer.actions[0].remove()
        answer.actions.append(cl.Action("perhaps", {}))
        return answer

    async with ChatDriver(reply) as user:
        assert (await user.send("go")).text == "Well?"
        assert [name for name, _ in buttons(user)] == ["no", "perhaps"]


async def test_one_action_may_be_shown_below_several_messages() -> None:
    app, action, got = cl.App(), cl.Action("go", {}), list[Any]()

    @app.on_message
    async def reply(message: cl.Message) -> str:
        await cl.Message("Go?", actions=[action], id=f"to {message.content}").send()
        return "asked"

    @app.action_callback("go")
    async def go(action: cl.Action) -> None:
        got.append(action.forId)
        await action.remove()

    async with ChatDriver(app) as user:
        await user.send("a")
        await user.send("b")
        await user.click(user.actions[0])
        assert [(item.for_id, got) for item in user.actions] == [("to b", ["to a"])]


async def test_a_callback_that_raises_is_shown_and_one_that_is_missing_too() -> None:
    app = cl.App()

    @app.on_message
    async def reply(message: cl.Message) -> None:
        await cl.Message("Go?", actions=[cl.Action("go", {}), cl.Action("nowhere", {})]).send()

    app.action_callback("go")(lambda: 1 / 0)
    async with ChatDriver(app) as user:
        await user.send("hello")
        await user.click("go")
        await user.click("nowhere")
        await user.until(lambda user: len(user.messages) == 4)
        assert [message.content for message in user.messages if message.is_error] == [
            "ZeroDivisionError: division by zero",
            "HandlerError: 'Assistant' has no callback for the action 'nowhere', so nothing happens. Write one under "
            "@cl.action_callback('nowhere'), run its cell, and click again.",
        ]
        app.action_callback("nowhere")(lambda: cl.Message("here").show())
        await user.click("nowhere")
        await user.until(lambda user: user.messages[-1].content == "here")


@pytest.mark.parametrize(
    ("click", "notice"),
    [
        ({"action": "nobody's"}, "This button is not there any more, so nothing was done."),
        ({"action": "m"}, "This button is not there any more, so nothing was done."),
        ({"click": "x" * 101}, "An id may have 100 characters, not 101."),
        ({"epoch": 0}, None),
        ({"epoch": 99}, None),
    ],
)
async def test_a_hostile_click_does_nothing(click: dict[str, Any], notice: str | None) -> None:
    app = cl.App()

    @app.on_message
    async def reply(message: cl.Message) -> None:
        await cl.Message("Go?", actions=[cl.Action("go", {}, id="a")], id="m").send()

    @app.action_callback("go")
    async def go() -> None:
        cl.user_session.set("was_clicked", True)

    async with ChatDriver(app) as user:
        await user.send("hello")
        usual: dict[str, Any] = {"click": "c", "action": "m/a", "epoch": 1}
        user.inject(encode(Click(**(usual | click))))
        await user.send("and now?")
        assert user.notices == ([] if notice is None else [notice])
        assert "was_clicked" not in user.state
        assert user.session.known_clicks == set()


async def test_buttons_come_along_when_a_conversation_goes_on_elsewhere() -> None:
    app = cl.App()

    @app.on_message
    async def reply(message: cl.Message) -> None:
        await cl.Message("Go?", actions=[cl.Action("go", {"n": 3})]).send()

    @app.action_callback("go")
    async def go(action: cl.Action) -> None:
        if action.payload["n"] == 3 and cl.user_session.get("waits"):
            await asyncio.Event().wait()
        await cl.Message(f"n={action.payload['n']}").send()

    async with ChatDriver(app) as user:
        await user.send("hello")
        user.state.waits = True
        user.press("go")
        await user.until(lambda user: user.actions[0].running)
        past = user._dispatcher.runner.branches.past()
        async with ChatDriver(app) as other:
            other._dispatcher.runner.resume(past)
            await other.until(lambda user: bool(user.actions))
            other.state.waits = False
            assert not other.actions[0].running
            await other.click("go")
            await other.until(lambda user: user.messages[-1].content == "n=3")


def test_it_is_a_dict_and_back_as_in_chainlit() -> None:
    action = cl.Action("go", {"deep": {"er": [1, None]}}, "Go", "Really", "check")
    assert action.to_dict() == {
        "name": "go",
        "payload": {"deep": {"er": [1, None]}},
        "label": "Go",
        "tooltip": "Really",
        "icon": "check",
        "forId": None,
        "id": action.id,
    }
    assert cl.Action.from_dict(action.to_dict()) == action
    assert cl.Action("go", {}).id != cl.Action("go", {}).id
    lock = threading.Lock()  # which cannot be copied
    assert cl.Action("go", {"lock": lock}).to_dict()["payload"] == {"lock": lock}


def test_it_refuses_what_it_cannot_take() -> None:
    with pytest.raises(OptionError, match=r"Action\(payload=...\) takes a dict, not \[1\]"):
        cl.Action("go", [1])  # type: ignore[arg-type]
    with pytest.raises(OptionError, match=r"Action\(label=...\) takes a str, not None"):
        cl.Action("go", {}, label=None)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="payload"):
        cl.Action("go")  # type: ignore[call-arg]
    with pytest.warns(UserWarning, match="cl.Action ignores its argument 'value'"):
        cl.Action("go", {}, value="old")
    with pytest.raises(OptionError, match=r"Message\(actions=...\) takes a list of cl.Action, but 'go' is in it"):
        cl.Message("x", actions=["go"])  # type: ignore[list-item]


async def test_a_stopped_turn_shows_no_buttons_any_more() -> None:
    app, stopped = cl.App(), asyncio.Event()

    @app.on_message
    async def reply(message: cl.Message) -> None:
        answer = await cl.Message("Go?").send()

        async def late() -> None:
            await stopped.wait()
            await cl.Action("late", {}).send(for_id=answer.id)

        cl.user_session.set("task", asyncio.create_task(late()))
        await asyncio.Event().wait()

    async with ChatDriver(app) as user:
        user.post("hello")
        await user.until(lambda user: len(user.messages) == 2)
        await user.stop()
        stopped.set()
        await user.state.task
        assert (user.actions, user.session.actions) == ([], {})


async def test_a_stopped_turn_takes_nothing_away_any_more() -> None:
    app, stopped = cl.App(), asyncio.Event()

    @app.on_message
    async def reply(message: cl.Message) -> None:
        answer = await cl.Message("Go?", actions=[cl.Action("go", {})]).send()

        async def late() -> None:
            await stopped.wait()
            await answer.remove()

        cl.user_session.set("task", asyncio.create_task(late()))
        await asyncio.Event().wait()

    @app.action_callback("go")
    def go(action: cl.Action) -> None:
        cl.user_session.set("heard", [message.content for message in cl.chat_context.get()])

    async with ChatDriver(app) as user:
        user.post("hello")
        await user.until(lambda user: len(user.actions) == 1)
        await user.stop()
        stopped.set()
        await user.state.task
        await user.click("go")
        assert (user.state.heard, user.notices) == (["hello", "Go?"], [])


async def test_many_buttons_cost_one_item_each() -> None:
    app = cl.App()

    @app.on_message
    async def reply(message: cl.Message) -> None:
        await cl.Message("Which?", actions=[cl.Action("go", {"n": n}, label=str(n)) for n in range(50)]).send()

    @app.action_callback("go")
    async def go(action: cl.Action) -> None:
        cl.user_session.set("n", action.payload["n"])

    async with ChatDriver(app) as user:
        await user.send("hello")
        await user.click("37")
        assert user.state.n == 37
        assert all(isinstance(item, ActionItem) for item in user.turns[0].items[2:])


async def test_a_cell_clicks_buttons_too() -> None:
    app = cl.App()

    @app.on_message
    async def reply(message: cl.Message) -> None:
        await cl.Message("Count.", actions=[cl.Action("add", {"by": by}, label=f"+{by}") for by in (1, 2)]).send()

    @app.action_callback("add")
    async def add(action: cl.Action) -> int:
        cl.user_session.set("count", cl.user_session.get("count", 0) + action.payload["by"])
        await cl.Message("Counted.").send()
        return cl.user_session.get("count")  # type: ignore[no-any-return]

    chat = cl.Chat(app)
    await chat.send("go")
    assert [button.content for button in chat.actions] == ["+1", "+2"]
    assert (await chat.click("+2"), await chat.click(chat.actions[0])) == (2, 3)
    assert [message.content for message in chat.messages] == ["go", "Count.", "Counted.", "Counted."]
    with pytest.raises(OptionError, match=r"there are 0\. The buttons: '\+1', '\+2'\."):
        await chat.click("+3")
    await chat.send("again")
    with pytest.raises(OptionError, match="there are 2"):
        await chat.click("+1")
    chat.close()


async def test_a_callback_cannot_wait_for_a_click_on_its_own_chat() -> None:
    chat = cl.Chat(lambda message: chat.click("any"))
    assert isinstance((await chat.send("go")).error, ContextError)
    chat.close()
