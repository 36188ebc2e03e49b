"""What the emitter puts on the wire, with time in the test's hands."""

import gc
import json
import weakref
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from anychat.emitter import BEATS, INTERVAL, KNOCKS, LATE_KNOCKS, WINDOW, Emitter, Journal
from anychat.pacer import Pacer
from anychat.protocol import GetEarlier, ItemPut, Resync, Token, TurnPut
from anychat.testing import Page
from anychat.transcript import Transcript
from unit.fakes import INFO, Time, message


class Line:
    """An emitter, and what it has sent."""

    def __init__(self, **pacing: Any) -> None:
        self.time = Time()
        self.sent: list[dict[str, Any]] = []
        pacer = Pacer(self.time, clock=self.time.clock, **pacing)
        self.emitter = Emitter(Transcript(INFO), self._send, pacer)

    def _send(self, text: str, buffers: Sequence[bytes]) -> None:
        self.sent.append(json.loads(text))

    def open(self) -> None:
        """A page is there, and a message to stream into."""
        self.emitter.answer("page", 0, 0)
        self.emitter.emit(TurnPut("t", "running"), ItemPut("t", message("m")))
        self.time.pass_(1)
        self.acknowledge()
        self.time.pass_(1)
        self.sent.clear()

    def acknowledge(self) -> None:
        self.emitter.acknowledge("page", 1, self.emitter.seq)

    def text(self) -> str:
        return "".join(e["text"] for p in self.sent if p["type"] == "events" for e in p["events"])


def test_the_first_token_leaves_at_once_and_the_rest_travel_together() -> None:
    line = Line()
    line.open()
    for token in "abcd":
        line.emitter.emit(Token("m", token))
    assert line.text() == "a"
    line.time.pass_(INTERVAL)
    assert [packet["events"] for packet in line.sent] == [
        [{"type": "token", "id": "m", "text": "a"}],
        [{"type": "token", "id": "m", "text": "bcd"}],
    ]


def test_an_urgent_event_takes_everything_along() -> None:
    line = Line()
    line.open()
    for token in "abc":
        line.emitter.emit(Token("m", token))
    line.emitter.emit(TurnPut("t", "done"), urgent=True)
    assert [event["type"] for event in line.sent[-1]["events"]] == ["token", "turn"]
    assert line.sent[-1]["events"][0]["text"] == "bc"


def test_a_callback_that_lets_no_timer_run_still_streams() -> None:
    line = Line()
    line.open()
    for _ in range(100):
        line.emitter.emit(Token("m", "x"))
        line.time.now += INTERVAL / 2  # time goes by, but nobody gets to run
    assert len(line.sent) >= 40


def test_numbers_have_no_gaps() -> None:
    line = Line()
    line.open()
    for index in range(50):
        line.emitter.emit(Token("m", "x"), TurnPut("t", "running" if index % 2 else "stopping"))
        line.time.pass_(INTERVAL / 3)
        line.acknowledge()
    seen = [first + n for p in line.sent for first in [p["first"]] for n in range(len(p["events"]))]
    assert seen == list(range(seen[0], seen[0] + len(seen)))


def test_all_chats_of_a_kernel_share_one_budget_fairly() -> None:
    time, sent = Time(), {"a": 0, "b": 0, "c": 0}
    pacer = Pacer(time, clock=time.clock, rate=100, burst=5)

    def count(name: str) -> Callable[[str, Sequence[bytes]], None]:
        def send(text: str, buffers: Sequence[bytes]) -> None:
            sent[name] += 1

        return send

    emitters = {name: Emitter(Transcript(INFO), count(name), pacer) for name in sent}
    for name, emitter in emitters.items():
        emitter.answer(name, 0, 0)
        emitter.emit(TurnPut("t", "running"), ItemPut("t", message("m")))
    time.pass_(1)
    sent.update(dict.fromkeys(sent, 0))
    for _ in range(1000):
        for name, emitter in emitters.items():
            emitter.emit(Token("m", "x"))
            emitter.acknowledge(name, 1, emitter.seq)
        time.pass_(0.005)
    assert sum(sent.values()) <= 5 * 100 + 10
    assert max(sent.values()) - min(sent.values()) <= 2


def test_without_acknowledgement_it_waits_and_goes_on_where_it_stopped() -> None:
    line = Line(rate=100_000)
    line.open()
    for _ in range(WINDOW + 20):
        line.emitter.emit(Token("m", "x"))
        line.time.pass_(INTERVAL)
    packets = [packet for packet in line.sent if packet["type"] == "events"]
    assert len(packets) == WINDOW
    line.acknowledge()
    assert line.text() == "x" * (WINDOW + 20)


def test_head_beats_expose_a_lost_tail_and_then_it_takes_the_page_for_gone() -> None:
    line = Line()
    line.open()
    line.emitter.emit(Token("m", "x"))
    line.time.pass_(sum(BEATS) + 1)
    assert [packet["type"] for packet in line.sent] == ["events", *["head"] * (len(BEATS) - 1)]
    assert not line.emitter.is_seen


def test_a_chat_that_is_displayed_waits_for_no_word_until_there_is_news() -> None:
    line, alone = Line(), list[float]()
    line.emitter.when_alone = lambda: alone.append(line.time.now)
    line.emitter.open()
    line.time.pass_(100)
    assert [packet["type"] for packet in line.sent] == ["snapshot"]
    assert line.time.is_quiet
    assert line.emitter.is_seen
    line.emitter.emit(TurnPut("t", "done"))
    line.time.pass_(sum(BEATS) + 1)
    assert not line.emitter.is_seen
    assert len(alone) == 1


def test_the_first_word_of_a_page_tells_who_shows_a_chat() -> None:
    line = Line()
    line.emitter.open()
    line.emitter.emit(TurnPut("t", "done"))
    line.emitter.acknowledge("page", 1, 1)
    assert line.emitter.is_seen
    line.emitter.leave("page")
    assert not line.emitter.is_seen


def test_after_the_beats_it_knocks_ever_more_seldom_and_not_for_ever() -> None:
    line = Line()
    line.open()
    line.emitter.emit(Token("m", "x"))
    line.time.pass_(sum(BEATS) + 1)
    line.sent.clear()
    line.time.pass_(14)
    assert line.sent == []
    line.time.pass_(60)
    assert [packet["type"] for packet in line.sent] == ["head"] * 2  # 15 and 45 seconds after
    line.time.pass_(sum(KNOCKS))
    assert len(line.sent) == len(KNOCKS) - LATE_KNOCKS + 1
    assert line.time.is_quiet


def test_a_page_that_hears_a_late_knock_is_in_step_again() -> None:
    line, page = Line(), Page()
    line.emitter.answer(page.id, 0, 0)
    page.receive(json.dumps(line.sent[0]))
    line.emitter.emit(TurnPut("t", "done"), ItemPut("t", message("m", "lost")))
    line.time.pass_(1000)  # all packets since were lost, too
    (resync,) = page.receive(json.dumps(line.sent[-1]))
    assert isinstance(resync, Resync)
    line.emitter.answer(page.id, resync.epoch, resync.seq)
    page.receive(json.dumps(line.sent[-1]))
    assert [m.content for m in page.transcript.messages()] == ["lost"]
    line.time.pass_(sum(KNOCKS))
    assert line.time.is_quiet


def test_news_without_a_page_make_it_knock_at_once_and_then_as_at_first() -> None:
    line = Line()
    line.open()
    line.emitter.leave("page")
    for _ in range(3):
        line.emitter.emit(Token("m", "y"))
    assert [packet["type"] for packet in line.sent] == ["head"]
    line.time.pass_(1000)
    line.sent.clear()
    line.emitter.emit(Token("m", "z"))
    line.time.pass_(KNOCKS[0])
    assert [packet["type"] for packet in line.sent] == ["head"] * 2
    line.time.pass_(sum(KNOCKS))
    assert len(line.sent) == 1 + len(KNOCKS)
    assert line.time.is_quiet


def test_knocking_keeps_no_chat_alive() -> None:
    line = Line()
    line.open()
    line.emitter.leave("page")
    line.time.pass_(sum(BEATS))
    line.emitter.emit(Token("m", "y"))
    gone = weakref.ref(line.emitter)
    del line.emitter
    gc.collect()
    assert gone() is None
    line.time.pass_(sum(KNOCKS))
    assert line.time.is_quiet


def test_an_acknowledged_chat_costs_nothing() -> None:
    line = Line()
    line.open()
    line.time.pass_(100)
    assert line.sent == []
    assert line.time.is_quiet


def test_an_answer_needs_no_acknowledgement() -> None:
    line = Line()
    line.open()
    start = line.emitter.seq
    line.emitter.emit(Token("m", "lost"))
    for seq in (0, start, start + 1):  # answered by a snapshot, a replay and a head
        line.sent.clear()
        line.emitter.answer("page", 1, seq)
        line.time.pass_(100)
        assert len(line.sent) == 1
    assert line.emitter.is_seen
    assert line.time.is_quiet


def test_what_an_answer_brings_to_other_pages_they_acknowledge() -> None:
    line = Line()
    line.open()
    line.emitter.emit(Token("m", "x"), patient=True)
    line.emitter.answer("other", 0, 0)  # takes the token along
    line.sent.clear()
    line.time.pass_(BEATS[0] + BEATS[1])
    assert [packet["type"] for packet in line.sent] == ["head"]
    line.acknowledge()
    line.time.pass_(100)
    assert line.time.is_quiet


def test_a_page_that_missed_something_gets_just_that() -> None:
    line = Line()
    line.open()
    start = line.emitter.seq
    for token in "abc":
        line.emitter.emit(Token("m", token))
        line.time.pass_(INTERVAL)
    line.sent.clear()
    line.emitter.answer("page", 1, start + 1)
    assert line.text() == "bc"


def test_what_the_journal_no_longer_has_comes_as_a_snapshot() -> None:
    line = Line()
    line.open()
    start = line.emitter.seq
    for _ in range(30):
        line.emitter.emit(Token("m", "x" * 100_000))
        line.time.pass_(INTERVAL)
        line.acknowledge()
    line.sent.clear()
    line.emitter.answer("page", 1, start)
    (snapshot,) = line.sent
    assert snapshot["type"] == "snapshot"
    assert len(snapshot["turns"][0]["items"][0]["content"]) == 3_000_000


def test_a_page_that_is_further_than_this_kernel_gets_the_picture_anew() -> None:
    line = Line()
    line.open()
    line.emitter.answer("page", 1, 999)
    assert line.sent[-1]["type"] == "snapshot"


def test_a_broken_connection_does_not_reach_the_callback() -> None:
    line = Line()
    line.open()

    def fail(text: str, buffers: Sequence[bytes]) -> None:
        raise OSError("gone")

    line.emitter.send = fail
    line.emitter.emit(Token("m", "x"), urgent=True)
    assert line.emitter.snapshot().turns[0].items[0].content == "x"


def test_python_sees_the_present_before_anything_is_sent() -> None:
    line = Line()
    line.open()
    for token in "abc":
        line.emitter.emit(Token("m", token))
    assert [m.content for m in line.emitter.transcript.messages()] == ["abc"]


def test_the_journal_keeps_consecutive_events_within_its_bound() -> None:
    journal = Journal(limit=10)
    for text in ["aaaa", "bbbb", "cccc"]:
        journal.append(text)
    assert journal.after(1) == ["bbbb", "cccc"]
    assert journal.after(0) is None
    assert journal.after(3) == []
    assert journal.after(4) is None
    journal.skip()
    assert journal.after(3) is None


def test_the_cost_of_a_stream_is_its_length_on_the_wire() -> None:
    sizes = []
    for tokens in (1_000, 10_000):
        line = Line()
        line.open()
        for _ in range(tokens):
            line.emitter.emit(Token("m", "four"))
            line.time.pass_(0.0005)
            if line.time.now % 0.2 < 0.001:
                line.acknowledge()
        line.time.pass_(1)
        sizes.append(sum(len(json.dumps(packet)) for packet in line.sent))
    assert sizes[1] / sizes[0] == pytest.approx(10, rel=0.15)


def test_a_page_follows() -> None:
    line, page = Line(), Page()
    line.emitter.answer(page.id, 0, 0)
    line.emitter.emit(TurnPut("t", "running"), ItemPut("t", message("m")), Token("m", "hello"))
    line.time.pass_(1)
    for packet in line.sent:
        page.receive(json.dumps(packet))
    assert [m.content for m in page.transcript.messages()] == ["hello"]


def test_what_is_patient_waits_a_frame_for_company() -> None:
    line = Line()
    line.open()
    line.emitter.emit(TurnPut("t", "queued"), patient=True)
    line.emitter.emit(TurnPut("t", "running"), patient=True)
    assert line.sent == []
    line.emitter.emit(Token("m", "answer"))
    assert [event["type"] for packet in line.sent for event in packet["events"]] == ["turn", "turn", "token"]
    line.sent.clear()
    line.emitter.emit(TurnPut("t", "queued"), patient=True)
    line.time.pass_(INTERVAL)
    assert len(line.sent) == 1


def test_a_long_transcript_travels_in_pieces_newest_first() -> None:
    line, page = Line(rate=100_000), Page()
    for number in range(230):
        line.emitter.emit(TurnPut(f"t{number}", "done"), ItemPut(f"t{number}", message(f"m{number}", f"text {number}")))
    line.emitter.answer(page.id, 0, 0)
    sizes = []
    while line.sent:
        packet = line.sent.pop(0)
        sizes.append(len(packet["turns"]))
        for command in page.receive(json.dumps(packet)):
            if isinstance(command, GetEarlier):
                line.emitter.send_earlier(command.epoch, command.before)
    assert sizes == [50, 50, 50, 50, 30]
    assert page.transcript.turns == line.emitter.transcript.turns


def test_what_may_still_change_is_in_the_first_piece() -> None:
    line = Line()
    line.emitter.emit(TurnPut("running", "running"), *(TurnPut(f"t{number}", "queued") for number in range(80)))
    assert len(line.emitter.snapshot().turns) == 81


def test_what_was_pending_when_the_last_page_left_keeps_its_place() -> None:
    line, page = Line(), Page()
    line.open()
    line.emitter.answer(page.id, 0, 0)
    for packet in line.sent:
        page.receive(json.dumps(packet))
    line.emitter.emit(Token("m", "a"), patient=True)
    line.emitter.leave(page.id)
    line.emitter.leave("page")
    line.emitter.emit(Token("m", "b"))
    line.sent.clear()
    line.emitter.answer(page.id, page.epoch, page.seq + 1)  # a page that missed just the last
    assert [packet["type"] for packet in line.sent] == ["snapshot"]
    page.receive(json.dumps(line.sent[0]))
    assert page.transcript.turns == line.emitter.transcript.turns
