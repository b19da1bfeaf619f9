"""Suggestions of samplers that look at the history: made in a process of their own, which follows the journal.

The engine asks with one line, `trial seq`; the process brings its own fold of the journal to that event, asks the
sampler and answers with one line. So the engine loads nothing that a sampler needs and waits for no suggestion, nothing
but two numbers goes down, and live sweeps, recovery and replay get their suggestions in the same way: from the journal
as it was at one event.
"""

import json
import os
import select
import sys
from pathlib import Path
from typing import NamedTuple

from overdrive.engine.history import history_of
from overdrive.engine.scheduler import Scheduler
from overdrive.errors import InternalError
from overdrive.errors import OverdriveError
from overdrive.host.piped import PipedProgram
from overdrive.records import Suggestion
from overdrive.sampling import Sampler
from overdrive.sampling import build_sampler
from overdrive.space import Space
from overdrive.store import SweepReader
from overdrive.store.rows import verdict_of_row
from overdrive.store.specs import read_spec
from overdrive.termination import build_policy

#: The process ends when nothing was asked for so long, seconds: a fitted model is not worth its memory then.
IDLE_S = 60.0
#: A process that dies without an answer is started again so often for the same question.
_MOST_STARTS = 3
#: More threads would give other last bits: sums in another order.
_ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
}


class Answer(NamedTuple):
    """What came back: a suggestion, None where the space is exhausted, or why there can be none."""

    trial: int
    suggestion: Suggestion | None
    error: str = ""


class Suggester:
    """The engine's side: one question at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._program: PipedProgram | None = None
        self._question: tuple[int, int] | None = None
        self._starts = 0

    @property
    def fd(self) -> int | None:
        """Readable when `take` has something to do; None while no process lives."""
        return self._program.fd if self._program else None

    @property
    def is_asked(self) -> bool:
        """Whether an answer is still to come."""
        return self._question is not None

    def ask(self, trial: int, seq: int) -> None:
        """Asks for trial `trial`, by the journal up to its event `seq`, which is committed. Raises OSError when no
        process can be started."""
        self._question, self._starts = (trial, seq), 0
        self._send()

    def take(self, waits: bool = False) -> Answer | None:
        """The answer, when its line is there; None while it is not. Raises OSError as `ask` does.

        waits: sleep until the process says something, or ends.
        """
        if self._program is None or self._question is None:
            return None
        lines = self._program.read_lines(waits)
        if lines:
            question, self._question = self._question, None
            return _read_answer(question[0], lines[-1])
        if not self._program.is_gone:
            return None
        code = self.close()
        if self._starts >= _MOST_STARTS:
            question, self._question = self._question, None
            return Answer(question[0], None, f"the process that makes suggestions ended with code {code}")
        self._send()
        return None

    def wait(self) -> Answer:
        """Blocks until the answer to what was asked is there. Raises OSError as `ask` does."""
        answer = None
        while answer is None:
            answer = self.take(waits=True)
        return answer

    def _send(self) -> None:
        trial, seq = self._question or (0, 0)
        if self._program is None or not self._program.write_line(f"{trial} {seq}"):
            self.close()
            self._starts += 1
            argv = [sys.executable, "-m", "overdrive.engine.suggesting", str(self._folder)]
            self._program = PipedProgram(argv, _ONE_THREAD)
            self._program.write_line(f"{trial} {seq}")

    def close(self) -> int:
        """Ends the process, if there is one; its exit code."""
        program, self._program = self._program, None
        return program.close() if program else 0


def _read_answer(trial: int, line: str) -> Answer:
    data = json.loads(line)
    body = data["suggestion"]
    suggestion = Suggestion(trial=trial, **body) if body is not None else None
    return Answer(trial, suggestion, data["error"])


class JournalSampler:
    """The process's side: a sampler, and the history as it was at any event of a journal."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._spec = read_spec(folder)
        self._sampler: Sampler = build_sampler(self._spec.sampling, Space.from_json(self._spec.space), self._spec.seed)
        self._scheduler = self._fresh()

    def _fresh(self) -> Scheduler:
        return Scheduler(self._spec, build_policy(self._spec.policy))

    def suggest(self, trial: int, seq: int) -> Suggestion | None:
        """The sampler's suggestion by the journal up to event `seq`. Raises InternalError where it does not reach so
        far, and what the sampler raises."""
        if seq < self._scheduler.seq:
            self._scheduler = self._fresh()
        self._follow(seq)
        return self._sampler.suggest(history_of(self._scheduler), trial)

    def _follow(self, seq: int) -> None:
        scheduler, metric = self._scheduler, self._spec.metric
        with SweepReader(self._folder) as reader:
            scheduler.recorded = {
                (row["trial"], row["attempt"], row["interval"]): verdict_of_row(row) for row in reader.rows("stops")
            }
            for event, records in reader.history(metric.name if metric else None, scheduler.seq, seq):
                scheduler.apply(event, records)
        if scheduler.seq != seq:
            raise InternalError(f"the journal ends at event {scheduler.seq}, before event {seq}")


def answer_line(sampler: JournalSampler, question: str) -> str:
    """The line that answers the line `question`. Raises nothing that a sampler may raise: it is in the answer."""
    trial, seq = map(int, question.split())
    try:
        suggestion = sampler.suggest(trial, seq)
    except (OverdriveError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        return json.dumps({"suggestion": None, "error": f"{type(error).__name__}: {error}"})
    return json.dumps({"suggestion": suggestion.to_body() if suggestion else None, "error": ""}, allow_nan=False)


def main() -> None:
    """`python -m overdrive.engine.suggesting FOLDER`: answers until nobody asks any more."""
    sampler = JournalSampler(Path(sys.argv[1]))
    questions = b""
    while select.select([0], [], [], IDLE_S)[0] and (data := os.read(0, 1 << 16)):
        *lines, questions = (questions + data).split(b"\n")
        for line in lines:
            os.write(1, answer_line(sampler, line.decode()).encode() + b"\n")


if __name__ == "__main__":
    main()
