"""The values of a session as a tree for an inspector: as much of it as is asked for, and no secrets."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .edits import editable, is_open, written
from .parts import LONGEST_STEP, Part, parts, type_name
from .protocol import Changed, ValueNode
from .secrets import HIDDEN, Env, Mask
from .summary import CHARS, shape, summarize

MOST_PARTS = 1_000
"""How many parts of one value can be asked for."""

MOST_NODES = 2_000
"""How many nodes there are, about: what is opened shares them."""

LEAST_PARTS = 10


Path = tuple[str, ...]


class Nodes:
    """Makes nodes of values.

    Parameters
    ----------
    mask
        What to hide.
    opened
        The paths whose parts are wanted, and how many at most.
    changed
        When a key of the state last changed.
    """

    def __init__(self, mask: Mask, opened: Mapping[Path, int], changed: Callable[[str], Changed | None]) -> None:
        self._mask = mask
        self._opened = opened
        self._changed = changed
        self._share = min(MOST_PARTS, max(LEAST_PARTS, MOST_NODES // max(1, len(opened))))

    def state(self, values: dict[str, object]) -> ValueNode:
        """The state, with its keys."""
        return self._root("state", values)

    def session(self, values: dict[str, object], env: Env) -> ValueNode:
        """The keys that belong to the session itself; of `env` only the names are told."""
        root = self._root("session", values)
        names = self._mask.hide(repr(env), CHARS)
        root.first = [*root.first, ValueNode(step="", name="env", type="dict", summary=names)]
        root.total += 1
        return root

    def _root(self, step: str, values: dict[str, object]) -> ValueNode:
        return self._with_parts(ValueNode(step=step, name=step, type="", summary=""), values, (step,), [])

    def _node(self, part: Part, path: Path, owner: object, around: list[object]) -> ValueNode:
        """The node of a part of `owner`, which is in the values `around`."""
        name = self._name(part)
        step = part.step if part.step.startswith("#") or name == part.key else ""
        node = ValueNode(step=step, name=name, type=type_name(part.value)[:LONGEST_STEP], summary=HIDDEN)
        if len(path) == 1 and path[0] == "state":
            node.changed = self._changed(str(part.key))
        if self._mask.rule.has(part.key, part.value):
            node.hidden = True
            return node
        node.summary = summarize(part.value, self._mask)
        self._let_edit(node, part, path, owner)
        is_above = any(part.value is each for each in around)
        if step and not is_above and shape(part.value) is None:
            self._with_parts(node, part.value, (*path, step), around)
        return node

    def _name(self, part: Part) -> str:
        if part.key is None:
            return ""
        if type(part.key) is str:
            return self._mask.hide(part.key, LONGEST_STEP)
        return summarize(part.key, self._mask)

    def _let_edit(self, node: ValueNode, part: Part, path: Path, owner: object) -> None:
        if path[:1] != ("state",) or not node.step or not is_open(owner, part.key, self._mask.rule):
            return
        kind = editable(part.value)
        text = written(part.value) if kind else ""
        if kind is not None and self._mask.hide(text) == text:
            node.editable, node.text = kind, text

    def _with_parts(self, node: ValueNode, value: object, path: Path, around: list[object]) -> ValueNode:
        found = parts(value, max(0, min(self._opened.get(path, 0), self._share)))
        if found is None:
            return node
        node.total, node.opened = found.total, path in self._opened
        inside = [*around, value]
        node.first = [self._node(each, path, value, inside) for each in found.first]
        node.last = [self._node(each, path, value, inside) for each in found.last]
        return node
