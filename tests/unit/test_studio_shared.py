"""What several pages ask for at once is made once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from overdrive.studio.shared import Columns
from overdrive.studio.shared import Shared


def test_who_asks_for_the_same_meanwhile_waits_for_it() -> None:
    shared, begun, may_end = Shared(), threading.Event(), threading.Event()
    made: list[str] = []

    def make() -> Columns:
        made.append("once")
        begun.set()
        assert may_end.wait(60)
        return {"x": "y"}

    with ThreadPoolExecutor(3) as threads:
        first = threads.submit(shared.get, "key", make)
        assert begun.wait(60)
        others = [threads.submit(shared.get, "key", make) for _ in range(2)]
        assert shared.get("another key", dict[str, object]) == {}, "nobody else waits"
        may_end.set()
        found = [each.result(60) for each in (first, *others)]
    assert made == ["once"] and all(each is found[0] for each in found)


def test_no_more_is_kept_than_fits() -> None:
    shared = Shared(most_bytes=100)
    for key, size in (("old", 60), ("new", 60), ("huge", 1000)):
        assert shared.get(key, lambda size=size: {"x": "y" * size, "next": None}) == {"x": "y" * size, "next": None}
    for key in ("old", "huge"):
        assert shared.get(key, lambda: {"made": "anew"}) == {"made": "anew"}


def test_what_fails_is_tried_again() -> None:
    shared = Shared()
    with pytest.raises(ZeroDivisionError):
        shared.get("key", lambda: {"x": 1 // 0})
    assert shared.get("key", lambda: {"x": 1}) == {"x": 1}
