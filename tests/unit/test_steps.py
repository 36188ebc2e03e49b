"""Steps: what readers see of what is done on the way to an answer."""

import asyncio
import json
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing
from typing import Any, TypeAlias

import pytest

import anychat as cl
from anychat.context import local_steps
from anychat.errors import ContextError, OptionError
from anychat.options import Cot
from anychat.protocol import MessageItem, StepItem
from anychat.reply import TurnReply
from anychat.step import StepDict
from anychat.testing import ChatDriver
from anychat.turn import Turn

Tree: TypeAlias = "list[str | tuple[str, Tree]]"


def tree(turn: Turn, owner: str | None = None) -> Tree:
    """The steps of a turn as readers see them: names, those with something in them with what is in them."""
    inside = [step for step in turn.steps if step.parent_id == owner]
    return [(step.name, below) if (below := tree(turn, step.id)) else step.name for step in inside]


async def run(callback: Callable[..., Any], app: cl.App | None = None) -> Turn:
    """Send a message to an App with this callback; returns its turn, which has not failed."""
    app = app or cl.App()
    app.on_message(callback)
    async with ChatDriver(app) as user:
        turn = await user.send("go")
        assert turn.error is None
        return turn


# ── A step ───────────────────────────────────────────────────────────────────────────────────────


async def test_a_step_shows_what_goes_in_and_comes_out() -> None:
    async def reply(message: cl.Message) -> str:
        async with cl.Step("search", type="tool", icon="globe", default_open=True, auto_collapse=True) as step:
            step.input = {"query": message.content}
            step.output = ["one", "two"]
        return "found"

    turn = await run(reply)
    (step,) = turn.steps
    assert step == StepItem(
        id=step.id,
        name="search",
        type="tool",
        input='{\n    "query": "go"\n}',
        content='[\n    "one",\n    "two"\n]',
        input_language="json",
        language="json",
        started_at=step.started_at,
        ended_at=step.ended_at,
        default_open=True,
        auto_collapse=True,
        icon="globe",
    )
    assert step.started_at is not None
    assert step.ended_at is not None
    assert step.started_at <= step.ended_at
    assert turn.text == "found"


@pytest.mark.parametrize(
    ("content", "text", "language"),
    [
        (None, "", None),
        ("plain", "plain", None),
        ({"a": "é"}, '{\n    "a": "é"\n}', "json"),
        ([1, (2, b"123")], '[\n    1,\n    [\n        2,\n        "<3 bytes>"\n    ]\n]', "json"),
        ((), "[]", "json"),
        ({"thread": threading.Thread}, json.dumps({"thread": str(threading.Thread)}, indent=4), "json"),
        ({(1, 2): 3}, "{(1, 2): 3}", "text"),
        (b"1234", "<4 bytes>", "text"),
        (0, "0", "text"),
        (ValueError("no"), "no", "text"),
    ],
)
async def test_anything_can_go_in_and_come_out(content: object, text: str, language: str | None) -> None:
    async def reply() -> None:
        async with cl.Step("convert", show_input=True) as step:
            step.input = content
            step.output = content

    (step,) = (await run(reply)).steps
    assert (step.input, step.input_language) == (text, None)
    assert (step.content, step.language) == (text, language)


async def test_what_cannot_be_shown_does_not_break_what_is_done() -> None:
    class Broken:
        def __str__(self) -> str:
            raise RuntimeError("broken")

    async def reply() -> None:
        with cl.Step("convert") as step:
            step.output = {"it": Broken()}

    (step,) = (await run(reply)).steps
    assert "<Broken that cannot be shown: RuntimeError>" in step.content


async def test_text_that_is_set_later_is_not_shown_as_json() -> None:
    async def reply() -> None:
        async with cl.Step("think", language="python") as step:
            step.output = "x = 1"
        async with cl.Step("decide") as step:
            step.output = {}
            step.output = "words"

    python, words = (await run(reply)).steps
    assert (python.content, python.language) == ("x = 1", "python")
    assert (words.content, words.language) == ("words", None)


async def test_both_sides_stream() -> None:
    async def reply() -> None:
        async with cl.Step("call", show_input="json") as step:
            for token in ('{"q":', "", " 1}"):
                await step.stream_token(token, is_input=True)
            for token in ("fo", "und"):
                await step.stream_token(token)
            await step.stream_token("found it", is_sequence=True)
            await step.stream_token("!")
            assert (step.input, step.output, step.streaming) == ('{"q": 1}', "found it!", True)

    (step,) = (await run(reply)).steps
    assert (step.input, step.content, step.streaming) == ('{"q": 1}', "found it!", False)


async def test_a_token_must_be_text() -> None:
    async def reply() -> None:
        with pytest.raises(TypeError, match="stream_token takes a str, but int came: 1"):
            await cl.Step("s").stream_token(1)  # type: ignore[arg-type]

    await run(reply)


async def test_a_step_without_a_block_is_sent_changed_and_removed() -> None:
    async def reply(message: cl.Message) -> None:
        step = cl.Step("a", id="s1", parent_id=message.id, metadata={"mine": 1}, tags=["x"])
        await step.stream_token("by")
        await step.stream_token(" hand")
        assert await step.send() is step
        step.name = "b"
        assert await step.update() is True
        assert await step.send() is step
        gone = cl.Step("gone")
        async with gone, cl.Step("in it"):
            pass
        assert await gone.remove() is True

    turn = await run(reply)
    (step,) = turn.steps
    assert (step.id, step.name, step.content, step.streaming, step.ended_at) == ("s1", "b", "by hand", False, None)
    assert step.parent_id == turn.id


async def test_a_step_as_a_dict_has_the_keys_of_chainlit() -> None:
    seen: list[StepDict] = []

    async def reply() -> None:
        async with cl.Step("a", type="llm", icon="globe", metadata={"mine": 1}, thread_id="t") as step:
            step.output = 1
        seen.append(step.to_dict())
        assert cl.context.current_run is not None
        assert step.parent_id == cl.context.current_run.id

    (step,) = (await run(reply)).steps
    assert seen[0] == {
        "name": "a", "type": "llm", "id": step.id, "threadId": "t", "parentId": seen[0]["parentId"],
        "streaming": False, "metadata": {"mine": 1, "icon": "globe"}, "tags": None, "input": "", "isError": False,
        "output": "1", "createdAt": seen[0]["createdAt"], "start": step.started_at, "end": step.ended_at,
        "language": "text", "defaultOpen": False, "autoCollapse": False, "showInput": "json", "generation": None,
    }  # fmt: skip


async def test_an_error_is_shown_in_its_step_and_goes_on() -> None:
    async def reply() -> None:
        async with cl.Step("outer") as outer:
            with cl.Step("inner") as inner:
                inner.output = {"half": "done"}
                raise ValueError("no such file")
        assert outer.is_error

    app = cl.App()
    app.on_message(reply)
    async with ChatDriver(app) as user:
        turn = await user.send("go")
    assert isinstance(turn.error, ValueError)
    assert [(step.name, step.content, step.is_error, step.language) for step in turn.steps] == [
        ("outer", "no such file", True, "text"),
        ("inner", "no such file", True, "text"),
    ]
    assert all(step.ended_at for step in turn.steps)


async def test_the_error_of_a_step_tells_no_secret() -> None:
    async def reply() -> None:
        cl.user_session.set("api_key", "sk-0123456789")
        async with cl.Step("ask"):
            raise ConnectionError("refused for sk-0123456789")

    app = cl.App()
    app.on_message(reply)
    async with ChatDriver(app) as user:
        (step,) = (await user.send("go")).steps
    assert step.content.startswith("refused for ")
    assert "0123456789" not in step.content


async def test_input_that_is_hidden_does_not_leave_the_kernel() -> None:
    async def reply() -> None:
        async with cl.Step("login", show_input=False) as step:
            step.input = {"password": "secret"}
            await step.stream_token("secret", is_input=True)
            await step.stream_token(" secret", is_input=True)
            assert step.input.endswith("secret secret")
            await step.update()

    (step,) = (await run(reply)).steps
    assert (step.input, step.input_language) == ("", None)


async def test_outside_of_a_callback_a_step_says_what_is_missing() -> None:
    step = cl.Step("search")
    with pytest.raises(ContextError, match=r"Step\.send needs a chat's session"):
        await step.send()
    with pytest.raises(ContextError), step:
        pass
    with pytest.raises(ContextError, match=r"cl\.context\.current_step"):
        _ = cl.context.current_step


async def test_the_app_may_call_a_step_by_another_name_but_not_its_run() -> None:
    app = cl.App()

    @app.author_rename
    async def rename(name: str) -> str:
        await asyncio.sleep(0)
        return f"our {name}"

    async def reply() -> str:
        assert cl.context.current_run is not None
        with cl.Step("search"):
            pass
        async with cl.Step("think"):
            pass
        return cl.context.current_run.name

    turn = await run(reply, app)
    assert [step.name for step in turn.steps] == ["our search", "our think"]
    assert turn.text == "on_message"


# ── Steps in steps ───────────────────────────────────────────────────────────────────────────────


async def test_steps_nest_wherever_they_are_begun() -> None:
    def work() -> None:
        with cl.Step("in a thread"), cl.Step("below"):
            pass

    async def later() -> None:
        async with cl.Step("in a task"):
            pass

    async def reply() -> None:
        async with cl.Step("outer"):
            with cl.Step("sync"):
                await cl.make_async(work)()
            await asyncio.create_task(later())
            await asyncio.to_thread(cl.run_sync, later())
        async with cl.Step("next"):
            pass

    turn = await run(reply)
    assert tree(turn) == [
        ("outer", [("sync", [("in a thread", ["below"])]), "in a task", "in a task"]),
        "next",
    ]


async def test_steps_side_by_side_stay_apart() -> None:
    both = asyncio.Event()

    async def branch(name: str, other: asyncio.Event, mine: asyncio.Event) -> None:
        async with cl.Step(name):
            mine.set()
            await other.wait()
            async with cl.Step(f"below {name}"):
                await both.wait()
                assert [step.name for step in local_steps.get()] == ["on_message", "all", name, f"below {name}"]
                assert cl.context.current_step is not None
                assert cl.context.current_step.name == f"below {name}"

    async def reply() -> None:
        a, b = asyncio.Event(), asyncio.Event()
        async with cl.Step("all"):
            tasks = asyncio.gather(branch("a", b, a), branch("b", a, b))
            await a.wait()
            both.set()
            await tasks

    assert tree(await run(reply)) == [("all", [("a", ["below a"]), ("b", ["below b"])])]


async def test_a_task_keeps_the_steps_that_it_was_begun_in() -> None:
    may_go_on = asyncio.Event()

    async def late() -> None:
        await may_go_on.wait()
        async with cl.Step("late"):
            await cl.Message("said late").send()

    async def reply() -> None:
        async with cl.Step("outer"):
            task = asyncio.create_task(late())
        may_go_on.set()
        await task

    turn = await run(reply)
    assert tree(turn) == [("outer", ["late"])]
    assert [message.parent_id for message in turn.messages] == [turn.steps[1].id]


async def test_a_parent_that_is_given_is_the_parent() -> None:
    async def reply(message: cl.Message) -> None:
        async with cl.Step("first") as first:
            pass
        async with cl.Step("second"):
            async with cl.Step("in first", parent_id=first.id):
                said = await cl.Message("hello", parent_id=message.id).send()
            assert said.parent_id == message.id

    turn = await run(reply)
    assert tree(turn) == [("first", ["in first"]), "second"]
    assert [message.parent_id for message in turn.messages] == [turn.id]


async def test_a_step_in_an_earlier_message_stands_in_its_turn() -> None:
    app = cl.App()

    @app.on_message
    async def reply(message: cl.Message) -> None:
        first: cl.Message = cl.user_session.get("first")
        if first is None:
            cl.user_session.set("first", await cl.Message("hello").send())
            return
        async with cl.Step("late", parent_id=first.id):
            pass

    async with ChatDriver(app) as user:
        await user.send("one")
        await user.send("two")
        assert [[type(item) for item in turn.items] for turn in user.turns] == [
            [MessageItem, MessageItem, StepItem],
            [MessageItem],
        ]


async def test_what_is_said_in_a_step_stands_in_the_turn() -> None:
    async def reply() -> str:
        async with cl.Step("outer") as outer:
            await cl.Message("said in it").send()
            async with cl.Step("inner"):
                pass
            outer.output = "done"
        return "said after"

    turn = await run(reply)
    assert [(message.content, message.parent_id) for message in turn.messages] == [
        ("said in it", turn.steps[0].id),
        ("said after", None),
    ]
    assert turn.text == "said in it\n\nsaid after"


def printing() -> TurnReply:
    """What a real host gives to what prints in a callback."""
    turn = cl.context.turn
    assert turn is not None
    return TurnReply(cl.context.session, turn, None)  # type: ignore[arg-type]


async def test_what_is_printed_in_a_step_stands_in_it() -> None:
    async def reply() -> None:
        out = printing()
        out.printed("stdout", "before\n")
        async with cl.Step("outer"):
            out.printed("stdout", "in it\n")
            out.printed("stdout", "as well\n")
        out.printed("stdout", "after\n")

    turn = await run(reply)
    assert [(output.content, output.parent_id) for output in turn.outputs] == [
        ("before\n", None),
        ("in it\nas well\n", turn.steps[0].id),
        ("after\n", None),
    ]


async def test_steps_side_by_side_print_each_in_its_own_place() -> None:
    async def branch(out: TurnReply, name: str) -> None:
        with cl.Step(name):
            for percent in (0, 50, 100):
                out.printed("stderr", f"\r{name}: {percent}%")
                await asyncio.sleep(0)

    async def reply() -> None:
        out = printing()
        await asyncio.gather(branch(out, "a"), branch(out, "b"))

    turn = await run(reply)
    assert [(output.content, output.parent_id) for output in turn.outputs] == [
        ("a: 100%", turn.steps[0].id),
        ("b: 100%", turn.steps[1].id),
    ]


async def test_what_is_yielded_after_a_step_stands_after_it() -> None:
    async def reply() -> AsyncIterator[str]:
        yield "Let me "
        yield "search."
        async with cl.Step("search"):
            pass
        yield "Found "
        yield "it."

    turn = await run(reply)
    assert [message.content for message in turn.messages] == ["Let me search.", "Found it."]
    assert [type(item) for item in turn._items[1:]] == [MessageItem, StepItem, MessageItem]


# ── The decorator ────────────────────────────────────────────────────────────────────────────────


async def test_a_decorated_function_shows_its_arguments_and_what_it_returns() -> None:
    @cl.step
    def add(a: int, b: int = 2, *more: int, **named: int) -> int:
        return a + b

    @cl.step(type="tool", name="look up", language="python", show_input=True)
    async def find(query: str) -> str:
        return f"found {query}"

    async def reply() -> str:
        return f"{add(1)} {await find('it')}"

    turn = await run(reply)
    assert turn.text == "3 found it"
    first, second = turn.steps
    assert (first.name, json.loads(first.input)) == ("add", {"a": 1, "b": 2, "more": [], "named": {}})
    assert (first.content, first.language, first.type) == ("3", "text", "undefined")
    assert (second.name, second.type, second.content, second.language) == ("look up", "tool", "found it", "python")
    assert second.input_language is None


@pytest.mark.parametrize(("result", "shown"), [(0, "0"), (False, "False"), ([], "[]"), ("", ""), (None, "")])
async def test_what_is_false_is_shown_too(result: object, shown: str) -> None:
    @cl.step
    async def give() -> object:
        return result

    async def reply() -> None:
        assert await give() is result

    (step,) = (await run(reply)).steps
    assert (step.input, step.content) == ("", shown)


async def test_arguments_are_shown_as_they_were_whatever_they_are() -> None:
    @cl.step
    def change(rows: list[int], lock: Any) -> None:
        rows.append(3)

    async def reply() -> None:
        change([1, 2], threading.Lock())

    (step,) = (await run(reply)).steps
    shown = json.loads(step.input)
    assert shown["rows"] == [1, 2]
    assert shown["lock"].startswith("<unlocked _thread.lock")


async def test_the_object_of_a_method_is_no_argument() -> None:
    class Agent:
        @cl.step
        async def act(self, goal: str) -> str:
            return goal

    async def reply() -> None:
        await Agent().act("win")

    (step,) = (await run(reply)).steps
    assert json.loads(step.input) == {"goal": "win"}


async def test_the_function_may_write_its_step_itself() -> None:
    @cl.step(type="tool")
    async def search() -> str:
        step = cl.context.current_step
        assert step is not None
        step.name, step.input, step.output = "search the web", "my input", "my output"
        return "result"

    async def reply() -> str:
        return await search()

    turn = await run(reply)
    (step,) = turn.steps
    assert (step.name, step.input, step.content) == ("search the web", "my input", "my output")
    assert turn.text == "result"


async def test_no_two_calls_share_an_id() -> None:
    @cl.step(id="given")
    async def act() -> None: ...

    async def reply() -> None:
        await asyncio.gather(act(), act(), act())

    turn = await run(reply)
    assert len({step.id for step in turn.steps}) == 3
    assert turn.steps[0].id == "given"


async def test_an_error_in_a_decorated_function_is_that_of_the_call() -> None:
    @cl.step
    async def fail() -> None:
        raise KeyError

    @cl.step
    def takes_one(a: int) -> None: ...

    async def reply() -> None:
        with pytest.raises(KeyError):
            await fail()
        with pytest.raises(TypeError, match="missing 1 required positional argument"):
            takes_one()  # type: ignore[call-arg]

    turn = await run(reply)
    assert [(step.content, step.is_error) for step in turn.steps] == [
        ("KeyError", True),
        (turn.steps[1].content, True),
    ]


async def test_a_generator_streams_what_it_yields() -> None:
    @cl.step
    def words() -> Iterator[str]:
        with cl.Step("below"):
            yield "one "
        yield "two"

    @cl.step
    async def numbers() -> AsyncIterator[int]:
        yield 1
        async with cl.Step("below"):
            yield 2

    async def reply() -> str:
        said = []
        for word in words():
            with cl.Step("beside"):
                said.append(word)
        return "".join(said) + "".join([str(number) async for number in numbers()])

    turn = await run(reply)
    assert turn.text == "one two12"
    assert tree(turn) == [("words", ["below"]), "beside", "beside", ("numbers", ["below"])]
    assert [step.content for step in turn.steps if step.name in ("words", "numbers")] == [
        "one two",
        "[\n    1,\n    2\n]",
    ]
    assert all(step.ended_at and not step.is_error and not step.streaming for step in turn.steps)


async def test_a_generator_hears_what_it_is_sent_and_thrown() -> None:
    heard: list[object] = []

    @cl.step
    def talk() -> Any:
        try:
            heard.append((yield "a"))
            yield "b"
        except ValueError as error:
            heard.append(error)
            yield "c"
        return "d"

    @cl.step
    async def talk_async() -> Any:
        try:
            heard.append((yield "a"))
            yield "b"
        except ValueError as error:
            heard.append(error)
            yield "c"

    async def reply() -> None:
        error = ValueError()
        talking = talk()
        assert [next(talking), talking.send(1), talking.throw(error)] == ["a", "b", "c"]
        with pytest.raises(StopIteration, match="d"):
            next(talking)
        talking_async = talk_async()
        assert [await anext(talking_async), await talking_async.asend(1)] == ["a", "b"]
        assert await talking_async.athrow(error) == "c"
        await talking_async.aclose()
        assert heard == [1, error, 1, error]

    assert [(step.content, step.is_error) for step in (await run(reply)).steps] == [("abc", False), ("abc", False)]


async def test_a_generator_that_is_left_ends_its_step() -> None:
    left: list[str] = []

    @cl.step
    async def endless() -> AsyncGenerator[str, None]:
        try:
            while True:
                yield "more "
        finally:
            left.append("async")

    @cl.step
    def endless_sync() -> Iterator[str]:
        try:
            while True:
                yield "more "
        finally:
            left.append("sync")

    async def reply() -> None:
        async with aclosing(endless()) as generator:
            async for _ in generator:
                break
        for _ in endless_sync():
            break

    turn = await run(reply)
    assert left == ["async", "sync"]
    assert [(step.content, bool(step.ended_at), step.is_error) for step in turn.steps] == [("more ", True, False)] * 2


async def test_outside_of_a_callback_a_decorated_function_is_what_it_was() -> None:
    @cl.step
    def plain() -> int:
        return 1

    @cl.step
    async def coroutine() -> int:
        return 2

    @cl.step
    def generator() -> Iterator[int]:
        yield 3

    @cl.step
    async def async_generator() -> AsyncIterator[int]:
        yield 4

    assert [plain(), await coroutine(), *generator(), *[n async for n in async_generator()]] == [1, 2, 3, 4]
    assert plain.__name__ == "plain"


async def test_a_step_can_decorate() -> None:
    @cl.Step(name="made", type="tool")
    async def act() -> str:
        return "done"

    async def reply() -> None:
        await act()
        await act()

    assert [(step.name, step.type, step.content) for step in (await run(reply)).steps] == [
        ("made", "tool", "done"),
        ("made", "tool", "done"),
    ]


async def test_a_traceback_leads_from_one_decorated_function_to_the_next() -> None:
    @cl.step
    def words() -> Iterator[str]:
        yield "one"
        raise ValueError("no more")

    @cl.step
    async def read() -> None:
        async with cl.Step("reading"):
            await cl.make_async(lambda: list(words()))()

    app = cl.App()
    app.on_message(read)
    async with ChatDriver(app) as user:
        traceback = (await user.send("go")).messages[-1].traceback
    assert traceback is not None
    assert [line.rpartition(", in ")[2] for line in traceback.splitlines() if line.startswith("  File")] == [
        "read",
        "<lambda>",
        "words",
    ]


# ── Which steps are shown ────────────────────────────────────────────────────────────────────────


async def agent() -> None:
    async with cl.Step("plan") as plan:
        plan.output = "secret plan"
        async with cl.Step("search", type="tool", parent_id=plan.id), cl.Step("ask model", type="llm") as model:
            await model.stream_token("secret ")
            await model.stream_token("thoughts")
            with cl.Step("fetch", type="tool"):
                await cl.Message("said").send()


MODES: list[tuple[Cot, Tree]] = [
    ("full", [("plan", [("search", [("ask model", ["fetch"])])])]),
    ("tool_call", [("search", ["fetch"])]),
    ("hidden", []),
]


@pytest.mark.parametrize(("cot", "shown"), MODES)
async def test_an_app_says_which_steps_readers_see(cot: Cot, shown: Tree) -> None:
    app = cl.App(cot=cot)
    app.on_message(agent)
    async with ChatDriver(app) as user:
        turn = await user.send("go")
        assert tree(turn) == shown
        assert turn.text == "said"
        said = repr(user.session.transcript.turns)
        assert ("secret" in said) == (cot == "full")


async def test_an_app_may_change_which_steps_it_shows() -> None:
    app = cl.App()
    app.on_message(agent)
    async with ChatDriver(app) as user:
        app.cot = "hidden"
        assert (await user.send("go")).steps == []
        app.cot = "full"
        assert len((await user.send("go")).steps) == 4


def test_a_mode_must_be_one_that_there_is() -> None:
    with pytest.raises(OptionError, match=r'"full" \(all\).*not \'none\''):
        cl.App(cot="none")  # type: ignore[arg-type]
    app = cl.App()
    with pytest.raises(OptionError, match="not 1"):
        app.cot = 1  # type: ignore[assignment]
    assert app.cot == "full"


# ── Turns that end early ─────────────────────────────────────────────────────────────────────────


async def test_no_step_of_a_stopped_turn_goes_on() -> None:
    may_end = threading.Event()

    def work() -> None:
        with cl.Step("in a thread"):
            may_end.wait(10)

    async def reply() -> None:
        async with cl.Step("outer") as outer:
            await outer.stream_token("half")
            await cl.Step("by hand").stream_token("streams")
            await cl.make_async(work)()

    app = cl.App()
    app.on_message(reply)
    async with ChatDriver(app) as user:
        user.post("go")
        await user.until(lambda user: "in a thread" in repr(user.turns))
        await user.stop()
        may_end.set()
        steps = [item for item in user.turns[-1].items if isinstance(item, StepItem)]
        assert [(step.name, step.content, step.is_error) for step in steps] == [
            ("outer", "half", True),
            ("by hand", "streams", False),
            ("in a thread", "", True),
        ]
        assert all(step.ended_at or step.name == "by hand" for step in steps)
        assert not any(step.streaming for step in steps)


async def test_a_step_that_is_left_open_by_a_failure_ends_with_the_turn() -> None:
    async def other() -> None:
        async with cl.Step("goes on"):
            await asyncio.Event().wait()

    async def reply() -> None:
        task = asyncio.create_task(other())
        cl.user_session.set("task", task)
        await asyncio.sleep(0)
        raise ValueError("no")

    app = cl.App()
    app.on_message(reply)
    async with ChatDriver(app) as user:
        turn = await user.send("go")
        (step,) = turn.steps
        assert step.ended_at is not None
        user.state.task.cancel()


async def test_what_a_background_task_has_open_ends_with_the_session() -> None:
    async def later() -> None:
        async with cl.Step("later"):
            await cl.Message("").stream_token("and so")
            await asyncio.Event().wait()

    async def reply() -> None:
        cl.user_session.set("task", asyncio.create_task(later()))
        await asyncio.sleep(0)

    app = cl.App()
    app.on_message(reply)
    async with ChatDriver(app) as user:
        turn = await user.send("go")
        task = user.state.task
    assert (turn.steps[0].ended_at is None, turn.messages[0].streaming) == (False, False)
    task.cancel()


async def test_a_background_task_may_end_its_step_after_the_turn() -> None:
    may_end = asyncio.Event()

    async def later() -> None:
        async with cl.Step("later") as step:
            await may_end.wait()
            step.output = "at last"

    async def reply() -> None:
        cl.user_session.set("task", asyncio.create_task(later()))
        await asyncio.sleep(0)

    app = cl.App()
    app.on_message(reply)
    async with ChatDriver(app) as user:
        turn = await user.send("go")
        assert [step.ended_at for step in turn.steps] == [None]
        may_end.set()
        await user.until(lambda user: "at last" in repr(user.turns))
        assert turn.steps[0].ended_at is not None


# ── Elements ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("cot", ["full", "hidden"])
async def test_elements_stand_in_their_step_and_are_seen_where_it_is(cot: Cot) -> None:
    app = cl.App(cot=cot)

    @app.on_message
    async def reply() -> None:
        async with cl.Step("search", elements=[cl.Text(name="one", content="1")]) as step:
            await step.update()
        with cl.Step("fetch") as step:
            step.elements = [cl.Text(name="two", content="2")]

    async with ChatDriver(app) as user:
        turn = await user.send("go")
        shown = [(element.content, element.for_id) for element in user.elements]
    assert shown == ([("1", turn.steps[0].id), ("2", turn.steps[1].id)] if cot == "full" else [])
