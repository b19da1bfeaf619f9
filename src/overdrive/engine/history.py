"""What a sampler may know, as the scheduler knows it."""

from overdrive.engine.scheduler import Scheduler
from overdrive.records import Suggestion
from overdrive.sampling import History
from overdrive.sampling import Sampler
from overdrive.sampling import TrialSoFar


def ask(sampler: Sampler, scheduler: Scheduler, number: int) -> Suggestion | None:
    """The sampler's suggestion for trial `number`, from what the scheduler has folded so far; None when the space is
    exhausted. In this process: the simulator's way, and everybody's for samplers that do not look at the history."""
    return sampler.suggest(history_of(scheduler) if sampler.uses_history else History(), number)


def history_of(scheduler: Scheduler) -> History:
    """The trials so far, as of the last folded event."""
    curves = scheduler.curves
    trials = tuple(
        TrialSoFar(
            number=trial.number,
            configuration=trial.configuration,
            status=trial.status,
            outcome=trial.outcome,
            curve=tuple(curves.values(trial.number)) if curves else (),
            best=trial.best,
            state=trial.state,
        )
        for trial in scheduler.trials.values()
    )
    return History(trials=trials, metric=scheduler.spec.metric, based_on=scheduler.seq)
