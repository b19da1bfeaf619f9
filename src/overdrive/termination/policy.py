"""The common rules: when a policy looks, and how a threshold becomes a verdict."""

import abc
import inspect
import math
from collections.abc import Mapping
from typing import Any
from typing import ClassVar

from overdrive.errors import SpecError
from overdrive.records import Verdict
from overdrive.termination.checks import check_integer
from overdrive.termination.curves import Curves


class EarlyTerminationPolicy(abc.ABC):
    """Decides at each interval that a trial reaches whether it goes on.

    A policy is frozen data: its arguments, kept under their own names, are all that it knows beside the curves, so that
    the same curves give the same verdict on any machine and in any replay. A subclass names itself and says which value
    a trial has to reach (`threshold`); the rest is common to all policies:

    - It looks at interval k when k is a multiple of `evaluation_interval` and at least `delay_evaluation`.
    - It judges the trial that has just reached k, against all that have reached k by then, whatever became of them.
    - The trial ends when b(k), its best value over intervals 1…k, is worse than the threshold.
    - A trial that has the best b(k), or shares it, goes on.
    - Nobody ends before some trial has a finite value.
    """

    #: The name in JSON, and of the plug-in's entry point.
    POLICY_NAME: ClassVar[str]
    #: The word for the rule in verdicts.
    RULE: ClassVar[str]

    #: Look at every interval (1), at every second (2), …
    evaluation_interval: int = 1
    #: Look at no interval before this one: a floor, not an offset.
    delay_evaluation: int = 0

    @abc.abstractmethod
    def threshold(self, curves: Curves, trial: int, k: int) -> tuple[float | None, str]:
        """The value below which (when maximising; above which, when minimising) b(k) ends a trial, and its formula.

        The value is in the metric's own units and direction; None where there is nothing to compare with, and then the
        formula is a sentence that says why. Called only where the policy looks and some trial has a finite value.
        """

    def applies(self, k: int) -> bool:
        """Whether the policy looks at interval k (from 1)."""
        return k % self.evaluation_interval == 0 and k >= self.delay_evaluation

    def judge(self, curves: Curves, trial: int, k: int) -> Verdict | None:
        """The verdict on `trial` at interval k, or None where the policy does not look.

        Pure: it changes nothing and depends on nothing but its arguments. Raises InternalError when `trial` has not
        reached interval k.
        """
        if not self.applies(k):
            return None
        bests = curves.bests(k)
        own = curves.best(trial, k)
        if math.isfinite(bests[-1]):
            threshold, formula = self.threshold(curves, trial, k)
        else:
            threshold, formula = None, f"no trial has a finite {curves.metric.name} yet"
        sign = curves.metric.sign
        return Verdict(
            trial=trial,
            interval=k,
            stop=threshold is not None and own != bests[-1] and sign * own < sign * threshold,
            rule=self.RULE,
            own=own,
            threshold=threshold,
            formula=formula,
            compared=len(bests),
            best_trial=curves.best_trial(k),
        )

    def properties(self) -> dict[str, Any]:
        """The arguments as JSON; `type(policy).from_properties(policy.properties()) == policy`."""
        return dict(vars(self))

    def to_json(self) -> dict[str, Any]:
        """HyperDrive's form: {"name": POLICY_NAME, "properties": {…}}."""
        return {"name": self.POLICY_NAME, "properties": self.properties()}

    @classmethod
    def from_properties(cls, properties: Mapping[str, Any]) -> "EarlyTerminationPolicy":
        """The policy with these properties. Raises SpecError for unknown, missing or unusable ones."""
        return cls.from_call((), properties)

    @classmethod
    def from_call(cls, args: tuple[Any, ...] | list[Any], kwargs: Mapping[str, Any]) -> "EarlyTerminationPolicy":
        """`cls(*args, **kwargs)`. Raises SpecError for arguments that the policy does not take, and missing ones."""
        signature = inspect.signature(cls)
        try:
            bound = signature.bind(*args, **kwargs)
        except TypeError as error:
            names = ", ".join(signature.parameters) or "no arguments"
            unknown = next(
                (f"there is no argument {name!r}" for name in kwargs if name not in signature.parameters), ""
            )
            raise SpecError(
                f"policy {cls.POLICY_NAME}: {unknown or error}",
                field="policy",
                value=dict(kwargs),
                allowed=names,
                hint=f"it takes {names}",
            ) from None
        return cls(*bound.args, **bound.kwargs)

    def _check_grid(self) -> None:
        check_integer("evaluation_interval", self.evaluation_interval, 1)
        check_integer("delay_evaluation", self.delay_evaluation, 0)
