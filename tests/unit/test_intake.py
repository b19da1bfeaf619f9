"""What the user is told about what trials log: once a sweep."""

from pathlib import Path

import pytest

from overdrive.engine.intake import Intake
from overdrive.engine.intake import telling_line
from overdrive.engine.recovery import Known
from overdrive.engine.trials import Trial
from overdrive.records import MetricRecord
from overdrive.records import PrimaryMetric
from overdrive.records import PrimaryMetricGoal

METRIC = PrimaryMetric(name="accuracy", goal=PrimaryMetricGoal.MAXIMIZE)

#: An exception whose message goes on over further lines.
TRACEBACK = """Traceback (most recent call last):
  File "train.py", line 3, in <module>
    np.float(1)
AttributeError: module 'numpy' has no attribute 'float'.
`np.float` was a deprecated alias for the builtin `float`.
The aliases was originally deprecated in NumPy 1.20; for more details see:
    https://numpy.org/notes.html
"""


def trial(**changes: object) -> Trial:
    made = Trial(number=3, configuration={}, reason="r", suggested_at=0.0, attempt=1)
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def test_values_of_other_ranks(tmp_path: Path) -> None:
    intake = Intake(tmp_path, Known())
    records = [MetricRecord(0, "loss", 1.0, rank=2), MetricRecord(1, "accuracy", 0.5)]
    assert list(intake.notes(trial(intervals=1), METRIC, records)) == []
    records = [MetricRecord(0, "accuracy", 0.5), MetricRecord(1, "accuracy", 0.5, rank=1)]
    assert list(intake.notes(trial(intervals=1), METRIC, records)) == [
        ("ranks", "trial 3: values logged by ranks other than 0 are kept under their rank and are no intervals")
    ]
    assert list(intake.notes(trial(intervals=1), METRIC, records)) == []


def test_a_missing_metric(tmp_path: Path) -> None:
    silent = trial(records=20, names=["acc", "loss"])
    [(about, text)] = Intake(tmp_path, Known()).notes(silent, METRIC, [])
    assert about == "metric" and "it never logged 'accuracy'; it logs 'acc'" in text
    assert list(Intake(tmp_path, Known()).notes(trial(records=19, names=["acc"]), METRIC, [])) == []


def test_what_an_earlier_engine_said_is_not_said_again(tmp_path: Path) -> None:
    intake = Intake(tmp_path, Known(notes={"metric", "ranks"}))
    records = [MetricRecord(0, "accuracy", 0.5, rank=1)]
    assert list(intake.notes(trial(records=50), METRIC, records)) == []


@pytest.mark.parametrize(
    ("output", "line"),
    [
        ("epoch 1\nout of luck\n\n", "out of luck"),
        ("", ""),
        (TRACEBACK, "AttributeError: module 'numpy' has no attribute 'float'."),
        (TRACEBACK + "cleaning up\n", "AttributeError: module 'numpy' has no attribute 'float'."),
        (
            'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\n    x\nKeyboardInterrupt\n',
            "KeyboardInterrupt",
        ),
        ('  File "a.py", line 1\n    x x\n      ^\nSyntaxError: invalid syntax\n', "SyntaxError: invalid syntax"),
    ],
)
def test_the_line_that_says_why(output: str, line: str) -> None:
    assert telling_line(output) == line
