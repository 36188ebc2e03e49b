"""Lists of tasks, as elements."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar

from .element import Element
from .errors import OptionError
from .session import Session


class TaskStatus(Enum):
    """Where a task is: ready, running, failed or done."""

    READY = "ready"
    RUNNING = "running"
    FAILED = "failed"
    DONE = "done"


@dataclass
class Task:
    """One of the things to do in a `TaskList`.

    Parameters
    ----------
    title
        What is to be done.
    status
        Where it is. Change it, and update the list.
    forId
        The id of a message that the title leads to.
    """

    title: str
    status: TaskStatus = TaskStatus.READY
    forId: str | None = None


class TaskList(Element):
    """What is to be done, and how far it is. It stands in the conversation, and `update` shows what has changed.

    Parameters
    ----------
    tasks
        The tasks, in order; `add_task` adds one.
    status
        How it goes as a whole, in your words.
    options
        As for `Element`.

    Examples
    --------
    >>> import anychat as cl
    >>> @cl.on_message
    ... async def reply(message: cl.Message):
    ...     tasks = cl.TaskList(status="Running…")
    ...     task = cl.Task("Think", status=cl.TaskStatus.RUNNING)
    ...     await tasks.add_task(task)
    ...     await tasks.send()
    ...     task.status, tasks.status = cl.TaskStatus.DONE, "Done"
    ...     await tasks.update()
    """

    type = "tasklist"
    is_text = True
    keys: ClassVar = None

    def __init__(
        self, *, tasks: Iterable[Task] = (), status: str = "Ready", name: str = "tasklist", **options: Any
    ) -> None:
        self.tasks = [_checked(task) for task in tasks]
        self.status = status
        super().__init__(name=name, content=self._written(), mime="application/json", **options)

    async def add_task(self, task: Task) -> None:
        """Add a task at the end; `send` or `update` shows it."""
        self.tasks.append(_checked(task))

    def show_in(self, session: Session, for_id: str | None) -> None:
        """Show the tasks as they are now."""
        self.content = self._written()
        super().show_in(session, for_id)

    def _written(self) -> str:
        tasks = [
            {"title": task.title, "status": TaskStatus(task.status).value, "forId": task.forId} for task in self.tasks
        ]
        return json.dumps({"status": self.status, "tasks": tasks}, ensure_ascii=False)


def _checked(task: object) -> Task:
    if not isinstance(task, Task):
        raise OptionError(f"A cl.TaskList has tasks made with cl.Task(title), but {task!r} came.")
    return task
