"""Logs at a steady rate: `train.py RATE SECONDS FOLDER`: RATE lines a second, one in ten the primary metric.

Waits for FOLDER/go, so that all begin together, and says that it waits with a file of its own there. The primary metric
is 0 at first and 1 from 70 % of its lines on; each tenth trial stays at 0, so that a median policy stops it then.
Prints {"lines", "primary", "stopped_at"}: what it logged, and when it was asked to end.
"""

import json
import os
import signal
import sys
import time

from overdrive import Run

#: How long it sleeps between bursts, seconds.
PAUSE_S = 0.02


def main() -> None:
    rate, seconds, folder = float(sys.argv[1]), float(sys.argv[2]), sys.argv[3]
    run, stopped_at = Run.get_context(), []
    signal.signal(signal.SIGTERM, lambda *_: stopped_at.append(time.time()))
    number = int(run.id.rsplit("_", 1)[1])
    run.log("begin", 0.0)
    open(f"{folder}/{number}", "w").close()
    while not os.path.exists(f"{folder}/go") and not stopped_at:
        time.sleep(PAUSE_S)
    lines = primary = 0
    begin = time.monotonic()
    while (passed := time.monotonic() - begin) < seconds and not stopped_at:
        while lines < passed * rate:
            lines += 1
            value = 1.0 if lines > 0.7 * seconds * rate and number % 10 else 0.0
            is_primary = lines % 10 == 0
            primary += is_primary
            run.log("metric" if is_primary else f"other {lines % 10}", value)
        time.sleep(PAUSE_S)
    print(json.dumps({"lines": lines + 1, "primary": primary, "stopped_at": stopped_at[:1]}))


if __name__ == "__main__":
    main()
