"""Steps of a coroutine, run in a greenlet, so that sync code deep under one can wait for something on the loop.

::

    loop ─▶ task ─▶ Stepped.send ─▶ stepper (a greenlet) ─▶ callback ─▶ sync code ─▶ run_sync ─▶ coroutine
                         ▲                                                              │
                         └────────── what the coroutine waits for (a future) ◀──────────┘

Sync code cannot pause, but its whole stack can: `wait_for` leaves the greenlet with the future that is waited for, the
task waits for it as if the callback had, and its next step goes on in the middle of the sync code. The loop is not
nested and nothing is patched, so it works on any loop. The idea is SQLAlchemy's.

greenlet is optional. Without it coroutines are stepped as ever, and sync code cannot wait.
"""

from __future__ import annotations

import collections.abc
import threading
from collections.abc import Callable, Coroutine
from functools import cache
from typing import Any, NoReturn

MAX_IDLE = 8
"""How many steppers a thread keeps for later."""


@cache
def library() -> Any | None:
    """The greenlet package, where it is installed."""
    try:
        import greenlet
    except ImportError:
        return None
    return greenlet


def stepped(coroutine: Coroutine[Any, Any, Any]) -> Coroutine[Any, Any, Any]:
    """The coroutine, so that sync code under it can wait; as it is where there is no greenlet."""
    return coroutine if library() is None else Stepped(coroutine)


def current_stepper() -> Stepper | None:
    """Whose steps this code runs in; None when it cannot wait."""
    greenlets = library()
    current = greenlets.getcurrent() if greenlets else None
    while current is not None:  # others' greenlets may lie between: SQLAlchemy's
        stepper: Stepper | None = getattr(current, "anychat_stepper", None)
        if stepper is not None:
            return stepper
        current = current.parent
    return None


class Stepper:
    """A greenlet that runs steps, one after another: most are short, and to make one for each costs ten times more.

    While sync code waits in it, it belongs to the coroutine under which that code is.
    """

    def __init__(self, greenlets: Any) -> None:
        self._greenlets = greenlets
        self._greenlet = greenlets.greenlet(self._run)
        self._greenlet.anychat_stepper = self
        self._step: Callable[[], Any] | None = None
        self._waiting: Any = None  # the greenlet that waits; not ours where others' lie between
        self._result: Any = None
        self._error: BaseException | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether sync code waits here, so that the step has not ended."""
        return self._waiting is not None

    def run(self, step: Callable[[], Any]) -> Any:
        """Run a step, until it ends or waits; returns, or raises, what it does."""
        self._step = step
        return self._enter(self._greenlet.switch)

    def resume(self, value: Any) -> Any:
        """Go on where the step waits."""
        return self._enter(self._waiting.switch, value)

    def resume_with(self, *error: Any) -> Any:
        """Raise where the step waits."""
        return self._enter(self._waiting.throw, *error)

    def wait_for(self, future: Any) -> Any:
        """Leave the step, in the middle of it, until the loop comes back with what the future gave."""
        self._result = future
        self._waiting = self._greenlets.getcurrent()
        try:
            return self._greenlet.parent.switch()
        finally:
            self._waiting = None

    def _enter(self, switch: Callable[..., object], *arguments: Any) -> Any:
        here = self._greenlets.getcurrent()
        if self._greenlet.parent is not here:
            self._greenlet.parent = here
        if not self.is_waiting:  # whoever waits has its context with it
            self._greenlet.gr_context = here.gr_context
        switch(*arguments)
        if not self.is_waiting:
            self._greenlet.gr_context = None
        result, self._result = self._result, None
        error, self._error = self._error, None
        if error is None:
            return result
        try:
            raise error
        finally:
            del error  # which knows this frame

    def end(self) -> None:
        """Run no more: what is left to the garbage collector would stay, for a suspended stack keeps itself alive."""
        self._greenlet.switch()

    def _run(self) -> None:
        while self._step is not None:
            step, self._step = self._step, None
            self._attempt(step)
            del step
            self._greenlet.parent.switch()

    def _attempt(self, step: Callable[[], Any]) -> None:
        try:
            self._result = step()
        except self._greenlets.GreenletExit:  # nobody will come back
            raise
        except BaseException as error:
            self._error = error


class Stepped(collections.abc.Coroutine[Any, Any, Any]):
    """A coroutine whose steps run in a greenlet."""

    def __init__(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        self._coroutine = coroutine
        self._waiting: Stepper | None = None

    def send(self, value: Any) -> Any:
        """Run to the next pause."""
        waiting = self._waiting
        if waiting is not None:
            return self._go(waiting, waiting.resume, value)
        stepper = _idle().take()
        return self._go(stepper, stepper.run, lambda: self._coroutine.send(value))

    def throw(self, *error: Any) -> Any:
        """Raise at the pause, and run to the next."""
        waiting = self._waiting
        if waiting is not None:
            return self._go(waiting, waiting.resume_with, *error)
        stepper = _idle().take()
        return self._go(stepper, stepper.run, lambda: self._coroutine.throw(*error))

    def close(self) -> None:
        """End without running further, but for what cleans up."""
        if self._waiting is not None:
            try:
                self.throw(GeneratorExit)
            except (GeneratorExit, StopIteration):
                return
            raise RuntimeError("coroutine ignored GeneratorExit")
        self._coroutine.close()

    def _go(self, stepper: Stepper, enter: Callable[..., Any], *arguments: Any) -> Any:
        try:
            return enter(*arguments)
        finally:
            self._waiting = stepper if stepper.is_waiting else None
            if self._waiting is None:
                _idle().give_back(stepper)

    def __getattr__(self, name: str) -> Any:
        """``cr_running`` and its like: libraries look whether a task's coroutine has started."""
        return getattr(self._coroutine, name)

    def __await__(self) -> NoReturn:
        raise TypeError("A Stepped coroutine is run as a task, not awaited.")


class _Idle(threading.local):
    """The steppers of a thread that have nothing to do: greenlets never leave their thread."""

    def __init__(self) -> None:
        self._steppers: list[Stepper] = []

    def take(self) -> Stepper:
        return self._steppers.pop() if self._steppers else Stepper(library())

    def give_back(self, stepper: Stepper) -> None:
        if len(self._steppers) < MAX_IDLE:
            self._steppers.append(stepper)
        else:
            stepper.end()


@cache
def _idle() -> _Idle:
    return _Idle()
