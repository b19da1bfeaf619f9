"""All measurements that the documentation quotes, or some of them.

python benchmarks/run.py [NAME …] [--json FILE] [--quick] [--peers PYTHON]
"""

import argparse
import subprocess
import sys
from collections.abc import Callable

from demo import demo
from first_line import first_line
from imports import imports
from intake import intake
from launch import launch
from log_call import log_call
from log_call import trial_import
from measure import HERE
from measure import Bench
from measure import add_options
from measure import run
from rest import growth
from rest import rest
from slot import slot
from suggest import suggest


def policies(bench: Bench) -> None:
    """policies: early termination on recorded learning curves, in a table of its own."""
    bench.begin("policies", "benchmarks/policies.py")
    options = ["--seeds", "2", "--configurations", "20", "--trials", "20"] if bench.args.quick else []
    subprocess.run([sys.executable, str(HERE / "policies.py"), *options], check=True)


ALL: tuple[Callable[[Bench], None], ...] = (
    imports,
    trial_import,
    first_line,
    launch,
    slot,
    log_call,
    intake,
    rest,
    growth,
    suggest,
    demo,
    policies,
)


def main() -> None:
    names = {benchmark.__name__: benchmark for benchmark in ALL}
    lines = "\n".join(f"  {(benchmark.__doc__ or '').splitlines()[0]}" for benchmark in ALL)
    parser = argparse.ArgumentParser(
        description=f"{__doc__}\n{lines}", formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="which to run; default: all, in this order")
    add_options(parser)
    args = parser.parse_args()
    unknown = [name for name in args.names if name not in names]
    if unknown:
        parser.error(f"there is no benchmark {unknown[0]}: {', '.join(names)}")
    run(Bench(args), [names[name] for name in args.names] or ALL)


if __name__ == "__main__":
    main()
