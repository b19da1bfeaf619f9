"""From an exit to an outcome and its sentence."""

import pytest

from overdrive.engine.outcomes import judge_exit
from overdrive.engine.outcomes import likeness
from overdrive.engine.outcomes import missing_metric
from overdrive.engine.trials import Trial
from overdrive.records import Exit
from overdrive.records import Outcome
from overdrive.records import PrimaryMetric
from overdrive.records import PrimaryMetricGoal

METRIC = PrimaryMetric(name="val/loss", goal=PrimaryMetricGoal.MINIMIZE)


def trial(**changes: object) -> Trial:
    made = Trial(number=0, configuration={}, reason="r", suggested_at=0.0, attempt=1)
    for name, value in changes.items():
        setattr(made, name, value)
    return made


@pytest.mark.parametrize(
    ("exit", "state", "outcome", "words"),
    [
        (Exit(cause="exit", code=0), {"intervals": 3}, Outcome.COMPLETED, "completed"),
        (Exit(cause="exit", code=0), {"names": ["val_loss"]}, Outcome.COMPLETED_WITHOUT_METRIC, "'val_loss'"),
        (Exit(cause="exit", code=3), {}, Outcome.FAILED, "failed with exit code 3: last words"),
        (Exit(cause="signal", signal=11), {}, Outcome.FAILED, "killed by SIGSEGV: last words"),
        (
            Exit(cause="signal", signal=9, peak_rss_bytes=2**30),
            {},
            Outcome.FAILED,
            "killed by SIGKILL at a peak of 1024 MB",
        ),
        (Exit(cause="oom", signal=9, peak_rss_bytes=2**30), {}, Outcome.FAILED, "want of memory at a peak of 1024 MB"),
        (Exit(cause="timeout", signal=15, wall_s=60.2), {}, Outcome.FAILED, "ended after 60 s"),
        (Exit(cause="unstartable", message="No such file"), {}, Outcome.FAILED, "could not be started: No such file"),
        (
            Exit(cause="stopped", signal=15),
            {"stop_why": "verdict", "why": "stopped at 5"},
            Outcome.STOPPED_EARLY,
            "stopped at 5",
        ),
        (Exit(cause="stopped", code=0), {"stop_why": "cancelled", "why": "by ann"}, Outcome.CANCELLED, "by ann"),
        (Exit(cause="stopped", signal=9), {"stop_why": "deadline", "why": "late"}, Outcome.CANCELLED, "late"),
        (Exit(cause="exit", code=0), {"intervals": 1, "stop_why": "verdict"}, Outcome.COMPLETED, "completed"),
        (Exit(cause="lost"), {}, Outcome.LOST, "lost"),
        (Exit(cause="unstartable", message="work: Input/output error"), {}, Outcome.LOST, "a disk failed: could not"),
    ],
)
def test_each_exit(exit: Exit, state: dict, outcome: Outcome, words: str) -> None:
    made = trial(**state)
    asked = (made.stop_why, made.why) if made.stop_why else None
    ending = judge_exit(made, exit, METRIC, last_line="last words", may_retry=False, asked=asked)
    assert ending.outcome is outcome
    assert words in ending.reason


@pytest.mark.parametrize(
    ("line", "outcome", "words"),
    [
        ("OSError: [Errno 5] Input/output error", Outcome.LOST, "a disk failed: failed with exit code 1"),
        ("OSError: [Errno 122] Disk quota exceeded", Outcome.LOST, "the disk was full: failed with exit code 1"),
        ("Input/output error, they said, was to be expected", Outcome.FAILED, "failed with exit code 1: Input/output"),
    ],
)
def test_a_script_is_not_to_blame_for_the_disk(line: str, outcome: Outcome, words: str) -> None:
    ending = judge_exit(trial(), Exit(cause="exit", code=1), METRIC, last_line=line, may_retry=False)
    assert ending.outcome is outcome and words in ending.reason


def test_a_lost_attempt_says_that_it_is_tried_again() -> None:
    ending = judge_exit(trial(), Exit(cause="lost"), METRIC, last_line="", may_retry=True)
    assert ending.retry and "once more" in ending.reason


def test_a_single_run_needs_no_metric() -> None:
    ending = judge_exit(trial(), Exit(cause="exit", code=0), None, last_line="", may_retry=False)
    assert ending.outcome is Outcome.COMPLETED


def test_the_nearest_names_come_first() -> None:
    assert missing_metric(["epoch", "time", "val_loss"], "val/loss") == (
        "it never logged 'val/loss'; it logs 'val_loss', 'epoch', 'time'"
    )
    assert "nor anything else" in missing_metric([], "val/loss")


def test_numbers_do_not_make_failures_unlike() -> None:
    exit = Exit(cause="exit", code=1)
    assert likeness(exit, "bad value 0.13") == likeness(exit, "bad value 7.25")
    assert likeness(exit, "bad value 0.13") != likeness(exit, "worse value 7.5")
    assert likeness(exit, "x") != likeness(Exit(cause="exit", code=2), "x")


def test_a_metric_that_only_other_ranks_logged() -> None:
    assert missing_metric(["val/loss", "acc"], "val/loss") == "it logged 'val/loss' by ranks other than 0 only"


def test_lost_and_asked_to_end_is_what_was_asked_for() -> None:
    for cause in ("lost", "stopped"):
        ending = judge_exit(
            trial(), Exit(cause=cause), METRIC, last_line="", may_retry=True, asked=("verdict", "stopped at 5")
        )
        assert (ending.outcome, ending.reason, ending.retry) == (Outcome.STOPPED_EARLY, "stopped at 5", False)


def test_stopped_though_nobody_asked() -> None:
    ending = judge_exit(trial(), Exit(cause="stopped", signal=15), METRIC, last_line="", may_retry=True)
    assert ending.outcome is Outcome.CANCELLED
    assert "not by this sweep's engine" in ending.reason


@pytest.mark.parametrize(
    ("exit", "last_line"),
    [
        (Exit(cause="exit", code=1, disk_full=True), ""),
        (Exit(cause="signal", signal=7, disk_full=True), "words"),
        (Exit(cause="exit", code=1), "OSError: [Errno 28] No space left on device"),
    ],
)
def test_a_full_disk_is_the_machines_fault(exit: Exit, last_line: str) -> None:
    ending = judge_exit(trial(), exit, METRIC, last_line=last_line, may_retry=True)
    assert (ending.outcome, ending.retry) == (Outcome.LOST, True)
    assert ending.reason.startswith("lost: the disk was full: ")
    assert ending.reason.endswith("; it is started once more")


def test_a_shortage_is_the_machines_fault() -> None:
    exit = Exit(cause="unstartable", message="EAGAIN: Resource temporarily unavailable")
    ending = judge_exit(trial(), exit, METRIC, last_line="", may_retry=False)
    assert ending.outcome is Outcome.LOST
    assert ending.reason == f"lost: the machine is short of something: {exit.message}"
