"""How what was logged is merged by name."""

import contextlib
import math
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from journals import WrittenSweep

from overdrive.host.randomness import new_id
from overdrive.records import MetricRecord
from overdrive.views import open_sweep
from overdrive.views.metrics import collect_marks
from overdrive.views.metrics import curve_names
from overdrive.views.metrics import merge_metrics
from overdrive.views.names import metric_hint


def records(*logged: tuple) -> list[MetricRecord]:
    """(name, value, kind) each."""
    return [MetricRecord(n, name, value, kind) for n, (name, value, kind) in enumerate(logged)]


@pytest.mark.parametrize(
    ("logged", "merged"),
    [
        ([("a", 1.0, None)], {"a": 1.0}),
        ([("a", 1.0, None), ("a", 2, None)], {"a": [1.0, 2]}),
        ([("a", "text", "text")], {"a": "text"}),
        ([("a", None, "none"), ("a", 1, None)], {"a": [None, 1]}),
        ([("a", [1, 2], "list")], {"a": [1, 2]}),
        ([("a", [1], "list")], {"a": 1}),
        ([("a", [], "list")], {"a": []}),
        ([("a", [1, 2], "list"), ("a", 3, None)], {"a": [1, 2, 3]}),
        ([("r", {"x": 1, "y": 2}, "row")], {"r": {"x": 1, "y": 2}}),
        ([("r", {"x": 1}, "row"), ("r", {"x": 2, "y": 3}, "row")], {"r": {"x": [1, 2], "y": [None, 3]}}),
        ([("r", {"x": 1, "y": 0}, "row"), ("r", {"x": 2}, "row")], {"r": {"x": [1, 2], "y": [0, None]}}),
        ([("t", {"x": [1, 2], "y": [3, 4]}, "table")], {"t": {"x": [1, 2], "y": [3, 4]}}),
        ([("t", {"x": [1, 2], "y": [3]}, "table")], {"t": {"x": [1, 2], "y": [3, None]}}),
        ([("t", {"x": [1]}, "table"), ("t", {"x": 2}, "row")], {"t": {"x": [1, 2]}}),
        ([("i", "outputs/a.png", "image")], {"i": "outputs/a.png"}),
        ([("i", "a", "image"), ("i", "b", "image")], {"i": ["a", "b"]}),
        ([("m", {"data": 1}, "confusion_matrix")], {"m": {"data": 1}}),
        ([], {}),
    ],
)
def test_merging(logged: list, merged: dict) -> None:
    assert merge_metrics(records(*logged)) == (merged, [])


def test_the_first_kind_of_a_name_stays() -> None:
    merged, dropped = merge_metrics(
        records(("a", 1, None), ("a", {"x": 1}, "row"), ("a", 2, None), ("a", {"x": 2}, "row"))
    )
    assert merged == {"a": [1, 2]}
    assert len(dropped) == 1 and "'a'" in dropped[0]


def test_only_rank_0_counts() -> None:
    merged, _ = merge_metrics(
        [MetricRecord(0, "a", 1.0), MetricRecord(1, "a", 9.0, rank=3), MetricRecord(2, "b", 1, rank=1)]
    )
    assert merged == {"a": 1.0}


def test_non_finite_values_stay_what_they_are() -> None:
    merged, _ = merge_metrics(records(("a", math.nan, None), ("a", math.inf, None)))
    assert isinstance(merged["a"], list) and math.isnan(merged["a"][0]) and merged["a"][1] == math.inf


def test_marks_are_no_metrics() -> None:
    logged = records(
        ("k", "v1", "tag"), ("a", 1, None), ("k", "v2", "tag"), ("c", {"n": 1}, "child"), ("c", {"n": 2}, "child")
    )
    assert merge_metrics(logged)[0] == {"a": 1}
    assert collect_marks(logged) == {"tag": {"k": "v2"}, "child": {"c": [{"n": 1}, {"n": 2}]}}


@pytest.mark.parametrize(
    ("names", "wanted", "first"),
    [
        (["epoch", "val_loss"], "val/loss", "val_loss"),
        (["loss", "Accuracy"], "accuracy", "Accuracy"),
        (["acc", "loss"], "accuracy", "acc"),
        (["q"], "accuracy", "q"),
    ],
)
def test_the_nearest_name_comes_first(names: list[str], wanted: str, first: str) -> None:
    hint = metric_hint(names, wanted)
    assert hint.startswith(f"you log {first!r}")
    assert hint.endswith(f"; the sweep wants {wanted!r}")


def test_many_names_are_cut() -> None:
    assert "and 95 more" in metric_hint([f"m{n}" for n in range(100)], "accuracy")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["accuracy", "mixed", "tag"]),
            st.sampled_from([None, None, "list", "table", "tag"]),
            st.integers(0, 1),
        ),
        max_size=12,
    ),
    st.integers(0, 12),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
def test_an_outline_says_all_but_the_curves_points(tmp_path: Path, logged: list, retried: int) -> None:
    values = {None: 0.5, "list": [1, 2], "table": {"a": [1]}, "tag": "blue"}
    with contextlib.closing(WrittenSweep(tmp_path / new_id())) as written:
        written.start(0)
        for at, (name, kind, rank) in enumerate(logged):
            if at == retried:
                written.end(0, retry=True)
                written.start(0, attempt=2)
            written.log(0, values[kind], name=name, kind=kind, rank=rank)
        view = open_sweep(written.folder)
        whole, outline = view.records(0), view.outline(0)
        assert curve_names(outline) == curve_names(whole)
        (all_values, all_conflicts), (found, conflicts) = merge_metrics(whole), merge_metrics(outline)
        assert conflicts == all_conflicts
        assert found.keys() == all_values.keys()
        for name in found.keys() - curve_names(whole):
            assert found[name] == all_values[name]
        assert view.marks(0) == collect_marks(each for each in whole if not each.rank)
