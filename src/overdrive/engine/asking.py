"""How the loop gets its suggestions: at once from samplers that look at no history, else from a `Suggester`."""

from collections.abc import Iterator
from contextlib import contextmanager

from overdrive.compute import Compute
from overdrive.engine.history import Suggestions
from overdrive.engine.journal import Journal
from overdrive.engine.scheduler import Scheduler
from overdrive.engine.suggesting import Answer
from overdrive.engine.suggesting import Suggester
from overdrive.host import clock
from overdrive.host.processes import is_shortage
from overdrive.records import Kind
from overdrive.sampling import Sampler

#: While the machine has no process to give, it is asked again after so many seconds.
_AGAIN_S = 1.0


class Asking:
    """One sweep's questions to its sampler, each in the journal before it is asked.

    suggester: None for a sampler with `uses_history = False`.
    """

    def __init__(
        self, sampler: Sampler, suggester: Suggester | None, scheduler: Scheduler, journal: Journal, compute: Compute
    ) -> None:
        self._suggestions = Suggestions(sampler, scheduler)
        self._suggester = suggester
        self._scheduler = scheduler
        self._journal = journal
        self._compute = compute
        self._again_at: float | None = None

    def put_down(self, number: int) -> None:
        """Into the journal: the suggestion for trial `number`, or that it is asked for."""
        if self._suggestions.needs_history(number):
            self._journal.add(Kind.ASKED, body={"n": number})
        else:
            self._answer(Answer(number, self._suggestions.suggest(number)))

    def act(self) -> None:
        """Asks what the committed journal says is asked: a new question, or one whose answer an earlier engine did not
        live to hear."""
        suggester, asked = self._suggester, self._scheduler.asked
        if suggester is None or asked is None or suggester.is_asked or self.wait_s():
            return
        with self._patience():
            suggester.ask(*asked)
        self._compute.wake_on(suggester.fd)

    def take_in(self) -> None:
        """Puts down the answer, if it has come."""
        if self._suggester is None or not self._suggester.is_asked:
            return
        answer = None
        with self._patience():
            answer = self._suggester.take()
        self._compute.wake_on(self._suggester.fd)
        if answer is not None:
            self._answer(answer)

    def wait_s(self) -> float | None:
        """Seconds until `act` should be called again; None when it need not be."""
        return None if self._again_at is None else max(0.0, self._again_at - clock.monotonic())

    def _answer(self, answer: Answer) -> None:
        if answer.suggestion is not None:
            self._journal.add(Kind.SUGGESTED, answer.trial, body=answer.suggestion.to_body())
        else:
            error = {"error": answer.error} if answer.error else {}
            self._journal.add(Kind.EXHAUSTED, body={"n": answer.trial, **error})

    @contextmanager
    def _patience(self) -> Iterator[None]:
        self._again_at = None
        try:
            yield
        except OSError as error:
            if not is_shortage(error):
                raise
            self._again_at = clock.monotonic() + _AGAIN_S
