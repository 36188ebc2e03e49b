"""What is secret stays in the kernel: no repr and no error of a chat shows it."""

import re
from dataclasses import dataclass
from typing import Any

import pytest

import anychat as cl
from anychat.errors import OptionError
from anychat.secrets import HIDDEN, Mask, Secrets
from anychat.state import SessionState
from anychat.testing import ChatDriver

KEY = "sk-planted-0123456789abcdef"

LIKE_SECRETS = [
    *["api_key", "apiKey", "API-KEY", "OPENAI_API_KEY", "openai.api.key", "apikeys", "APIKey"],
    *["password", "Passwd", "user_password", "secret", "clientSecret", "aws_secret_access_key", "passphrase"],
    *["token", "accessToken", "hf_token", "refresh_tokens", "mytoken", "id_token", "authorization", "Authorization"],
    *["credentials", "google_credential", "auth", "basic-auth", "oauth_state", "Cookie", "jwt", "db_pwd", "DSN"],
    *["connection_string", "private_key", "ssh_key", "subscriptionKey"],
]
UNLIKE_SECRETS = [
    *["name", "count", "history", "tokens", "max_tokens", "token_count", "maxToken", "tokenizer", "author"],
    *["key", "keys", "primary_key", "monkey", "keyboard", "authors", "passenger", "cooking"],
]


@pytest.mark.parametrize("key", LIKE_SECRETS)
def test_a_key_that_looks_like_a_secret_is_one_in_any_style(key: str) -> None:
    assert Secrets().has(key, "x")


@pytest.mark.parametrize("key", UNLIKE_SECRETS)
def test_other_keys_are_none(key: str) -> None:
    assert not Secrets().has(key, "x")


def test_a_key_of_some_service_is_told_by_its_value() -> None:
    secrets = Secrets()
    assert secrets.has("openai_key", KEY)
    assert not secrets.has("openai_key", "not set yet, sorry")
    assert not secrets.has("sort_key", "name")
    assert [secrets.has("api_key", value) for value in (None, True, False, "", 0)] == [False] * 3 + [True] * 2


def test_the_rule_can_be_extended_by_names_patterns_and_functions() -> None:
    secrets = Secrets(["pin", re.compile("^x-"), lambda key: key == "code"])
    assert [key for key in ("PIN", "pins", "x-ray", "X-ray", "code", "api_key") if secrets.has(key, "1")] == [
        *["PIN", "x-ray", "code", "api_key"]
    ]
    assert Secrets("customerId").has("customer_id", "1")
    assert Secrets(lambda key: 1 / 0).has("whatever", "1"), "who cannot tell is not trusted"
    for wrong in (7, [7], re.compile(b"x")):
        with pytest.raises(OptionError, match=r"App\(secrets=\.\.\.\) takes keys by name"):
            cl.App(secrets=wrong)  # type: ignore[arg-type]


@dataclass
class Settings:
    model: str
    api_key: str


def test_secrets_are_found_wherever_they_stand_and_hidden_wherever_they_occur() -> None:
    values: dict[str, Any] = {
        "clients": [{"deep": ({"token": "first-secret"},)}, Settings("small", "second-secret")],
        "headers": {"Authorization": f"Bearer {KEY}"},
        "code": {"password": {"parts": ["third-secret"]}},
        "short": {"password": "abc"},
    }
    mask = Secrets().find(values, {"ANYTHING": "fourth-secret", "DEBUG": "1"})
    said = f"first-secret,second-secret,third-secret,fourth-secret,Bearer {KEY},{KEY}, abc, 1, small"
    assert mask.hide(said) == f"{HIDDEN},{HIDDEN},{HIDDEN},{HIDDEN},{HIDDEN},{HIDDEN}, abc, 1, small"


def test_a_secret_that_is_cut_at_the_end_is_hidden_whole() -> None:
    mask = Mask(Secrets(), [KEY])
    for cut in range(len(KEY) + 30):
        text = mask.hide("x" * 20 + KEY + KEY + "y" * 20, cut)
        assert not any(KEY[:length] in text for length in range(2, len(KEY)))


def test_a_secret_is_known_also_as_repr_writes_it() -> None:
    secret = "quote'and\\slash"
    assert repr(secret)[1:-1] != secret
    assert Mask(Secrets(), [secret]).hide(repr([secret])) == f'["{HIDDEN}"]'


def test_no_end_of_looking() -> None:
    endless: list[Any] = []
    endless.append(endless)
    wide = [[{"deep": [number]} for number in range(1000)] for _ in range(1000)]
    assert Secrets().find({"endless": endless, "wide": wide, "token": endless}, {}).texts == frozenset()


# ── Where they could be seen ─────────────────────────────────────────────────────────────────────


async def test_env_reaches_callbacks_and_nobody_else() -> None:
    async def reply(message: cl.Message) -> str:
        env = cl.user_session.get("env")
        return f"{len(env['MY_KEY'])} {dict(env) == {'MY_KEY': KEY}}"

    async with ChatDriver(reply, env={"MY_KEY": KEY}) as user:
        assert (await user.send("go")).text == f"{len(KEY)} True"
        assert repr(user.session.env) == f"{{'MY_KEY': {HIDDEN}}}"
        first = user.session
        await user.restart()
        assert user.session is not first
        assert user.session.env == {"MY_KEY": KEY}
        user.session.env = {"OTHER": KEY}
        assert repr(user.session.env) == f"{{'OTHER': {HIDDEN}}}"


def test_what_is_no_env_is_refused_without_telling_it() -> None:
    for wrong in (KEY, [KEY], {"KEY": KEY.encode()}, {1: KEY}):
        with pytest.raises(OptionError, match=r"Chat\(env=\.\.\.\) takes") as refused:
            cl.Chat(env=wrong)  # type: ignore[arg-type]
        assert KEY not in str(refused.value)


async def test_a_fork_has_the_env_too() -> None:
    chat = cl.Chat(lambda message: "ok", env={"MY_KEY": KEY}, loop="thread")
    twin = chat.fork()
    assert twin.session.env == {"MY_KEY": KEY}
    chat.close()
    twin.close()


async def test_a_chat_that_takes_a_session_over_may_bring_another_env() -> None:
    first = cl.Chat(lambda message: "ok", name="renewed", env={"MY_KEY": "old"}, loop="thread")
    cl.Chat(lambda message: "ok", name="renewed", loop="thread")
    assert first.session.env == {"MY_KEY": "old"}
    second = cl.Chat(lambda message: "ok", name="renewed", env={"MY_KEY": KEY}, loop="thread")
    assert (second.session is first.session, first.session.env) == (True, {"MY_KEY": KEY})
    second.close()


async def test_no_repr_has_a_secret() -> None:
    seen: list[str] = []

    def reply(message: cl.Message) -> None:
        cl.user_session.set("api_key", KEY)
        cl.user_session.set("nested", {"list": [{"token": KEY}], "said": f"I use {KEY}."})
        cl.user_session.set("settings", Settings("small", KEY))
        seen.extend(map(repr, (cl.user_session, cl.context, cl.context.session, message)))

    speaker = cl.User("ada", metadata={"token": KEY})
    chat = cl.Chat(reply, user=speaker, env={"MY_KEY": KEY}, loop="thread")
    changes: list[Any] = []
    chat.state.observe(changes.append)
    chat.session.observe(changes.append)
    turn = await chat.send("go")
    del chat.state["api_key"]
    seen += map(repr, (chat, turn, chat.state, chat.session, chat.session.env, chat.session.transcript, speaker))
    seen += [repr(cl.sessions()), cl.sessions().to_frame().to_html(), *map(repr, changes)]
    assert [text for text in seen if KEY in text or "I use sk" in text] == []
    assert f"'new': {{'list': [{{'token': {HIDDEN}}}], 'said': 'I use {HIDDEN}.'}}" in "".join(seen)
    chat.close()


def test_what_observers_print_is_short() -> None:
    state, said = SessionState(history=[]), []
    state.observe(lambda change: said.append(repr(change)), "history")
    state.history = ["x" * 1000] * 1000
    assert len(said[0]) < 400
    assert said[0].startswith("{'name': 'history', 'old': [], 'new': ['xxx")


async def test_an_error_in_the_chat_has_no_secret() -> None:
    app = cl.App(secrets="pin")

    @app.on_message
    def reply(message: cl.Message) -> None:
        cl.user_session.set("pin", "0123-4567")
        cl.user_session.set("api_key", KEY)
        raise ValueError(f"Wrong key {KEY} and pin {cl.user_session.get('pin')}")

    async with ChatDriver(app) as user:
        turn = await user.send("go")
        (shown,) = turn.messages
        assert shown.content == f"ValueError: Wrong key {HIDDEN} and pin {HIDDEN}"
        assert shown.traceback is not None
        assert f"ValueError: Wrong key {HIDDEN} and pin {HIDDEN}" in shown.traceback
        assert KEY in str(turn.error), "Python has it as it is"


async def test_the_rule_of_the_app_that_is_in_force_counts() -> None:
    app = cl.App()
    async with ChatDriver(app) as user:
        said: list[str] = []
        user.state.observe(lambda change: said.append(repr(change)), "pin")
        user.state.pin = "0123"
        app.secrets = ["pin"]
        user.state.pin = "4567"
        assert ["0123" in said[0], "4567" in said[1], HIDDEN in said[1]] == [True, False, True]


async def test_steps_show_no_secret_of_what_they_were_given() -> None:
    @cl.step(type="tool")
    def look_up(query: str, api_key: str, options: dict[str, Any], client: Settings) -> dict[str, str]:
        return {"answer": query, "token": api_key}

    def reply(message: cl.Message) -> None:
        look_up("x", KEY, {"headers": [{"Authorization": f"Bearer {KEY}"}], "limit": 5}, Settings("small", KEY))

    async with ChatDriver(reply) as user:
        turn = await user.send("go")
        (step,) = turn.steps
        assert KEY not in step.input + step.content
        assert [f'"api_key": "{HIDDEN}"' in step.input, '"limit": 5' in step.input] == [True, True]
        assert [f'"token": "{HIDDEN}"' in step.content, '"answer": "x"' in step.content] == [True, True]
