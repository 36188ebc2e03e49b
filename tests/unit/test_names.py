"""Every name that Chainlit has is supported, accepted or absent, and what is said of it is true."""

import importlib
import inspect
import sys
from collections.abc import Iterator
from typing import Any

import pytest

import anychat as cl
from anychat import names
from anychat.errors import OptionError
from anychat.names import ACCEPTED, CHAINLIT, OPTIONAL, standing
from anychat.testing import ChatDriver
from names_table import README, with_table


@pytest.fixture(autouse=True)
def nothing_said_yet() -> Iterator[None]:
    names.say_once.cache_clear()
    yield
    names.say_once.cache_clear()


def of(expected: str) -> list[str]:
    return [name for name in CHAINLIT if standing(name, cl.__all__) == expected]


def test_the_readme_lists_them_all() -> None:
    text = README.read_text("utf-8")
    assert with_table(text) == text, "The table is stale: run `nox -s names`."
    assert len(set(CHAINLIT)) == 81


@pytest.mark.parametrize("name", of("supported"))
def test_supported_names_are_public(name: str) -> None:
    assert name in cl.__all__ or name in OPTIONAL
    assert getattr(cl, name).__doc__ is not None


@pytest.mark.parametrize("name", OPTIONAL)
def test_names_that_need_a_package_say_which(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, package = OPTIONAL[name]
    monkeypatch.setitem(sys.modules, f"anychat.{module}", None)
    with pytest.raises(ImportError, match=f"cl.{name} needs the package {package}, which is not installed here"):
        getattr(cl, name)


@pytest.mark.parametrize("name", [name for name in of("accepted") if name not in cl.__all__])
def test_accepted_names_do_nothing_and_say_so_once(name: str) -> None:
    accepted = getattr(cl, name)

    def callback() -> str:
        return "unchanged"

    with pytest.warns(UserWarning, match=f"^cl.{name} has no effect in a notebook") as warned:
        assert accepted(callback) is callback
    assert warned[0].filename == __file__
    assert accepted(callback) is callback  # warnings are errors: a second one would fail
    assert accepted() is None
    assert ACCEPTED[name] in (inspect.getdoc(accepted) or "")
    assert name in dir(cl)


def test_no_name_is_absent() -> None:
    assert of("absent") == []


def test_a_misspelt_name_gets_a_guess() -> None:
    with pytest.raises(AttributeError, match=r"anychat has no 'on_mesage'\. Did you mean 'on_message'\?"):
        getattr(cl, "on_mesage")  # noqa: B009
    with pytest.raises(AttributeError, match=r"Did you mean 'password_auth_callback'\?"):
        getattr(cl, "password_auth_calback")  # noqa: B009
    with pytest.raises(AttributeError, match=r"anychat has no 'xyzzy'\.$"):
        getattr(cl, "xyzzy")  # noqa: B009


def test_routes_for_a_web_server_go_nowhere() -> None:
    from anychat.server import app

    async def health() -> str:
        return "ok"

    with pytest.warns(UserWarning, match="Jupyter serves the page") as warned:
        assert app.get("/health", tags=["x"])(health) is health
    assert warned[0].filename == __file__
    app.router.routes.insert(0, "anything")
    app.add_middleware(object, allow_origins=["*"])
    assert cl.server.app.get("/")(health) is health


def test_what_is_said_of_names_is_said_of_chainlits() -> None:
    assert set(ACCEPTED) <= {*CHAINLIT, "server"}
    assert all(reason.endswith(".") for reason in ACCEPTED.values())


PATHS = {
    "types": "ThreadDict AskFileResponse Feedback Pagination ThreadFilter PaginatedResponse PageInfo CommandDict "
    "FileDict AskActionResponse AskElementResponse Starter StarterCategory ChatProfile InputAudioChunk "
    "OutputAudioChunk",
    "user": "User PersistedUser",
    "mode": "Mode ModeOption",
    "element": "Element ElementBased ElementDict",
    "message": "Message ErrorMessage",
    "action": "Action",
    "auth": "create_jwt",
    "cli": "run_chainlit",
    "config": "config ChainlitConfigOverrides FeaturesSettings McpFeature UISettings",
    "context": "context local_steps get_context init_http_context init_ws_context",
    "data": "BaseDataLayer get_data_layer queue_until_user_message",
    "data.utils": "queue_until_user_message",
    "input_widget": "Switch Slider Select TextInput NumberInput Tags MultiSelect Checkbox RadioGroup DatePicker Tab",
    "user_session": "user_session",
    "chat_context": "chat_context",
    "sync": "run_sync make_async",
    "cache": "cache",
    "utils": "utc_now mount_chainlit",
    "logger": "logger",
    "callbacks": "on_message on_chat_start",
    "step": "Step step StepDict",
    "langchain.callbacks": "LangchainCallbackHandler AsyncLangchainCallbackHandler",
    "llama_index.callbacks": "LlamaIndexCallbackHandler",
    "semantic_kernel": "SemanticKernelFilter",
}


@pytest.mark.parametrize("path", PATHS)
def test_sub_modules_have_the_names_that_apps_import_from_them(path: str) -> None:
    module = importlib.import_module(f"anychat.{path}")
    for name in PATHS[path].split():
        assert getattr(module, name) is not None
        if name in cl.__all__:
            assert getattr(cl, name) is getattr(module, name) or getattr(cl, name) == getattr(module, name)


def test_what_runs_a_server_says_what_to_do_instead() -> None:
    from anychat.auth import create_jwt
    from anychat.cli import run_chainlit
    from anychat.context import init_http_context, init_ws_context
    from anychat.utils import mount_chainlit

    with pytest.warns(UserWarning, match="Jupyter serves the page") as warned:
        mount_chainlit(object(), target="app.py")
    assert warned[0].filename == __file__
    assert init_http_context(user=None) is init_ws_context(object())
    assert create_jwt(cl.User("ada")) != create_jwt(cl.User("ada"))
    with pytest.raises(OptionError, match=r"write cl.Chat\(cl.load\('app.py'\)\)"):
        run_chainlit("app.py")


async def test_the_config_tells_what_the_running_app_was_made_with() -> None:
    from anychat.config import config

    app = cl.App("Clerk", cot="tool_call", uploads=cl.Uploads([".csv"], max_files=2, max_size_mb=3))

    @app.on_message
    def tell(_message: cl.Message) -> str:
        files = config.features.spontaneous_file_upload
        assert files is not None
        return f"{config.ui.name}, {config.ui.cot}, {files.enabled}, {files.accept}, {files.max_files}"

    async with ChatDriver(app) as user:
        assert (await user.send("?")).text == "Clerk, tool_call, True, ['.csv'], 2"
    async with ChatDriver(cl.App("Mute", tell, uploads=False)) as user:
        assert (await user.send("?")).text == "Mute, full, False, None, None"
    assert (config.ui.name, config.project.user_env) == ("Assistant", None)
    with pytest.raises(AttributeError, match="Options are arguments of"):
        config.root  # noqa: B018


async def test_an_app_finds_its_own_store_and_makes_it_once() -> None:
    from anychat.data import BaseDataLayer, get_data_layer, queue_until_user_message

    made: list[object] = []

    class Store:
        @queue_until_user_message()
        async def create_step(self, step: object) -> object:
            return step

    def make() -> Store:
        made.append(Store())
        return Store()

    async def keep(message: cl.Message) -> str:
        store: Any = get_data_layer()
        return "none" if store is None else str(await store.create_step(message.content))

    with_store, without = cl.App("A", keep), cl.App("B", keep)
    with pytest.warns(UserWarning, match="an App finds it with `anychat.data.get_data_layer"):
        with_store.data_layer(make)
    async with ChatDriver(with_store) as user, ChatDriver(without) as other:
        assert [(await user.send(text)).text for text in ("a", "b")] == ["a", "b"]
        assert (await other.send("c")).text == "none"
    assert len(made) == 1
    assert get_data_layer() is None
    with pytest.raises(TypeError, match="abstract"):
        BaseDataLayer()  # type: ignore[abstract]


def test_records_have_chainlits_fields() -> None:
    from anychat.types import PageInfo, PaginatedResponse

    assert cl.PersistedUser(id="1", createdAt="now", identifier="ada").metadata == {}
    assert cl.ChatProfile(name="a", markdown_description="b").starters is None
    assert cl.StarterCategory("label", starters=[cl.Starter("a", "b")]).starters[0].message == "b"
    mode = cl.Mode("m", "Model", [cl.ModeOption("s", "Small"), cl.ModeOption("l", "Large", default=True)])
    assert [mode.get_default_option(), mode.get_option_by_id("s"), mode.get_option_by_id("x")] == [
        mode.options[1], mode.options[0], None,
    ]  # fmt: skip
    assert cl.Mode("m", "Model", mode.options[:1]).get_default_option() is mode.options[0]
    assert cl.User("ada").to_dict() == {"identifier": "ada", "display_name": None, "metadata": {}}
    assert mode.to_dict()["options"][0]["name"] == "Small"
    page = {"pageInfo": {"hasNextPage": True, "startCursor": None, "endCursor": "z"}, "data": [{"hasNextPage": False}]}
    response: PaginatedResponse[PageInfo] = PaginatedResponse.from_dict(page, PageInfo)
    assert response.pageInfo == PageInfo(True, None, "z")
    assert response.to_dict()["data"] == [{"hasNextPage": False, "startCursor": None, "endCursor": None}]
