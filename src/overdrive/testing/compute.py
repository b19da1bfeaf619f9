"""What every compute back end keeps: subclass `ComputeContract` in your tests and give it your back end."""
# ruff: noqa: S101

import json
import os
import shutil
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from overdrive.compute import Compute
from overdrive.compute import Ended
from overdrive.compute import Launch
from overdrive.compute import Logged
from overdrive.compute import Mail
from overdrive.compute import Notice
from overdrive.compute import Started
from overdrive.host.randomness import new_id

_N = TypeVar("_N", bound=Notice)

#: Logs two values as any program may: lines appended to the file that its environment names.
_LOGS = """
    import os
    with open(os.environ["OVERDRIVE_METRICS"], "a") as spool:
        spool.write("one\\n")
        spool.flush()
        spool.write("two\\n")
"""
#: Says in `outputs/ready` that it runs, then sleeps.
_SLEEPS = """
    import signal, sys, time
    signal.signal(signal.SIGTERM, {on_term})
    with open("outputs/ready.tmp", "w"):
        pass
    __import__("os").rename("outputs/ready.tmp", "outputs/ready")
    while True:
        time.sleep(60)
"""
#: Ends when there is a file `outputs/go`, with exit code 4.
_WAITS = """
    import os, sys, time
    while not os.path.exists("outputs/go"):
        time.sleep(0.01)
    sys.exit(4)
"""
#: Puts a line for each start into `outputs/starts`.
_COUNTS = """
    with open("outputs/starts", "a") as file:
        file.write("started\\n")
"""


class ComputeContract:
    """Tests that a back end must pass, with real scripts of this interpreter.

        class TestMyCompute(ComputeContract):
            def make(self, sweep):
                return MyCompute(sweep)

    Any test runner that calls the `test_…` methods will do; the suite itself imports none.
    """

    #: Seconds that anything may take before the test fails.
    patience_s: float = 30.0

    def make(self, sweep: Path) -> Compute:
        """The back end under test for the sweep in this folder, new. To be overridden."""
        raise NotImplementedError

    def new_folder(self) -> Path:
        """An empty folder; it is removed at the end of the test."""
        return Path(tempfile.mkdtemp(prefix="overdrive-"))

    # What a trial does

    def test_a_trial_starts_logs_and_ends(self) -> None:
        """Started, then Logged, then Ended with the exit code, each for this attempt."""
        with self._sweep() as sweep, self._compute(sweep) as compute:
            compute.start(self._launch(compute, sweep, _LOGS + "    raise SystemExit(3)"))
            notices = self._until(compute, Ended)
        kinds = [type(notice) for notice in notices if isinstance(notice, Started | Logged | Ended)]
        assert kinds[0] is Started, f"the first notice is {kinds[0].__name__}"
        assert set(kinds[1:-1]) == {Logged}, "between start and end there are only notices of what was logged"
        ended = self._one(notices, Ended)
        assert (ended.trial, ended.attempt, ended.exit.cause, ended.exit.code) == (0, 1, "exit", 3)

    def test_a_trial_finds_its_place(self) -> None:
        """It runs in a copy of the snapshot, outputs/ and logs/ are there, argv and environment are exact."""
        arguments = ["--name", "", " a  b ", "'\"$(x)`;&|*?", "ü\n-1"]
        script = """
            import json, os, sys
            assert os.path.isdir("outputs") and os.path.isdir("logs")
            with open("outputs/seen.json", "w") as file:
                json.dump([sys.argv[1:], os.environ["ODD"], os.environ.get("HOME"), sys.stdin.read()], file)
            print("said"); print("and cried", file=sys.stderr)
            with open("train.py", "a") as file:
                file.write("# changed")
        """
        with self._sweep() as sweep, self._compute(sweep) as compute:
            launch = self._launch(compute, sweep, script, arguments)
            launch.environment = {"PATH": os.environ["PATH"], "ODD": " =\n'ü", "PYTHONUTF8": "1"}
            before = (sweep / "snapshot" / "train.py").read_bytes()
            compute.start(launch)
            ended = self._one(self._until(compute, Ended), Ended)
            folder = sweep / "trials" / "0"
            assert ended.exit.code == 0, (folder / "output.1.txt").read_text()
            seen = (folder / "work" / "outputs" / "seen.json").read_text(encoding="utf-8")
            assert json.loads(seen) == [arguments, " =\n'ü", None, ""]
            assert sorted((folder / "output.1.txt").read_text().split("\n")) == ["", "and cried", "said"]
            assert (sweep / "snapshot" / "train.py").read_bytes() == before, "a trial changed the snapshot"

    def test_what_cannot_be_started_says_why(self) -> None:
        """Ended with cause 'unstartable' and the operating system's words."""
        with self._sweep() as sweep, self._compute(sweep) as compute:
            launch = self._launch(compute, sweep, "")
            launch.argv = ["/no/such/program"]
            compute.start(launch)
            exit = self._one(self._until(compute, Ended), Ended).exit
        assert exit.cause == "unstartable"
        assert exit.message and "No such file" in exit.message

    def test_the_slot_is_free_when_the_end_is_told(self) -> None:
        """As many trials as there are slots can be started at once again, and none more."""
        with self._sweep() as sweep, self._compute(sweep) as compute:
            first = self._launch(compute, sweep, "")
            taken = [first.slot]
            while (slot := compute.reserve()) is not None:
                taken.append(slot)
            compute.start(first)
            self._until(compute, Ended)
            again = compute.reserve()
            assert again is not None, "the slot of a trial that ended is not free"
            assert compute.reserve() is None, "one trial's end has freed two slots"
            for slot in [*taken[1:], again]:
                if slot is not None:
                    slot.release()

    # Stopping

    def test_a_polite_stop_lets_the_script_finish(self) -> None:
        """TERM reaches the script; its own exit code counts."""
        with self._sweep() as sweep, self._compute(sweep) as compute:
            compute.start(self._launch(compute, sweep, _SLEEPS.format(on_term="lambda *_: sys.exit(5)")))
            self._wait_for_file(sweep / "trials/0/work/outputs/ready")
            compute.stop(0, 1, False)
            exit = self._one(self._until(compute, Ended), Ended).exit
        assert (exit.cause, exit.code, exit.signal) == ("stopped", 5, None)

    def test_a_deaf_script_is_killed_after_its_grace(self) -> None:
        """TERM, then KILL."""
        with self._sweep() as sweep, self._compute(sweep) as compute:
            launch = self._launch(compute, sweep, _SLEEPS.format(on_term="signal.SIG_IGN"))
            launch.grace_s = 0.2
            compute.start(launch)
            self._wait_for_file(sweep / "trials/0/work/outputs/ready")
            compute.stop(0, 1, False)
            exit = self._one(self._until(compute, Ended), Ended).exit
        assert (exit.cause, exit.code, exit.signal) == ("stopped", None, 9)

    def test_a_stop_at_once_knows_no_grace(self) -> None:
        """KILL, though the script would take its time; also when it was asked politely before."""
        with self._sweep() as sweep, self._compute(sweep) as compute:
            launch = self._launch(compute, sweep, _SLEEPS.format(on_term="signal.SIG_IGN"))
            launch.grace_s = 3600.0
            compute.start(launch)
            self._wait_for_file(sweep / "trials/0/work/outputs/ready")
            compute.stop(0, 1, False)
            compute.stop(0, 1, True)
            exit = self._one(self._until(compute, Ended), Ended).exit
        assert (exit.cause, exit.signal) == ("stopped", 9)

    def test_a_stop_right_behind_the_start_works(self) -> None:
        """Whether the script came to run or not, the trial ends as stopped."""
        with self._sweep() as sweep, self._compute(sweep) as compute:
            compute.start(self._launch(compute, sweep, _WAITS))
            compute.stop(0, 1, False)
            exit = self._one(self._until(compute, Ended), Ended).exit
        assert exit.cause == "stopped"

    def test_stopping_what_does_not_live_does_nothing(self) -> None:
        """Neither an unknown trial nor one that ended."""
        with self._sweep() as sweep, self._compute(sweep) as compute:
            compute.stop(7, 1, True)
            compute.start(self._launch(compute, sweep, ""))
            assert self._one(self._until(compute, Ended), Ended).exit.code == 0
            compute.stop(0, 1, True)
            assert not [notice for notice in compute.poll(0.05) if isinstance(notice, Ended)]

    def test_a_trial_has_its_longest_time(self) -> None:
        """After it the trial is ended with cause 'timeout'."""
        with self._sweep() as sweep, self._compute(sweep) as compute:
            launch = self._launch(compute, sweep, _WAITS)
            launch.max_run_duration_s = 0.3
            compute.start(launch)
            exit = self._one(self._until(compute, Ended), Ended).exit
        assert (exit.cause, exit.signal) == ("timeout", 15)

    # Taking over

    def test_a_living_trial_is_adopted(self) -> None:
        """It survives the back end that started it, and another one is told of its end."""
        with self._sweep() as sweep:
            with self._compute(sweep) as first:
                launch = self._launch(first, sweep, _WAITS)
                first.start(launch)
                started = self._one(self._until(first, Started), Started)
            with self._compute(sweep) as second:
                assert second.adopt([_without_slot(launch)]) == []
                (sweep / "trials/0/work/outputs/go").touch()
                notices = self._until(second, Ended)
            assert self._one(notices, Started) == started
            assert self._one(notices, Ended).exit.code == 4

    def test_an_adopted_trial_can_be_stopped(self) -> None:
        """As one of the back end's own."""
        with self._sweep() as sweep:
            with self._compute(sweep) as first:
                launch = self._launch(first, sweep, _SLEEPS.format(on_term="lambda *_: sys.exit(5)"))
                first.start(launch)
                self._wait_for_file(sweep / "trials/0/work/outputs/ready")
            with self._compute(sweep) as second:
                second.adopt([_without_slot(launch)])
                second.stop(0, 1, False)
                exit = self._one(self._until(second, Ended), Ended).exit
            assert (exit.cause, exit.code) == ("stopped", 5)

    def test_an_end_in_between_is_told(self) -> None:
        """A trial that ended while no back end lived."""
        with self._sweep() as sweep:
            with self._compute(sweep) as first:
                launch = self._launch(first, sweep, _WAITS)
                first.start(launch)
                self._until(first, Started)
            (sweep / "trials/0/work/outputs/go").touch()
            self._wait_for_file(sweep / "trials/0/exit.1.json")
            with self._compute(sweep) as second:
                assert second.adopt([_without_slot(launch)]) == []
                assert self._one(self._until(second, Ended), Ended).exit.code == 4

    def test_what_was_never_started_is_given_back(self) -> None:
        """To be started as it is; then it runs as if nothing had been."""
        with self._sweep() as sweep, self._compute(sweep) as compute:
            launch = _without_slot(self._launch(compute, sweep, "raise SystemExit(6)"))
            assert compute.adopt([launch]) == [launch]
            compute.start(launch)
            assert self._one(self._until(compute, Ended), Ended).exit.code == 6

    def test_an_attempt_starts_once(self) -> None:
        """Two back ends start the same attempt: one process, and both are told of its end."""
        with self._sweep() as sweep, self._compute(sweep) as first, self._compute(sweep) as second:
            launch = _without_slot(self._launch(first, sweep, _COUNTS + _WAITS))
            first.start(launch)
            second.start(launch)
            second.start(launch)
            self._wait_for_file(sweep / "trials/0/work/outputs/starts")
            (sweep / "trials/0/work/outputs/go").touch()
            assert self._one(self._until(first, Ended), Ended).exit.code == 4
            assert self._one(self._until(second, Ended), Ended).exit.code == 4
            assert (sweep / "trials/0/work/outputs/starts").read_text() == "started\n"

    # Waiting

    def test_mail_is_told(self) -> None:
        """A file that arrives in the mailbox wakes whoever waits."""
        with self._sweep() as sweep, self._compute(sweep) as compute:
            (sweep / "request").touch()
            (sweep / "request").rename(sweep / "mailbox" / "request.json")
            assert Mail() in self._until(compute, Mail)

    def test_waiting_ends_in_time(self) -> None:
        """Without anything to tell, `poll` gives nothing when the time is over."""
        with self._sweep() as sweep, self._compute(sweep) as compute:
            assert compute.poll(0.0) == []
            begun = time.monotonic()
            assert compute.poll(0.05) == []
            assert time.monotonic() - begun >= 0.05

    def test_somebody_elses_descriptor_ends_the_wait(self) -> None:
        """`poll` returns while the descriptor given to `wake_on` is readable, until it is taken back."""
        bell, rope = os.pipe()
        with self._sweep() as sweep, self._compute(sweep) as compute:
            compute.wake_on(bell)
            os.write(rope, b"!")
            assert compute.poll(self.patience_s) == []
            compute.wake_on(None)
            assert compute.poll(0.0) == []
        os.close(bell)
        os.close(rope)

    # How the tests are made

    @contextmanager
    def _sweep(self) -> Iterator[Path]:
        folder = self.new_folder()
        for name in ("snapshot", "trials", "mailbox"):
            (folder / name).mkdir()
        yield folder
        shutil.rmtree(folder)

    @contextmanager
    def _compute(self, sweep: Path) -> Iterator[Compute]:
        compute = self.make(sweep)
        try:
            yield compute
        finally:
            compute.close()

    def _launch(self, compute: Compute, sweep: Path, script: str, arguments: list[str] | None = None) -> Launch:
        """Trial 0, attempt 1, of a script with this text."""
        (sweep / "snapshot" / "train.py").write_text(textwrap.dedent(script), encoding="utf-8")
        folder = sweep / "trials" / "0"
        folder.mkdir()
        return Launch(
            trial=0,
            attempt=1,
            folder=str(folder),
            snapshot=str(sweep / "snapshot"),
            argv=[sys.executable, "train.py", *(arguments or [])],
            environment={**os.environ, "OVERDRIVE_METRICS": str(folder / "spool.1.jsonl")},
            tag=f"{new_id()}/0/1",
            grace_s=10.0,
            log_cap_bytes=1 << 20,
            slot=compute.reserve(),
        )

    def _until(self, compute: Compute, kind: type[Notice]) -> list[Notice]:
        """All notices up to the first of this kind."""
        found: list[Notice] = []

        def look() -> bool:
            found.extend(compute.poll(0.1))
            return any(isinstance(notice, kind) for notice in found)

        self._wait_for(look)
        return found

    def _wait_for_file(self, path: Path) -> None:
        """Without asking the back end: a trial needs nobody to go on."""

        def look() -> bool:
            time.sleep(0.005)
            return path.exists()

        self._wait_for(look)

    def _wait_for(self, look: Callable[[], bool]) -> None:
        deadline = time.monotonic() + self.patience_s
        while not look():
            assert time.monotonic() < deadline, "it never came"

    @staticmethod
    def _one(notices: list[Notice], kind: type[_N]) -> _N:
        """The one notice of this kind."""
        found = [notice for notice in notices if isinstance(notice, kind)]
        assert len(found) == 1, f"there should be one {kind.__name__}, and there are {found}"
        return found[0]


def _without_slot(launch: Launch) -> Launch:
    """As a later engine plans it: the slot is given back."""
    if launch.slot is not None:
        launch.slot.release()
        launch.slot = None
    return launch
