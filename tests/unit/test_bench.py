"""Measuring samplers: objectives against what they stand for, the simulated clock, stored runs, the figures."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overdrive.bench.board import board
from overdrive.bench.contenders import find_contender
from overdrive.bench.figures import against
from overdrive.bench.figures import best_so_far
from overdrive.bench.figures import estimate
from overdrive.bench.figures import estimate_curve
from overdrive.bench.figures import regrets
from overdrive.bench.measure import measure
from overdrive.bench.objectives import KernelRidge
from overdrive.bench.objectives import Table
from overdrive.bench.peers import PEERS
from overdrive.bench.peers import axes_of
from overdrive.bench.picture import picture
from overdrive.bench.plan import Plan
from overdrive.bench.plan import parse_seeds
from overdrive.bench.play import Told
from overdrive.bench.play import play
from overdrive.bench.results import Key
from overdrive.bench.results import Results
from overdrive.bench.tasks import OWN
from overdrive.bench.tasks import find_tasks
from overdrive.bench.tasks import read_folder
from overdrive.errors import NotFoundError
from overdrive.errors import SpecError
from overdrive.errors import WorkspaceError
from overdrive.host.locks import FileLock
from overdrive.space import Space
from overdrive.space import choice
from overdrive.space import loguniform
from overdrive.space import normal
from overdrive.space import qloguniform
from overdrive.space import qnormal
from overdrive.space import quniform
from overdrive.space import randint
from overdrive.space import uniform

TASKS = {task.name: task for task in read_folder(OWN)}
BEST = {
    "branin": {"x": math.pi, "y": 2.275},
    "hartmann": dict(
        zip((f"x{i}" for i in range(6)), (0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573), strict=True)
    ),
    "levy": {f"x{i}": 1.0 for i in range(8)},
    "ackley-mixed": {**{f"x{i}": 0.3 * i - 0.8 for i in range(5)}, "a": "mid", "b": "on", "k": 2},
    "rosenbrock-rates": {"lr": 1e-3, "wd": 1e-4, "eps": 1e-6, "clip": 1.0},
    "cliff": {"rate": 0.12 * (1 - 1e-9), "width": 256},
}


@pytest.mark.parametrize("name", BEST)
def test_the_best_of_a_function(name: str) -> None:
    """The best known value is reached where the literature says, and random configurations are worse."""
    task = TASKS[name]
    assert task.objective.truth(BEST[name]) == pytest.approx(task.best_known, abs=1e-4)
    rng = np.random.default_rng(1)
    for _ in range(100):
        value = task.objective.truth(task.space.from_units(rng.random(len(task.space)).tolist()))
        assert value is None or value >= task.best_known - 1e-5


@pytest.mark.parametrize("name", sorted(set(TASKS) - set(BEST)))
def test_the_best_of_a_table(name: str) -> None:
    task = TASKS[name]
    rng = np.random.default_rng(1)
    values = [task.objective.truth(task.space.from_units(rng.random(len(task.space)).tolist())) for _ in range(200)]
    assert min(task.sign * value for value in values if value is not None) >= task.sign * task.best_known - 1e-9


def test_a_table_between_its_points() -> None:
    values = np.arange(12.0).reshape(3, 2, 2)
    axes = (("rate", [0.01, 0.1, 1.0], "log"), ("kind", ["a", "b"], "cat"))
    table = Table(values, axes, median=False, average=False)
    assert table.truth({"rate": 0.1, "kind": "b"}) == values[1, 1].mean()
    assert table.truth({"rate": 10**-0.75, "kind": "a"}) == pytest.approx(
        (0.75 * values[1, 0] + 0.25 * values[2, 0]).mean()
    )
    assert table.truth({"rate": 5.0, "kind": "a"}) == values[2, 0].mean()
    seen = {table.observe({"rate": 0.01, "kind": "a"}, np.random.default_rng(seed)) for seed in range(20)}
    assert seen == {0.0, 1.0}
    quiet = Table(values, axes, median=True, average=True)
    assert quiet.observe({"rate": 0.01, "kind": "a"}, np.random.default_rng(1)) == 0.5


def test_kernel_ridge_leaves_each_out() -> None:
    """The formula gives what leaving each point out and fitting again gives."""
    rng = np.random.default_rng(2)
    x, y = rng.standard_normal((9, 2)), rng.standard_normal((9, 1))
    found = KernelRidge(x, y, ("a", "b", "ridge"), as_log10=True, noise=0.0).truth({"a": 0.2, "b": 0.0, "ridge": -1.0})
    scaled = x / np.array([10**0.2, 1.0])
    kernel = np.exp(-np.square(scaled[:, None] - scaled[None]).sum(-1) / 2)
    errors = []
    for i in range(9):
        rest = [j for j in range(9) if j != i]
        weights = np.linalg.solve(kernel[np.ix_(rest, rest)] + (0.1 + 1e-9) * np.eye(8), y[rest])
        errors.append(float((kernel[i, rest] @ weights)[0] - y[i, 0]))
    assert found == pytest.approx(np.mean(np.square(errors)) / y.var())


def test_tasks_by_name_and_folder(tmp_path: Path) -> None:
    assert [task.name for task in find_tasks(["levy,branin"])] == ["levy", "branin"]
    assert [task.name for task in find_tasks(["all"])] == list(TASKS)
    (tmp_path / "funcs.py").write_text("def half(c): return c['x'] / 2\n")
    entry = {"name": "mine", "objective": "func", "func": "half", "goal": "maximize", "best_known": 0.5}
    (tmp_path / "tasks.json").write_text(json.dumps([{**entry, "space": {"x": ["uniform", [0, 1]]}}]))
    (mine,) = find_tasks([f"{tmp_path}:mine"])
    assert mine.objective.truth({"x": 0.5}) == 0.25
    assert [task.name for task in find_tasks([str(tmp_path), "levy"])] == ["mine", "levy"]
    for wrong in (["levi"], ["levy", "levy"], [f"{tmp_path}:other"]):
        with pytest.raises(SpecError) as caught:
            find_tasks(wrong)
        assert caught.value.field == "tasks"
    with pytest.raises(NotFoundError):
        find_tasks([f"{tmp_path / 'nothing'}:x"])
    (tmp_path / "tasks.json").write_text(json.dumps([entry]))
    with pytest.raises(SpecError, match="space"):
        find_tasks([str(tmp_path)])


class Watched:
    """Gives numbered configurations and writes down what it is told."""

    most_at_once = 0

    def __init__(self, space: Space, goal: str, seed: int) -> None:
        self.asked, self.told, self._rng = 0, [], np.random.default_rng(seed)
        self.space, self.goal = space, goal

    def ask(self) -> dict | None:
        self.asked += 1
        Watched.most_at_once = max(Watched.most_at_once, self.asked - len(self.told))
        return None if self.asked > 12 else self.space.from_units(self._rng.random(len(self.space)).tolist())

    def tell(self, configuration: Mapping, value: float | None) -> None:
        assert value is None or math.isfinite(value)
        self.told.append((configuration, value))


def _play(name: str, seed: int = 1, budget: int = 10, workers: int = 1) -> tuple[list[Told], Watched]:
    made = []

    def make(*arguments):
        made.append(Watched(*arguments))
        return made[-1]

    return play(TASKS[name], make, seed, budget, workers, lambda: 0.0), made[0]


@pytest.mark.parametrize("workers", [1, 4])
def test_a_run(workers: int) -> None:
    Watched.most_at_once = 0
    told, loop = _play("branin", workers=workers)
    assert Watched.most_at_once == workers
    assert len(told) == len(loop.told) == 10
    truths = [TASKS["branin"].objective.truth(configuration) for configuration, _ in loop.told]
    seen = [one.value for one in told]
    assert [one.best for one in told] == [truths[int(np.argmin(seen[: k + 1]))] for k in range(10)]
    assert _play("branin", workers=workers)[0] == told
    assert _play("branin", seed=2, workers=workers)[0] != told


def test_a_run_that_ends_early_and_one_that_fails() -> None:
    told, _ = _play("branin", budget=20, workers=3)
    assert len(told) == 12
    assert len(best_so_far(TASKS["branin"], told, 20)) == 20
    told, loop = _play("cliff", budget=12)
    assert {value is None for _, value in loop.told} == {True, False}
    first = next(k for k, one in enumerate(told) if one.value is not None)
    assert [one.best is None for one in told] == [k < first for k in range(12)]


KEY = Key("me:Too", "a/b", 3, 1, 7)
TOLD = [Told(1.0, 1.5, 0.25, 0.5), Told(None, 1.5, 0.25, 0.0), Told(0.5, 0.25, 0.0, 0.0)]


def test_runs_are_kept(tmp_path: Path) -> None:
    results = Results(tmp_path)
    assert results.read(KEY) is None
    with pytest.raises(ZeroDivisionError):
        results.make(KEY, {}, lambda: 1 // 0)  # type: ignore[arg-type]
    assert results.read(KEY) is None
    assert results.make(KEY, {"numpy": "9"}, lambda: TOLD)
    run = results.read(KEY)
    assert run and run.told == TOLD and run.versions == {"numpy": "9"}
    assert results.make(KEY, {}, lambda: pytest.fail("it is there already"))
    shorter = results.read(KEY._replace(budget=2))
    assert shorter and shorter.told == TOLD[:2]
    assert results.read(KEY._replace(budget=2, workers=2)) is None
    assert results.read(KEY._replace(budget=4)) is None
    assert [path.name for path in tmp_path.rglob("*.lock")] == []


def test_a_run_that_another_process_makes(tmp_path: Path) -> None:
    results = Results(tmp_path)
    results.make(KEY, {}, lambda: TOLD)
    (file,) = tmp_path.rglob("*.jsonl")
    file.rename(f"{file}.away")
    with FileLock(f"{file}.lock"):
        assert not results.make(KEY, {}, lambda: pytest.fail("two at once"))
    assert results.make(KEY, {}, lambda: TOLD)


@pytest.mark.parametrize("text", ["", "{}", "[1]\n", '{"format": 1}\n{"best": 1}', '{"format": 99, "versions": {}}'])
def test_a_file_that_is_no_run(tmp_path: Path, text: str) -> None:
    results = Results(tmp_path)
    results.make(KEY, {}, lambda: TOLD)
    (file,) = tmp_path.rglob("*.jsonl")
    file.write_text(text)
    with pytest.raises(WorkspaceError, match="is not a run"):
        results.read(KEY)


def test_regret() -> None:
    task = TASKS["levy"]
    reference = np.array([[9.0, 2.0], [9.0, 4.0], [9.0, 6.0]])
    assert regrets(task, np.array([[np.inf, 1.0], [8.0, 4.0]]), reference).tolist() == [[3.0, 0.25], [2.0, 1.0]]
    assert not regrets(task, reference, np.zeros((3, 2))).any()


@given(st.lists(st.lists(st.floats(0, 3), min_size=1, max_size=5), min_size=1, max_size=4))
def test_the_interval_is_around_the_mean(parts: list[list[float]]) -> None:
    found = estimate([np.array(part) for part in parts])
    assert found.mean == pytest.approx(np.mean([np.mean(part) for part in parts]))
    assert found.low - 1e-9 <= found.mean <= found.high + 1e-9 or len({*map(len, parts)}) > 1
    curve = estimate_curve([np.array(part)[:, None] for part in parts])
    assert (curve[0][0], curve[1][0], curve[2][0]) == found


def test_the_interval_covers_what_it_should() -> None:
    """Of 200 benchmarks of 12 tasks the interval has the true mean about 95 times in 100."""
    rng = np.random.default_rng(5)
    hits = 0
    for _ in range(200):
        tasks = 1.0 + 0.5 * rng.standard_normal(12)
        found = estimate([mean + 0.3 * rng.standard_normal(6) for mean in tasks])
        hits += found.low <= 1.0 <= found.high
    assert 170 <= hits <= 199


def test_two_samples() -> None:
    """SciPy's own Welch test agrees."""
    from scipy.stats import ttest_ind

    one, other = np.array([1.0, 2.0, 4.0]), np.array([2.0, 2.5, 3.5, 6.0])
    expected = ttest_ind(one, other, equal_var=False).confidence_interval()
    assert against(one, other)[1:] == pytest.approx((expected.low, expected.high))
    assert against(np.ones(3), np.zeros(2)) == (1.0, 1.0, 1.0)
    assert against(np.ones(1), np.zeros(2))[1:] == (-math.inf, math.inf)


def test_seeds() -> None:
    assert (parse_seeds("3"), parse_seeds("10-12")) == (range(3), range(10, 13))
    for wrong in ("", "0", "-1", "5-2", "a", "1-b"):
        with pytest.raises(SpecError) as caught:
            parse_seeds(wrong)
        assert caught.value.field == "seeds"
    with pytest.raises(SpecError):
        Plan([], budget=0)


class Broken(Watched):
    def ask(self) -> dict | None:
        raise RuntimeError("no more")


class Choosy(Watched):
    def __init__(self, space: Space, goal: str, seed: int) -> None:
        super().__init__(space, goal, seed)
        if len(space) > 2:
            raise SpecError(field="space", value=space, allowed="two")


def test_the_board(tmp_path: Path) -> None:
    """Runs are made once, failures cost only themselves, and everybody stands where they should."""
    plan, results = Plan(find_tasks(["branin,levy"]), budget=8, seeds=range(2)), Results(tmp_path)
    names = ["random", f"{__name__}:Choosy", f"{__name__}:Broken"]
    contenders = [
        find_contender("Random"),
        *(_here(one, name) for one, name in zip((Choosy, Broken), names[1:], strict=True)),
    ]
    said: list[str] = []
    missing = measure(results, plan, contenders, said.append)
    assert {(one.sampler, one.task) for one in missing} == {
        (names[1], "levy"),
        (names[2], "branin"),
        (names[2], "levy"),
    }
    assert len([one for one in missing if one.sampler == names[1]]) == 1
    assert len(said) == 20 * 2 + 2 + 1 + 4
    assert len(measure(results, plan, contenders, said.append)) == len(missing)
    random, choosy = board(results, plan, names)
    assert (random.sampler, random.runs, random.difference, random.pairs) == ("random", 4, None, 0)
    assert (choosy.runs, choosy.pairs, list(choosy.tasks)) == (2, 2, ["branin"])
    assert choosy.difference is not None and choosy.tasks["branin"].to_random is not None
    assert random.tasks["levy"].to_random is None
    root = ElementTree.fromstring(picture([random, choosy], "a < b & c"))
    assert len(root.findall("{*}polyline")) == len(root.findall("{*}polygon")) == 2
    assert any((text.text or "").startswith(names[1]) for text in root.iter("{http://www.w3.org/2000/svg}text"))


class Elsewhere(Results):
    """While a run is made here, another process begins and ends the one that is asked for next."""

    def make(self, key, versions, play) -> bool:
        if key.seed == 1:
            super().make(key, versions, play)
            return False
        return super().make(key, versions, play)


def test_runs_that_another_process_has_made_meanwhile_are_not_missing(tmp_path: Path) -> None:
    plan = Plan(find_tasks(["branin"]), budget=3, seeds=range(2))
    assert measure(Elsewhere(tmp_path), plan, [_here(Watched, "watched")], lambda _: None) == []


def _here(one: type, name: str):
    from overdrive.bench.contenders import Contender

    return Contender(name, one, {})


def test_contenders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own_sampler_of_a_test.py").write_text(
        "class Mine:\n"
        "    def __init__(self, space, goal, seed): self.space = space\n"
        "    def ask(self): return self.space.from_units([0.5] * len(self.space))\n"
        "    def tell(self, configuration, value): pass\n"
        "class Half:\n    def ask(self): pass\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    mine = find_contender("own_sampler_of_a_test:Mine")
    assert len(play(TASKS["levy"], mine.make, 0, 3, 1, lambda: 0.0)) == 3
    for name in ("nobody", "own_sampler_of_a_test:Half", "own_sampler_of_a_test:None", "no_module_of_that_name:X", ":"):
        with pytest.raises(SpecError) as caught:
            find_contender(name)
        assert caught.value.field == "sampler"


EVERYTHING = Space(
    {
        "a": uniform(-1, 2),
        "b": loguniform(-5, 1),
        "c": quniform(1, 9, 2),
        "d": qloguniform(0, 4, 1),
        "e": normal(0, 3),
        "f": qnormal(5, 2, 0.5),
        "g": choice("x", "y"),
        "h": choice(8, 2, 4),
        "i": randint(7),
        "j": choice(3),
    }
)


@given(st.data())
def test_what_peers_may_suggest_is_in_the_space(data: st.DataObject) -> None:
    for ordered in (False, True):
        configuration = {}
        for axis in axes_of(EVERYTHING, ordered=ordered):
            low, high = axis.low, axis.high
            given_one = st.floats(low, high) if axis.kind == "real" else st.integers(int(low), int(high))
            configuration[axis.name] = axis.value_of(data.draw(given_one))
        assert EVERYTHING.contains(configuration)


@pytest.mark.parametrize("name", PEERS)
@pytest.mark.parametrize("goal", ["minimize", "maximize"])
def test_a_peer(name: str, goal: str) -> None:
    try:
        contender = find_contender(name)
    except SpecError as error:
        pytest.skip(f"a peer that is not installed: {error.message}")
    loop = contender.make(EVERYTHING, goal, 1)
    first, second = loop.ask(), loop.ask()
    assert first is not None and second is not None
    loop.tell(second, 1.0)
    loop.tell(first, None)
    third = loop.ask()
    assert third is not None and EVERYTHING.contains(third)
    assert contender.versions
