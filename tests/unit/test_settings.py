"""The settings form: what the user sets, callbacks hear, and cells observe and move."""

import asyncio
import json

import pytest
from traitlets import Float, HasTraits, TraitError, Undefined, link

import anychat as cl
from anychat.errors import ContextError
from anychat.input_widget import NumberInput, Select, Slider, Switch, Tab, Tags, TextInput
from anychat.protocol import Field, FillForm, encode
from anychat.settings import Settings
from anychat.testing import ChatDriver


class Knob(HasTraits):
    value = Float(7)


def app_with(*inputs: object) -> cl.App:
    """An App that shows a form when a chat begins, and notes what is done with it."""
    app = cl.App()

    @app.on_chat_start
    async def start() -> None:
        cl.user_session.set("heard", [])
        await cl.ChatSettings(list(inputs)).send()  # type: ignore[arg-type]

    @app.on_settings_update
    def updated(settings: dict[str, object]) -> None:
        cl.user_session.get("heard").append(("update", settings))

    @app.on_settings_edit
    async def edited(settings: dict[str, object]) -> None:
        cl.user_session.get("heard").append(("edit", settings))

    app.on_message(lambda message: cl.user_session.get("chat_settings")["temperature"])
    return app


TEMPERATURE = Slider("temperature", "Temperature", 1, max=2, step=0.1)
MODEL = Select("model", "Model", values=["small", "large"], initial_index=0)


def shown(user: ChatDriver) -> dict[str, object]:
    fields = user.offers.settings
    return {field.id: field.value for field in fields if field.type != "tab"}


async def test_the_form_is_shown_and_what_the_user_confirms_is_heard_as_a_whole() -> None:
    async with ChatDriver(app_with(TEMPERATURE, MODEL)) as user:
        assert shown(user) == {"temperature": 1.0, "model": "small"}
        assert user.session.chat_settings == {"temperature": 1.0, "model": "small"}
        await user.update_settings(temperature=2)
        assert user.state.heard == [("update", {"temperature": 2.0, "model": "small"})]
        assert shown(user) == user.session.chat_settings == {"temperature": 2.0, "model": "small"}
        assert (await user.send("?")).text == "2.0"


async def test_an_edit_is_heard_and_changes_nothing() -> None:
    async with ChatDriver(app_with(TEMPERATURE, MODEL)) as user:
        assert user.offers.edits
        await user.edit_settings(model="large")
        assert user.state.heard == [("edit", {"temperature": 1.0, "model": "large"})]
        assert user.session.chat_settings["model"] == "small"


async def test_an_edit_may_show_another_form_and_leaves_the_settings() -> None:
    app = app_with(MODEL)

    @app.on_settings_edit
    async def edited(settings: dict[str, str]) -> None:
        again = Select("model", "Model", values=["small", "large"], initial_value=settings["model"])
        await cl.ChatSettings([again, Switch("fast", "Fast", True)]).refresh()

    async with ChatDriver(app) as user:
        await user.edit_settings(model="large")
        assert shown(user) == {"model": "large", "fast": True}
        assert user.session.chat_settings == {"model": "small"}
        user.session.chat_settings["model"] = "large"
        await user.update_settings()
        assert user.session.chat_settings == {"model": "large", "fast": True}


async def test_a_form_of_tabs_is_one_form() -> None:
    async with ChatDriver(app_with(Tab("a", "A", [TEMPERATURE]), Tab("b", "B", [MODEL]))) as user:
        assert [(tab.type, [field.id for field in tab.inputs]) for tab in user.offers.settings] == [
            ("tab", ["temperature"]),
            ("tab", ["model"]),
        ]
        await user.update_settings(model="large")
        assert user.session.chat_settings == {"temperature": 1.0, "model": "large"}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"nope": 1}, "no 'nope'; they have 'temperature', 'model', 'fixed'"),
        ({"temperature": "hot"}, "takes a number between 0 and 2, not 'hot'"),
        ({"temperature": 3}, "takes a number between 0 and 2, not 3.0"),
        ({"model": ["small"]}, "takes one of 'small', 'large'"),
        ({"fixed": "other"}, "cannot be changed now"),
    ],
)
async def test_what_a_page_cannot_set_is_refused_in_words(values: dict[str, object], words: str) -> None:
    fixed = TextInput("fixed", "Fixed", "text", disabled=True)
    async with ChatDriver(app_with(TEMPERATURE, MODEL, fixed)) as user:
        await user.update_settings(**{"temperature": 0.5, **values})
        assert words in user.notices[0]
        assert user.session.chat_settings == {"temperature": 1.0, "model": "small", "fixed": "text"}
        assert user.state.heard == []
        await user.update_settings(temperature=0.5, fixed="text")
        assert user.session.chat_settings["temperature"] == 0.5


async def test_a_form_that_a_page_sends_twice_is_taken_once_and_of_an_old_session_never() -> None:
    async with ChatDriver(app_with(TEMPERATURE)) as user:
        sent = encode(FillForm(epoch=1, form="f1", values={"temperature": 2}))
        for _ in range(3):
            user.inject(sent)
        await user.update_settings(temperature=0)
        assert [values["temperature"] for _, values in user.state.heard] == [2.0, 0.0]
        await user.restart()
        user.inject(encode(FillForm(epoch=1, form="f2", values={"temperature": 2})))
        await user.update_settings()
        assert [values["temperature"] for _, values in user.state.heard] == [1.0]


async def test_settings_move_the_form_and_the_form_moves_settings() -> None:
    knob = Knob()
    async with ChatDriver(app_with(TEMPERATURE, MODEL)) as user:
        settings = user.session.chat_settings
        link((settings, "temperature"), (knob, "value"))
        assert knob.value == 1.0
        knob.value = 0.25
        await user.until(lambda user: shown(user)["temperature"] == 0.25)
        await user.update_settings(temperature=1.5)
        assert knob.value == 1.5
        user.session.chat_settings = {"temperature": 0.5, "model": "large"}
        assert (knob.value, settings) == (0.5, {"temperature": 0.5, "model": "large"})
        await user.until(lambda user: shown(user) == {"temperature": 0.5, "model": "large"})
        await user.restart()
        assert user.session.chat_settings is settings
        assert knob.value == 1.0


async def test_who_observes_hears_of_each_key_and_the_session_of_all() -> None:
    heard: list[tuple[str, object]] = []
    async with ChatDriver(app_with(TEMPERATURE, MODEL)) as user:
        user.session.chat_settings.observe(lambda change: heard.append((change.name, change.new)), "model")
        user.session.observe(lambda change: heard.append((change.name, dict(change.new))), "chat_settings")
        await user.update_settings(model="large", temperature=1)
        assert heard == [("model", "large"), ("chat_settings", {"temperature": 1.0, "model": "large"})]
        with pytest.raises(TraitError, match="are a dict"):
            user.session.chat_settings = 7  # type: ignore[assignment]


async def test_an_observer_that_raises_costs_nobody_else_anything() -> None:
    async with ChatDriver(app_with(TEMPERATURE)) as user:

        def fail(change: object) -> None:
            raise RuntimeError("mine")

        user.session.chat_settings.observe(fail)
        await user.update_settings(temperature=2)
        assert user.notices == []
        assert user.state.heard == [("update", {"temperature": 2.0})]


async def test_what_an_app_sets_beyond_what_a_user_could_is_kept_until_the_user_changes_it() -> None:
    async with ChatDriver(app_with(TEMPERATURE, NumberInput("n", "N"))) as user:
        user.session.chat_settings = {"temperature": 99, "n": object()}
        await user.until(lambda user: shown(user) == {"temperature": 99.0, "n": None})
        await user.update_settings(temperature=99)
        assert user.session.chat_settings["temperature"] == 99
        await user.update_settings(temperature=98)
        assert "takes a number" in user.notices[0]


async def test_going_back_in_the_conversation_leaves_the_settings() -> None:
    async with ChatDriver(app_with(TEMPERATURE)) as user:
        await user.send("one")
        await user.update_settings(temperature=2)
        turn = await user.edit(0, "again")
        assert turn.text == "2.0"


async def test_what_an_update_raises_is_shown_and_does_not_wait_for_a_turn() -> None:
    app, gate = app_with(TEMPERATURE), asyncio.Event()

    @app.on_message
    async def reply(message: cl.Message) -> None:
        await gate.wait()

    @app.on_settings_update
    async def updated(settings: dict[str, float]) -> None:
        gate.set()
        raise ValueError("too hot")

    async with ChatDriver(app) as user:
        turn = user.post("go")
        await user.update_settings(temperature=2)
        await user.until(lambda user: all(each.status == "done" for each in user.turns))
        assert [m.content for m in user.messages] == ["go", "ValueError: too hot"]
        assert user.messages[0].id == turn


async def test_users_of_one_form_have_lists_of_their_own() -> None:
    form, app = cl.ChatSettings([Tags("topics", "Topics", ["bees"])]), cl.App()
    app.on_chat_start(form.send)

    @app.on_message
    def add(message: cl.Message) -> str:
        cl.user_session.get("chat_settings")["topics"].append(message.content)
        return str(cl.user_session.get("chat_settings")["topics"])

    for topic in ("ants", "wasps"):
        async with ChatDriver(app) as user:
            assert (await user.send(topic)).text == f"['bees', {topic!r}]"
    assert form.settings() == {"topics": ["bees"]}


def test_settings_are_a_dict_to_whoever_takes_them_for_one() -> None:
    settings = Settings(a=1)
    settings.b = 2
    assert isinstance(settings, dict)
    assert json.dumps(settings) == '{"a": 1, "b": 2}'
    assert {**settings} == dict(settings) == settings == {"a": 1, "b": 2}
    assert f"{settings}" == "{'a': 1, 'b': 2}"
    assert (settings.pop("a"), settings.pop("a", 0), settings.setdefault("c", 3)) == (1, 0, 3)
    settings |= {"d": 4}
    settings.update(e=5)
    assert settings.popitem() == ("e", 5)
    assert (settings, list(settings.values()), len(settings)) == ({"b": 2, "c": 3, "d": 4}, [2, 3, 4], 3)
    assert settings | {"b": 0} == {"b": 0, "c": 3, "d": 4}
    settings.clear()
    assert (bool(settings), json.dumps(settings)) == (False, "{}")
    with pytest.raises(KeyError, match="empty"):
        settings.popitem()


def test_other_values_are_put_in_at_once_and_observers_hear_of_what_differs() -> None:
    settings, heard, seen = Settings(a=1, b=2, c=3), [], []
    settings.observe(lambda change: heard.append((change.name, change.new)))
    settings.show_with(lambda: seen.append(dict(settings)))
    settings.replace({"b": 2, "c": 4})
    assert heard == [("a", Undefined), ("c", 4)]
    assert seen == [{"b": 2, "c": 4}]


async def test_a_form_belongs_to_a_session() -> None:
    with pytest.raises(ContextError, match=r"cl\.ChatSettings\.send needs"):
        await cl.ChatSettings([TEMPERATURE]).send()


async def test_a_field_travels_with_what_the_page_needs() -> None:
    async with ChatDriver(app_with(TEMPERATURE)) as user:
        (field,) = user.offers.settings
        assert field == Field(
            id="temperature", type="slider", label="Temperature", value=1.0, initial=1.0, min=0, max=2, step=0.1
        )
