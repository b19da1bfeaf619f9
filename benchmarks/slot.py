"""How long a freed slot stays empty."""

from collections.abc import Sequence

from measure import Bench
from measure import main
from sweeps import first_lines
from sweeps import ledger
from sweeps import living_sweep

TRIALS = 150


def slot(bench: Bench) -> None:
    """slot: from a trial's exit record (its `ended_at`) to the next trial's start, and to its script's first line."""
    trials = TRIALS // 10 if bench.args.quick else TRIALS
    for concurrent in (1, 2):
        with living_sweep("first_line", trials, concurrent) as sweep:
            sweep.wait_for_completion()
            found, lines = ledger(sweep), first_lines(sweep)
        bench.begin("slot", f"{trials} trials, {concurrent} at a time")
        for name, starts, reach in (
            ("to the token that is made just before the script starts", found.token, None),
            ("to the record that the script runs", found.started, 20),
            ("to the script's first line (Python's own start in it)", lines, None),
        ):
            bench.figure(name, gaps_ms(found.exited, starts, concurrent), "ms", reach=reach)


def gaps_ms(ends: Sequence[float], starts: Sequence[float], concurrent: int) -> list[float]:
    """The k-th end frees the slot that the k-th start after the first `concurrent` ones takes."""
    refilled = sorted(starts)[concurrent:]
    return [1000 * (start - end) for end, start in zip(sorted(ends), refilled, strict=False)]


if __name__ == "__main__":
    main(slot)
