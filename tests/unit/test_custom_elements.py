"""Elements that draw themselves: props that page and Python share, and what a component asks of the kernel."""

import asyncio
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from traitlets import HasTraits, Int, link

import anychat as cl
from anychat.custom_element import MOST_CHARS, MOST_RESULTS, MOST_WRITERS
from anychat.errors import ElementError, OptionError
from anychat.protocol import ElementItem
from anychat.testing import ChatDriver

MODULE = "export default function ({ el }) { el.append('hello'); }"


def counter(**props: Any) -> cl.CustomElement:
    return cl.CustomElement(name="Counter", props=props, source=MODULE)


def shows(element: cl.CustomElement) -> Callable[[cl.Message], Any]:
    async def reply(message: cl.Message) -> None:
        await cl.Message("Look.", elements=[element]).send()

    return reply


def props_of(element: ElementItem) -> dict[str, Any]:
    props: dict[str, Any] = json.loads(element.content)
    return props


# ── Props ────────────────────────────────────────────────────────────────────────────────────────


async def test_the_page_gets_the_props_and_the_module() -> None:
    async with ChatDriver(shows(counter(count=1))) as user:
        await user.send("go")
        (shown,) = user.elements
        assert (shown.type, shown.name, props_of(shown)) == ("custom", "Counter", {"count": 1})
        shown.asset = shown.code
        assert await user.fetch(shown) == MODULE.encode()


async def test_a_change_in_the_page_reaches_python_and_its_observers() -> None:
    element, seen = counter(count=1, word="a"), []
    element.props.observe(lambda change: seen.append((change.name, change.old, change.new)))
    async with ChatDriver(shows(element)) as user:
        await user.send("go")
        await user.change_props(user.elements[0], {"count": 2, "word": "a"})
        assert dict(element.props) == {"count": 2, "word": "a"}
        assert seen == [("count", 1, 2)]  # what is the same is no news
        assert props_of(user.elements[0]) == {"count": 2, "word": "a"}


async def test_a_change_in_python_reaches_the_page() -> None:
    element = counter(count=1, list=[1])
    async with ChatDriver(shows(element)) as user:
        await user.send("go")
        element.props["count"] = 2
        await user.until(lambda user: props_of(user.elements[0])["count"] == 2)
        element.props["list"].append(2)
        await element.update()
        await user.until(lambda user: props_of(user.elements[0])["list"] == [1, 2])
        element.props = {"other": 3}
        await user.until(lambda user: props_of(user.elements[0]) == {"other": 3})


async def test_props_are_linked_to_widgets_as_any_traits() -> None:
    class Slider(HasTraits):
        value = Int(5)

    element, slider = counter(count=1), Slider()
    async with ChatDriver(shows(element)) as user:
        await user.send("go")
        link((slider, "value"), (element.props, "count"))
        await user.until(lambda user: props_of(user.elements[0]) == {"count": 5})
        await user.change_props(user.elements[0], {"count": 7})
        assert slider.value == 7


async def test_an_observer_may_change_what_the_user_set() -> None:
    element = counter(count=1)
    element.props.observe(lambda change: element.props.set("count", min(change.new, 10)), "count")
    async with ChatDriver(shows(element)) as user:
        await user.send("go")
        await user.change_props(user.elements[0], {"count": 50})
        await user.until(lambda user: props_of(user.elements[0]) == {"count": 10})


def change(element: ElementItem, writer: str, number: int, **props: object) -> str:
    command = {"type": "change_props", "element": element.id, "epoch": 1, "writer": writer, "change": number}
    return json.dumps({**command, "props": props})


async def test_a_change_that_is_sent_twice_is_one_and_the_last_writer_wins() -> None:
    element = counter(a=0, b=0)
    async with ChatDriver(shows(element)) as user:
        await user.send("go")
        (shown,) = user.elements
        user.inject(change(shown, "p", 1, a=1))
        user.inject(change(shown, "q", 1, a=2))
        user.inject(change(shown, "p", 1, a=1))  # again: its answer was lost
        user.inject(change(shown, "p", 2, b=3))
        await user.until(lambda user: props_of(user.elements[0]) == {"a": 2, "b": 3})
        assert user.elements[0].changes == {"q": 1, "p": 2}
        for number in range(20):
            user.inject(change(shown, f"page {number}", 1, a=number))
        await user.until(lambda user: props_of(user.elements[0])["a"] == 19)
        assert len(user.elements[0].changes) == MOST_WRITERS


async def test_what_a_page_may_not_do_is_refused_and_changes_nothing() -> None:
    element = counter(count=1)
    note = cl.Text(content="words")

    async def reply(message: cl.Message) -> None:
        await cl.Message("Look.", elements=[element, note]).send()

    async with ChatDriver(reply) as user:
        await user.send("go")
        shown, text = user.elements
        user.inject(change(shown, "p", 1, count="x" * (MOST_CHARS + 1)))
        user.inject(change(text, "p", 1, count=2))
        text.id = "nobody"
        user.inject(change(text, "p", 1, count=2))
        await user.until(lambda user: len(user.notices) == 3)
        assert user.notices[0] == "Props of more than 1,000,000 characters came from the page."
        assert user.notices[1] == user.notices[2] == "This element is not there any more, so nothing was done."
        await user.until(lambda user: user.elements[0].changes == {"p": 1})  # the page waits for it no more
        user.inject(change(shown, "p", 2, count=2).replace('"epoch": 1', '"epoch": 7'))
        await user.change_props(shown, {"other": 1})
        assert dict(element.props) == {"count": 1, "other": 1}


@pytest.mark.parametrize(
    ("text", "notice"),
    [
        ('"writer": "' + "w" * 101 + '"', "under a short id"),
        ('"change": ' + "9" * 400, "counts its changes"),
        ('"change": 0', "counts its changes"),
        ('"props": {"count": NaN, "half": "\\ud800"}', "NaN is no JSON"),
        ('"props": {"count": ' + "[" * 500 + "]" * 500 + "}", "100 lists and dicts in one another"),
    ],
)
async def test_a_hostile_change_does_no_harm(text: str, notice: str) -> None:
    async with ChatDriver(shows(counter(count=1))) as user:
        await user.send("go")
        key = text.partition(":")[0]
        known = {'"writer"': '"writer": "p"', '"change"': '"change": 1', '"props"': '"props": {"count": 2}'}
        user.inject(change(user.elements[0], "p", 1, count=2).replace(known[key], text))
        await user.until(lambda user: any(notice in each for each in user.notices))
        await user.change_props(user.elements[0], {"count": 3})
        assert props_of(user.elements[0]) == {"count": 3}


async def test_an_observer_that_raises_keeps_no_change_from_the_pages() -> None:
    element = counter(count=1)
    element.props.observe(lambda change: 1 / 0, "count")
    async with ChatDriver(shows(element)) as user:
        await user.send("go")
        await user.change_props(user.elements[0], {"count": 2, "other": 3})
        assert props_of(user.elements[0]) == dict(element.props) == {"count": 2, "other": 3}


async def test_props_that_change_together_travel_together() -> None:
    element = counter()
    async with ChatDriver(shows(element)) as user:
        await user.send("go")
        before = user.session.emitter.seq
        element.props.update({f"key {number}": number for number in range(1000)})
        assert user.session.emitter.seq == before + 1
        await user.change_props(user.elements[0], {f"key {number}": 0 for number in range(1000)})
        assert user.session.emitter.seq == before + 2


async def test_many_threads_that_set_props_leave_the_page_with_the_last() -> None:
    element = counter()
    async with ChatDriver(shows(element), loop="thread") as user:
        await user.send("go")
        threads = [threading.Thread(target=element.props.set, args=(f"key {number}", 1)) for number in range(50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        await user.until(lambda user: props_of(user.elements[0]) == dict(element.props))
        assert len(element.props) == 50


async def test_props_outlive_the_object_that_python_had() -> None:
    async with ChatDriver(shows(counter(count=1))) as user:
        await user.send("go")
        past = user._dispatcher.runner.branches.past()
        async with ChatDriver(shows(counter())) as other:
            other._dispatcher.runner.branches.adopt(past)
            await other.until(lambda user: len(user.elements) == 1)
            await other.change_props(other.elements[0], {"count": 2})
            assert props_of(other.elements[0]) == {"count": 2}
            assert other.elements[0].code == user.elements[0].code
        assert props_of(user.elements[0]) == {"count": 1}


async def test_an_ended_chat_takes_no_changes() -> None:
    element = counter(count=1)
    async with ChatDriver(shows(element)) as user:
        await user.send("go")
        await asyncio.wrap_future(user._dispatcher.end())
        await user.change_props(user.elements[0], {"count": 2})
        assert dict(element.props) == {"count": 1}
        assert "ended" in user.notices[0]


def test_props_are_what_json_has() -> None:
    for value in (object(), float("nan"), {1, 2}, b"bytes"):
        with pytest.raises(OptionError, match="The page gets what JSON has, and 'x' is none of it"):
            counter(x=value)
    element = counter(x=1)
    with pytest.raises(OptionError):
        element.props["x"] = object()
    with pytest.raises(OptionError):
        element.props = {"x": object()}
    assert element.props == {"x": 1}
    assert (json.dumps(element.props), element.props | {"y": 2}) == ('{"x": 1}', {"x": 1, "y": 2})
    assert (element.props.pop("y", 5), element.props.setdefault("z", 6), list(element.props.values())) == (5, 6, [1, 6])
    assert (element.props.pop("z"), element.props.get("q")) == (6, None)
    assert element.to_dict()["props"] == {"x": 1}
    with pytest.raises(ElementError, match=r"have 1,000,\d+ characters as JSON"):
        counter(x="x" * MOST_CHARS)


# ── Modules ──────────────────────────────────────────────────────────────────────────────────────


async def error_of(element: cl.CustomElement) -> str:
    async with ChatDriver(shows(element)) as user:
        turn = await user.send("go")
        return str(turn.error)


async def code_of(element: cl.CustomElement) -> bytes:
    async with ChatDriver(shows(element)) as user:
        await user.send("go")
        (shown,) = user.elements
        shown.asset = shown.code
        return await user.fetch(shown)


async def test_a_module_is_found_by_name_or_given_by_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "public" / "elements"
    folder.mkdir(parents=True)
    assert f"no Form.js or Form.mjs in {folder}" in await error_of(cl.CustomElement(name="Form"))
    (folder / "Form.jsx").write_text("export default () => <b/>")
    assert "Form.jsx is JSX, which has to be compiled" in await error_of(cl.CustomElement(name="Form"))
    assert "export default function ({ el, props" in await error_of(cl.CustomElement(name="Form"))
    (folder / "Form.mjs").write_text("2")
    assert await code_of(cl.CustomElement(name="Form")) == b"2"
    (folder / "Form.js").write_text("1")
    assert await code_of(cl.CustomElement(name="Form")) == b"1"
    assert await code_of(cl.CustomElement(name="Form", source=folder / "Form.mjs")) == b"2"
    assert await code_of(cl.CustomElement(name="Form", source="public/elements/Form.mjs")) == b"2"
    assert "JSX" in await error_of(cl.CustomElement(name="Form", source=folder / "Form.jsx"))


async def test_a_module_that_was_written_anew_is_sent_anew(tmp_path: Path) -> None:
    path = tmp_path / "Form.js"
    path.write_text("1")
    element = cl.CustomElement(name="Form", source=path)
    async with ChatDriver(shows(element)) as user:
        await user.send("go")
        before = user.elements[0].code
        path.write_text("22")
        await element.update()
        await user.until(lambda user: user.elements[0].code != before)


@pytest.mark.parametrize("name", ["", "../secret", "a/b", "a.b", "a b", "x" * 101])
def test_a_name_is_no_path(name: str) -> None:
    with pytest.raises(OptionError, match="takes the name of a module, of letters, digits, _ and -, not"):
        cl.CustomElement(name=name)


# ── Calls ────────────────────────────────────────────────────────────────────────────────────────


async def test_a_component_calls_an_action_and_hears_what_it_returns() -> None:
    app, element = cl.App(), counter()

    @app.on_message
    async def reply(message: cl.Message) -> None:
        await cl.Message("Look.", elements=[element]).send()

    @app.action_callback("add")
    async def add(action: cl.Action) -> dict[str, Any]:
        await cl.Message(f"adding for {action.forId}").send()
        return {"sum": action.payload["a"] + action.payload["b"]}

    @app.action_callback("odd")
    async def odd(action: cl.Action) -> object:
        return object()

    async with ChatDriver(app) as user:
        turn = await user.send("go")
        (shown,) = user.elements
        assert await user.call_action(shown, "add", {"a": 1, "b": 2}) == {"sum": 3}
        assert user.messages[-1].content == f"adding for {turn.messages[0].id}"
        assert await user.call_action(shown, "add") is None  # it raised, and that is shown
        assert user.messages[-1].content == "KeyError: 'a'"
        assert await user.call_action(shown, "odd") is None
        assert "The page gets what JSON has, and 'result' is none of it" in user.messages[-1].content
        assert await user.call_action(shown, "nowhere") is None
        assert "has no callback for the action 'nowhere'" in user.messages[-1].content
        for number in range(10):
            assert await user.call_action(shown, "add", {"a": number, "b": 0}) == {"sum": number}
        assert len(user.elements[0].results) == MOST_RESULTS


async def test_a_call_that_is_sent_twice_is_one() -> None:
    app, calls = cl.App(), []

    @app.on_message
    async def reply(message: cl.Message) -> None:
        await cl.Message("Look.", elements=[counter()]).send()

    @app.action_callback("act")
    def act(action: cl.Action) -> None:
        calls.append(action.payload)

    async with ChatDriver(app) as user:
        await user.send("go")
        (shown,) = user.elements
        command = {"type": "call_action", "call": "c", "element": shown.id, "epoch": 1, "name": "act", "payload": {}}
        for _ in range(3):
            user.inject(json.dumps(command))
        await user.until(lambda user: user.elements[0].results == {"c": "null"})
        assert calls == [{}]


async def test_a_component_can_take_itself_back_and_nothing_else() -> None:
    element, note = counter(), cl.Text(content="words")

    async def reply(message: cl.Message) -> None:
        await cl.Message("Look.", elements=[note]).send()
        await cl.ElementSidebar.set_elements([element])

    async with ChatDriver(reply) as user:
        await user.send("go")
        (text,), (shown,) = user.elements, user.sidebar.elements
        user.inject(json.dumps({"type": "remove_element", "element": text.id, "epoch": 1}))
        await user.remove_element(shown)
        await user.remove_element(shown)  # again: the answer was lost
        assert user.elements == [text]
        assert user.notices == ["This element is not there any more, so nothing was done."]


async def test_a_component_in_the_sidebar_shares_its_props() -> None:
    element = counter(count=1)

    async def reply(message: cl.Message) -> None:
        await cl.ElementSidebar.set_elements([element])

    async with ChatDriver(reply) as user:
        await user.send("go")
        await user.change_props(user.sidebar.elements[0], {"count": 2})
        assert dict(element.props) == {"count": 2}
        element.props["count"] = 3
        await user.until(lambda user: props_of(user.sidebar.elements[0]) == {"count": 3})
        assert user.elements == []


# ── Questions ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("values", "answer", "text"),
    [
        ({"count": 2}, {"count": 2, "submitted": True}, "Thanks for submitting"),
        ({"submitted": False}, {"submitted": True}, "Thanks for submitting"),
        (None, {"submitted": False}, "Cancelled"),
    ],
)
async def test_a_question_is_answered_with_an_element(values: Any, answer: Any, text: str) -> None:
    answers = []

    async def reply(message: cl.Message) -> None:
        answers.append(await cl.AskElementMessage("How many?", counter(count=1)).send())

    async with ChatDriver(reply) as user:
        user.post("go")
        await user.until(lambda user: bool(user.pending_asks) and bool(user.elements))
        await user.submit_element(user.elements[0], values)
        assert answers == [answer]
        assert (user.messages[-1].content, user.elements) == (text, [])


async def test_a_question_with_an_element_may_time_out() -> None:
    answers = []

    async def reply(message: cl.Message) -> None:
        answers.append(await cl.AskElementMessage("How many?", counter(), timeout=0).send())

    async with ChatDriver(reply) as user:
        await user.send("go")
        await user.until(lambda user: user.messages[-1].content == "Timed out")
        assert (answers, user.elements) == ([None], [])


async def test_a_question_that_is_asked_again_has_its_element_again() -> None:
    async def reply(message: cl.Message) -> str:
        question = cl.AskElementMessage("How many?", counter(count=1), timeout=None)
        while not (answer := await question.send())["submitted"]:
            question.content = "How many, please?"
        return f"{answer['count']} it is"

    async with ChatDriver(reply) as user:
        await user.send("go")
        await user.submit_element(user.elements[0], None)
        assert [ask.content for ask in user.pending_asks] == ["How many, please?"]
        await user.submit_element(user.elements[0], {"count": 2})
        assert (user.messages[-1].content, user.elements) == ("2 it is", [])


def test_a_question_is_asked_with_a_custom_element() -> None:
    with pytest.raises(OptionError, match=r"asks with a cl.CustomElement, not with 'form'"):
        cl.AskElementMessage("How many?", "form")  # type: ignore[arg-type]
