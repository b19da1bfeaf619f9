"""`python -m overdrive.engine FOLDER`: the engine of one sweep, detached from whoever starts it."""

import gc
import os
import sys


def main() -> None:
    """Leaves at once with exit code 0, while a process of its own runs the sweep on."""
    if "--foreground" not in sys.argv and os.fork():
        os._exit(0)
    # Imported behind the fork so that the first process, for which the submitter waits, ends without paying for it.
    # What is imported stays: the garbage collector need not go through it while it comes, nor later.
    gc.disable()
    from overdrive.engine.start import run_engine  # noqa: PLC0415

    gc.freeze()
    gc.enable()
    sys.exit(run_engine(sys.argv[1]))


if __name__ == "__main__":
    main()
