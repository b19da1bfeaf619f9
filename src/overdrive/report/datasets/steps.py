"""What a dataset does with its rows or files before anybody reads them: lists of [name, arguments], in order."""

from __future__ import annotations

import os

from overdrive.report.datasets.columns import evaluate
from overdrive.report.errors import UserErrorException


def check_count(field: str, count: object) -> int:
    """A count of rows or files. Raises UserErrorException unless it is a whole number, 0 or more."""
    if isinstance(count, bool) or not isinstance(count, int) or count < 0:
        raise UserErrorException(f"{field} = {count!r} is not allowed: it takes a whole number, 0 or more")
    return count


def check_share(field: str, share: object) -> float:
    """A share. Raises UserErrorException unless it is a number from 0 to 1."""
    if isinstance(share, bool) or not isinstance(share, (int, float)) or not 0 <= share <= 1:
        raise UserErrorException(f"{field} = {share!r} is not allowed: it takes a number from 0 to 1")
    return float(share)


def new_seed(seed: int | None) -> int:
    """The seed given, or a drawn one: a step gives the same rows each time."""
    return int.from_bytes(os.urandom(4), "big") >> 1 if seed is None else int(seed)


def chosen(count: int, steps: list[list]) -> list[int]:
    """Which of `count` rows or files are left after the steps take, skip, sample and split, as positions."""
    left = list(range(count))
    for name, *arguments in steps:
        if name == "take":
            left = left[: arguments[0]]
        elif name == "skip":
            left = left[arguments[0] :]
        else:
            left = _drawn(name, arguments, left)
    return left


def _drawn(name: str, arguments: list, left: list[int]) -> list[int]:
    """sample: [share, seed]; split: [share, seed, whether it is the first part]."""
    share, seed = arguments[:2]
    from random import Random  # noqa: PLC0415  (it loads hashlib, for the few datasets that are sampled)

    draw = Random(seed).random
    is_first = arguments[2] if name == "split" else True
    return [position for position in left if (draw() < share) is is_first]


def apply(frame, steps: list[list]):
    """The data frame after the steps."""
    for step in steps:
        name, *arguments = step
        if name == "keep":
            frame = frame[_known(frame, arguments[0])]
        elif name == "drop":
            frame = frame.drop(columns=_known(frame, arguments[0]))
        elif name == "filter":
            frame = frame[evaluate(arguments[0], frame).astype(bool)].reset_index(drop=True)
        else:
            frame = frame.iloc[chosen(len(frame), [step])].reset_index(drop=True)
    return frame


def _known(frame, names: list[str]) -> list[str]:
    missing = [name for name in names if name not in frame.columns]
    if missing:
        raise UserErrorException(
            f"there is no column {missing[0]!r}: the columns are {', '.join(map(str, frame.columns))}"
        )
    return names
