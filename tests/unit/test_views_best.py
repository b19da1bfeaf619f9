"""The one rule for the best trial, as a table of trials in every state."""

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from journals import ACCURACY
from journals import LOSS
from journals import WrittenSweep

from overdrive.records import Outcome
from overdrive.records import PrimaryMetric
from overdrive.views import TrialRow
from overdrive.views import best_trial
from overdrive.views import open_sweep
from overdrive.views import ranked

#: Values and outcome of each trial; None: still running.
TABLE: list[tuple[list[float], Outcome | None]] = [
    ([], Outcome.COMPLETED_WITHOUT_METRIC),
    ([0.2, 0.7, 0.1], Outcome.COMPLETED),
    ([math.nan], Outcome.COMPLETED),
    ([0.8, math.inf], Outcome.STOPPED_EARLY),
    ([0.8], Outcome.STOPPED_EARLY),
    ([0.9, 0.3], Outcome.FAILED),
    ([math.nan, 0.9], Outcome.FAILED),
    ([0.75], Outcome.CANCELLED),
    ([0.95], Outcome.LOST),
    ([0.72], None),
    ([], None),
    ([-math.inf], Outcome.COMPLETED),
]


@pytest.fixture
def sweep(tmp_path: Path):
    sweep = WrittenSweep(tmp_path / "s", max_total_runs=12)
    for number, (values, outcome) in enumerate(TABLE):
        sweep.start(number)
        if values:
            sweep.log(number, *values)
        if outcome:
            sweep.end(number, outcome)
    yield sweep
    sweep.close()


@pytest.mark.parametrize(
    ("failed", "cancelled", "best"), [(True, True, 8), (False, True, 3), (True, False, 8), (False, False, 9)]
)
def test_the_golden_table(sweep: WrittenSweep, failed: bool, cancelled: bool, best: int) -> None:
    view = open_sweep(sweep.folder)
    row = view.best(include_failed=failed, include_cancelled=cancelled)
    assert row is not None and row.number == best


def test_the_summary_names_the_same_trial(sweep: WrittenSweep) -> None:
    import json

    sweep.finish()
    summary = json.loads((sweep.folder / "summary.json").read_text())
    best = open_sweep(sweep.folder).best()
    assert best is not None
    assert summary["best"] == {"trial": best.number, "value": best.best, "configuration": best.configuration}


def test_ranked_lists_all(sweep: WrittenSweep) -> None:
    order = [row.number for row in open_sweep(sweep.folder).ranked()]
    assert order == [8, 5, 6, 3, 4, 7, 9, 1, 0, 2, 10, 11]


def row(number: int, best: float | None) -> TrialRow:
    from overdrive.records import TrialStatus

    nothing = dict.fromkeys(
        ("best_interval", "last", "started_at", "ended_at", "duration_s", "stored_exit", "threads"), None
    )
    return TrialRow(
        number=number,
        run_id=str(number),
        database=Path("sweep.db"),
        status=TrialStatus.ENDED,
        outcome=Outcome.COMPLETED,
        azure_status="Completed",
        stored_configuration="{}",
        reason="",
        attempt=1,
        best=best,
        intervals=1,
        suggested_at=0.0,
        why="",
        own_arguments=(),
        **nothing,  # type: ignore[arg-type]
    )


@given(
    st.lists(st.none() | st.floats(allow_nan=False, allow_infinity=False), max_size=20),
    st.sampled_from([ACCURACY, LOSS]),
)
def test_the_best_is_the_first_of_the_ranked(values: list[float | None], metric: PrimaryMetric) -> None:
    rows = [row(number, value) for number, value in enumerate(values)]
    best = best_trial(reversed(rows), metric)
    order = ranked(rows, metric)
    if best is None:
        assert all(value is None for value in values)
    else:
        assert order[0].best == best.best == metric.sign * max(metric.sign * v for v in values if v is not None)
        assert order[0].number == best.number


def test_without_a_metric_there_is_no_best() -> None:
    assert best_trial([row(0, 1.0)], None) is None
