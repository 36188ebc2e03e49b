"""The emitter: the only one that numbers events and sends them.

::

    emit(event) ─▶ transcript.apply        at once, so Python always sees the present
                └▶ pending ──flush──▶ number, journal, send

The first event of a burst leaves at once; those that follow within `INTERVAL` travel together, and tokens
of one item become one event. That a message was taken waits a frame for its answer: a short exchange is one
packet. What a page has missed it asks for: the journal replays it, or a snapshot does.

Pages acknowledge. While `WINDOW` packets are on their way to all of them, the emitter waits; a head beat tells
the pages how far the kernel is, so that a lost tail is noticed. A page that answers none of a few beats is taken
for gone. Without pages there is no journal, and the emitter only knocks, ever more seldom: for about an hour after
the last news, since each knock may be lost, too, and a page that was only cut off would show the past as the present.
What is acknowledged costs nothing, neither traffic nor a timer.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice
from weakref import WeakMethod

from .logger import logger
from .pacer import Pacer
from .protocol import Earlier, Event, Head, Packet, Snapshot, Token, encode, encode_event, encode_events
from .transcript import Transcript

Send = Callable[[str, Sequence[bytes]], None]
"""Sends one packet's text, with its buffers, to all pages that show the chat."""

INTERVAL = 0.016  # seconds: one frame of the page
WINDOW = 96  # packets on their way at most; the page acknowledges after each half of it, or before the first beat
JOURNAL_CHARS = 2_000_000
BEATS = (1, 2, 4, 8, 15)  # seconds between head beats, while nobody acknowledges
KNOCKS = (5, 5, 5, 5, 5, 15, 30, 60, 120, 240, 480, 960, 1800)  # seconds after each try to reach pages that seem gone
LATE_KNOCKS = 6  # where they begin when a page has just left all head beats unanswered
UNSEEN = ""  # stands for the pages that a chat is displayed in, until one says a word
SLICE = 0.016  # seconds that a streaming callback may keep the loop for itself


class Journal:
    """The latest events as text, consecutive, bounded in characters."""

    def __init__(self, limit: int = JOURNAL_CHARS) -> None:
        self._limit = limit
        self._entries: deque[str] = deque()
        self._chars = 0
        self.last = 0

    def append(self, text: str) -> None:
        """Add the next event; the oldest go when there is no room."""
        self.last += 1
        self._entries.append(text)
        self._chars += len(text)
        while self._chars > self._limit:
            self._chars -= len(self._entries.popleft())

    def skip(self) -> None:
        """Count an event without keeping it, nor what was before it."""
        self.last += 1
        self._entries.clear()
        self._chars = 0

    def after(self, seq: int) -> list[str] | None:
        """The events after `seq`, or None when they are not all here."""
        missing = self.last - seq
        if not 0 <= missing <= len(self._entries):
            return None
        return list(islice(reversed(self._entries), missing))[::-1]


class Emitter:
    """Brings one session's events to the pages, in order, each once, and to the transcript.

    All methods may be called from any thread. Nothing that sending raises reaches the caller.

    Parameters
    ----------
    transcript
        Where the events are applied.
    send
        Sends a packet to all pages.
    pacer
        The kernel's budget and timers.
    epoch
        Which session of its chat this is, from 1.
    """

    def __init__(self, transcript: Transcript, send: Send, pacer: Pacer, epoch: int = 1) -> None:
        self.transcript = transcript
        self.send = send
        self.epoch = epoch
        self.lock = transcript.lock
        self._pacer = pacer
        self._journal = Journal()
        self._pending: list[str | Token] = []  # events as text, and tokens that may still grow
        self._is_over = False  # a later session of the same chat is shown now
        self._tokens: dict[tuple[str, bool], tuple[Token, list[str]]] = {}  # pending tokens that may still grow
        self._pages: dict[str, int] = {}  # page -> what it has
        self.when_alone: Callable[[], None] = lambda: None  # called when pages that were silent are taken for gone
        self._sent = 0
        self._unacked: deque[int] = deque()  # the last number of each packet on its way
        self._flush_at: float | None = None  # when a timer will flush, if one is set
        self._slot = 0.0  # when the pacer lets the next packet go
        self._last_flush = float("-inf")
        self._slice_began = float("-inf")
        self._beating = False
        self._knocks = 0  # since the last news
        self._knocked = float("-inf")
        self._knock_at: float | None = None  # when a timer will knock, if one is set

    # ── Events ───────────────────────────────────────────────────────────────────────────────────

    def emit(self, *events: Event, urgent: bool = False, patient: bool = False) -> bool:
        """Apply events now and send them soon.

        Parameters
        ----------
        events
            What happens.
        urgent
            Send now, and take everything pending along.
        patient
            Wait a frame for company, also when nothing was sent of late: the next event may follow at once.

        Returns
        -------
        bool
            Whether the caller has emitted for so long that it should let others run.
        """
        with self.lock:
            now = self._pacer.clock()
            for event in events:
                # Written before it is applied: what cannot be written raises here, and has changed nothing.
                text = event if isinstance(event, Token) else encode_event(event)
                self.transcript.apply(event)
                if self._pages:
                    self._hold(text)
                else:
                    self._journal.skip()
            if self._pages:
                self._schedule(now if urgent else now + INTERVAL if patient else self._last_flush + INTERVAL, now)
            elif not self._is_over:
                self._knock()
            return self._slice_is_over(now)

    def replace(self, change: Callable[[], None]) -> None:
        """Change the transcript as a whole, in one step: the pages get the picture anew, with what follows at once."""
        with self.lock:
            now = self._pacer.clock()
            self._number()
            change()
            self._journal.skip()
            if self._pages:
                self._schedule(now + INTERVAL, now)
            elif not self._is_over:
                self._knock()

    def _hold(self, event: str | Token) -> None:
        if isinstance(event, str):
            self._join_tokens()
        elif (growing := self._tokens.get((event.id, event.is_input))) is not None:
            growing[1].append(event.text)
            return
        else:
            self._tokens[event.id, event.is_input] = (event, [event.text])
        self._pending.append(event)

    def _join_tokens(self) -> None:
        for token, texts in self._tokens.values():
            token.text = "".join(texts)
        self._tokens.clear()

    def _schedule(self, earliest: float, now: float) -> None:
        """Flush at `earliest`, or when the pacer lets it go; now, if that is now."""
        if len(self._unacked) >= WINDOW:
            return  # the next acknowledgement sends what has come together until then
        if self._flush_at is None:
            self._slot, self._flush_at = now + self._pacer.reserve(), float("inf")
        due = max(self._slot, earliest)
        # Also when a timer is set: a callback that lets nobody else run must still stream.
        if now >= min(due, self._flush_at):
            self._flush(now)
        elif due < self._flush_at:
            self._flush_at = due
            self._pacer.call_later(due - now, self._flush_by_timer)

    def _flush_by_timer(self) -> None:
        with self.lock:
            now = self._pacer.clock()
            if self._flush_at is not None and now >= self._flush_at - 0.001:
                self._flush(now)

    def _flush(self, now: float) -> None:
        self._flush_at = None
        self._last_flush = now
        self._number()
        self._send_new()

    def _number(self) -> None:
        self._join_tokens()
        for event in self._pending:
            self._journal.append(event if isinstance(event, str) else encode(event))
        self._pending.clear()

    def _send_new(self) -> None:
        if self._sent == self._journal.last:
            return
        if not self._replay(self._sent):
            self._send_snapshot()
        self._sent = self._journal.last
        self._unacked.append(self._sent)
        self._start_beating()

    def _slice_is_over(self, now: float) -> bool:
        if now - self._slice_began < SLICE:
            return False
        self._slice_began = now
        return True

    # ── What pages say ───────────────────────────────────────────────────────────────────────────

    def answer(self, page: str, epoch: int, seq: int) -> None:
        """`page` is at `(epoch, seq)` and asks for what is missing."""
        with self.lock:
            self._pages.pop(UNSEEN, None)
            self._number()
            self._unacked.clear()
            if epoch == self.epoch and seq == self._journal.last:
                self._send(Head(self.epoch, seq))
            elif epoch != self.epoch or seq == 0 or not self._replay(seq):
                self._send_snapshot()
            # It goes on asking until the answer is there, and does not acknowledge what it asked for.
            self._sent = self._pages[page] = self._journal.last
            self._start_beating()  # for the others

    def acknowledge(self, page: str, epoch: int, seq: int) -> None:
        """`page` has everything up to `seq`."""
        with self.lock:
            if epoch != self.epoch or seq > self._journal.last:
                return
            self._pages.pop(UNSEEN, None)
            self._pages[page] = max(seq, self._pages.get(page, 0))
            was_full = len(self._unacked) >= WINDOW
            while self._unacked and self._unacked[0] <= seq:
                self._unacked.popleft()
            if was_full and len(self._unacked) < WINDOW:
                self._flush(self._pacer.clock())

    def follow(self, earlier: Emitter) -> None:
        """Show this session where an earlier one of the same chat was shown; that one is shown no more."""
        with self.lock:
            self._pages, earlier._pages, earlier._is_over = dict.fromkeys(earlier._pages, 0), {}, True
            if self._pages:
                self._send_snapshot()
                self._sent = self._journal.last
                self._start_beating()

    @property
    def is_seen(self) -> bool:
        """Whether some page shows this session, as far as is known."""
        return bool(self._pages)

    def leave(self, page: str) -> None:
        """`page` shows this chat no longer."""
        with self.lock:
            self._number()  # what is pending comes before what nobody will see
            self._pages.pop(UNSEEN, None)
            self._pages.pop(page, None)

    def open(self) -> None:
        """Send the picture unasked: a page is about to show this chat. It asks if it has missed the picture."""
        self.answer(UNSEEN, 0, 0)

    @property
    def seq(self) -> int:
        """The number of the latest event."""
        with self.lock:
            self._number()
            return self._journal.last

    def snapshot(self) -> Snapshot:
        """The picture now: the newest turns."""
        with self.lock:
            turns, earlier = self.transcript.latest()
            return Snapshot(
                epoch=self.epoch,
                seq=self.seq,
                info=self.transcript.info,
                offers=self.transcript.offers,
                sidebar=self.transcript.sidebar,
                turns=turns,
                earlier=earlier,
            )

    def send_earlier(self, epoch: int, before: str) -> None:
        """A page wants the turns before the first one that it has."""
        with self.lock:
            if epoch != self.epoch or before not in self.transcript:
                return
            self._flush(self._pacer.clock())  # so that the page is where these turns are
            turns, earlier = self.transcript.latest(before)
            seq = self._journal.last
            self._send(Earlier(epoch=epoch, seq=seq, before=before, turns=turns, earlier=earlier))

    # ── Sending ──────────────────────────────────────────────────────────────────────────────────

    def _replay(self, seq: int) -> bool:
        events = self._journal.after(seq)
        if events is None:
            return False
        self._put(encode_events(self.epoch, seq + 1, events))
        return True

    def _send_snapshot(self) -> None:
        self._send(self.snapshot())

    def _send(self, packet: Packet) -> None:
        self._put(encode(packet))

    def _put(self, text: str) -> None:
        try:
            self.send(text, ())
        except Exception:  # a broken connection must not break the callback that streams into it
            logger.exception("A packet could not be sent; the page will ask for it.")

    # ── Head beats ───────────────────────────────────────────────────────────────────────────────

    def _start_beating(self) -> None:
        if not self._beating:
            self._beating = True
            self._beat_later(0)

    def _beat_later(self, count: int) -> None:
        acknowledged = dict(self._pages)
        self._pacer.call_later(BEATS[count], lambda: self._beat(count, acknowledged))

    def _beat(self, count: int, acknowledged: dict[str, int]) -> None:
        with self.lock:
            self._beat_or_give_up(count, acknowledged)
            is_alone = not self._pages
        if is_alone:
            self.when_alone()

    def _beat_or_give_up(self, count: int, acknowledged: dict[str, int]) -> None:
        behind = [page for page, seq in self._pages.items() if seq < self._sent]
        if not behind:
            self._beating = False
        elif self._pages != acknowledged:
            self._beat_later(0)
        elif count + 1 < len(BEATS):
            self._send(Head(self.epoch, self._sent))
            self._beat_later(count + 1)
        else:
            self._beating = False
            self._number()
            for page in behind:
                del self._pages[page]
            self._knocks = LATE_KNOCKS
            self._knock_by(self._pacer.clock() + KNOCKS[LATE_KNOCKS - 1])

    # ── Knocks ───────────────────────────────────────────────────────────────────────────────────

    def _knock(self) -> None:
        """There is news, and no page that is known of: one that is there all the same may hear one of a few knocks."""
        if self._sent:
            self._knocks = 0
            self._knock_by(self._knocked + KNOCKS[0])

    def _knock_by(self, due: float) -> None:
        """Knock at `due`, unless a timer will sooner; now, if that is now."""
        now = self._pacer.clock()
        if self._knock_at is not None and self._knock_at <= due:
            return
        self._knock_at = due
        if due <= now:
            self._knock_now(now)
            return
        knock = WeakMethod(self._knock_by_timer)  # a chat that is over must not live on for its timer
        self._pacer.call_later(due - now, lambda: (method := knock()) and method())

    def _knock_by_timer(self) -> None:
        with self.lock:
            now = self._pacer.clock()
            if self._knock_at is not None and now >= self._knock_at - 0.001:
                self._knock_now(now)

    def _knock_now(self, now: float) -> None:
        self._knock_at = None
        if self._pages or self._is_over:
            return
        self._knocked = now
        self._send(Head(self.epoch, self._journal.last))
        if self._knocks < len(KNOCKS):
            self._knocks += 1
            self._knock_by(now + KNOCKS[self._knocks - 1])
