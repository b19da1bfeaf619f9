"""Policies by name: the registry, plug-ins, the command line's form."""

import sys
from dataclasses import dataclass
from importlib.metadata import EntryPoint

import pytest

from overdrive.errors import SpecError
from overdrive.records import PrimaryMetric
from overdrive.records import PrimaryMetricGoal
from overdrive.termination import BanditPolicy
from overdrive.termination import Curves
from overdrive.termination import EarlyTerminationPolicy
from overdrive.termination import MedianStoppingPolicy
from overdrive.termination import NoTerminationPolicy
from overdrive.termination import TruncationSelectionPolicy
from overdrive.termination import build_policy
from overdrive.termination import parse_policy


@dataclass(frozen=True)
class FloorPolicy(EarlyTerminationPolicy):
    """A plug-in: ends what is worse than a fixed value."""

    POLICY_NAME = "Floor"
    RULE = "floor"

    floor: float = 0.5
    evaluation_interval: int = 1
    delay_evaluation: int = 0

    def threshold(self, curves, trial, k):
        return self.floor, "the floor"


NO_POLICY = "not a policy"


@pytest.fixture
def plug_ins(tmp_path, monkeypatch):
    """An installed distribution that announces policies of this file."""
    info = tmp_path / "floor-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: floor\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[overdrive.policies]\n"
        "Floor = floor_plug_in:FloorPolicy\n"
        "Broken = floor_plug_in:Gone\n"
        "Missing = no_such_module_of_floor:Policy\n"
        "Wrong = floor_plug_in:NO_POLICY\n"
        "Other = floor_plug_in:FloorPolicy\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setitem(sys.modules, "floor_plug_in", sys.modules[__name__])


def test_no_policy_is_no_termination():
    assert build_policy(None) == NoTerminationPolicy()


@pytest.mark.parametrize("data", [{}, {"name": 3}, "Bandit", {"name": "Median", "properties": {}}, {"name": "Bandits"}])
def test_unknown_names_are_refused(data):
    with pytest.raises(SpecError) as caught:
        build_policy(data)
    assert caught.value.field == "policy"


def test_a_near_miss_gets_a_hint():
    with pytest.raises(SpecError) as caught:
        build_policy({"name": "MedianStoping"})
    assert caught.value.hint == "did you mean MedianStopping?"
    assert caught.value.allowed == "Bandit, MedianStopping, TruncationSelection, Default"


@pytest.mark.parametrize(
    "properties", [{"slack": 0.1}, {"evaluation_interval": 1, "slack_factor": 0.1, "colour": 3}, ["slack_factor"]]
)
def test_unknown_properties_are_refused(properties):
    with pytest.raises(SpecError):
        build_policy({"name": "Bandit", "properties": properties})


def test_missing_properties_are_refused():
    with pytest.raises(SpecError, match="truncation_percentage"):
        build_policy({"name": "TruncationSelection", "properties": {}})


@pytest.mark.usefixtures("plug_ins")
def test_a_plug_in_is_found_by_its_entry_point():
    policy = build_policy({"name": "floor", "properties": {"floor": 0.7, "evaluation_interval": 2}})
    assert policy == FloorPolicy(floor=0.7, evaluation_interval=2)
    assert build_policy(policy.to_json()) == policy
    assert parse_policy("floor(0.7, evaluation_interval=2)") == policy
    metric = PrimaryMetric(name="score", goal=PrimaryMetricGoal.MAXIMIZE)
    curves = Curves(metric)
    for trial, value in [(0, 0.9), (0, 0.8), (1, 0.6), (1, 0.1)]:
        curves.append(trial, value)
    verdict = policy.judge(curves, 1, 2)
    assert verdict is not None
    assert verdict.sentence(metric) == "stopped at interval 2: best score 0.6 < 0.7 = the floor, best by trial 0"


@pytest.mark.usefixtures("plug_ins")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Broken", "cannot be loaded"),
        ("missing", "cannot be loaded"),
        ("wrong", "is no EarlyTerminationPolicy"),
        ("other", "POLICY_NAME = 'Other'"),
    ],
)
def test_a_broken_plug_in_is_named(name, words):
    with pytest.raises(SpecError, match=words):
        build_policy({"name": name})


def test_built_in_names_win_over_plug_ins(monkeypatch):
    thief = EntryPoint(name="Bandit", value=f"{__name__}:FloorPolicy", group="overdrive.policies")
    monkeypatch.setattr("overdrive.termination.registry._entry_points", lambda: [thief])
    assert build_policy({"name": "Bandit", "properties": {"slack_factor": 0.1}}) == BanditPolicy(slack_factor=0.1)


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        ("median(delay_evaluation=5)", MedianStoppingPolicy(delay_evaluation=5)),
        ("median", MedianStoppingPolicy()),
        ("median()", MedianStoppingPolicy()),
        ("median_stopping(2, 5)", MedianStoppingPolicy(2, 5)),
        ("MedianStoppingPolicy(evaluation_interval=2)", MedianStoppingPolicy(2)),
        (" bandit(slack_factor=0.1, delay_evaluation=5) ", BanditPolicy(slack_factor=0.1, delay_evaluation=5)),
        ("Bandit(slack_amount=1e-3)", BanditPolicy(slack_amount=1e-3)),
        ("truncation(20, evaluation_interval=2)", TruncationSelectionPolicy(20, 2)),
        ("truncation_selection(20)", TruncationSelectionPolicy(20)),
        ("none", NoTerminationPolicy()),
        ("None", NoTerminationPolicy()),
        ("default", NoTerminationPolicy()),
        ("NoTerminationPolicy()", NoTerminationPolicy()),
    ],
)
def test_the_command_lines_form(text, policy):
    assert parse_policy(text) == policy


@pytest.mark.parametrize(
    "text",
    ["", "  ", "hyperband", "median(5, 5, 5)", "median(delay=5)", "bandit", "bandit(0.1)", "truncation", "none(1)"],
)
def test_what_the_command_line_refuses(text):
    with pytest.raises(SpecError):
        parse_policy(text)
