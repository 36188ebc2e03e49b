"""What users are offered beside writing: profiles, starters, commands, modes, toasts."""

import asyncio

import pytest

import anychat as cl
from anychat.errors import ContextError, InvalidValueError, OptionError
from anychat.protocol import (
    CommandOffer,
    ModeChoice,
    ModeOffer,
    ProfileOffer,
    Restart,
    StarterGroup,
    StarterOffer,
    UserMessage,
    encode,
)
from anychat.testing import ChatDriver

HELLO = cl.Starter("Say hello", "hello", icon="👋")
SEARCH = {"id": "Search", "description": "Find on the web", "icon": "globe", "persistent": True}
DRAW = {"id": "Draw", "button": True, "selected": True}
MODEL = cl.Mode("model", "Model", [cl.ModeOption("s", "Small"), cl.ModeOption("l", "Large", default=True)])
PACE = cl.Mode("pace", "Pace", [cl.ModeOption("slow", "Slow"), cl.ModeOption("fast", "Fast")])


def echo(app: cl.App) -> cl.App:
    @app.on_message
    def reply(message: cl.Message) -> str:
        return f"{message.content} {message.command} {message.modes}"

    return app


# ── Starters ─────────────────────────────────────────────────────────────────────────────────────


async def test_a_starter_is_a_message_with_one_click() -> None:
    app = echo(cl.App())
    app.set_starters(lambda: [HELLO, cl.Starter("Draw me", "a cat", command="Draw")])
    async with ChatDriver(app) as user:
        assert user.starters == [
            StarterOffer(label="Say hello", message="hello", icon="👋"),
            StarterOffer(label="Draw me", message="a cat", command="Draw"),
        ]
        turn = await user.choose(starter="Draw me")
        assert turn is not None
        assert turn.text == "a cat Draw None"


async def test_categories_group_starters_and_take_their_place() -> None:
    app = cl.App()
    app.set_starters(lambda: [HELLO])

    @app.set_starter_categories
    async def categories() -> list[cl.StarterCategory]:
        return [cl.StarterCategory("Polite", "🙂", [HELLO]), cl.StarterCategory("Empty")]

    async with ChatDriver(app) as user:
        assert user.offers.starters == [
            StarterGroup(label="Polite", icon="🙂", starters=user.starters),
            StarterGroup(label="Empty", starters=[]),
        ]


async def test_whoever_offers_knows_the_user_the_language_the_profile_and_the_session() -> None:
    app = cl.App()
    given: list[tuple[object, ...]] = []

    @app.set_chat_profiles
    async def profiles(user: cl.User, language: str) -> list[cl.ChatProfile]:
        given.append((user.identifier, language))
        return [cl.ChatProfile("Fast", "Answers soon")]

    @app.set_starters
    def starters(user: cl.User, language: str, profile: str) -> list[cl.Starter]:
        given.append((user.identifier, profile, cl.user_session.get("greeting")))
        return []

    @app.on_chat_start
    def start() -> None:
        cl.user_session.set("greeting", "hi")

    async with ChatDriver(app, user="ada") as user:
        assert given[0] == ("ada", user.session.language)
        assert given[1][:2] == ("ada", "Fast")
        assert len(user.session.language.split("-")) <= 2


async def test_starters_that_are_registered_anew_are_asked_for_again() -> None:
    app, asked = cl.App(), []
    app.set_starters(lambda: asked.append("old"))
    async with ChatDriver(app) as user:
        assert user.starters == []
        app.on_message(lambda message: "ok")
        app.set_starters(lambda: [HELLO])
        await user.until(lambda user: [each.label for each in user.starters] == ["Say hello"])
        assert asked == ["old"]


@pytest.mark.parametrize("given", ["hello", [{"label": "x"}], 7])
async def test_what_is_no_list_of_starters_is_said_in_the_chat(given: object) -> None:
    app = echo(cl.App())
    app.set_starters(lambda: given)
    async with ChatDriver(app) as user:
        assert "set_starters gives a list of cl.Starter" in user.messages[0].content
        assert (await user.send("on")).text == "on None None"


async def test_what_a_callback_for_starters_raises_is_shown() -> None:
    app = cl.App()
    app.set_starters(lambda: 1 / 0)
    async with ChatDriver(app) as user:
        assert user.messages[0].content == "ZeroDivisionError: division by zero"


# ── Profiles ─────────────────────────────────────────────────────────────────────────────────────

PROFILES = [
    cl.ChatProfile("Fast", "Answers *soon*", icon="🐇", starters=[cl.Starter("Hurry", "quick!")]),
    cl.ChatProfile("Careful", "Thinks", display_name="With care", default=True, config_overrides={"ui": {}}),
]


def app_with_profiles() -> cl.App:
    app = cl.App()
    app.set_chat_profiles(lambda: PROFILES)
    app.set_starters(lambda: [HELLO])
    app.on_chat_start(lambda: cl.user_session.set("began_as", cl.user_session.get("chat_profile")))
    app.on_message(lambda message: cl.user_session.get("chat_profile"))
    return app


async def test_a_chat_begins_with_the_default_profile() -> None:
    async with ChatDriver(app_with_profiles()) as user:
        assert user.offers.profiles == [
            ProfileOffer(name="Fast", label="Fast", description="Answers *soon*", icon="🐇"),
            ProfileOffer(name="Careful", label="With care", description="Thinks"),
        ]
        assert (user.offers.profile, user.state.began_as) == ("Careful", "Careful")
        assert [each.label for each in user.starters] == ["Say hello"]


async def test_choosing_a_profile_begins_a_new_conversation_with_its_own_starters() -> None:
    async with ChatDriver(app_with_profiles()) as user:
        await user.send("hello")
        await user.choose(profile="Fast")
        assert (user.messages, user.state.began_as, user.offers.profile) == ([], "Fast", "Fast")
        assert [each.label for each in user.starters] == ["Hurry"]
        await user.restart()
        assert (await user.send("?")).text == "Fast"


async def test_without_a_default_the_first_profile_is_chosen() -> None:
    app = echo(cl.App())
    app.set_chat_profiles(lambda: [cl.ChatProfile("A", ""), cl.ChatProfile("B", "")])
    async with ChatDriver(app) as user:
        assert user.session.chat_profile == "A"
    async with ChatDriver(app, profile="B") as user:
        assert user.session.chat_profile == "B"


async def test_a_profile_that_is_not_there_is_refused_to_pages_and_shown_to_programmers() -> None:
    async with ChatDriver(app_with_profiles(), profile="Slow") as user:
        assert user.messages[0].content.endswith(
            "There is no profile 'Slow', so this is 'Careful'. There are 'Fast', 'Careful'."
        )
        user.inject(encode(Restart(1, "Slow")))
        await user.until(
            lambda user: user.notices == ["There is no profile 'Slow' here, or no more. Choose another one."]
        )
        assert user.session.chat_profile == "Careful"


async def test_no_profiles_are_no_profiles() -> None:
    app = echo(cl.App())
    app.set_chat_profiles(lambda: None)
    async with ChatDriver(app) as user:
        assert (user.offers.profiles, user.offers.profile) == ([], None)


async def test_profiles_that_are_registered_anew_leave_the_conversation_as_it_is() -> None:
    app = app_with_profiles()
    async with ChatDriver(app) as user:
        await user.send("hello")
        app.set_chat_profiles(lambda: [cl.ChatProfile("Other", "")])
        await user.until(lambda user: [each.name for each in user.offers.profiles] == ["Other"])
        assert (user.session.chat_profile, len(user.messages)) == ("Careful", 2)


# ── Commands ─────────────────────────────────────────────────────────────────────────────────────


def app_with_commands(*commands: object) -> cl.App:
    app = echo(cl.App())

    @app.on_chat_start
    async def start() -> None:
        await cl.context.emitter.set_commands(list(commands))  # type: ignore[arg-type]

    return app


async def test_a_command_goes_with_a_message_and_a_persistent_one_with_the_next() -> None:
    async with ChatDriver(app_with_commands(SEARCH, DRAW)) as user:
        assert user.offers.commands == [
            CommandOffer(id="Search", description="Find on the web", icon="globe", persistent=True),
            CommandOffer(id="Draw", button=True, selected=True),
        ]
        assert (await user.send("cats", command="Draw")).text == "cats Draw None"
        assert (await user.send("dogs")).text == "dogs None None"
        await user.choose(command="Search")
        assert [(await user.send(text)).text for text in "ab"] == ["a Search None", "b Search None"]
        assert (await user.send("", command="Draw")).text == " Draw None"
        assert [m.command for m in user.messages if m.role == "user"] == ["Draw", None, "Search", "Search", "Draw"]


async def test_commands_come_and_go_at_any_time() -> None:
    app = app_with_commands(SEARCH)

    @app.on_message
    async def reply(message: cl.Message) -> None:
        await cl.context.emitter.set_commands([])

    async with ChatDriver(app) as user:
        await user.send("take them away")
        assert user.offers.commands == []
        turn = await user.send("cats", command="Search")
        assert turn.status is None
        assert user.notices == ["There is no command 'Search' here, or no more. Send the message without it."]


async def test_a_message_that_is_written_again_keeps_its_command() -> None:
    app = app_with_commands(SEARCH)
    async with ChatDriver(app) as user:
        first = await user.send("cats", command="Search")
        app.on_message(lambda message: cl.context.emitter.set_commands([]))
        await user.send("take them away")
        echo(app)
        assert (await user.send("dogs", command="Search", replaces=first.id)).text == "dogs Search None"


@pytest.mark.parametrize("commands", ["Search", [{"description": "x"}], [{"id": ""}], [7]])
async def test_what_is_no_command_is_said_at_its_turn(commands: object) -> None:
    async def reply(message: cl.Message) -> None:
        await cl.context.emitter.set_commands(commands)  # type: ignore[arg-type]

    async with ChatDriver(reply) as user:
        assert isinstance((await user.send("go")).error, OptionError)


# ── Modes ────────────────────────────────────────────────────────────────────────────────────────


def app_with_modes() -> cl.App:
    app = echo(cl.App())

    @app.on_chat_start
    async def start() -> None:
        await cl.context.emitter.set_modes([MODEL, PACE, cl.Mode("empty", "Empty")])

    return app


async def test_each_message_has_an_option_of_each_mode() -> None:
    async with ChatDriver(app_with_modes()) as user:
        assert user.offers.modes[0] == ModeOffer(
            id="model",
            name="Model",
            options=[ModeChoice(id="s", name="Small"), ModeChoice(id="l", name="Large")],
            default="l",
        )
        assert (await user.send("a")).text == "a None {'model': 'l', 'pace': 'slow'}"
        await user.choose(modes={"pace": "fast"})
        for _ in range(2):
            assert (await user.send("b")).text == "b None {'model': 'l', 'pace': 'fast'}"
        assert (await user.send("c", modes={"model": "s"})).text == "c None {'model': 's', 'pace': 'fast'}"


@pytest.mark.parametrize("modes", [{"model": "xl"}, {"speed": "fast"}, {"empty": "x"}])
async def test_an_option_that_is_not_offered_is_refused(modes: dict[str, str]) -> None:
    async with ChatDriver(app_with_modes()) as user:
        turn = await user.send("a", modes=modes)
        assert turn.status is None
        assert "here, or no more. Choose again" in user.notices[0]
        assert (await user.send("b")).text == "b None {'model': 'l', 'pace': 'slow'}"


async def test_what_is_no_mode_is_said_at_its_turn() -> None:
    async with ChatDriver(lambda message: cl.context.emitter.set_modes([{"id": "model"}])) as user:  # type: ignore[list-item]
        error = (await user.send("go")).error
        assert str(error) == "set_modes takes a list of cl.Mode, or None, not [{'id': 'model'}]."


async def test_a_message_that_was_taken_is_not_refused_when_it_comes_again() -> None:
    app = app_with_commands(SEARCH)
    async with ChatDriver(app) as user:
        sent = encode(UserMessage(turn="t1", content="cats", command="Search"))
        user.inject(sent)
        app.on_message(lambda message: cl.context.emitter.set_commands([]))
        await user.send("take them away")
        user.inject(sent)
        await user.send("and on")
        assert user.notices == []


# ── Toasts ───────────────────────────────────────────────────────────────────────────────────────


async def test_a_toast_passes_by_and_is_no_part_of_the_conversation() -> None:
    async def reply(message: cl.Message) -> None:
        await cl.context.emitter.send_toast("Saved")
        await cl.context.emitter.send_toast("x" * 5_000, "error")

    async with ChatDriver(reply) as user:
        await user.send("go")
        assert [(len(each.message), each.kind) for each in user.toasts] == [(5, "info"), (1_000, "error")]
        assert [message.content for message in user.messages] == ["go"]


async def test_a_toast_has_one_of_four_types() -> None:
    async def reply(message: cl.Message) -> None:
        with pytest.raises(ValueError, match="'info', 'success', 'warning', 'error', not 'loud'") as raised:
            await cl.context.emitter.send_toast("Saved", "loud")  # type: ignore[arg-type]
        assert isinstance(raised.value, InvalidValueError)

    async with ChatDriver(reply) as user:
        assert (await user.send("go")).error is None
        assert user.toasts == []


async def test_what_a_stopped_turn_still_offers_is_dropped() -> None:
    go_on, done = asyncio.Event(), asyncio.Event()

    async def late(emitter: object) -> None:
        await go_on.wait()
        await cl.context.emitter.send_toast("late")
        await cl.context.emitter.set_commands([SEARCH])
        await cl.ChatSettings([cl.input_widget.Switch("a", "A")]).send()
        done.set()

    async def reply(message: cl.Message) -> None:
        cl.user_session.set("task", asyncio.create_task(late(cl.context.emitter)))
        await asyncio.Event().wait()

    async with ChatDriver(reply) as user:
        user.post("go")
        await user.until(lambda user: "task" in user.state)
        await user.stop()
        go_on.set()
        await done.wait()
        assert (user.toasts, user.session.transcript.offers.commands, user.session.chat_settings) == ([], [], {})


def test_the_emitter_is_there_in_callbacks_only() -> None:
    with pytest.raises(ContextError, match=r"cl\.context\.emitter needs"):
        cl.context.emitter  # noqa: B018


async def test_offers_that_say_the_same_are_not_sent_again() -> None:
    app = app_with_commands(SEARCH)
    app.on_message(lambda message: cl.context.emitter.set_commands([SEARCH]))
    async with ChatDriver(app) as user:
        before = user.session.transcript.offers
        await user.send("go")
        assert user.session.transcript.offers is before
