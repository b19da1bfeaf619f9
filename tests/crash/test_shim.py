"""Shims, fork servers and scripts that die at the worst moment, and trees that do not want to end."""

import fcntl
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import pytest

from overdrive.compute import Ended
from overdrive.compute import Launch
from overdrive.compute import Notice
from overdrive.compute import Started
from overdrive.compute.local import LocalCompute
from overdrive.host.processes import tagged
from overdrive.host.randomness import new_id
from overdrive.host.slots import SlotPool

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="guarantees of Linux")

PATIENCE_S = 30.0
KILLS = int(os.environ.get("OVERDRIVE_CRASH_KILLS", "12"))

#: Every process of the tree holds a shared lock on outputs/lock as long as it lives.
HEAD = """
import fcntl, os, signal, sys, time
lock = os.open("outputs/lock", os.O_CREAT | os.O_RDWR, 0o600)
os.set_inheritable(lock, True)
fcntl.flock(lock, fcntl.LOCK_SH)
SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 3600

def ready():
    os.close(os.open("outputs/ready", os.O_CREAT | os.O_WRONLY))

def daemon(run):
    if os.fork() == 0:
        os.setsid()
        if os.fork():
            os._exit(0)
        run()
        os._exit(0)
    os.wait()
"""
TAIL = """
time.sleep(SECONDS)
os.close(os.open("outputs/done", os.O_CREAT | os.O_WRONLY))
"""
#: Kinds of trees: what they do before they sleep.
KINDS = {
    "plain": "ready()",
    "forks": "os.fork() and os.fork(); ready()",
    "setsid": "os.fork() or os.setsid(); ready()",
    "daemon": "daemon(lambda: (ready(), time.sleep(SECONDS)))",
    "deaf": "signal.signal(signal.SIGTERM, signal.SIG_IGN); os.fork(); ready()",
    "naked daemon": """
daemon(lambda: os.execve("/bin/sh", ["sh", "-c", "trap '' TERM; : > outputs/ready; sleep %g & wait" % SECONDS], {}))
""",
    "stopped child": """
if os.fork() == 0:
    os.kill(os.getpid(), signal.SIGSTOP)
ready()
""",
}


class Sweep:
    """A sweep's folder, and an engine's side of compute on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("snapshot", "trials"):
            (folder / name).mkdir(parents=True)
        self.open()

    def open(self) -> None:
        self.compute = LocalCompute(str(self.folder), SlotPool())
        self.notices: list[Notice] = []

    def launch(self, script: str, *arguments: str, number: int = 0, **changes: object) -> Launch:
        name = f"train{number}.py"
        (self.folder / "snapshot" / name).write_text(script, encoding="utf-8")
        self.trial(number).mkdir()
        return Launch(
            trial=number,
            attempt=1,
            folder=f"trials/{number}",
            snapshot="snapshot",
            argv=[sys.executable, "-S", name, *arguments],
            environment=dict(os.environ),
            tag=f"{new_id()}/{number}/1",
            **{"grace_s": 0.3, "log_cap_bytes": 1 << 20, **changes},  # type: ignore[arg-type]
        )

    def start(self, script: str, *arguments: str, number: int = 0, **changes: object) -> Launch:
        launch = self.launch(script, *arguments, number=number, **changes)
        self.compute.start(launch)
        return launch

    def trial(self, number: int = 0) -> Path:
        return self.folder / "trials" / str(number)

    def until(self, *kinds: type[Notice], number: int = 0) -> Notice:
        """The first notice of one of these kinds about this trial, whenever it came."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            for notice in self.notices:
                if isinstance(notice, kinds) and getattr(notice, "trial", number) == number:
                    return notice
            assert time.monotonic() < deadline, f"it never came; only {self.notices}"
            self.notices += self.compute.poll(0.1)

    def started(self, number: int = 0) -> Started:
        notice = self.until(Started, number=number)
        assert isinstance(notice, Started)
        return notice

    def ended(self, number: int = 0) -> Ended:
        notice = self.until(Ended, number=number)
        assert isinstance(notice, Ended)
        return notice

    def wait_ready(self, number: int = 0) -> None:
        wait_for((self.trial(number) / "work/outputs/ready").exists)

    def is_empty(self, number: int = 0) -> bool:
        """Whether no process of the trial is left."""
        path = self.trial(number) / "work/outputs/lock"
        if not path.exists():
            return True
        with path.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
        return True

    def recorded(self, number: int = 0) -> dict:
        return json.loads((self.trial(number) / "exit.1.json").read_bytes())


def wait_for(is_so: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.005)


def server_of(compute: LocalCompute) -> int:
    return compute._shims._server_pid


@pytest.fixture
def sweep(tmp_path: Path) -> Iterator[Sweep]:
    sweep = Sweep(tmp_path / "sweep's 'ü")
    yield sweep
    for number in range(len(list((sweep.folder / "trials").iterdir()))):
        sweep.compute.stop(number, 1, True)
    while sweep.compute._live:
        sweep.compute.poll(1.0)
    sweep.compute.close()


# Ends


@pytest.mark.parametrize(
    ("script", "cause", "code", "number"),
    [
        ("", "exit", 0, None),
        ("raise SystemExit(3)", "exit", 3, None),
        ("import os; os.kill(os.getpid(), 9)", "signal", None, 9),
        ("import os; os.abort()", "signal", None, 6),
    ],
)
def test_how_it_ended(sweep: Sweep, script: str, cause: str, code: int | None, number: int | None) -> None:
    sweep.start(script)
    exit = sweep.ended().exit
    assert (exit.cause, exit.code, exit.signal) == (cause, code, number)
    assert sweep.recorded()["cause"] == cause
    assert (exit.peak_rss_bytes or 0) > 1 << 20
    assert exit.wall_s is not None and exit.cpu_s is not None and exit.cpu_s > 0


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["no-such-program"], "ENOENT: No such file or directory: no-such-program"),
        (["/"], "EACCES: Permission denied: /"),
        (["./text"], "ENOEXEC: Exec format error: ./text"),
        (["a\0b"], "NUL"),
    ],
)
def test_what_cannot_be_executed(sweep: Sweep, argv: list[str], words: str) -> None:
    launch = sweep.launch("")
    text = sweep.folder / "snapshot" / "text"
    text.write_text("no program")
    text.chmod(0o755)
    launch.argv = argv
    sweep.compute.start(launch)
    exit = sweep.ended().exit
    assert exit.cause == "unstartable"
    assert words in (exit.message or "")
    assert sweep.recorded()["message"] == exit.message


def test_output_is_bytes(sweep: Sweep) -> None:
    sweep.start("import os; os.write(1, bytes(range(256)) * 40); os.write(2, b'\\xc3')")
    sweep.ended()
    assert (sweep.trial() / "output.1.txt").read_bytes() == bytes(range(256)) * 40 + b"\xc3"


def test_signals_are_as_a_program_expects(sweep: Sweep) -> None:
    """None blocked, and none ignored but those that Python itself ignores (SIGPIPE and SIGXFSZ)."""
    script = """
for line in open("/proc/self/status"):
    if line.startswith(("SigBlk", "SigIgn")):
        print(int(line.split()[1], 16) & 0x7fffffff)
"""
    sweep.start(script)
    sweep.ended()
    assert (sweep.trial() / "output.1.txt").read_text().split() == ["0", str(1 << 12 | 1 << 24)]


def test_only_three_descriptors(sweep: Sweep) -> None:
    sweep.start("import os; print(sorted(os.listdir('/proc/self/fd')))")
    sweep.ended()
    assert (sweep.trial() / "output.1.txt").read_text() == "['0', '1', '2', '3']\n"  # 3: the listing itself


def test_the_working_directory_is_tidied(sweep: Sweep) -> None:
    (sweep.folder / "snapshot" / "package").mkdir()
    (sweep.folder / "snapshot" / "package" / "data").write_text("data")
    script = "import os; os.mkdir('new'); open('new/file', 'w').close(); os.chmod('new', 0); open('outputs/model', 'w')"
    sweep.start(script)
    sweep.start(script, number=1, keep_work=True)
    sweep.ended(0), sweep.ended(1)
    wait_for(lambda: sorted(os.listdir(sweep.trial() / "work")) == ["logs", "outputs"])
    assert os.listdir(sweep.trial() / "work" / "outputs") == ["model"]
    assert {"package", "new", "train1.py"} <= set(os.listdir(sweep.trial(1) / "work"))


def test_a_long_environment(sweep: Sweep) -> None:
    """Larger than a socket's buffer."""
    launch = sweep.launch("import os; print(sum(len(v) for k, v in os.environ.items() if k.startswith('BIG')))")
    launch.environment.update({f"BIG{n}": "x" * 100_000 for n in range(10)})
    sweep.compute.start(launch)
    assert sweep.ended().exit.code == 0
    assert (sweep.trial() / "output.1.txt").read_text() == "1000000\n"


# Trees


@pytest.mark.parametrize("now", [False, True], ids=["politely", "now"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_stop_leaves_nobody(sweep: Sweep, kind: str, now: bool) -> None:
    launch = sweep.start(HEAD + KINDS[kind] + TAIL)
    sweep.wait_ready()
    sweep.compute.stop(0, 1, now)
    exit = sweep.ended().exit
    assert exit.cause == "stopped"
    assert sweep.is_empty()
    assert not tagged([launch.tag])


@pytest.mark.parametrize("kind", KINDS)
def test_who_outlives_the_script_is_ended(sweep: Sweep, kind: str) -> None:
    """The trial has ended only when its subtree is empty, with the script's own exit code."""
    sweep.start(
        HEAD + KINDS[kind] + "\nos._exit(7)" if kind == "naked daemon" else HEAD + KINDS[kind] + "\nsys.exit(7)"
    )
    exit = sweep.ended().exit
    assert (exit.cause, exit.code) == ("exit", 7)
    assert sweep.is_empty()


def test_a_script_may_take_its_time_to_stop(sweep: Sweep) -> None:
    """Its own exit code counts, and the trial ends when it does."""
    script = """
def finish(*_):
    time.sleep(0.2)
    open("outputs/finished", "w").close()
    sys.exit(9)
signal.signal(signal.SIGTERM, finish)
ready()
"""
    sweep.start(HEAD + script + TAIL, grace_s=60.0)
    sweep.wait_ready()
    sweep.compute.stop(0, 1, False)
    exit = sweep.ended().exit
    assert (exit.cause, exit.code) == ("stopped", 9)
    assert (sweep.trial() / "work/outputs/finished").exists()


def test_a_shim_serves_one_trial_after_the_other(sweep: Sweep) -> None:
    """But no further one after a stop, which might come late and hit the next."""
    shims = []
    for number in range(3):
        sweep.start(HEAD + KINDS["plain"] + TAIL, "0", number=number)
        shims.append(sweep.started(number).shim)
        assert sweep.ended(number).exit.code == 0
    assert len(set(shims)) == 1
    sweep.start(HEAD + KINDS["plain"] + TAIL, number=3)
    assert sweep.started(3).shim == shims[0]
    sweep.compute.stop(3, 1, False)
    sweep.ended(3)
    sweep.start("", number=4)
    assert sweep.started(4).shim != shims[0]
    assert sweep.ended(4).exit.code == 0


def test_nothing_is_left_open(sweep: Sweep) -> None:
    """Descriptors and watches do not grow with the trials that ended."""

    def run(number: int) -> None:
        launch = sweep.launch("", number=number)
        launch.argv = ["/bin/true"]
        launch.slot = sweep.compute.reserve()
        sweep.compute.start(launch)
        assert sweep.ended(number).exit.code == 0

    run(0)
    before = len(os.listdir("/proc/self/fd"))
    for number in range(1, 30):
        run(number)
    # A shim that still tidied when the next trial came may have got company.
    assert len(os.listdir("/proc/self/fd")) <= before + 3
    assert not sweep.compute._live


# Kills


@pytest.mark.parametrize("round", range(KILLS))
def test_kill_the_shim_at_any_moment(sweep: Sweep, round: int) -> None:
    """No survivor and a true record, whatever the moment and the tree."""
    kind = list(KINDS)[round % len(KINDS)]
    launch = sweep.start(HEAD + KINDS[kind] + TAIL, "0.2")
    alive = sweep.trial() / "alive.1"
    wait_for(lambda: alive.exists() and alive.stat().st_size)
    shim = json.loads(alive.read_bytes())["shim"]
    time.sleep(random.random() * 0.3)  # the moment: from the token to the end of the longest tree
    os.kill(shim, signal.SIGKILL)  # as an idle shim it still has this number: the engine keeps it
    exit = sweep.ended().exit
    assert sweep.recorded()["cause"] == exit.cause
    assert sweep.is_empty(), "a process outlived the trial's end"
    assert not tagged([launch.tag])
    if exit.cause == "exit":
        assert (sweep.trial() / "work/outputs/done").exists()
    else:
        assert exit.cause == "lost"
    sweep.start("raise SystemExit(2)", number=1)
    assert sweep.ended(1).exit.code == 2


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "naked daemon"])
def test_kill_shim_and_fork_server(sweep: Sweep, kind: str) -> None:
    """Then only the tag in their environment tells whose the orphans are."""
    sweep.start(HEAD + KINDS[kind] + TAIL)
    sweep.wait_ready()
    shim = sweep.started().shim
    os.kill(server_of(sweep.compute), signal.SIGKILL)
    os.kill(shim, signal.SIGKILL)
    assert sweep.ended().exit.cause == "lost"
    assert sweep.is_empty()


def test_kill_the_fork_server(sweep: Sweep) -> None:
    """Living trials notice nothing, and further ones start."""
    sweep.start(HEAD + KINDS["plain"] + TAIL)
    sweep.wait_ready()
    first = server_of(sweep.compute)
    os.kill(first, signal.SIGKILL)
    sweep.start("raise SystemExit(2)", number=1)
    assert sweep.ended(1).exit.code == 2
    assert server_of(sweep.compute) != first
    sweep.compute.stop(0, 1, False)
    assert sweep.ended().exit.signal == signal.SIGTERM


def test_kill_an_idle_shim(sweep: Sweep) -> None:
    sweep.start("")
    sweep.ended()
    os.kill(sweep.started().shim, signal.SIGKILL)
    sweep.start("raise SystemExit(2)", number=1)
    assert sweep.ended(1).exit.code == 2


def test_kill_the_script(sweep: Sweep) -> None:
    """It is the script's end, not a machine's fault; what it left is ended."""
    sweep.start(HEAD + KINDS["forks"] + TAIL)
    sweep.wait_ready()
    os.kill(sweep.started().pid, signal.SIGKILL)
    exit = sweep.ended().exit
    assert (exit.cause, exit.signal) == ("signal", 9)
    assert sweep.is_empty()


ENGINE = """
import os, sys
from overdrive.compute import Launch, Started
from overdrive.compute.local import LocalCompute
from overdrive.host.slots import SlotPool

folder, tag = sys.argv[1:3]
compute = LocalCompute(folder, SlotPool())
compute.start(Launch(
    trial=0, attempt=1, folder="trials/0", snapshot="snapshot", argv=[sys.executable, "-S", "train0.py"],
    environment=dict(os.environ), tag=tag, grace_s=0.3, log_cap_bytes=1 << 20, slot=compute.reserve(),
))
while not any(isinstance(notice, Started) for notice in compute.poll(10)):
    pass
print(compute._shims._server_pid, flush=True)
compute.poll(3600)
"""


def start_with_engine(sweep: Sweep, kind: str) -> tuple[Launch, subprocess.Popen[bytes], int]:
    """A trial started by another engine: its launch, the engine, the fork server."""
    launch = sweep.launch(HEAD + KINDS[kind] + TAIL)
    engine = subprocess.Popen([sys.executable, "-c", ENGINE, sweep.folder, launch.tag], stdout=subprocess.PIPE)
    assert engine.stdout is not None
    server = int(engine.stdout.readline())
    sweep.wait_ready()
    engine.stdout.close()
    return launch, engine, server


def kill(engine: subprocess.Popen[bytes]) -> None:
    engine.kill()
    engine.wait()


@pytest.mark.parametrize("kind", KINDS)
def test_kill_the_engine(sweep: Sweep, kind: str) -> None:
    """Its trials live on below their shims, and the next engine has them in hand."""
    launch, engine, _ = start_with_engine(sweep, kind)
    kill(engine)
    assert sweep.compute.adopt([launch]) == []
    sweep.started()
    assert not sweep.is_empty()
    sweep.compute.stop(0, 1, False)
    assert sweep.ended().exit.cause == "stopped"
    assert sweep.is_empty()


@pytest.mark.parametrize("kind", KINDS)
def test_kill_engine_and_shim(sweep: Sweep, kind: str) -> None:
    """The fork server ends what is left, even before another engine comes."""
    launch, engine, _ = start_with_engine(sweep, kind)
    shim = json.loads((sweep.trial() / "alive.1").read_bytes())["shim"]
    kill(engine)
    os.kill(shim, signal.SIGKILL)
    wait_for(sweep.is_empty)
    assert sweep.compute.adopt([launch]) == []
    assert sweep.ended().exit.cause == "lost"
    assert sweep.recorded()["cause"] == "lost"


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "naked daemon"])
def test_kill_engine_shim_and_fork_server(sweep: Sweep, kind: str) -> None:
    """The next engine ends what is left before it calls the trial lost."""
    launch, engine, server = start_with_engine(sweep, kind)
    shim = json.loads((sweep.trial() / "alive.1").read_bytes())["shim"]
    kill(engine)
    os.kill(server, signal.SIGKILL)
    os.kill(shim, signal.SIGKILL)
    assert sweep.compute.adopt([launch]) == []
    assert sweep.ended().exit.cause == "lost"
    assert sweep.is_empty()


def test_what_a_dead_shim_did_not_tidy(sweep: Sweep) -> None:
    """The next engine tidies behind a record that has no shim any more."""
    launch = sweep.launch("")
    work = sweep.trial() / "work"
    (work / "outputs").mkdir(parents=True)
    (work / "rest").write_text("rest")
    for name in ("token.1", "alive.1"):
        (sweep.trial() / name).touch()
    (sweep.trial() / "exit.1.json").write_text('{"cause": "exit", "code": 0}')
    assert sweep.compute.adopt([launch]) == []
    assert sweep.ended().exit.code == 0
    assert os.listdir(work) == ["outputs"]


def test_another_boots_record_is_lost(sweep: Sweep) -> None:
    """And nobody is signalled, though the numbers of its processes are in use."""
    launch = sweep.launch("")
    for name in ("token.1", "alive.1"):
        (sweep.trial() / name).touch()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:
        started = {"pid": stranger.pid, "ticks": 1, "shim": stranger.pid, "shim_ticks": 1, "boot_id": "another"}
        (sweep.trial() / "started.1.json").write_text(json.dumps(started))
        assert sweep.compute.adopt([launch]) == []
        assert sweep.ended().exit.cause == "lost"
        assert stranger.poll() is None
        stranger.communicate(b"\n")
    assert stranger.returncode == 0


def test_a_torn_record_is_none(sweep: Sweep) -> None:
    """What a power cut leaves of a file is not believed."""
    launch = sweep.launch("")
    (sweep.trial() / "token.1").touch()
    (sweep.trial() / "exit.1.json").write_text("")
    assert sweep.compute.adopt([launch]) == []
    assert sweep.ended().exit.cause == "lost"


# Much output


def test_the_output_keeps_its_cap(sweep: Sweep) -> None:
    """Head and tail stay, the middle goes, a file says what is missing; in the end, and while the script runs."""
    script = """
import os, sys, time
for n in range(40_000):
    os.write(1, b"%099d\\n" % n)
open("outputs/ready", "w").close()
while not os.path.exists("outputs/go"):
    time.sleep(0.01)
os.write(1, b"the end\\n")
"""
    cap = 256 * 1024
    sweep.start(script, log_cap_bytes=cap)
    sweep.wait_ready()
    output = sweep.trial() / "output.1.txt"
    hole = sweep.trial() / "output.1.hole.json"
    wait_for(hole.exists)
    assert output.stat().st_blocks * 512 <= cap + 8192
    (sweep.trial() / "work/outputs/go").touch()
    assert sweep.ended().exit.code == 0
    data = output.read_bytes()
    assert len(data) == 40_000 * 100 + len("the end\n")
    missing = json.loads(hole.read_bytes())
    head, tail = data[: missing["from"]], data[missing["to"] :]
    assert head.startswith(b"0" * 99 + b"\n") and b"\0" not in head + tail
    assert tail.endswith(b"%099d\nthe end\n" % 39_999)
    assert set(data[missing["from"] : missing["to"]]) == {0}
    assert cap - 8192 <= len(head) + len(tail) <= cap + 8192


def test_no_room_on_the_disk(tmp_path: Path) -> None:
    """A trial that waits for room starts when there is some; one that runs has had the room for its record taken."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=512k", "none", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("needs the right to mount")
    sweep = Sweep(disk / "sweep")
    try:
        go = tmp_path / "go"
        sweep.start("ready()\nwhile not os.path.exists(sys.argv[2]): time.sleep(0.01)".join([HEAD, ""]), "0", str(go))
        sweep.wait_ready()
        sweep.started()
        second = sweep.launch("raise SystemExit(5)", number=1)
        filler = disk / "filler"
        with pytest.raises(OSError, match="No space"):
            filler.write_bytes(bytes(1 << 20))
        sweep.compute.start(second)
        wait_for((sweep.trial(1) / "alive.1").exists)
        go.touch()
        assert sweep.ended().exit.code == 0
        assert not (sweep.trial(1) / "token.1").exists()
        filler.unlink()
        assert sweep.ended(1).exit.code == 5
    finally:
        sweep.compute.stop(0, 1, True)
        sweep.compute.stop(1, 1, True)
        sweep.compute.close()
        subprocess.run(["umount", "-l", disk], check=True)
