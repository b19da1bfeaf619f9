"""Where the configuration of each trial comes from, and what a sampler may know for it."""

from overdrive.engine.scheduler import Scheduler
from overdrive.engine.trials import Trial
from overdrive.records import Outcome
from overdrive.records import Suggestion
from overdrive.sampling import History
from overdrive.sampling import NewFirst
from overdrive.sampling import Sampler
from overdrive.sampling import TrialSoFar

#: Earlier trials that came to such an end have shown what their configuration is worth.
_TRIED = (Outcome.COMPLETED, Outcome.COMPLETED_WITHOUT_METRIC, Outcome.STOPPED_EARLY)


class Suggestions:
    """Of one sweep: first the trials that go on with earlier ones, then the sampler's."""

    def __init__(self, sampler: Sampler, scheduler: Scheduler) -> None:
        self._sampler = sampler
        self._scheduler = scheduler
        self._new_first: NewFirst | None = None

    def needs_history(self, number: int) -> bool:
        """Whether the suggestion for trial `number` depends on what the journal holds when it is asked for."""
        return self._sampler.uses_history and number not in self._scheduler.inherited

    def suggest(self, number: int) -> Suggestion | None:
        """The suggestion for trial `number`, from what the scheduler has folded so far; None when the space is
        exhausted. In this process: the simulator's way, and everybody's for what does not depend on the history."""
        earlier = self._scheduler.inherited.get(number)
        if earlier is not None:
            return Suggestion(
                trial=number, configuration=earlier.configuration, reason=f"goes on with {earlier.run_id}"
            )
        if self._sampler.uses_history:
            return self._sampler.suggest(history_of(self._scheduler), number)
        if not self._scheduler.inherited and not self._scheduler.prior:
            return self._sampler.suggest(History(), number)
        if self._new_first is None:  # what it is made of stands at the journal's very beginning
            self._new_first = self._order()
        return self._new_first.suggest(number)

    def _order(self) -> NewFirst:
        inherited, prior = self._scheduler.inherited, self._scheduler.prior
        known = [trial.configuration for sweep in prior for trial in sweep.trials if trial.outcome in _TRIED]
        taken = [run.configuration for run in inherited.values()]
        return NewFirst(self._sampler, len(inherited), taken, known)


def history_of(scheduler: Scheduler) -> History:
    """The trials so far, as of the last folded event."""
    trials = tuple(_known(trial, scheduler) for trial in scheduler.trials.values())
    prior = tuple(scheduler.prior)
    return History(trials=trials, metric=scheduler.spec.metric, based_on=scheduler.seq, prior=prior)


def _known(trial: Trial, scheduler: Scheduler) -> TrialSoFar:
    """What a sampler may know of one trial. Its curve takes in nothing past a verdict."""
    curves, metric = scheduler.curves, scheduler.spec.metric
    curve = tuple(curves.values(trial.number)) if curves else ()
    known = {"number": trial.number, "configuration": trial.configuration, "status": trial.status, "state": trial.state}
    if trial.verdict is not None and metric is not None:
        return TrialSoFar.after_verdict(curve, trial.outcome, metric, **known)
    return TrialSoFar(**known, outcome=trial.outcome, curve=curve, best=trial.best)
