"""Questions: who waits, who answers, and what ends the waiting."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

import anychat as cl
from anychat.errors import OptionError
from anychat.protocol import Answer, AskItem, Click, Stop, UserMessage, encode
from anychat.testing import ChatDriver


def said(user: ChatDriver) -> list[str]:
    return [message.content for message in user.messages]


def asked(user: ChatDriver) -> list[str]:
    return [ask.content for ask in user.pending_asks]


def asking(*questions: str, **options: Any) -> Callable[[cl.Message], Any]:
    """A callback that asks for texts, one after another, and says what it got."""

    async def reply(message: cl.Message) -> str:
        answers = [await cl.AskUserMessage(question, **options).send() for question in questions]
        return " ".join("nothing" if answer is None else answer["output"] for answer in answers)

    return reply


async def test_the_next_line_answers_and_begins_no_turn() -> None:
    async with ChatDriver(asking("Your name?", "Your town?")) as user:
        turn = await user.send("hello")
        assert (asked(user), user.session.status, turn.status) == (["Your name?"], "waiting", "running")
        await user.answer("Ada")
        assert (asked(user), user.session.status) == (["Your town?"], "waiting")
        await user.answer("London")
        assert (asked(user), user.session.status, turn.status) == ([], "idle", "done")
        assert said(user) == ["hello", "Your name?", "Ada", "Your town?", "London", "Ada London"]
        assert len(user.turns) == 1


async def test_the_answer_has_chainlits_form_and_models_hear_question_and_answer() -> None:
    async def reply(message: cl.Message) -> None:
        cl.user_session.set("answer", await cl.AskUserMessage("Your name?", author="Host").send())
        cl.user_session.set("heard", cl.chat_context.to_openai())

    async with ChatDriver(reply, user="ada") as user:
        await user.send("hello")
        await user.answer("Ada")
        answer = user.state.answer
        expected = {"output": "Ada", "name": "ada", "type": "user_message", "id": user.messages[-1].id}
        assert {key: answer[key] for key in expected} == expected
        assert user.state.heard == [
            {"role": "user", "content": "hello"},
            {"role": "assistant", "content": "Your name?"},
            {"role": "user", "content": "Ada"},
        ]


async def test_the_chats_start_can_ask_and_a_new_chat_asks_again() -> None:
    app = cl.App()

    @app.on_chat_start
    async def start() -> None:
        answer = await cl.AskUserMessage("Your name?", timeout=None).send()
        cl.user_session.set("name", answer["output"])

    async with ChatDriver(app) as user:
        assert asked(user) == ["Your name?"]
        await user.restart()
        assert (asked(user), said(user)) == (["Your name?"], ["Your name?"])
        await user.answer("Ada")
        assert user.state.name == "Ada"


async def test_a_sync_callback_can_ask() -> None:
    def reply(message: cl.Message) -> str:
        answer = cl.run_sync(cl.AskUserMessage("Your name?").send())
        return str(answer["output"])

    async with ChatDriver(reply) as user:
        turn = await user.send("hello")
        await user.answer("Ada")
        assert (said(user), turn.status) == (["hello", "Your name?", "Ada", "Ada"], "done")


@pytest.mark.parametrize("timeout", [0, 0.01])
async def test_who_does_not_answer_in_time_is_waited_for_no_more(timeout: float) -> None:
    async with ChatDriver(asking("Your name?", timeout=timeout)) as user:
        turn = await user.send("hello")
        await user.until(lambda user: turn.status == "done")
        assert (asked(user), said(user)[1:], user.session.status) == ([], ["Your name?", "nothing"], "idle")


async def test_a_timeout_can_raise_the_built_in_error() -> None:
    async with ChatDriver(asking("Your name?", timeout=0.01, raise_on_timeout=True)) as user:
        turn = await user.send("hello")
        await user.until(lambda user: turn.status == "failed")
        assert said(user)[-1] == "TimeoutError: The user did not answer within 0.01 s."
        assert asked(user) == []


async def test_none_and_infinity_wait_for_ever() -> None:
    for timeout in (None, float("inf")):
        async with ChatDriver(asking("Your name?", timeout=timeout)) as user:
            turn = await user.send("hello")
            await user.answer("Ada")
            assert turn.text.endswith("Ada")


@pytest.mark.parametrize("timeout", ["60", -1, float("nan"), True])
def test_a_timeout_that_is_no_time_is_refused(timeout: Any) -> None:
    with pytest.raises(OptionError, match="A question's timeout is a number of seconds, or None"):
        cl.AskUserMessage("Your name?", timeout=timeout)


async def test_an_answer_that_comes_too_late_is_refused_and_its_text_comes_back() -> None:
    async with ChatDriver(asking("Your name?", timeout=0.01)) as user:
        user.post("hello")
        await user.until(lambda user: bool(user.pending_asks))
        ask = user.pending_asks[0]
        await user.until(lambda user: user.turns[-1].status == "done")
        user.inject(encode(UserMessage(turn="late", content="Ada", answers=ask.id, epoch=1)))
        await user.until(lambda user: "late" in user._page.refused)
        assert user.notices == ["This question waits for no answer any more. What you wrote was not sent."]
        assert said(user) == ["hello", "Your name?", "nothing"]


async def test_an_answer_is_taken_once_though_the_page_repeats_it() -> None:
    async with ChatDriver(asking("Your name?", "Your town?")) as user:
        await user.send("hello")
        repeated = encode(UserMessage(turn="reply", content="Ada", answers=user.pending_asks[0].id, epoch=1))
        for _ in range(3):
            user.inject(repeated)
        await user.until(lambda user: asked(user) == ["Your town?"])
        user.inject(repeated)
        await user.answer("London")
        assert said(user)[-1] == "Ada London"
        assert user.notices == []


async def test_stop_ends_the_waiting_and_leaves_nothing_pending() -> None:
    app, order = cl.App(), list[str]()

    @app.on_message
    async def reply(message: cl.Message) -> None:
        try:
            await cl.AskActionMessage("Go on?", [cl.Action("yes", {})], timeout=None).send()
        except asyncio.CancelledError:
            order.append("cancelled")
            raise

    @app.on_stop
    def stop() -> None:
        order.append("stop")

    async with ChatDriver(app) as user:
        turn = await user.send("hello")
        await user.stop()
        assert (turn.status, order, user.session.status) == ("stopped", ["cancelled", "stop"], "idle")
        assert (user.pending_asks, user.actions, user.session.actions) == ([], [], {})
        assert said(user) == ["hello", "Go on?"]


@pytest.mark.parametrize("is_sync", [False, True])
async def test_stop_reaches_questions_in_threads_and_in_other_tasks_of_the_turn(is_sync: bool) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()

    async def ask() -> None:
        try:
            await cl.AskUserMessage("Your name?", timeout=None).send()
        finally:
            loop.call_soon_threadsafe(ended.set)

    def reply(message: cl.Message) -> None:
        cl.run_sync(ask())

    async def reply_with_task(message: cl.Message) -> None:
        await asyncio.shield(asyncio.create_task(ask()))

    async with ChatDriver(reply if is_sync else reply_with_task) as user:
        turn = await user.send("hello")
        await user.stop()
        await asyncio.wait_for(ended.wait(), 5)
        await user.until(lambda user: not user.pending_asks)
        assert (turn.status, user.session.asks) == ("stopped", {})


async def test_the_sessions_end_cancels_also_a_question_that_no_turn_waits_for() -> None:
    outcomes, tasks = list[str](), list[asyncio.Task[None]]()

    async def ask() -> None:
        try:
            await cl.AskUserMessage("Your name?", timeout=None).send()
        except asyncio.CancelledError:
            outcomes.append("cancelled")

    async def reply(message: cl.Message) -> str:
        tasks.append(asyncio.create_task(ask()))
        return "ok"

    async with ChatDriver(reply) as user:
        for leave in (user.restart, user.__aexit__):
            await user.send("hello")
            await user.until(lambda user: asked(user) == ["Your name?"])
            assert user.session.status == "waiting"
            await leave()
            await tasks[-1]
    assert outcomes == ["cancelled", "cancelled"]


async def test_stop_ends_also_a_question_that_no_turn_asks() -> None:
    app = cl.App()

    @app.on_message
    async def reply(message: cl.Message) -> None:
        await cl.Message("Go?", actions=[cl.Action("go", {})]).send()
        cl.user_session.set("task", asyncio.create_task(cl.AskUserMessage("Forgotten?", timeout=None).send()))

    @app.action_callback("go")
    async def go() -> None:
        await cl.AskUserMessage("Sure?", timeout=None).send()

    async with ChatDriver(app) as user:
        await user.send("hello")
        user.press("go")
        await user.until(lambda user: asked(user) == ["Forgotten?", "Sure?"])
        user.inject(encode(Stop(user.pending_asks[1].id)))
        await user.until(lambda user: not user.pending_asks and not user.actions[0].running)
        assert (user.session.status, [message.is_error for message in user.messages]) == ("idle", [False] * 4)
        with pytest.raises(asyncio.CancelledError):
            await user.state.task


async def test_a_question_in_an_old_turn_travels_with_the_newest_ones() -> None:
    app = cl.App(on_message=lambda message: "ok")

    @app.action_callback("go")
    async def go() -> None:
        await cl.AskUserMessage("Sure?", timeout=None).send()

    async with ChatDriver(app) as user:
        first = await user.send("first")
        for _ in range(60):
            await user.send("more")
        user._dispatcher.runner.aside("action_callback('go')", at=first.id)
        await user.until(lambda user: asked(user) == ["Sure?"])
        turns = user.session.emitter.snapshot().turns
        assert (len(turns), turns[0].id) == (61, first.id)


async def test_more_than_one_may_wait_and_each_is_answered_for_itself() -> None:
    async def reply(message: cl.Message) -> str:
        answers = await asyncio.gather(*(cl.AskUserMessage(name).send() for name in ("A?", "B?", "C?")))
        return " ".join(answer["output"] for answer in answers)

    async with ChatDriver(reply) as user:
        turn = await user.send("hello")
        await user.until(lambda user: len(user.pending_asks) == 3)
        await user.answer("b", user.pending_asks[1])
        await user.answer("a")
        await user.answer("c")
        assert (turn.status, said(user)[-1]) == ("done", "a b c")


async def test_a_click_on_one_of_its_buttons_answers_and_runs_no_callback() -> None:
    app = cl.App()
    app.action_callback("pick")(lambda: cl.user_session.set("ran", True))

    @app.on_message
    async def reply(message: cl.Message) -> None:
        actions = [
            cl.Action("pick", {"n": 1}, label="One"),
            cl.Action("pick", {"n": 2}, tooltip="the second", icon="x"),
        ]
        cl.user_session.set("answer", await cl.AskActionMessage("Which?", actions).send())
        cl.user_session.set("heard", cl.chat_context.to_openai()[1:])

    async with ChatDriver(app) as user:
        turn = await user.send("hello")
        second = user.actions[1]
        await user.click(second)
        assert turn.status == "done"
        assert user.state.answer == {
            "name": "pick",
            "payload": {"n": 2},
            "label": "",
            "tooltip": "the second",
            "icon": "x",
            "forId": user.messages[1].id,
            "id": second.id.rpartition("/")[2],
        }
        assert (user.actions, said(user)) == ([], ["hello", "Which?\n\n**Selected:** pick"])
        assert user.state.heard == [{"role": "assistant", "content": "Which?\n\n**Selected:** pick"}]
        assert "ran" not in user.state


async def test_buttons_that_nobody_clicks_go_and_the_message_says_so() -> None:
    async def reply(message: cl.Message) -> str:
        answer = await cl.AskActionMessage("Go on?", [cl.Action("yes", {})], timeout=0.01).send()
        return str(answer)

    async with ChatDriver(reply) as user:
        user.post("hello")
        await user.until(lambda user: said(user)[-1:] == ["None"])
        assert (said(user)[1], user.actions) == ("Go on?\n\nTimed out: no action was taken", [])


async def test_a_repeated_or_late_click_on_an_answer_does_nothing() -> None:
    async def reply(message: cl.Message) -> str:
        answer = await cl.AskActionMessage("Go on?", [cl.Action("yes", {}), cl.Action("no", {})]).send()
        return str(answer["name"])

    async with ChatDriver(reply) as user:
        await user.send("hello")
        yes, no = user.actions
        click = encode(Click(click="c", action=yes.id, epoch=1))
        user.inject(click)
        user.inject(click)
        user.inject(encode(Click(click="d", action=no.id, epoch=1)))
        await user.until(lambda user: said(user)[-1] == "yes")
        user.inject(click)
        user.inject(encode(Click(click="e", action=no.id, epoch=1)))
        await user.until(lambda user: user.notices == ["This button is not there any more, so nothing was done."])
        assert said(user) == ["hello", "Go on?\n\n**Selected:** yes", "yes"]


async def test_an_answer_shows_at_once_though_a_cell_keeps_the_loop() -> None:
    app = cl.App()
    app.action_callback("no")(lambda: cl.user_session.set("ran", True))

    @app.on_message
    async def reply(message: cl.Message) -> None:
        await cl.AskUserMessage("Your name?").send()
        await cl.AskActionMessage("Go on?", [cl.Action("yes", {}), cl.Action("no", {})]).send()

    async with ChatDriver(app) as user:
        await user.send("hello")
        # Commands come on another thread; here nothing else runs between them.
        transcript, ask = user.session.transcript, user.pending_asks[0]
        user.inject(encode(UserMessage(turn="r1", content="Ada", answers=ask.id, epoch=1)))
        assert [item.content for item in transcript.turns[0].items] == ["hello", "Your name?", "Ada"]
        user.inject(encode(UserMessage(turn="r2", content="Bob", answers=ask.id, epoch=1)))
        await user.until(lambda user: len(user.actions) == 2)
        yes, no = user.actions
        user.inject(encode(Click(click="c1", action=yes.id, epoch=1)))
        assert [item.content for item in transcript.turns[0].items[3:]] == ["Go on?"]
        user.inject(encode(Click(click="c2", action=no.id, epoch=1)))
        await user.until(lambda user: user.turns[0].status == "done")
        assert said(user) == ["hello", "Your name?", "Ada", "Go on?\n\n**Selected:** yes"]
        assert user.notices == [
            "This question waits for no answer any more. What you wrote was not sent.",
            "This button is not there any more, so nothing was done.",
        ]
        assert "ran" not in user.state


async def test_a_buttons_callback_can_ask_while_a_turn_asks() -> None:
    app = cl.App()

    @app.on_message
    async def reply(message: cl.Message) -> str:
        await cl.Message("Help?", actions=[cl.Action("help", {})]).send()
        answer = await cl.AskUserMessage("Your name?").send()
        return f"Hello, {answer['output']}"

    @app.action_callback("help")
    async def help() -> None:
        answer = await cl.AskUserMessage("With what?").send()
        await cl.Message(f"{answer['output']} is hard").send()

    async with ChatDriver(app) as user:
        await user.send("hello")
        user.press("help")
        await user.until(lambda user: asked(user) == ["Your name?", "With what?"])
        await user.answer("Spelling", user.pending_asks[1])
        await user.until(lambda user: not user.actions[0].running)
        assert user.session.status == "waiting"
        await user.answer("Ada")
        assert said(user)[-4:] == ["Spelling", "Spelling is hard", "Ada", "Hello, Ada"]


async def test_a_question_that_is_removed_is_answered_with_nothing() -> None:
    async def reply(message: cl.Message) -> str:
        question = cl.AskActionMessage("Go on?", [cl.Action("yes", {})], timeout=None)
        waiting = asyncio.create_task(question.send())
        while not question.wait_for_answer:
            await asyncio.sleep(0)
        await question.remove()
        return str(await waiting)

    async with ChatDriver(reply) as user:
        turn = await user.send("hello")
        await user.until(lambda user: turn.status == "done")
        assert (said(user), user.actions, user.pending_asks) == (["hello", "None"], [], [])


async def test_a_conversation_does_not_move_while_somebody_waits() -> None:
    app = cl.App(on_message=lambda message: cl.Message("Go?", actions=[cl.Action("go", {})]))

    @app.action_callback("go")
    async def go() -> None:
        await cl.AskUserMessage("Sure?").send()

    async with ChatDriver(app) as user:
        await user.send("first")
        await user.click("go")
        edited = await user.edit(0, "other")
        assert (edited.status, said(user)[0]) == (None, "first")
        assert "cannot go to another point" in user.notices[0]
        await user.answer("yes")
        await user.until(lambda user: not user.actions[0].running)
        await user.edit(0, "other")
        assert said(user) == ["other", "Go?"]


async def test_who_goes_on_with_a_conversation_does_not_wait_for_what_it_asked() -> None:
    app = cl.App(on_message=lambda message: "ok")
    async with ChatDriver(app) as old:
        await old.send("hello")
        past = old._dispatcher.leave()

    @app.on_chat_start
    async def start() -> None:
        await cl.AskUserMessage("Your name?", timeout=None).send()

    async with ChatDriver(app) as user:
        user._dispatcher.offer(past)
        await user.restore()
        assert (said(user), asked(user)) == (["hello", "ok"], [])


async def test_what_would_have_answered_a_question_does_not_come_along_without_it() -> None:
    form = cl.CustomElement(name="Form", source="export default () => {}")

    async def reply(message: cl.Message) -> None:
        await cl.Message("Or", actions=[cl.Action("stay", {})]).send()
        if message.content == "click":
            await cl.AskActionMessage("Which?", [cl.Action("this", {}), cl.Action("that", {})]).send()
        else:
            await cl.AskElementMessage("Fill it in.", form).send()

    for text in ("click", "fill in"):
        async with ChatDriver(reply) as old:
            await old.send(text)
            past = old._dispatcher.leave()
        async with ChatDriver(reply) as user:
            user._dispatcher.offer(past)
            await user.restore()
            assert [action.name for action in user.actions] == ["stay"]
            assert (user.elements, user.pending_asks) == ([], [])


async def test_an_answer_from_python_is_as_good_as_one_from_the_page() -> None:
    app = cl.App()

    @app.on_message
    async def reply(message: cl.Message) -> str:
        name = await cl.AskUserMessage("Your name?").send()
        actions = [cl.Action("size", {"n": n}, label=label) for n, label in enumerate(("Small", "Large"))]
        size = await cl.AskActionMessage("Which?", actions).send()
        return f"{name['output']} {size['payload']['n']}"

    chat = cl.Chat(app, user="ada")
    turn = asyncio.create_task(chat.send("hello"))
    await until(lambda: bool(chat.pending_asks))
    with pytest.raises(OptionError, match="'Your name\\?' is answered with a text, not with 3"):
        chat.answer(3)
    chat.answer("Ada")
    assert chat.pending_asks == []  # though the callback has not gone on yet
    with pytest.raises(OptionError, match="No callback of this chat waits for an answer"):
        chat.answer("Bob")
    await until(lambda: [ask.content for ask in chat.pending_asks] == ["Which?"])
    with pytest.raises(OptionError, match="'Which\\?' is answered with one of 'Small', 'Large', not with 'size'"):
        chat.answer("size")
    chat.answer("Large")
    assert (await turn).text.endswith("Ada 1")
    assert [(message.role, message.author) for message in chat.messages[:3]] == [
        ("user", "ada"),
        ("assistant", "Assistant"),
        ("user", "ada"),
    ]
    with pytest.raises(OptionError, match="No callback of this chat waits for an answer"):
        chat.answer("Ada")
    chat.close()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0)


@pytest.mark.parametrize(
    "command",
    [
        UserMessage(turn="r", content="x", answers="nobody's", epoch=1),
        UserMessage(turn="r", content="x", answers="", epoch=1),
        UserMessage(turn="r" * 101, content="x", answers="", epoch=1),
        UserMessage(turn="r", content="x" * 1_000_001, answers="ASK", epoch=1),
        UserMessage(turn="r", content="x", answers="ASK", epoch=7),
        Answer(ask="nobody's", values={"x": 1}, epoch=1),
        Answer(ask="ASK", values={"x": 1}, epoch=1),
        Answer(ask="ASK", files=["f"], epoch=7),
    ],
)
async def test_a_hostile_answer_does_nothing(command: Any) -> None:
    async with ChatDriver(asking("Your name?")) as user:
        turn = await user.send("hello")
        user.inject(encode(command).replace("ASK", user.pending_asks[0].id))
        assert asked(user) == ["Your name?"]
        await user.answer("Ada")
        assert (turn.status, said(user)) == ("done", ["hello", "Your name?", "Ada", "Ada"])


async def test_what_asks_when_all_is_over_hears_so() -> None:
    outcomes = list[str]()

    async def late(may: asyncio.Event) -> None:
        await may.wait()
        try:
            await cl.AskUserMessage("Anybody?", timeout=None).send()
        except cl.AnychatError as error:
            outcomes.append(str(error))

    may_ask, tasks = asyncio.Event(), list[asyncio.Task[None]]()

    async def reply(message: cl.Message) -> None:
        tasks.append(asyncio.create_task(late(may_ask)))

    async with ChatDriver(reply) as user:
        await user.send("hello")
    may_ask.set()
    await tasks[0]
    assert outcomes == ["This chat has ended, so nobody will answer its questions."]


def test_an_ask_tells_what_it_asks() -> None:
    item = AskItem(id="a", type="text", for_id="m", content="Your name?")
    assert (item.owner, item.content) == ("m", "Your name?")
