"""What inspectors show: one session as it is now, sent while somebody looks.

A page says again and again that its inspector is open (`Inspect`). From the first such word to the last, or until none
came for `LEASE` seconds, the session's state and traits are observed, and what changed is read and sent: the whole
picture each time, so that nothing is missed when a packet is lost, as seldom as `REST` and the kernel's pacer say.
Otherwise there is no observer, no summary and no packet.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

from traitlets import Bunch

from .branches import is_said_by_user
from .edits import set_at
from .errors import OptionError, ProtocolError, SessionEndedError
from .logger import logger
from .nodes import Nodes, Path
from .pacer import Pacer
from .parts import LONGEST_STEP
from .protocol import Changed, Edited, Inspect, Inspection, Packet, SetValue
from .runner import ENDED, Runner
from .secrets import Env
from .session import Session

LEASE = 40.0
"""Seconds after which a page that has said nothing is taken to be gone."""

SOON = 0.03  # seconds from a change until it is sent, in a quiet moment
REST = 0.1  # seconds between two packets at least
WORK = 10  # times as long as it took to make one, at least

MAX_PAGES = 50
MAX_OPENED = 300
MAX_DEPTH = 20
MAX_ID_CHARS = 100
EDITS_KEPT = 200
EDITS_SHOWN = 20

RESERVED = ("id", "user", "chat_profile", "chat_settings", "client_type")
WATCHED = (*RESERVED, "env", "status", "turns")


class Onlooker(NamedTuple):
    """A page with an open inspector."""

    opened: dict[Path, int]
    until: float


class Onlookers:
    """Shows the session of one chat to the pages whose inspectors are open.

    All methods may be called from any thread.

    Parameters
    ----------
    runner
        Whose session.
    put
        Sends a packet to the pages.
    pacer
        The kernel's budget and timers.
    chat, chats
        Which of the chats that the inspector shows this is, and how many there are.
    """

    def __init__(
        self, runner: Runner, put: Callable[[Packet], None], pacer: Pacer, chat: int = 0, chats: int = 1
    ) -> None:
        self._runner = runner
        self._put = put
        self._pacer = pacer
        self._chat, self._chats = chat, chats
        self._pages: dict[str, Onlooker] = {}
        self._observed: Session | None = None
        self._earlier: dict[str, tuple[str, float]] = {}  # what is known of changes before somebody looked
        self._edits: dict[str, Edited | None] = {}  # None: on its way
        self._revision = 0
        self._sent: Inspection | None = None  # what pages have been sent last
        self._is_scheduled = False
        self._has_timer = False
        self._rest_until = 0.0
        self._lock = threading.Lock()  # of what a change touches: whoever sets a value never waits for long
        self._work = threading.RLock()  # of all else

    @property
    def is_empty(self) -> bool:
        """Whether nobody looks."""
        return not self._pages

    # ── What pages say ───────────────────────────────────────────────────────────────────────────

    def inspect(self, command: Inspect) -> None:
        """A page looks, or still looks.

        Raises
        ------
        ProtocolError
            When it asks for more than a page would.
        """
        _check(command)
        page = Onlooker({tuple(each.path): each.most for each in command.opened}, self._pacer.clock() + LEASE)
        with self._work:
            before = self._pages.pop(command.page, None)
            if len(self._pages) >= MAX_PAGES:
                del self._pages[next(iter(self._pages))]
            self._pages[command.page] = page
            if self._observed is None:
                self._begin()
            if before is None or before.opened != page.opened or command.seen < self._revision:
                self._sent = None
                self._schedule(0)

    def leave(self, page: str) -> None:
        """A page looks no more."""
        with self._work:
            if self._pages.pop(page, None) is not None and not self._pages:
                self._end()

    def edit(self, command: SetValue) -> None:
        """Carry an edit out, once, on the session's loop; what came of it is told with the next packet.

        Raises
        ------
        ProtocolError
            When its id or its path is too long.
        """
        if len(command.edit) > MAX_ID_CHARS or not _is_path(command.path):
            raise ProtocolError("The page sent an edit with an id or a path that is too long.")
        with self._work:
            if command.edit in self._edits:
                self._sent = None
                self._schedule(0)
                return
            self._edits[command.edit] = None
            while len(self._edits) > EDITS_KEPT:
                del self._edits[next(iter(self._edits))]
        if not self._runner.call_soon(self._carry_out, command):
            self._settle(command, ENDED)

    def _carry_out(self, command: SetValue) -> None:
        session = self._runner.session
        try:
            if command.session != session.id:
                raise SessionEndedError("The session that this was meant for is over.")
            if self._runner.is_ended:
                raise SessionEndedError(ENDED)
            if command.path[0] != "state":
                raise OptionError("This belongs to the session itself and cannot be edited.")
            set_at(session.state, command.path[1:], command.text, self._runner.app.secrets)
        except (OptionError, SessionEndedError) as error:
            self._settle(command, str(error))
            return
        except Exception:  # an observer's own
            logger.exception("An observer of the state of %r raised.", session)
        self._settle(command, None)

    def _settle(self, command: SetValue, error: str | None) -> None:
        with self._work:
            self._edits[command.edit] = Edited(command.edit, error)
            self._schedule(0)

    # ── Looking ──────────────────────────────────────────────────────────────────────────────────

    def follow(self, runner: Runner) -> None:
        """The chat has another session now."""
        with self._work:
            self._runner = runner
            if self._pages:
                self._end()
                self._begin()
                self._schedule(0)

    def close(self) -> None:
        """Nobody shall look any more."""
        with self._work:
            self._pages.clear()
            self._end()

    def _begin(self) -> None:
        session = self._observed = self._runner.session
        self._earlier = self._runner.branches.changed_in()
        session.state.observe(self._note)
        session.observe(self._note, WATCHED)
        self._watch_leases()

    def _end(self) -> None:
        session, self._observed, self._sent = self._observed, None, None
        self._earlier = {}
        if session is not None:
            session.state.unobserve(self._note)
            session.unobserve(self._note, WATCHED)

    def _watch_leases(self) -> None:
        if not self._has_timer and self._pages:
            self._has_timer = True
            self._pacer.call_later(LEASE, self._expire)

    def _expire(self) -> None:
        with self._work:
            self._has_timer = False
            now = self._pacer.clock()
            for page in [page for page, onlooker in self._pages.items() if onlooker.until <= now]:
                self.leave(page)
            self._watch_leases()

    def _note(self, _change: Bunch) -> None:
        self._schedule(SOON)

    def _schedule(self, delay: float) -> None:
        """See to it that the pages get the picture, after a rest and when the pacer has room."""
        with self._lock:
            if self._is_scheduled:
                return
            self._is_scheduled = True
        now = self._pacer.clock()
        due = max(now + delay, now + self._pacer.reserve(), self._rest_until)
        self._pacer.call_later(due - now, self._flush)

    def _flush(self) -> None:
        with self._work:
            with self._lock:
                self._is_scheduled = False
            if not self._pages:
                return
            began = self._pacer.clock()
            picture = self._picture()
            took = self._pacer.clock() - began
            self._rest_until = began + max(REST, WORK * took)
            if picture != self._sent:
                self._revision = picture.revision = self._revision + 1
                self._sent = picture
                self._put(picture)

    def _picture(self) -> Inspection:
        session = self._runner.session
        values = {} if session.status == "ended" else dict(session.state.items())
        own = {key: getattr(session, key) for key in RESERVED} | {"chat_settings": dict(session.chat_settings)}
        nodes = Nodes(session.mask(), self._opened(), self._when(session))
        return Inspection(
            chat=self._chat,
            chats=self._chats,
            revision=self._revision,
            id=session.id,
            assistant=self._runner.app.name,
            user=session.author,
            status=session.status,
            state=nodes.state(values),
            session=nodes.session(own, Env(session.env)),
            edited=[each for each in list(self._edits.values())[-EDITS_SHOWN:] if each is not None],
        )

    def _opened(self) -> dict[Path, int]:
        """All that some page shows."""
        opened: dict[Path, int] = {}
        for page in self._pages.values():
            for path, most in page.opened.items():
                opened[path] = max(most, opened.get(path, 0))
        return opened

    def _when(self, session: Session) -> Callable[[str], Changed | None]:
        """Tells when a key last changed."""
        path = session.transcript.path
        first = session.transcript.turn(path[0]) if path else None
        opening = 1 if first is None or is_said_by_user(first) else 0
        numbers = {turn: number for number, turn in enumerate(path, opening)}
        newest = session.running.id if session.running else path[-1] if path else None

        def when(key: str) -> Changed | None:
            at, turn = session.state.changed(key) or (None, None)
            earlier_turn, began = self._earlier.get(key, (None, 0.0))
            if earlier_turn is not None and (at is None or at < began):
                at, turn = None, earlier_turn
            if at is None and turn is None:
                return None
            time = None if at is None else datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
            number = None if turn is None else numbers.get(turn)
            return Changed(at=time, turn=number, is_new=turn is not None and turn == newest)

        return when


def _check(command: Inspect) -> None:
    if len(command.page) > MAX_ID_CHARS or len(command.opened) > MAX_OPENED:
        raise ProtocolError(f"A page may show the parts of {MAX_OPENED} values, but {len(command.opened):,} came.")
    if not all(_is_path(each.path) for each in command.opened):
        raise ProtocolError("The page asked for a value with a path that is too long.")


def _is_path(path: list[str]) -> bool:
    return 0 < len(path) <= MAX_DEPTH and all(len(step) <= LONGEST_STEP + 1 for step in path)
