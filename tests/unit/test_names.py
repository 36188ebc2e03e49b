"""Every name that Chainlit has is supported, accepted or absent, and what is said of it is true."""

import importlib
import inspect
import sys
from collections.abc import Iterator

import pytest

import anychat as cl
from anychat import names
from anychat.names import ACCEPTED, CHAINLIT, OPTIONAL, standing
from names_table import README, with_table


@pytest.fixture(autouse=True)
def nothing_said_yet() -> Iterator[None]:
    names._warn_once.cache_clear()
    yield
    names._warn_once.cache_clear()


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


@pytest.mark.parametrize("name", of("absent"))
def test_absent_names_say_that_chainlit_has_them(name: str) -> None:
    assert not hasattr(cl, name)
    with pytest.raises(AttributeError, match=f"anychat has no {name!r}. Chainlit has it"):
        getattr(cl, name)


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


@pytest.mark.parametrize("known", ["ACCEPTED", "NOT_HERE"])
def test_what_is_said_of_names_is_said_of_chainlits(known: str) -> None:
    table = getattr(names, known)
    assert set(table) <= {*CHAINLIT, "server", "config"}
    assert all(reason.endswith(".") for reason in table.values())


PATHS = {
    "types": "ThreadDict AskFileResponse Feedback Pagination ThreadFilter PaginatedResponse PageInfo CommandDict "
    "FileDict Starter StarterCategory ChatProfile InputAudioChunk OutputAudioChunk",
    "user": "User PersistedUser",
    "mode": "Mode ModeOption",
    "element": "Element ElementDict",
    "message": "Message ErrorMessage",
    "context": "context local_steps",
    "user_session": "user_session",
    "chat_context": "chat_context",
    "sync": "run_sync make_async",
    "cache": "cache",
    "utils": "utc_now",
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
    page = {"pageInfo": {"hasNextPage": True, "startCursor": None, "endCursor": "z"}, "data": [{"hasNextPage": False}]}
    response: PaginatedResponse[PageInfo] = PaginatedResponse.from_dict(page, PageInfo)
    assert response.pageInfo == PageInfo(True, None, "z")
    assert response.to_dict()["data"] == [{"hasNextPage": False, "startCursor": None, "endCursor": None}]
