"""What a person waits for before anything happens: `import overdrive`, and the command line."""

import sys
from pathlib import Path

from measure import Bench
from measure import main
from measure import process_ms
from measure import scratch

PAIRS = 20
CONTROL = (
    "from overdrive import Experiment, HyperDriveConfig, RandomParameterSampling, ScriptRunConfig, Workspace, uniform"
)


def imports(bench: Bench) -> None:
    """imports: over a bare Python run beside it."""
    pairs = 4 if bench.args.quick else PAIRS
    bench.begin("imports", f"{pairs} pairs of processes in turn")
    lines = {"import overdrive": 30.0, CONTROL: None}
    if bench.peers:
        _peers(bench, pairs)
    for line, reach in lines.items():
        process_ms([sys.executable, "-c", line])
        over = []
        for _ in range(pairs):
            bare = process_ms([sys.executable, "-c", "pass"])
            over.append(process_ms([sys.executable, "-c", line]) - bare)
        name = line if len(line) < 40 else "all names of a control script"
        bench.figure(f"{name}, over bare Python", over, "ms", reach=reach)
    _help(bench, pairs)


def _help(bench: Bench, pairs: int) -> None:
    """The whole process, as a shell sees it."""
    program = Path(sys.executable).parent / "overdrive"
    folder = scratch()
    pages = (["--help"], ["--version"], ["list"])
    for arguments in pages:
        command = [str(program), *arguments]
        process_ms(command, OVERDRIVE_WORKSPACE=str(folder))
        times = [process_ms(command, OVERDRIVE_WORKSPACE=str(folder)) for _ in range(pairs)]
        reach = 100 if arguments == ["--help"] else None
        bench.figure(f"overdrive {' '.join(arguments)}, whole process", times, "ms", reach=reach)


def _peers(bench: Bench, pairs: int) -> None:
    """Their own interpreter's bare start beside them."""
    for line in ("import optuna", "import syne_tune, syne_tune.backend, syne_tune.optimizer.baselines"):
        over = []
        for _ in range(min(pairs, 5)):
            bare = process_ms([bench.peers or "", "-c", "pass"])
            over.append(process_ms([bench.peers or "", "-c", line]) - bare)
        bench.figure(f"{line.split(',')[0]}, over bare Python", over, "ms")


if __name__ == "__main__":
    main(imports)
