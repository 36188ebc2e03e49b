"""Whatever happens between kernel and page, nothing is lost: many runs, each decided by its seed.

``FAULT_SEED=7 pytest tests/faults`` plays one seed of each test, or of one with ``-k``.
"""

import os
from functools import partial

import pytest

from anychat.emitter import Journal
from faults.browser import Browser
from faults.story import Plot, play
from faults.weather import Faults

_ONLY = os.environ.get("FAULT_SEED")


def runs(count: int) -> pytest.MarkDecorator:
    """Play the seeds from 1 to `count`, or the one that is asked for."""
    return pytest.mark.parametrize("seed", [int(_ONLY)] if _ONLY else range(1, count + 1))


@runs(10)
def test_nothing_goes_wrong(browser: Browser, seed: int) -> None:
    assert play(browser, seed, Plot()) == {"connecting", "live"}


@runs(20)
def test_one_in_a_hundred_is_lost(browser: Browser, seed: int) -> None:
    play(browser, seed, Plot(Faults(lost=0.01)))


@runs(25)
def test_one_in_ten_is_lost(browser: Browser, seed: int) -> None:
    play(browser, seed, Plot(Faults(lost=0.1)))


@runs(30)
def test_every_second_one_is_lost(browser: Browser, seed: int) -> None:
    play(browser, seed, Plot(Faults(lost=0.5)))


@runs(20)
def test_many_are_lost_in_a_row(browser: Browser, seed: int) -> None:
    play(browser, seed, Plot(Faults(burst=0.03)))


@runs(20)
def test_nothing_arrives_for_ten_seconds(browser: Browser, seed: int) -> None:
    assert "reconnecting" in play(browser, seed, Plot(Faults(dead=(4, 14)), seconds=16))


@runs(10)
def test_the_connection_is_closed_for_ten_seconds(browser: Browser, seed: int) -> None:
    assert "lost" in play(browser, seed, Plot(Faults(dead=(4, 14), is_told=True), seconds=16))


@runs(10)
def test_a_quiet_page_misses_the_last_words(browser: Browser, seed: int) -> None:
    play(browser, seed, Plot(Faults(dead=(3, 13)), seconds=14, is_talkative=False))


@runs(10)
def test_a_quiet_page_is_cut_off_until_the_kernel_takes_it_for_gone(browser: Browser, seed: int) -> None:
    play(browser, seed, Plot(Faults(dead=(3, 60)), seconds=60, is_talkative=False))


@runs(15)
def test_everything_comes_twice_now_and_then(browser: Browser, seed: int) -> None:
    play(browser, seed, Plot(Faults(twice=0.4)))


@runs(15)
def test_nothing_keeps_its_order(browser: Browser, seed: int) -> None:
    play(browser, seed, Plot(Faults(late=0.4)))


@runs(20)
def test_the_page_is_loaded_every_three_seconds(browser: Browser, seed: int) -> None:
    play(browser, seed, Plot(Faults(lost=0.1), reload_every=3))


@runs(10)
def test_the_server_drops_what_is_above_a_hundred_a_second(browser: Browser, seed: int) -> None:
    play(browser, seed, Plot(Faults(limit=100), chats=4, words=(100, 300)))


@runs(20)
def test_two_tabs_show_the_same(browser: Browser, seed: int) -> None:
    play(browser, seed, Plot(Faults(lost=0.1, late=0.05), tabs=2))


@runs(25)
def test_a_new_chat_begins_in_the_middle(browser: Browser, seed: int) -> None:
    play(browser, seed, Plot(Faults(lost=0.2, twice=0.3, late=0.3), tabs=2, restarts=4))


@runs(15)
def test_the_kernel_has_a_short_memory(browser: Browser, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anychat.emitter.Journal", partial(Journal, limit=1_000))
    play(browser, seed, Plot(Faults(lost=0.2, late=0.1)))


@runs(20)
def test_a_long_conversation_is_read_to_its_beginning(browser: Browser, seed: int) -> None:
    play(browser, seed, Plot(Faults(lost=0.1, twice=0.1, late=0.1), tabs=2, history=170))


@runs(15)
def test_answers_have_steps_buttons_and_questions(browser: Browser, seed: int) -> None:
    play(browser, seed, Plot(is_eventful=True))


@runs(30)
def test_clicks_and_answers_to_questions_are_taken_once(browser: Browser, seed: int) -> None:
    faults = Faults(lost=0.2, twice=0.2, late=0.2)
    play(browser, seed, Plot(faults, tabs=2, is_eventful=True))


@runs(20)
def test_questions_are_open_while_pages_are_loaded_and_chats_begin_anew(browser: Browser, seed: int) -> None:
    faults = Faults(lost=0.1, burst=0.01, dead=(5, 8))
    play(browser, seed, Plot(faults, tabs=2, reload_every=3, restarts=2, is_eventful=True))


@runs(30)
def test_everything_at_once(browser: Browser, seed: int) -> None:
    faults = Faults(lost=0.1, twice=0.1, late=0.1, burst=0.01, dead=(5, 8), limit=100)
    play(browser, seed, Plot(faults, tabs=2, chats=2, words=(3, 150), reload_every=4, restarts=1))
