"""``cl.cache`` calls a function once for each set of arguments."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

import anychat as cl


def test_it_is_called_once_for_each_set_of_arguments() -> None:
    calls: list[Any] = []

    @cl.cache
    def load(name: str, *, size: int = 1, depth: int = 1) -> list[Any]:
        """Load."""
        calls.append((name, size, depth))
        return [name]

    assert load("a", size=2, depth=3) is load("a", depth=3, size=2)
    assert load("a") is not load("b")
    assert calls == [("a", 2, 3), ("a", 1, 1), ("b", 1, 1)]
    assert (load.__name__, load.__doc__) == ("load", "Load.")


def test_functions_of_the_same_name_are_kept_apart() -> None:
    one, two = (cl.cache(lambda number=number: number) for number in (1, 2))
    assert (one(), two()) == (1, 2)


def test_an_error_is_not_kept() -> None:
    answers: Iterator[Exception | str] = iter([ValueError("not yet"), "now"])

    @cl.cache
    def load() -> str:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    with pytest.raises(ValueError, match="not yet"):
        load()
    assert load() == "now"
    assert load() == "now"


def test_threads_that_ask_at_once_wait_for_one_call_and_others_do_not_wait() -> None:
    begun, go_on, calls = threading.Event(), threading.Event(), []

    @cl.cache
    def load(name: str) -> object:
        calls.append(name)
        if name == "slow":
            begun.set()
            go_on.wait()
        return object()

    results: list[object] = []
    threads = [threading.Thread(target=lambda: results.append(load("slow"))) for _ in range(3)]
    for thread in threads:
        thread.start()
    begun.wait()
    assert load("quick") is load("quick")
    go_on.set()
    for thread in threads:
        thread.join()
    assert len(set(map(id, results))) == 1
    assert calls == ["slow", "quick"]


def test_it_may_call_itself() -> None:
    @cl.cache
    def fibonacci(n: int) -> int:
        return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)

    assert fibonacci(80) == 23416728348467685


def test_arguments_must_be_hashable_and_the_function_sync() -> None:
    async def load() -> None: ...

    with pytest.raises(TypeError, match="unhashable"):
        cl.cache(lambda items: items)([1])
    with pytest.raises(cl.AnychatError, match="load is a coroutine function"):
        cl.cache(load)
