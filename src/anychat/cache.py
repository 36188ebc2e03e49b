"""``cl.cache``: what a function returned, kept for the whole process."""

from __future__ import annotations

import inspect
import threading
from collections import defaultdict
from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from .errors import OptionError

P = ParamSpec("P")
T = TypeVar("T")


def cache(function: Callable[P, T]) -> Callable[P, T]:
    """Call a function once for each set of arguments, and keep what it returns, for all sessions.

    Threads that ask for the same at the same time wait for one call; others do not wait. An exception is not kept.
    Running the cell again makes a new function, which remembers nothing.

    Parameters
    ----------
    function
        A sync function that takes hashable arguments, such as one that loads a model.

    Returns
    -------
    callable
        It takes the same arguments; the order of keywords does not matter.

    Raises
    ------
    OptionError
        For a coroutine function: what it returns can be awaited only once.

    Examples
    --------
    >>> import anychat as cl
    >>> @cl.cache
    ... def load_model(name: str) -> str:
    ...     return f"the weights of {name}"

    As Chainlit's ``cl.cache``, but no function waits for another.
    """
    if inspect.iscoroutinefunction(function):
        raise OptionError(
            f"cl.cache keeps what a sync function returns, and {function.__name__} is a coroutine function. "
            "Cache a sync function, and call it with cl.make_async where it blocks."
        )
    results: dict[Hashable, T] = {}
    locks: defaultdict[Hashable, threading.RLock] = defaultdict(threading.RLock)
    lock = threading.Lock()

    @wraps(function)
    def cached(*args: P.args, **kwargs: P.kwargs) -> T:
        key = _key(args, kwargs)
        if key in results:
            return results[key]
        with lock:
            lock_of_key = locks[key]
        with lock_of_key:  # may be taken again by its own thread: a function may call itself
            if key not in results:
                results[key] = function(*args, **kwargs)
        locks.pop(key, None)
        return results[key]

    return cached


def _key(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Hashable:
    return args, frozenset(kwargs.items())
