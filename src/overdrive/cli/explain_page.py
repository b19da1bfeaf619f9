"""What `explain` prints."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from overdrive.cli.console import print_json
from overdrive.cli.console import say
from overdrive.cli.console import say_aside
from overdrive.cli.facts import print_facts
from overdrive.cli.facts import print_heading
from overdrive.cli.tables import Column
from overdrive.cli.tables import print_table
from overdrive.cli.trial_page import sparkline
from overdrive.errors import SpecError
from overdrive.records import Outcome
from overdrive.records import argument_text
from overdrive.records import show_number
from overdrive.sampling import History
from overdrive.views import SweepView
from overdrive.views import TrialRow
from overdrive.views.history import suggested_states
from overdrive.views.history import sweep_history

if TYPE_CHECKING:
    from overdrive.sampling.bayesian.explain import Explanation

_TOO_EARLY = (
    "Most trials were stopped so early that what they would have come to cannot be told: "
    "they are compared by the interval that nine of ten reached."
)
#: Suggestions and believed trials that are shown unless all are asked for.
_SHOWN, _BELIEVED = 10, 5


@dataclass(frozen=True, slots=True)
class _Suggested:
    """A suggestion and what came of it."""

    row: TrialRow
    #: What the sampler kept with it.
    state: Mapping[str, Any]

    @property
    def why(self) -> dict:
        """The prediction that came with it (see sampling.bayesian.reasons.Why.to_json); {} without one."""
        return self.state.get("why") or {}


def print_sweep(view: SweepView, every: bool, as_json: bool) -> None:
    """Importance, curves, the best believed trials and the suggestions. Raises SpecError without enough values."""
    history = sweep_history(view)
    explanation = _explain(view, history)
    suggestions = _suggestions(view, {trial.number: trial.state for trial in history.trials})
    left_out = _left_out(suggestions)
    if as_json:
        print_json({**_as_json(explanation, suggestions), "left_out": left_out})
        return
    by = f" by interval {explanation.interval}" if explanation.interval else ""
    print_heading(f"What matters for {_metric(view)}{by}, by a model of {explanation.trials} trials")
    _print_importances(explanation)
    if explanation.interval:
        say(_TOO_EARLY)
    print_heading(f"The best trials{by}, as the model believes, without noise")
    _print_believed(explanation)
    shown = suggestions if every else suggestions[-_SHOWN:]
    print_heading("Why they were suggested" if every else f"Why the last {len(shown)} were suggested")
    _print_suggestions(shown)
    if left_out:
        print_heading("What earlier sweeps could not say here")
        for sentence in left_out:
            say(f"  {sentence}")


def print_trial(view: SweepView, row: TrialRow, as_json: bool) -> None:
    """Why one trial was suggested, and what it came to."""
    (found,) = [one for one in _suggestions(view, suggested_states(view)) if one.row.number == row.number]
    if as_json:
        print_json({"trial": row.number, "reason": row.reason, **found.why, "best": row.best})
        return
    why, metric = found.why, _metric(view)
    weights = ", ".join(f"trial {trial} ({weight:.2f})" for trial, weight in why.get("weights", ()))
    print_heading(row.run_id)
    print_facts(
        [
            ("suggested", row.reason),
            ("predicted", _predicted(why)),
            ("best then", show_number(why["best"]) if _predicted(why) else ""),
            ("by", weights),
            ("runs", f"with probability {why['ok']:.2g}" if "ok" in why else ""),
            *((name, argument_text(value)) for name, value in row.configuration.items()),
            (f"{metric} seen", show_number(row.best) if row.best is not None else "none"),
        ]
    )


def print_marginal(view: SweepView, name: str, as_json: bool) -> None:
    """The metric along one hyperparameter, the others averaged out. Raises SpecError for a name that is not there."""
    explanation = _explain(view, sweep_history(view))
    points = explanation.marginal(name)
    if as_json:
        print_json([point._asdict() for point in points])
        return
    if explanation.trust.grade != "good":
        say_aside(f"How far to trust this: {explanation.trust.sentence}.")
    if explanation.interval:
        say_aside(f"By interval {explanation.interval}. {_TOO_EARLY}")
    print_table(
        [
            Column(name, [_short(point.value) for point in points], 100, is_number=True),
            Column(_metric(view), [show_number(point.mean) for point in points], 90, is_number=True),
            Column("±", [show_number(point.deviation, 2) for point in points], 50, is_number=True),
        ]
    )


def _explain(view: SweepView, history: History) -> "Explanation":
    from overdrive.sampling.bayesian.explain import Explanation
    from overdrive.space import Space

    try:
        return Explanation(Space.from_json(view.spec.space), view.spec.seed, history)
    except SpecError as error:
        message = f"{view.id} cannot be explained{'' if view.is_over else ' yet'}: it takes {error.allowed}"
        failed = [row for row in view.trials() if row.outcome is Outcome.FAILED]
        if failed:
            which = "all" if len(failed) == len(history.trials) else "of"
            message += f"; {which} {len(history.trials)} trials {'' if which == 'all' else f'{len(failed)} '}failed"
            message += ", and what a failed trial logged is no result"
        raise SpecError(message, field="run", value=view.id, allowed=error.allowed) from error


def _suggestions(view: SweepView, states: Mapping[int, Mapping[str, Any]]) -> list[_Suggested]:
    return [_Suggested(row, states.get(row.number, {})) for row in view.trials()]


def _left_out(suggestions: list[_Suggested]) -> list[str]:
    """What of the earlier sweeps could not be used, or not as it was, in sentences."""
    return next((one.state["left_out"] for one in suggestions if "left_out" in one.state), [])


def _print_importances(explanation: "Explanation") -> None:
    trust, found = explanation.trust, explanation.importances()
    if trust.grade == "none":
        say(f"It cannot be told: {trust.sentence}.")
        _print_unvaried(explanation)
        return
    curves = [explanation.marginal(one.name) for one in found]
    print_table(
        [
            Column("hyperparameter", [one.name for one in found], 100),
            Column("alone", [f"{one.alone:.0%}" for one in found], 70, is_number=True),
            Column("with others", [f"{one.total:.0%}" for one in found], 90, is_number=True),
            Column("from", [_short(curve[0].value) for curve in curves], 40, is_number=True),
            Column("metric along it", [sparkline([point.mean for point in curve]) for curve in curves], 80),
            Column("to", [_short(curve[-1].value) for curve in curves], 40),
        ]
    )

    _print_unvaried(explanation)
    say(f"How far to trust this: {trust.sentence}.")
    say("With others: a part that several have together counts for each, so these may add up to more than 100%.")


def _print_unvaried(explanation: "Explanation") -> None:
    if explanation.did_not_vary:
        say(f"Did not vary: {', '.join(explanation.did_not_vary)}.")


def _print_believed(explanation: "Explanation") -> None:
    found = explanation.believed()[:_BELIEVED]
    if not found:
        say("All were stopped too early.")
        return
    print_table(
        [
            Column("trial", [str(one.trial) for one in found], 100, is_number=True),
            Column("believed", [_plus_minus(one.mean, one.deviation) for one in found], 90, is_number=True),
            Column("seen", [show_number(one.seen) for one in found], 80, is_number=True),
        ]
    )
    if explanation.uncertain:
        stopped = "1 trial" if len(explanation.uncertain) == 1 else f"{len(explanation.uncertain)} trials"
        say(f"Without {stopped} stopped too early to say what they would have come to.")


def _predicted(why: Mapping) -> str:
    """In the metric's units; '' where a sweep had no scale of its own yet."""
    return _plus_minus(why["mean"], why["deviation"]) if why and not why.get("is_scaled") else ""


def _print_suggestions(suggestions: list[_Suggested]) -> None:
    if not suggestions:
        say_aside("No trial has been suggested yet.")
        return
    whys = [one.why for one in suggestions]
    print_table(
        [
            Column("trial", [str(one.row.number) for one in suggestions], 100, is_number=True),
            Column("predicted", [_predicted(why) for why in whys], 60),
            Column("seen", [show_number(one.row.best) if one.row.best is not None else "" for one in suggestions], 70),
            Column("why", [one.row.reason for one in suggestions], 90, least=20),
        ]
    )
    say()


def _as_json(explanation: "Explanation", suggestions: list[_Suggested]) -> dict:
    return {
        "trials": explanation.trials,
        "trust": explanation.trust._asdict(),
        "interval": explanation.interval,
        "uncertain": len(explanation.uncertain),
        "did_not_vary": explanation.did_not_vary,
        "importances": [
            {**one._asdict(), "marginal": [point._asdict() for point in explanation.marginal(one.name)]}
            for one in explanation.importances()
        ],
        "believed": [one._asdict() for one in explanation.believed()],
        "suggestions": [
            {"trial": one.row.number, "reason": one.row.reason, "seen": one.row.best, **one.why} for one in suggestions
        ],
    }


def _metric(view: SweepView) -> str:
    return view.spec.metric.name if view.spec.metric else "value"


def _plus_minus(mean: float, deviation: float) -> str:
    return f"{show_number(mean)} ± {show_number(deviation, 2)}"


def _short(value: object) -> str:
    return show_number(value) if isinstance(value, float) else argument_text(value)
