"""Slots, shared by real processes."""

import itertools
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import pytest

from overdrive.errors import SpecError
from overdrive.errors import UnwritableError
from overdrive.host import runtime
from overdrive.host import turns
from overdrive.host.runtime import runtime_folder
from overdrive.host.slots import RETRY_S
from overdrive.host.slots import Slot
from overdrive.host.slots import SlotPool
from overdrive.host.slots import slot_count

_ENGINE = """if True:
    import sys
    from overdrive.host.slots import SlotPool
    gpus, overcommit = int(sys.argv[1]), int(sys.argv[2])
    pool, held = SlotPool(gpus, overcommit), {}
    print("ready", flush=True)
    for line in sys.stdin:
        command, _, name = line.strip().partition(" ")
        if command == "take":
            slot = pool.take()
            if slot:
                held[slot.name] = slot
            print(slot.name if slot else None, flush=True)
        elif command == "release":
            print(held.pop(name).release(), flush=True)
        elif command == "rest":
            print(pool.rest(), flush=True)
"""


class Engine:
    """Another process with a pool of its own, which does what it is told."""

    def __init__(self, gpus: int = 0, overcommit: int = 0) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _ENGINE, str(gpus), str(overcommit)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._answer() == "ready"

    def take(self) -> str | None:
        answer = self._ask("take")
        return None if answer == "None" else answer

    def release(self, name: str) -> None:
        self._ask(f"release {name}")

    def rest(self) -> None:
        self._ask("rest")

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=30)

    def _ask(self, line: str) -> str:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().rstrip("\n")


@pytest.fixture
def engine() -> Iterator[Callable[..., Engine]]:
    """Starts other engines, and ends them."""
    started: list[Engine] = []

    def start(**options: int) -> Engine:
        started.append(Engine(**options))
        return started[-1]

    yield start
    for one in started:
        one.kill()


def _slots(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setenv("OVERDRIVE_SLOTS", str(count))


def _take(pool: SlotPool) -> Slot:
    slot = pool.take()
    assert slot is not None
    return slot


def _wait_for_slot(pool: SlotPool) -> Slot:
    deadline = time.monotonic() + 30
    while (slot := pool.take()) is None:
        assert time.monotonic() < deadline, "no slot ever came"
        time.sleep(0.002)
    return slot


def test_the_count_is_named_or_the_usable_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    _slots(monkeypatch, 7)
    assert slot_count() == 7
    for text in ("0", "-1", "two", "1.5", "²"):
        monkeypatch.setenv("OVERDRIVE_SLOTS", text)
        with pytest.raises(SpecError) as caught:
            slot_count()
        assert caught.value.field == "OVERDRIVE_SLOTS"
    monkeypatch.delenv("OVERDRIVE_SLOTS")
    assert slot_count() >= 1
    monkeypatch.setenv("OVERDRIVE_GPUS", "0,1,2")
    assert [slot_count(gpus_per_trial=needed) for needed in (1, 2, 3)] == [3, 1, 1]
    with pytest.raises(SpecError, match="gpus = 4: each trial needs 4 GPUs for itself, and this machine has 3"):
        slot_count(gpus_per_trial=4)


def test_slots_are_taken_once_and_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    _slots(monkeypatch, 3)
    pool = SlotPool()
    taken = [_take(pool) for _ in range(3)]
    assert [slot.name for slot in taken] == ["slot-0", "slot-1", "slot-2"]
    assert all(len(slot.fds) == 1 and slot.gpus == () for slot in taken)
    assert pool.take() is None
    assert pool.retry_after_s() is None
    taken[1].release()
    taken[1].release()
    assert _take(pool).name == "slot-1"
    assert pool.take() is None
    pool.close()


def test_two_processes_never_hold_the_same_slot(engine: Callable[..., Engine], monkeypatch: pytest.MonkeyPatch) -> None:
    _slots(monkeypatch, 4)
    first, second = engine(), engine()
    names = [first.take(), second.take(), first.take(), second.take()]
    assert sorted(filter(None, names)) == ["slot-0", "slot-1", "slot-2", "slot-3"]
    assert first.take() is None
    assert second.take() is None


def test_a_killed_engine_frees_what_nobody_else_holds(engine: Callable[..., Engine]) -> None:
    first = engine()
    assert [first.take(), first.take(), first.take()] == ["slot-0", "slot-1", None]
    pool = SlotPool()
    assert pool.take() is None
    assert pool.retry_after_s() == RETRY_S
    first.kill()
    assert {_take(pool).name, _take(pool).name} == {"slot-0", "slot-1"}


def test_a_slot_that_was_handed_over_outlives_us(engine: Callable[..., Engine]) -> None:
    pool, other = SlotPool(), engine()
    slot = _take(pool)
    ours, theirs = socket.socketpair()
    code = "import socket, sys; s = socket.socket(fileno=0); f = socket.recv_fds(s, 1, 8)[1]; s.send(b'x'); s.recv(1)"
    shim = subprocess.Popen([sys.executable, "-c", code], stdin=theirs)
    theirs.close()
    socket.send_fds(ours, [b"x"], slot.fds)
    assert ours.recv(1) == b"x"
    slot.close()
    assert slot.fds == []
    pool.close()
    assert other.take() == "slot-1"
    assert other.take() is None
    ours.close()
    assert shim.wait(30) == 0
    assert other.take() == "slot-0"


def test_a_slot_kept_here_too_is_free_on_release_at_once(engine: Callable[..., Engine]) -> None:
    pool, other = SlotPool(), engine()
    slot = _take(pool)
    copies = [os.dup(fd) for fd in slot.fds]
    slot.release()
    assert other.take() == "slot-0"
    for fd in copies:
        os.close(fd)


def test_an_adopted_slot_counts_until_it_is_released(engine: Callable[..., Engine]) -> None:
    shim, pool = engine(), SlotPool()
    assert [shim.take(), shim.take()] == ["slot-0", "slot-1"]
    adopted = [pool.adopt("slot-0"), pool.adopt("slot-1"), pool.adopt("extra")]
    assert [(slot.name, slot.fds) for slot in adopted] == [("slot-0", []), ("slot-1", []), ("extra", [])]
    assert pool.take() is None
    assert pool.retry_after_s() is None
    shim.kill()
    adopted[0].release()
    adopted[2].release()
    assert _take(pool).name == "slot-0"


def test_two_greedy_sweeps_on_two_slots_come_to_one_each(engine: Callable[..., Engine]) -> None:
    first, second = engine(), engine()
    assert [first.take(), first.take(), first.take()] == ["slot-0", "slot-1", None]
    assert second.take() is None
    first.release("slot-1")
    assert first.take() is None
    assert second.take() == "slot-1"
    assert [first.take(), second.take()] == [None, None]
    for _ in range(3):
        first.release("slot-0")
        assert second.take() is None
        assert first.take() == "slot-0"
        assert [first.take(), second.take()] == [None, None]
        second.release("slot-1")
        assert first.take() is None
        assert second.take() == "slot-1"
        assert [first.take(), second.take()] == [None, None]


def test_two_greedy_sweeps_on_one_slot_take_turns(
    engine: Callable[..., Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    _slots(monkeypatch, 1)
    holder, waiter = engine(), engine()
    assert [holder.take(), holder.take(), waiter.take()] == ["slot-0", None, None]
    for _ in range(4):
        holder.release("slot-0")
        assert holder.take() is None
        assert waiter.take() == "slot-0"
        assert holder.take() is None
        assert waiter.take() is None
        holder, waiter = waiter, holder


def test_the_poorest_of_three_goes_first(engine: Callable[..., Engine], monkeypatch: pytest.MonkeyPatch) -> None:
    _slots(monkeypatch, 4)
    rich, middle, poor = engine(), engine(), engine()
    assert [rich.take(), rich.take(), rich.take(), middle.take()] == [f"slot-{index}" for index in range(4)]
    assert [middle.take(), poor.take()] == [None, None]
    rich.release("slot-2")
    assert [rich.take(), middle.take()] == [None, None]
    assert poor.take() == "slot-2"
    assert [rich.take(), middle.take(), poor.take()] == [None] * 3
    rich.release("slot-1")
    assert rich.take() is None
    assert middle.take() == "slot-1"


def test_a_slot_that_the_waiting_one_cannot_use_is_not_kept_for_it(
    engine: Callable[..., Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    _slots(monkeypatch, 3)
    large = engine()
    assert [large.take(), large.take()] == ["slot-0", "slot-1"]
    _slots(monkeypatch, 1)
    small = engine()
    assert small.take() is None
    assert large.take() == "slot-2"
    large.release("slot-0")
    assert large.take() is None
    assert small.take() == "slot-0"


def test_nobody_stands_back_for_the_dead_or_the_resting(engine: Callable[..., Engine]) -> None:
    for end in (Engine.kill, Engine.rest):
        first, second = engine(), engine()
        taken = [first.take(), first.take(), second.take()]
        assert taken == ["slot-0", "slot-1", None]
        first.release("slot-0")
        assert first.take() is None
        end(second)
        assert first.take() == "slot-0"
        first.kill()


def test_nobody_stands_back_long_for_the_stopped(
    engine: Callable[..., Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    pool, other = SlotPool(), engine()
    taken = [_take(pool), _take(pool)]
    assert other.take() is None
    other.process.send_signal(signal.SIGSTOP)
    taken[0].release()
    assert pool.take() is None
    monkeypatch.setattr(turns, "PATIENCE_S", 0.01)
    assert _wait_for_slot(pool).name == "slot-0"
    other.process.send_signal(signal.SIGCONT)
    taken[1].release()
    assert other.take() == "slot-1"


def test_room_beyond_the_slots(engine: Callable[..., Engine]) -> None:
    pool = SlotPool(overcommit=2)
    taken = [_take(pool) for _ in range(4)]
    assert [slot.name for slot in taken] == ["slot-0", "slot-1", "extra", "extra"]
    assert taken[2].fds == []
    assert pool.take() is None
    taken[2].release()
    assert _take(pool).name == "extra"
    other = engine()
    assert other.take() is None
    taken[0].release()
    assert pool.take() is None
    assert other.take() == "slot-0"


def test_one_that_runs_beyond_the_slots_keeps_nobody_from_them(engine: Callable[..., Engine]) -> None:
    first, second = engine(), engine(overcommit=1)
    assert [first.take(), first.take(), second.take()] == ["slot-0", "slot-1", "extra"]
    first.release("slot-0")
    assert first.take() == "slot-0"


def test_gpus_are_held_alone_all_or_none(engine: Callable[..., Engine], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERDRIVE_GPUS", "0,GPU-a/b,2")
    pairs, singles = engine(gpus=2), SlotPool(gpus_per_trial=1, overcommit=5)
    assert pairs.take() == "gpu-0,gpu-GPU-a/b"
    assert pairs.take() is None
    pairs.rest()
    slot = _take(singles)
    assert (slot.name, slot.gpus, len(slot.fds)) == ("gpu-2", ("2",), 1)
    assert singles.take() is None
    cores = SlotPool()
    assert _take(cores).name == "slot-0"
    singles.rest()
    slot.release()
    assert pairs.take() is None
    pairs.release("gpu-0,gpu-GPU-a/b")
    assert pairs.take() == "gpu-0,gpu-GPU-a/b"


def test_who_needs_several_gpus_is_not_starved_by_those_who_need_one(
    engine: Callable[..., Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OVERDRIVE_GPUS", "0,1")
    singles, pairs = engine(gpus=1), engine(gpus=2)
    assert [singles.take(), singles.take(), pairs.take()] == ["gpu-0", "gpu-1", None]
    for name in ("gpu-0", "gpu-1"):
        singles.release(name)
        assert singles.take() is None
    assert pairs.take() == "gpu-0,gpu-1"


def test_more_gpus_than_there_are_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERDRIVE_GPUS", "")
    with pytest.raises(SpecError, match="needs a GPU for itself, and this machine has 0"):
        SlotPool(gpus_per_trial=1)
    monkeypatch.setenv("OVERDRIVE_GPUS", "0,1")
    with pytest.raises(SpecError, match="needs 3 GPUs for itself, and this machine has 2"):
        SlotPool(gpus_per_trial=3)


_STORM = """if True:
    import random, sys, time
    from overdrive.host.slots import SlotPool
    pool, held, done = SlotPool(), [], 0
    while done < int(sys.argv[1]):
        if done + len(held) < int(sys.argv[1]) and (slot := pool.take()):
            held.append((time.monotonic() + random.random() * 0.004, time.monotonic(), slot))
        for trial in [trial for trial in held if trial[0] <= time.monotonic()]:
            held.remove(trial)
            print(trial[2].name, trial[1], time.monotonic(), flush=True)
            trial[2].release()
            done += 1
        time.sleep(0.0005)
    pool.close()
"""


def test_a_slot_is_never_used_twice_at_a_time_in_a_storm(tmp_path: Path) -> None:
    storms = [
        subprocess.Popen([sys.executable, "-c", _STORM, "60"], stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    lines = [line.split() for storm in storms for line in storm.communicate(timeout=60)[0].splitlines()]
    assert [storm.returncode for storm in storms] == [0] * 4
    assert len(lines) == 240
    for slot in ("slot-0", "slot-1"):
        spans = sorted((float(start), float(end)) for name, start, end in lines if name == slot)
        assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
    assert {line[0] for line in lines} == {"slot-0", "slot-1"}


def test_files_of_dead_pools_are_cleared_away(engine: Callable[..., Engine]) -> None:
    engine().kill()
    living = engine()
    pools = Path(runtime_folder(), "pools")
    assert [name.split("-")[1] for name in os.listdir(pools)] == [str(living.process.pid)]


def test_a_runtime_folder_that_was_tidied_away_comes_back(engine: Callable[..., Engine]) -> None:
    pool, other = SlotPool(), engine()
    subprocess.run(["rm", "-rf", runtime_folder()], check=True)
    assert _take(pool).name == "slot-0"
    assert other.take() == "slot-1"
    assert pool.take() is None
    pool.close()


def test_a_record_that_is_being_written_is_passed_over() -> None:
    pool = SlotPool()
    Path(runtime_folder(), "pools", "cpu-1-torn").write_text('{"held": 0, "wai')
    Path(runtime_folder(), "pools", "cpu-1-empty").write_text("")
    assert _take(pool).name == "slot-0"


def test_the_runtime_folder_is_ours_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "runtime"
    folder.mkdir()
    folder.chmod(0o777)
    monkeypatch.setenv("OVERDRIVE_RUNTIME", str(folder))
    assert runtime_folder() == str(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    SlotPool().take()
    for path in folder.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


@pytest.mark.parametrize("kind", ["link", "file", "stranger's"])
def test_a_runtime_folder_that_is_not_ours_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    folder = tmp_path / "runtime"
    if kind == "link":
        (tmp_path / "real").mkdir()
        folder.symlink_to("real")
    elif kind == "file":
        folder.write_text("")
    else:
        folder.mkdir()
        monkeypatch.setattr(os, "geteuid", lambda: folder.stat().st_uid + 1)
    monkeypatch.setenv("OVERDRIVE_RUNTIME", str(folder))
    with pytest.raises(UnwritableError, match=r"the runtime folder .* cannot be used") as caught:
        SlotPool()
    assert caught.value.hint is not None
    assert "OVERDRIVE_RUNTIME" in caught.value.hint


def test_the_folder_is_the_same_for_every_session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "_TMP", str(tmp_path))
    monkeypatch.delenv("OVERDRIVE_RUNTIME")
    ours = f"{tmp_path}/overdrive-{os.geteuid()}"
    assert runtime_folder() == ours
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "session"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "other"))
    assert runtime_folder() == ours


def test_the_session_s_folder_helps_where_somebody_took_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime, "_TMP", str(tmp_path))
    monkeypatch.delenv("OVERDRIVE_RUNTIME")
    (tmp_path / f"overdrive-{os.geteuid()}").symlink_to("/")
    with pytest.raises(UnwritableError):
        runtime_folder()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "session"))
    assert runtime_folder() == f"{tmp_path}/session/overdrive"
