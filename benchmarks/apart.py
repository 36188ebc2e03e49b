"""Runs a measurement in a process of its own: nothing that was measured before plays a part."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def apart(measure: Callable[P, R], *arguments: P.args, **options: P.kwargs) -> R:
    """What `measure` returns; it must be a function of a module, and its arguments and result plain data."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as executor:
        return executor.submit(measure, *arguments, **options).result()
