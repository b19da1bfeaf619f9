"""Clock and randomness."""

import re
import uuid

from overdrive.host import clock
from overdrive.host.clock import Stopwatch
from overdrive.host.randomness import new_id
from overdrive.host.randomness import new_seed


def test_utc_text_is_iso_8601_with_milliseconds() -> None:
    assert clock.utc_text(0) == "1970-01-01T00:00:00.000Z"
    assert clock.utc_text(1614340800.25) == "2021-02-26T12:00:00.250Z"
    assert clock.utc_text(1614340800.9999) == "2021-02-26T12:00:00.999Z"
    assert clock.utc_text(-0.001) == "1969-12-31T23:59:59.999Z"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", clock.utc_text())


def test_stopwatch_goes_on_where_earlier_engines_stopped() -> None:
    now = [50.0]
    watch = Stopwatch(10.0, clock=lambda: now[0])
    assert watch.seconds == 10.0
    now[0] += 5.0
    assert watch.seconds == 15.0
    assert watch.until(20.0) == 5.0
    assert watch.until(12.0) == -3.0


def test_monotonic_never_goes_back() -> None:
    times = [clock.monotonic() for _ in range(100)]
    assert times == sorted(times)


def test_sleep_takes_any_number() -> None:
    clock.sleep(0)
    clock.sleep(-1.0)


def test_seeds_fit_into_a_double_and_differ() -> None:
    seeds = {new_seed() for _ in range(200)}
    assert len(seeds) == 200
    assert all(0 <= seed < 2**53 and int(float(seed)) == seed for seed in seeds)


def test_ids_are_random_uuids() -> None:
    ids = {new_id() for _ in range(200)}
    assert len(ids) == 200
    assert all(uuid.UUID(text).version == 4 and str(uuid.UUID(text)) == text for text in ids)
    assert all(uuid.UUID(text).variant == uuid.RFC_4122 for text in ids)
