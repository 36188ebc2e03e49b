"""The modules beside the notebooks, for tests: they are not installed, so they are loaded by path."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def load_module(name: str) -> ModuleType:
    """The module ``notebooks/{name}.py``."""
    spec = spec_from_file_location(name, NOTEBOOKS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module
