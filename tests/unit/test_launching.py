"""What a trial is started with."""

from pathlib import Path

import pytest

from overdrive.engine.launching import Launcher
from overdrive.engine.trials import Trial
from overdrive.records import RunSpec
from overdrive.records import SweepSpec
from overdrive.report.ranks import read_rank

#: As an inner process of a launcher sees it.
LAUNCHED = {
    "torchrun": {"RANK": "3", "WORLD_SIZE": "4", "LOCAL_RANK": "1", "MASTER_ADDR": "node1", "MASTER_PORT": "29500"},
    "mpirun": {"OMPI_COMM_WORLD_RANK": "3", "OMPI_COMM_WORLD_SIZE": "4", "OMPI_COMM_WORLD_LOCAL_RANK": "3"},
    "mpich": {"PMI_RANK": "3", "PMI_SIZE": "4", "PMI_FD": "7"},
    "srun": {"SLURM_PROCID": "3", "SLURM_NTASKS": "4", "SLURM_LOCALID": "3"},
}


def environment(folder: Path, threads: int = 2, **changes: object) -> dict[str, str]:
    run = RunSpec(command=("true",), **changes)  # type: ignore[arg-type]
    spec = SweepSpec(
        id="HD_1",
        experiment="e",
        created_at="2026-01-01T00:00:00Z",
        machine={},
        program="0",
        run=run,
        space={},
        sampling={"name": "RANDOM"},
        seed=1,
        policy={"name": "Default"},
        metric=None,
        max_total_runs=1,
    )
    trial = Trial(number=0, configuration={}, reason="r", suggested_at=0.0)
    return Launcher(spec, folder / "workspace" / "sweeps" / "HD_1").launch(trial, 1, threads).environment


@pytest.mark.parametrize("launcher", LAUNCHED)
def test_a_trial_is_no_process_of_its_submitters_launcher(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, launcher: str
) -> None:
    for name, value in LAUNCHED[launcher].items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SLURM_JOB_ID", "17")
    found = environment(tmp_path)
    assert not LAUNCHED[launcher].keys() & found.keys()
    assert read_rank(found) == 0
    assert found["SLURM_JOB_ID"] == "17"


def test_what_the_run_says_itself_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANK", "3")
    monkeypatch.setenv("WORLD_SIZE", "4")
    found = environment(tmp_path, environment={"RANK": "1", "MASTER_ADDR": "localhost"})
    assert (found["RANK"], found["MASTER_ADDR"]) == ("1", "localhost")
    assert "WORLD_SIZE" not in found


def test_a_share_of_the_cores_unless_said_otherwise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setenv("MKL_NUM_THREADS", "7")
    found = environment(tmp_path)
    assert (found["OMP_NUM_THREADS"], found["MKL_NUM_THREADS"]) == ("2", "7")


@pytest.mark.parametrize(
    ("threads", "given", "policy"), [(2, None, None), (1, None, "PASSIVE"), (1, "ACTIVE", "ACTIVE")]
)
def test_threads_beyond_a_share_of_one_do_not_spin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, threads: int, given: str | None, policy: str | None
) -> None:
    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    if given:
        monkeypatch.setenv("OMP_WAIT_POLICY", given)
    assert environment(tmp_path, threads).get("OMP_WAIT_POLICY") == policy
