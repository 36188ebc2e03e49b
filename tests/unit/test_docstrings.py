"""The reference is in the docstrings: they are there, they name every argument, and their examples run."""

import doctest
import importlib
import inspect
import pkgutil
from types import ModuleType

import pytest

import anychat
import anychat.testing

MODULES = [importlib.import_module(name) for _, name, _ in pkgutil.walk_packages(anychat.__path__, "anychat.")]
PUBLIC = {name: getattr(anychat, name) for name in anychat.__all__ if not name.startswith("__")} | {
    "ChatDriver": anychat.testing.ChatDriver
}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_examples_run(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("name", PUBLIC)
def test_public_names_say_what_they_are_for(name: str) -> None:
    value = PUBLIC[name]
    documented = value if inspect.isclass(value) or inspect.isroutine(value) else type(value)
    assert inspect.getdoc(documented)
    members = vars(documented).items() if inspect.isclass(documented) else []
    for member_name, member in members:
        if not member_name.startswith("_") and (inspect.isroutine(member) or isinstance(member, property)):
            assert inspect.getdoc(member), f"{name}.{member_name}"


@pytest.mark.parametrize("name", ["App", "Chat", "ChatDriver", "ErrorMessage", "Message", "User"])
def test_classes_document_their_arguments(name: str) -> None:
    arguments = inspect.signature(PUBLIC[name]).parameters.values()
    text = inspect.getdoc(PUBLIC[name]) or ""
    described = text.partition("Parameters")[2]
    for argument in arguments:
        if argument.kind is not argument.VAR_KEYWORD:
            assert argument.name in described, argument.name
