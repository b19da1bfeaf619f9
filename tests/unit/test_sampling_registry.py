"""Samplers by name: the built-in ones, and those of other packages."""

import subprocess
import sys
from pathlib import Path

import pytest

from overdrive.errors import InternalError
from overdrive.errors import SpecError
from overdrive.records import Outcome
from overdrive.records import TrialStatus
from overdrive.sampling import History
from overdrive.sampling import HyperParameterSampling
from overdrive.sampling import TrialSoFar
from overdrive.sampling import build_sampler
from overdrive.sampling import find_sampler
from overdrive.sampling import parse_sampling
from overdrive.sampling import sampling_from_json
from overdrive.space import Space
from overdrive.space import choice

SPACE = Space({"a": choice(1, 2)})

PLUG_IN = '''
from overdrive.errors import SpecError
from overdrive.records import Suggestion
from overdrive.sampling import Sampler


class FirstSampler(Sampler):
    """Always the first cell, shifted."""

    SAMPLING_NAME = "First"
    uses_history = False

    def __init__(self, space, seed, properties):
        self.space, self.shift = space, properties.get("shift", 0)

    @classmethod
    def check(cls, space, properties, strict):
        if properties.get("shift", 0) < 0:
            raise SpecError(field="shift", value=properties["shift"], allowed="0 or above")

    def suggest(self, history, n):
        if n == 0:
            return Suggestion(trial=n, configuration=self.space.cell(self.shift), reason="the first one")


NOTHING = 3
'''


@pytest.fixture
def _plug_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed package that announces samplers: one that works, and three that do not."""
    (tmp_path / "first_sampler_plug_in.py").write_text(PLUG_IN, encoding="utf-8")
    info = tmp_path / "first_sampler_plug_in-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: first-sampler-plug-in\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[overdrive.samplers]\n"
        "First = first_sampler_plug_in:FirstSampler\n"
        "Gone = first_sampler_plug_in:GoneSampler\n"
        "Nothing = first_sampler_plug_in:NOTHING\n"
        "Second = first_sampler_plug_in:FirstSampler\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "first_sampler_plug_in", raising=False)


@pytest.mark.parametrize("name", ["RANDOM", "Random", "GRID", "grid", "sobol", "BAYESIANOPTIMIZATION", "bayesian"])
def test_built_in_names_in_any_case(name: str) -> None:
    assert find_sampler(name).SAMPLING_NAME in {"RANDOM", "GRID", "SOBOL", "BayesianOptimization"}


def test_unknown_names() -> None:
    with pytest.raises(SpecError) as caught:
        build_sampler({"name": "rnadom"}, SPACE, 0)
    assert (caught.value.field, caught.value.value, caught.value.hint) == ("sampling", "rnadom", "did you mean RANDOM?")
    assert caught.value.allowed == "RANDOM, GRID, SOBOL, BayesianOptimization"


def test_the_sweeps_seed_counts() -> None:
    space = Space({"a": choice(range(1000))})
    found = [
        build_sampler(data, space, 3).suggest(History(), 0)
        for data in ({"name": "RANDOM"}, {"name": "RANDOM", "properties": {"seed": 4}, "parameter_space": {}})
    ]
    assert found[0] == found[1]
    for wrong in (-1, None, 1.0):
        with pytest.raises(SpecError):
            build_sampler({"name": "RANDOM"}, space, wrong)  # type: ignore[arg-type]


@pytest.mark.usefixtures("_plug_in")
def test_plug_ins() -> None:
    sampling = parse_sampling("first(shift=1)", SPACE)
    assert type(sampling) is HyperParameterSampling
    assert sampling.to_json() == {"name": "First", "parameter_space": SPACE.to_json(), "properties": {"shift": 1}}
    assert sampling_from_json(sampling.to_json()) == sampling
    suggestion = build_sampler(sampling.to_json(), sampling.space, 0).suggest(History(), 0)
    assert suggestion is not None
    assert suggestion.configuration == {"a": 2}
    with pytest.raises(SpecError) as caught:
        HyperParameterSampling("FIRST", SPACE, {"shift": -1})
    assert caught.value.field == "shift"


@pytest.mark.usefixtures("_plug_in")
@pytest.mark.parametrize("name", ["gone", "nothing", "second"])
def test_plug_ins_that_do_not_work(name: str) -> None:
    with pytest.raises(SpecError) as caught:
        find_sampler(name)
    assert "first_sampler_plug_in" in caught.value.message
    assert caught.value.hint == "install the package that announces it again, or remove it"


def test_importing_is_light() -> None:
    """Choosing random sampling loads neither the other samplers, nor plug-ins, nor what only drawing needs."""
    code = (
        "import sys, overdrive.sampling as s, overdrive.space as p\n"
        "s.RandomParameterSampling({'a': p.qnormal(0, 1, 1), 'b': p.lognormal(0, 1)})\n"
        "print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"numpy", "statistics", "difflib", "hashlib", "random", "importlib.metadata", "overdrive.sampling.grid"}
    assert not heavy & set(done.stdout.split())


def _trial(number: int, status: TrialStatus = TrialStatus.QUEUED, outcome: Outcome | None = None) -> TrialSoFar:
    return TrialSoFar(number=number, configuration={"a": 1}, status=status, outcome=outcome)


def test_a_history_knows_what_is_pending() -> None:
    ended, running = _trial(0, TrialStatus.ENDED, Outcome.FAILED), _trial(1, TrialStatus.RUNNING)
    history = History(trials=(ended, running), based_on=9)
    assert (history.ended, history.pending) == ((ended,), (running,))


def test_a_history_that_cannot_be() -> None:
    with pytest.raises(InternalError):
        _trial(0, TrialStatus.ENDED)
    with pytest.raises(InternalError):
        _trial(0, TrialStatus.RUNNING, Outcome.COMPLETED)
    with pytest.raises(InternalError):
        History(trials=(_trial(1), _trial(1)))
