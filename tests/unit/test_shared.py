"""One message, element or step in several sessions: each session shows it for itself."""

import json

import anychat as cl
from anychat.protocol import ElementItem, MessageItem, StepItem
from anychat.testing import ChatDriver

MODULE = "export default () => {}"


def said(user: ChatDriver) -> list[str]:
    return [message.content for message in user.messages]


async def test_what_a_cell_made_is_shown_in_each_chat_that_sends_it() -> None:
    app, welcome, logo = cl.App(), cl.Message("Welcome"), cl.Text(name="logo", content="(o)")

    @app.on_chat_start
    async def start() -> None:
        await welcome.send()

    @app.on_message
    async def reply(message: cl.Message) -> None:
        await cl.Message("See the logo.", elements=[logo]).send()

    async with ChatDriver(app) as ada, ChatDriver(app) as bob:
        for user in (ada, bob):
            await user.send("Hello")
            assert said(user) == ["Welcome", "Hello", "See the logo."]
            assert [element.for_id for element in user.elements] == [user.messages[-1].id]
        await ada.restart()
        assert said(ada) == ["Welcome"]


async def test_an_element_that_is_sent_with_several_messages_stands_below_each() -> None:
    logo = cl.Text(name="logo", content="(o)")
    sent: list[cl.Message] = []

    async def reply(message: cl.Message) -> None:
        sent.append(await cl.Message("Look.", elements=[logo]).send())
        await sent[0].update()

    async with ChatDriver(reply) as user:
        await user.send("one")
        await user.send("two")
        assert [element.for_id for element in user.elements] == [message.id for message in sent]
        assert len({element.id for element in user.elements}) == 2


async def test_a_custom_element_below_an_earlier_message_goes_on_by_itself() -> None:
    counter = cl.CustomElement(name="Counter", props={"count": 0}, source=MODULE)

    async def reply(message: cl.Message) -> None:
        await cl.Message("Count.", elements=[counter]).send()

    async with ChatDriver(reply) as user:
        await user.send("one")
        await user.send("two")
        first, second = user.elements
        await user.change_props(first, {"count": 5})
        await user.change_props(second, {"count": 7})
        assert [json.loads(element.content)["count"] for element in user.elements] == [5, 7]
        assert counter.props["count"] == 7


def remembering_app() -> cl.App:
    app = cl.App()

    @app.on_chat_start
    async def start() -> None:
        tasks, step = cl.TaskList(status="new"), cl.Step("look")
        counter = cl.CustomElement(name="Counter", props={"word": "new"}, source=MODULE)
        note = cl.Message("new", elements=[counter])
        for each in (tasks, step, note):
            await each.send()
        cl.user_session.set("kept", [tasks, note, step, counter])

    @app.on_message
    async def reply(message: cl.Message) -> None:
        tasks, note, step, counter = cl.user_session.get("kept")
        tasks.status = note.content = step.output = counter.props["word"] = message.content
        for each in (tasks, note, step):
            await each.update()

    return app


def words(chat: cl.Chat) -> list[str]:
    """What the four things of `remembering_app` say."""
    items = chat.session.transcript.turns[0].items
    texts = [item.content for item in items if isinstance(item, MessageItem | StepItem)]
    shown = [json.loads(item.content) for item in items if isinstance(item, ElementItem)]
    return [*texts, *(each.get("status") or each["word"] for each in shown)]


async def test_what_the_state_keeps_is_changed_in_the_fork_that_changes_it() -> None:
    chat = cl.Chat(remembering_app(), loop="thread")
    await chat.send("one")
    twin = chat.fork()
    await twin.send("two")
    assert (words(chat), words(twin)) == (["one"] * 4, ["two"] * 4)
    await chat.send("three")
    assert (words(chat), words(twin)) == (["three"] * 4, ["two"] * 4)
    for each in (chat, twin):
        each.close()


async def test_what_another_session_shows_can_still_be_changed_from_a_callback() -> None:
    notes: list[cl.Message] = []

    async def reply(message: cl.Message) -> None:
        notes.append(await cl.Message("waiting").send())

    async def change(message: cl.Message) -> None:
        notes[0].content = message.content
        await notes[0].update()

    async with ChatDriver(reply) as asks, ChatDriver(change) as answers:
        await asks.send("May I?")
        await answers.send("Yes.")
        await asks.until(lambda user: said(user) == ["May I?", "Yes."])
        assert said(answers) == ["Yes."]
