"""Semantic Kernel: its functions as steps. It knows the package by what it is given, and imports nothing of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from .context import current_session
from .model_calls import plain
from .step import Step


class SemanticKernelFilter:
    """Shows the functions that a kernel of Semantic Kernel calls as steps.

    Parameters
    ----------
    excluded_plugins, excluded_functions
        The names of those that are not shown.
    kernel
        The kernel; or `add_to_kernel` later.

    Examples
    --------
    >>> import anychat as cl
    >>> show_functions = cl.SemanticKernelFilter(excluded_plugins=["secret"])
    >>> show_functions.add_to_kernel(kernel)                     # doctest: +SKIP

    Arguments and methods as in Chainlit's ``cl.SemanticKernelFilter``.
    """

    def __init__(
        self,
        excluded_plugins: Sequence[str] | None = None,
        excluded_functions: Sequence[str] | None = None,
        *,
        kernel: Any = None,
    ) -> None:
        self.excluded_plugins = excluded_plugins
        self.excluded_functions = excluded_functions
        if kernel is not None:
            self.add_to_kernel(kernel)

    def add_to_kernel(self, kernel: Any) -> None:
        """Show what this kernel calls from now on."""
        kernel.add_filter("function_invocation", self._show)

    def parse_arguments(self, arguments: Any) -> dict[str, Any] | str:
        """What is shown of a call's arguments: a dict or text. A class of your own may show them another way."""
        return {key: plain(value) for key, value in arguments.items()} or ""

    async def _show(self, context: Any, next: Callable[[Any], Awaitable[None]]) -> None:
        function = context.function
        if current_session.get(None) is None or self._is_excluded(function):
            await next(context)
            return
        step = Step(function.fully_qualified_name, "tool")
        step.input = self.parse_arguments(context.arguments)
        async with step:
            await next(context)
            if context.result is not None:
                step.output = plain(context.result.value)

    def _is_excluded(self, function: Any) -> bool:
        is_of_plugin = function.plugin_name in (self.excluded_plugins or ())
        return is_of_plugin or function.name in (self.excluded_functions or ())
