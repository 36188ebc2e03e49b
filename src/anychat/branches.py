"""Branches: the earlier points of one conversation, and how to go back to them.

At each turn's beginning a checkpoint is kept: the state, and what models had heard. Going back to before a turn brings
them back and leaves a branch, with a checkpoint of how it was left; the next turn begins another branch beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from itertools import pairwise
from time import time
from typing import Any, NamedTuple

from .blobs import Blob
from .checkpoint import Node, first_of, freeze_values, frozen_values, is_same
from .files import UserFile
from .logger import logger
from .message import Message
from .protocol import ActionItem, AskItem, ElementItem, MessageItem, Sidebar, StepItem, TurnRecord
from .session import Session

LOOK_BACK = 50
MISSING = object()
ANSWERING = AskItem | ActionItem | ElementItem


class Checkpoint(NamedTuple):
    """A session at one moment. Both parts share memory with other checkpoints for what did not change."""

    state: Node | None  # None: nothing is known of it, so it stays as it is
    heard: Node  # the messages in chat_context, by id
    at: float  # when that was, in seconds since 1970


class Past(NamedTuple):
    """A conversation with all that is needed to go on with it in another session."""

    branches: Sequence[tuple[TurnRecord, str | None]]  # each turn with the one before it
    path: Sequence[str]
    before: Mapping[str, Checkpoint]
    after: Mapping[str | None, Checkpoint]
    now: Checkpoint
    assets: Mapping[str, Blob]
    files: Mapping[str, UserFile]
    actions: Mapping[str, Callable[[], Any]]
    turns: int
    settings: Mapping[str, object]  # the latest, whatever the point: they are the user's
    sidebar: Sidebar

    @property
    def has_words(self) -> bool:
        """Whether the user said something in it."""
        return any(is_said_by_user(turn) for turn, _ in self.branches)


class Branches:
    """The checkpoints of one session. Whoever calls sees to it that no turn runs meanwhile."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._transcript = session.emitter.transcript
        self._before: dict[str, Checkpoint] = {}  # by turn: how the session was when it began
        self._after: dict[str | None, Checkpoint] = {}  # by last turn: how the session was when its branch was left
        self._shown_last: dict[str | None, str] = {}  # by turn: which of those that follow it was shown last
        self._heard: Node | None = None

    def begin(self, turn_id: str, state: Node | None) -> None:
        """Keep how the session is when a turn begins."""
        self._before[turn_id] = self._checkpoint(state)

    def look_back(self, heard: Mapping[str, int]) -> None:
        """Keep how the session was when turns began that are over: by turn, how many messages models had heard."""
        now = self._checkpoint(None)
        self._before.update({turn: now._replace(heard=first_of(now.heard, count)) for turn, count in heard.items()})

    def rewind(self, turn_id: str) -> None:
        """Be as before a turn that is shown: state, transcript, and what models have heard."""
        checkpoint = self._find(turn_id)
        self._leave()
        self._session.emitter.replace(lambda: self._transcript.rewind(turn_id))
        self._bring_back(checkpoint)

    def show(self, turn_id: str) -> None:
        """Go to the branch that begins with a turn, as it was left."""
        self._leave()
        self._session.emitter.replace(lambda: self._transcript.show(turn_id, self._follow))
        self._bring_back(self._after[self._transcript.last_turn_id])

    def changed_in(self) -> dict[str, tuple[str, float]]:
        """By key of the state: the last turn in or after which it changed, and when that turn began.

        Also changes in place that nobody saw. Each checkpoint is compared with the next, so this costs nothing until
        it is asked for; it looks at the last `LOOK_BACK` turns, and does not know of what changed before them.
        """
        ids = [id for id in self._transcript.path if id in self._before][-LOOK_BACK:]
        now = freeze_values(dict(self._session.state.items()), self._before[ids[-1]].state if ids else None)
        states = [*(self._before[id].state for id in ids), now]
        changed: dict[str, tuple[str, float]] = {}
        for id, (before, after) in zip(ids, pairwise(states), strict=True):
            if before is None or after is None:
                continue
            was = frozen_values(before)
            for key, value in frozen_values(after).items():
                if not is_same(value, was.get(key, MISSING)):
                    changed[key] = (id, self._before[id].at)
        return changed

    # ── Other sessions ───────────────────────────────────────────────────────────────────────────

    def past(self, before: str | None = None) -> Past:
        """The conversation with all its branches; with `before`, only what led to that turn."""
        session, path, branches = self._session, self._transcript.path, self._transcript.branches()
        now = self._checkpoint(session.state.freeze()) if before is None else self._find(before)
        if before is not None:
            path = path[: path.index(before)]
            kept = set(path)
            branches = [(turn, parent) for turn, parent in branches if turn.id in kept]
        return Past(
            branches,
            path,
            before=dict(self._before),
            after=dict(self._after),
            now=now,
            assets=dict(session.assets),
            files=session.files.kept(),
            actions=dict(session.actions),
            turns=session.turns,
            settings=dict(session.chat_settings),
            sidebar=self._transcript.sidebar if before is None else Sidebar(),
        )

    def adopt(self, past: Past) -> None:
        """Go on with a conversation of another session, in place of what was said here."""
        session = self._session
        branches = [(_as_left(turn), parent) for turn, parent in past.branches]
        session.assets.update(past.assets)
        session.files.adopt(past.files)
        session.actions.update(past.actions)
        session.known_turns.update(turn.id for turn, _ in branches)
        session.turns = past.turns
        session.form.adopt(past.settings)
        session.emitter.replace(lambda: self._transcript.replace(branches, past.path))
        if past.sidebar.elements:
            session.emit(past.sidebar)
        self._before, self._after = dict(past.before), dict(past.after)
        self._hear(past.now.heard)
        if past.now.state is not None:
            self._guarded(session.state.take_over, past.now.state)

    # ── Checkpoints ──────────────────────────────────────────────────────────────────────────────

    def _checkpoint(self, state: Node | None) -> Checkpoint:
        self._heard = freeze_values(self._session.chat_context, self._heard)
        return Checkpoint(state, self._heard, time())

    def _find(self, turn_id: str) -> Checkpoint:
        """How the session was before a turn; if that turn never began, before the next one that did."""
        path = self._transcript.path
        later = path[path.index(turn_id) :]
        return next((self._before[id] for id in later if id in self._before), self._checkpoint(None))

    def _leave(self) -> None:
        path = self._transcript.path
        self._shown_last.update(zip([None, *path], path, strict=False))
        self._after[path[-1] if path else None] = self._checkpoint(self._session.state.freeze())

    def _follow(self, turn_id: str, next_ids: Sequence[str]) -> str:
        return self._shown_last.get(turn_id, next_ids[-1])

    def _bring_back(self, checkpoint: Checkpoint) -> None:
        self._hear(checkpoint.heard)
        if checkpoint.state is not None:
            self._guarded(self._session.state.thaw, checkpoint.state)

    def _hear(self, heard: Node) -> None:
        said = frozen_values(heard)
        self._session.chat_context = {
            id: message.at_home_in(self._session) for id, message in said.items() if isinstance(message, Message)
        }

    def _guarded(self, change: Callable[[Node], None], state: Node) -> None:
        try:
            change(state)
        except Exception:  # an observer's own
            logger.exception("An observer of the state of %r raised.", self._session)


def is_said_by_user(turn: TurnRecord) -> bool:
    """Whether a turn answers a message of the user (which has the turn's id)."""
    return any(item.id == turn.id for item in turn.items)


def _as_left(turn: TurnRecord) -> TurnRecord:
    """A copy in which nothing goes on, and nobody waits for an answer."""
    copy = deepcopy(turn)
    asked = {item.for_id for item in copy.items if isinstance(item, AskItem)}  # with what would answer it
    items = [item for item in copy.items if not isinstance(item, ANSWERING) or item.owner not in asked]
    copy.items = [item.finished() if isinstance(item, MessageItem | StepItem | ActionItem) else item for item in items]
    copy.status = "stopped" if turn.status in ("queued", "running", "stopping") else turn.status
    return copy
