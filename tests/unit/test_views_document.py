"""A sweep in one piece, and the still picture of it."""

import base64
import gzip
import json
import math
from array import array
from pathlib import Path
from xml.etree import ElementTree

import pytest
from attacks import ATTACK
from attacks import hostile
from journals import WrittenSweep

from overdrive.records import Kind
from overdrive.records import MetricRecord
from overdrive.views import open_sweep
from overdrive.views.browser import Told
from overdrive.views.document import document_curves
from overdrive.views.document import packed
from overdrive.views.document import sweep_document
from overdrive.widgets.picture import picture
from overdrive.widgets.still import still_bundle


def floats(text: str | None, form: str = "f") -> list[float]:
    """Numbers of a curve: 'f' of its intervals and times, 'd' of its values and steps."""
    values = array(form)
    values.frombytes(base64.b64decode(text or ""))
    return list(values)


def written(tmp_path: Path, **changes: object) -> WrittenSweep:
    return WrittenSweep(tmp_path / "HD_1", id="HD_1", **changes)


def test_curves_keep_extremes_the_last_value_and_what_is_not_finite(tmp_path: Path) -> None:
    sweep = written(tmp_path)
    values = [0.5] * 3000
    values[700], values[1500], values[2200], values[-1] = 9.0, -9.0, math.inf, 0.75
    sweep.run(0, *values)
    sweep.run(1, 0.25, math.nan)
    (curves,) = document_curves(open_sweep(sweep.folder), None)
    assert (curves["trial"], curves["count"]) == ([0, 1], [3000, 2])
    y, interval = floats(curves["y"], "d"), floats(curves["interval"])
    first = curves["kept"][0]
    assert {9.0, -9.0, math.inf} <= set(y[:first]) and y[first - 1] == 0.75
    assert interval[y.index(9.0)] == 701 and interval[:first] == sorted(interval[:first])
    assert y[first] == 0.25 and math.isnan(y[first + 1])


def test_values_and_steps_are_as_they_were_logged(tmp_path: Path) -> None:
    sweep = written(tmp_path)
    sweep.start(0)
    values = [0.12345, 16777217.0, 370370367.369]
    records = [MetricRecord(at, "accuracy", value, None, 16777217 + at) for at, value in enumerate(values)]
    sweep.add(Kind.LOGGED, 0, 1, {"from": 0, "to": 3, "first": 0, "count": 3, "bad": 0}, records)
    (curves,) = document_curves(open_sweep(sweep.folder), None)
    assert floats(curves["y"], "d") == values
    assert floats(curves["step"], "d") == [16777217.0, 16777218.0, 16777219.0]


def test_some_trials_of_every_metric(tmp_path: Path) -> None:
    sweep = written(tmp_path)
    for trial in range(3):
        sweep.start(trial)
        sweep.log(trial, 0.5, 0.6)
        sweep.log(trial, 3.0, name="loss")
    found = {each["metric"]: each for each in document_curves(open_sweep(sweep.folder), {1})}
    assert {name: each["trial"] for name, each in found.items()} == {"accuracy": [1], "loss": [1]}
    assert found["accuracy"]["interval"] is None and found["accuracy"]["step"] is None
    assert floats(found["accuracy"]["time"]) == [0.0, 1.0]


def test_the_document_is_whole_and_the_same_each_time(tmp_path: Path) -> None:
    sweep = written(tmp_path)
    sweep.run(0, 0.5, math.nan)
    document = sweep_document(open_sweep(sweep.folder))
    assert packed(document) == packed(document)
    read = json.loads(gzip.decompress(packed(document)))
    assert read["trials"]["last"] == ["nan"] and read["head"]["folder"] == ""


def test_pages_are_told_what_is_new_and_nothing_twice(tmp_path: Path) -> None:
    sweep = written(tmp_path)
    view = open_sweep(sweep.folder)
    told = Told(view, sweep_document(view)["head"]["seq"])
    sweep.run(0, 0.5)
    change = told.next()
    assert change is not None and change["trials"]["number"] == [0] and change["points"][0]["values"] == [0.5]
    sweep.finish()
    last = told.next()
    assert last is not None and last["head"]["is_over"] and last["after"] == change["seq"]
    assert told.next() is None


@pytest.mark.parametrize("values", [[], [math.nan], [0.5], [0.5, math.inf, -math.inf], [1e300, -1e300], [0.5] * 500])
def test_a_picture_of_any_values(tmp_path: Path, values: list[float]) -> None:
    sweep = written(tmp_path)
    sweep.run(0, *values)
    sweep.run(1, *values)
    text = picture(open_sweep(sweep.folder))
    ElementTree.fromstring(text)
    assert "nan" not in text and "inf" not in text.replace("interval", "")


def test_a_picture_of_nothing_and_of_a_single_run(tmp_path: Path) -> None:
    ElementTree.fromstring(picture(open_sweep(written(tmp_path).folder)))
    run = WrittenSweep(tmp_path / "run", kind="run", space={}, metric=None)
    run.start(0)
    run.log(0, 3.0, 2.0, name="loss")
    assert ">loss</text>" in picture(open_sweep(run.folder))


def test_more_trials_than_can_be_told_apart(tmp_path: Path) -> None:
    sweep = written(tmp_path, max_total_runs=100)
    for trial in range(100):
        sweep.run(trial, trial / 100, trial / 50)
    text = picture(open_sweep(sweep.folder))
    assert "of 80 of 100 trials" in text
    assert len(ElementTree.fromstring(text).findall(".//*[@class='l r7']")) > 2


def test_an_attack_is_text(tmp_path: Path) -> None:
    view = open_sweep(hostile(tmp_path).folder)
    ElementTree.fromstring(picture(view))
    html = still_bundle(view, f"place{ATTACK}")["text/html"]
    assert "<script" not in html and "<img src=x" not in html and html.count("<img ") == 1
