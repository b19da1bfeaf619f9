"""Ctrl-C while waiting: leave, cancel, cancel at once."""

import os
import signal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overdrive.client.leaving import Leaving
from overdrive.client.leaving import Presses
from overdrive.client.leaving import Wish


@pytest.mark.parametrize(
    ("times", "now", "wish"),
    [
        ([], 0.0, Wish.STAY),
        ([0.0], 1.9, Wish.STAY),
        ([0.0], 2.1, Wish.LEAVE),
        ([0.0, 1.0], 1.0, Wish.CANCEL),
        ([0.0, 1.0], 100.0, Wish.CANCEL),
        ([0.0, 1.0, 50.0], 50.0, Wish.CANCEL_NOW),
        ([0.0, 2.5], 2.5, Wish.STAY),
        ([0.0, 2.5, 3.0], 3.0, Wish.CANCEL),
    ],
)
def test_presses(times: list[float], now: float, wish: Wish) -> None:
    presses = Presses()
    for time in times:
        presses.press(time)
    assert presses.wish(now) is wish


@given(st.lists(st.floats(0, 0.5), min_size=3, max_size=30))
def test_more_presses_change_nothing(gaps: list[float]) -> None:
    presses, now = Presses(), 0.0
    for gap in gaps:
        now += gap
        presses.press(now)
    assert presses.wish(now) is Wish.CANCEL_NOW
    assert presses.count == 3


def test_signals_are_counted_and_answered_once() -> None:
    said: list[str] = []
    cancelled: list[bool] = []
    now = [0.0]
    before = signal.getsignal(signal.SIGINT)
    with Leaving("HD_x", say=said.append, cancel=cancelled.append, clock=lambda: now[0]) as leaving:
        leaving.act()
        assert not leaving.was_pressed
        for _ in range(5):
            os.kill(os.getpid(), signal.SIGINT)
            now[0] += 0.01
            leaving.act()
        assert leaving.was_pressed
    assert cancelled == [False, True]
    assert len(said) == 3
    assert "overdrive cancel HD_x" in said[0]
    assert signal.getsignal(signal.SIGINT) is before


def test_a_single_press_leaves() -> None:
    now = [0.0]
    with Leaving("HD_x", say=lambda text: None, cancel=pytest.fail, clock=lambda: now[0]) as leaving:
        os.kill(os.getpid(), signal.SIGINT)
        leaving.act()
        now[0] = 3.0
        with pytest.raises(KeyboardInterrupt):
            leaving.act()


def test_who_ignores_the_signal_goes_on_ignoring_it() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with Leaving("HD_x", say=pytest.fail, cancel=pytest.fail, clock=lambda: 0.0) as leaving:
            os.kill(os.getpid(), signal.SIGINT)
            leaving.act()
            assert not leaving.was_pressed
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
