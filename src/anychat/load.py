"""``cl.load``: a Chainlit script, unchanged, as an App.

The script and the files beside it get an ``import`` of their own: ``chainlit`` is anychat there, with decorators that
fill the App that is made, and the files beside it are loaded anew, for this App alone. So other code, other threads and
other loaded scripts see nothing of it, and an ``import`` that a callback does later works as one at the top does.

In ``sys.modules`` they stand under names that nobody else has, for as long as the App lives: dataclasses, annotations
and pickle look there for the module of a class. ``chainlit`` never stands there.
"""

from __future__ import annotations

import builtins
import importlib
import importlib.util
import itertools
import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, wraps
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import module_from_spec, resolve_name, spec_from_loader
from pathlib import Path
from types import MethodType, ModuleType
from typing import Any
from weakref import finalize, ref

from .callbacks import App, default_app
from .errors import OptionError
from .names import CHAINLIT

OURS = __name__.rpartition(".")[0]
THEIRS = "chainlit"


def load(path: str | os.PathLike[str]) -> App:
    """Run a Chainlit script, unchanged, and return the App that its decorators make.

    ``import chainlit as cl`` gives the script anychat, and so do the modules beside it, which are loaded with it, anew
    each time. The script's name is not ``"__main__"``.

    Parameters
    ----------
    path
        The script, from the working directory.

    Returns
    -------
    App
        An App of its own: give it to `Chat` or `anychat.testing.ChatDriver`.

    Raises
    ------
    OptionError
        When there is no such file.
    Exception
        What the script raises.

    Examples
    --------
    >>> import anychat as cl
    >>> chat = cl.Chat(cl.load("app.py"))                        # doctest: +SKIP
    """
    script = Path(path).absolute()
    if not script.is_file():
        raise OptionError(f"cl.load takes the path of a Python file, and there is none at {str(script)!r}.")
    app = App()
    imports = _Imports(app, script)
    finalize(app, imports.forget).atexit = False
    try:
        imports.run(script)
    except BaseException:
        imports.forget()
        raise
    return app


class _Imports:
    """The ``import`` of one script, and of the modules beside it."""

    def __init__(self, app: App, script: Path) -> None:
        self._app = ref(app)  # what is in sys.modules must not keep it alive
        self._name = f"{script.stem}_{next(_numbers())}"
        self._directory = str(script.parent)
        self._modules: dict[str, ModuleType] = {}  # the files beside the script, by the names that they have there
        self._facades: dict[str, _Facade] = {}
        self._elsewhere: set[str] = set()
        self._lock = threading.RLock()  # callbacks in several threads may import
        self._builtins = {**vars(builtins), "__import__": self._import}

    def run(self, script: Path) -> None:
        """Run the script itself."""
        loader = SourceFileLoader(self._name, str(script))
        spec = spec_from_loader(self._name, loader)
        assert spec is not None, "A loader that is given makes a spec."
        module = sys.modules[self._name] = module_from_spec(spec)
        module.__path__ = [self._directory]  # the files beside it have names below its own
        with _on_path(self._directory):
            self._execute(module, loader)

    def forget(self) -> None:
        """Take the script and the files beside it out of ``sys.modules``."""
        for name in [name for name in sys.modules if name == self._name or name.startswith(f"{self._name}.")]:
            del sys.modules[name]

    def _import(
        self,
        name: str,
        globals: Mapping[str, Any] | None = None,
        locals: Mapping[str, Any] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        full = self._absolute(name, globals or {}, level) if level else name
        top = full.partition(".")[0]
        if top in (THEIRS, OURS):
            return self._import_ours(full, fromlist or ())
        if self._is_elsewhere(top):
            return builtins.__import__(name, globals, locals, fromlist or (), level)
        with self._lock:
            module = self._find(full)
            if not fromlist:
                return self._modules[top]
            self._find_parts(module, fromlist)
            return module

    def _absolute(self, name: str, globals: Mapping[str, Any], level: int) -> str:
        package: str = globals.get("__package__") or ""
        if not package:
            raise ImportError("attempted relative import with no known parent package")
        return resolve_name("." * level + name, package).removeprefix(f"{self._name}.")

    def _is_elsewhere(self, top: str) -> bool:
        if top in self._elsewhere:
            return True
        if top in self._modules:
            return False
        if top not in sys.stdlib_module_names and self._spec_of(top) is not None:
            return False
        self._elsewhere.add(top)
        return True

    # ── chainlit, that is, anychat ───────────────────────────────────────────────────────────────

    def _import_ours(self, name: str, fromlist: Sequence[str]) -> ModuleType:
        module = self._facade(name)
        for part in fromlist:
            if part != "*" and not hasattr(module, part):
                module.find_part(part)
        return module if fromlist else self._facade(name.partition(".")[0])

    def _facade(self, name: str) -> _Facade:
        if name not in self._facades:
            self._facades[name] = _Facade(name, self._app, self._facade)
        return self._facades[name]

    # ── The files beside the script ──────────────────────────────────────────────────────────────

    def _find(self, name: str) -> ModuleType:
        if name not in self._modules:
            parent = self._find(name.rpartition(".")[0]) if "." in name else None
            if name not in self._modules:  # the parent may have imported it
                self._load(name, parent)
        return self._modules[name]

    def _find_parts(self, module: ModuleType, names: Sequence[str]) -> None:
        """``from package import name``: the name may be a module that nobody has imported yet."""
        if "*" in names:
            names = [*names, *getattr(module, "__all__", ())]
        for name in names:
            full = f"{module.__name__.removeprefix(self._name)[1:]}.{name}"
            if name != "*" and not hasattr(module, name) and self._spec_of(full, module) is not None:
                self._find(full)

    def _load(self, name: str, parent: ModuleType | None) -> None:
        spec = self._spec_of(name, parent)
        if spec is None:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        if spec.loader is None or isinstance(spec.loader, SourceFileLoader):
            self._load_source(name, spec)
        else:  # compiled: there can be only one of it
            with _on_path(self._directory):
                self._modules[name] = importlib.import_module(name)
        if parent is not None:
            setattr(parent, name.rpartition(".")[2], self._modules[name])

    def _load_source(self, name: str, spec: ModuleSpec) -> None:
        module = self._modules[name] = sys.modules[spec.name] = module_from_spec(spec)
        try:
            if isinstance(spec.loader, SourceFileLoader):
                self._execute(module, spec.loader)
        except BaseException:
            del self._modules[name], sys.modules[spec.name]
            raise

    def _spec_of(self, name: str, parent: ModuleType | None = None) -> ModuleSpec | None:
        """Where the script's directory has this module; a plain directory counts only if nobody else has the name."""
        path = [self._directory] if parent is None else list(getattr(parent, "__path__", ()))
        spec = PathFinder.find_spec(f"{self._name}.{name}", path)
        is_directory = spec is not None and spec.loader is None
        return None if is_directory and parent is None and _is_module(name) else spec

    def _execute(self, module: ModuleType, loader: SourceFileLoader) -> None:
        # Compiled from the source, each time: a cache goes by the second, and a notebook's user is faster.
        path = loader.get_filename(module.__name__)
        code = loader.source_to_code(loader.get_data(path), path)
        vars(module)["__builtins__"] = self._builtins
        exec(code, vars(module))


class _Facade(ModuleType):
    """A module of anychat, as a script sees it that says ``chainlit``: its decorators fill the App that is loaded."""

    def __init__(self, name: str, app: ref[App], find: Callable[[str], _Facade]) -> None:
        super().__init__(name)
        self._module = _import_our(name)
        self._app = app
        self._find = find
        self.__doc__ = self._module.__doc__

    def __getattr__(self, name: str) -> Any:
        value = self._value(name)
        if isinstance(value, ModuleType) and value.__name__ == f"{self._module.__name__}.{name}":
            return self._find(f"{self.__name__}.{name}")
        if isinstance(value, MethodType) and value.__self__ is default_app:
            return self._decorator(name, value)
        return value

    def _value(self, name: str) -> Any:
        """What is public may be in another module there, such as ``chainlit.message.AskUserMessage``."""
        try:
            return getattr(self._module, name)
        except AttributeError:
            if name not in CHAINLIT:
                raise
            return getattr(_import_our(THEIRS), name)

    def _decorator(self, name: str, of_default: MethodType) -> Callable[..., Any]:
        @wraps(of_default)
        def decorator(*arguments: Any, **options: Any) -> Any:
            return getattr(self._app() or default_app, name)(*arguments, **options)

        return decorator

    def find_part(self, name: str) -> None:
        """``from chainlit import name``, where there is no such name: it may be a module."""
        try:
            setattr(self, name, self._find(f"{self.__name__}.{name}"))
        except ModuleNotFoundError:
            try:
                getattr(self, name)
            except AttributeError as error:
                raise ImportError(f"cannot import name {name!r} from {self.__name__!r}. {error}", name=name) from None

    def __dir__(self) -> list[str]:
        return dir(self._module)


def _import_our(name: str) -> ModuleType:
    _, dot, rest = name.partition(".")
    try:
        return importlib.import_module(f"{OURS}{dot}{rest}")
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith(OURS):
            raise
        raise ModuleNotFoundError(
            f"No module named {name!r}: anychat stands in for Chainlit here, and has no {rest!r}, or not yet.",
            name=name,
        ) from None


def _is_module(name: str) -> bool:
    """Whether there is a module of this name that is more than a directory."""
    try:
        spec = importlib.util.find_spec(name)
    except ValueError:  # one without a spec, made by hand
        return True
    return spec is not None and spec.origin is not None


@contextmanager
def _on_path(directory: str) -> Iterator[None]:
    sys.path.insert(0, directory)
    try:
        yield
    finally:
        if directory in sys.path:
            sys.path.remove(directory)


@cache
def _numbers() -> Iterator[int]:
    return itertools.count(1)
