"""Times calls of Syne Tune's Reporter, whose output goes to a file: `syne_tune_log.py CALLS FOLDER`.

Prints {"log": [µs …]}.
"""

import contextlib
import json
import sys
import time

from syne_tune import Reporter


def main() -> None:
    calls, folder = int(sys.argv[1]), sys.argv[2]
    report, times = Reporter(), []
    with open(f"{folder}/std.out", "w") as output, contextlib.redirect_stdout(output):
        for step in range(calls):
            begin = time.perf_counter_ns()
            report(loss=step * 0.001)
            times.append((time.perf_counter_ns() - begin) / 1000)
    print(json.dumps({"log": times}))


if __name__ == "__main__":
    main()
