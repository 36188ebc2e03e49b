"""Functions of Semantic Kernel as steps. The package is large: a stand-in calls filters as its kernel does."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import anychat as cl
from anychat.testing import ChatDriver


class Kernel:
    """Calls functions through its filters."""

    def __init__(self) -> None:
        self._filters: list[Callable[..., Awaitable[None]]] = []

    def add_filter(self, filter_type: str, filter: Callable[..., Awaitable[None]]) -> None:
        assert filter_type == "function_invocation"
        self._filters.append(filter)

    async def invoke(self, plugin: str, name: str, function: Callable[..., Any], **arguments: Any) -> Any:
        about = SimpleNamespace(plugin_name=plugin, name=name, fully_qualified_name=f"{plugin}-{name}")
        context = SimpleNamespace(function=about, arguments=arguments, result=None)

        async def call(context: Any) -> None:
            context.result = SimpleNamespace(value=function(**context.arguments))

        for each in self._filters:
            await each(context, call)
        return context.result.value


async def test_functions_of_a_kernel_are_steps_but_for_those_that_are_excluded() -> None:
    kernel = Kernel()
    cl.SemanticKernelFilter(excluded_plugins=["secret"], excluded_functions=["time"], kernel=kernel)

    async def reply() -> int:
        await kernel.invoke("secret", "key", lambda: "s3cret")
        await kernel.invoke("clock", "time", lambda: 12)
        return int(await kernel.invoke("math", "add", lambda a, b: a + b, a=1, b=2))

    async with ChatDriver(reply) as user:
        turn = await user.send("go")
    assert turn.error is None
    (step,) = turn.steps
    assert (step.name, step.type, json.loads(step.input), step.content) == ("math-add", "tool", {"a": 1, "b": 2}, "3")
    assert await kernel.invoke("math", "add", lambda a, b: a + b, a=1, b=2) == 3
