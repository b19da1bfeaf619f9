"""kill -9 of the engine, shims and scripts at random instants: nothing lost, nothing twice, nothing left behind."""

from pathlib import Path

import pytest
from faults import IS_LONG
from faults import KILLS
from faults import wait_until
from storm import Storm

from overdrive.engine.replay import replay
from overdrive.records import Outcome
from overdrive.records import SweepStatus


def tell(storm: Storm, title: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The figures of the long form."""
    if IS_LONG:
        with capsys.disabled():
            print(f"\n{title}: {storm.figures()}")


def test_a_storm_on_the_engine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As many kills as are asked for: where a sweep ends before, the next one goes on."""
    kills = 0
    while kills < KILLS:
        kills += kills_of_one_storm(tmp_path / f"after {kills}", KILLS - kills, capsys)


def kills_of_one_storm(folder: Path, kills: int, capsys: pytest.CaptureFixture[str]) -> int:
    storm = Storm(folder, trials=kills * 2, pause_s=0.05)
    storm.rage(kills)
    storm.finish()
    tell(storm, "engine", capsys)
    assert storm.faults() == []
    assert storm.view.status is SweepStatus.COMPLETED
    assert {row.outcome for row in storm.view.trials()} == {Outcome.COMPLETED}
    assert {row.attempt for row in storm.view.trials()} == {1}
    assert replay(storm.folder) == []
    assert storm.kills
    return storm.kills


@pytest.mark.parametrize("victims", ["shims", "scripts", "shims and engine", "scripts and engine", "everything"])
def test_others_killed(tmp_path: Path, victims: str, capsys: pytest.CaptureFixture[str]) -> None:
    storm = Storm(tmp_path, trials=max(8, KILLS // 2), steps=20)
    kill = {"shims": storm.kill_shims, "scripts": storm.kill_scripts, "everything": storm.power_off}[victims.split()[0]]
    hits = 0

    def hit_or_over() -> bool:
        nonlocal hits
        storm.tend()
        now = kill()
        hits += now
        return now > 0 or storm.view.is_over

    for _ in range(max(3, KILLS // 4)):
        wait_until(hit_or_over, "a living trial to kill")
        if "engine" in victims:
            storm.kill_engine()
    storm.finish()
    storm.kills += hits
    tell(storm, victims, capsys)
    assert hits
    assert storm.faults() == []
    outcomes = {row.outcome for row in storm.view.trials()}
    assert outcomes <= {Outcome.COMPLETED, Outcome.FAILED if "scripts" in victims else Outcome.LOST}
    assert replay(storm.folder) == []
