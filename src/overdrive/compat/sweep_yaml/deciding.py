"""What a sweep decides by: the search space, how it is sampled, early termination, in a job's words."""

from collections.abc import Callable
from typing import Any

from overdrive import space as expressions
from overdrive import termination
from overdrive.client.warn import warn
from overdrive.compat.sweep_yaml.section import Section
from overdrive.errors import UnsupportedError
from overdrive.sampling import HyperParameterSampling
from overdrive.sampling.config import build_sampling
from overdrive.termination import EarlyTerminationPolicy

#: Type of a hyperparameter → its function and its fields, in order.
EXPRESSIONS: dict[str, tuple[Callable[..., object], str]] = {
    "choice": (expressions.choice, "values"),
    "randint": (expressions.randint, "upper"),
    "uniform": (expressions.uniform, "min_value max_value"),
    "quniform": (expressions.quniform, "min_value max_value q"),
    "loguniform": (expressions.loguniform, "min_value max_value"),
    "qloguniform": (expressions.qloguniform, "min_value max_value q"),
    "normal": (expressions.normal, "mu sigma"),
    "qnormal": (expressions.qnormal, "mu sigma q"),
    "lognormal": (expressions.lognormal, "mu sigma"),
    "qlognormal": (expressions.qlognormal, "mu sigma q"),
}


def read_space(job: Section) -> dict[str, object]:
    """Name → expression of `search_space`. Raises SpecError with the place of what is wrong."""
    if not job.data.get("search_space"):
        raise job.missing("search_space", "at least one hyperparameter, by its name")
    space = job.section("search_space")
    for name in space.data:
        if not name.replace("_", "a").isalnum() or not name.isascii():
            raise space.error(name, "names of letters, digits and underscores")
    return {name: _expression(space.section(name, "a mapping with a type, such as uniform")) for name in space.data}


def _expression(entry: Section) -> object:
    kind = entry.word("type", " ".join(EXPRESSIONS))
    if kind is None:
        raise entry.missing("type", ", ".join(EXPRESSIONS))
    function, fields = EXPRESSIONS[kind]
    entry.check_names(f"type {fields}")
    if kind == "choice":
        arguments: list[Any] = [_options(entry)]
    elif kind == "randint":
        arguments = [entry.whole("upper", 1)]
        if arguments == [None]:
            raise entry.missing("upper", "a whole number, 1 or more")
    else:
        arguments = [entry.needed_number(field) for field in fields.split()]
    with entry.document.at(entry.path):
        return function(*arguments)


def _options(entry: Section) -> list[object]:
    values = entry.data.get("values")
    if not isinstance(values, list) or not values:
        raise entry.error("values", "a list of values, at least one")
    for index, value in enumerate(values):
        for name, below in value.items() if isinstance(value, dict) else ():
            if isinstance(below, dict) and str(below.get("type")).lower() in EXPRESSIONS:
                place = entry.document.place((*entry.path, "values", index, name))
                raise UnsupportedError(
                    f"{place}a choice among spaces (values[{index}].{name} is a {below['type']}) is not supported "
                    "here: give each hyperparameter its own place in search_space, or a sweep for each of the spaces",
                    field=".".join(map(str, entry.path)),
                    value=value,
                )
    return values


def read_sampling(job: Section, space: dict[str, object]) -> HyperParameterSampling:
    """`sampling_algorithm`, a word or a mapping; random where nothing is said. Raises SpecError."""
    path = (*job.path, "sampling_algorithm")
    given = job.data.get("sampling_algorithm") or "random"
    entry = Section(job.document, path, {"type": given} if isinstance(given, str) else given, "a name, or a mapping")
    if isinstance(given, str):
        job.word("sampling_algorithm", "random grid bayesian")
    name = entry.word("type", "random grid bayesian")
    if name is None:
        raise entry.missing("type", "random, grid or bayesian")
    properties = _random_properties(entry) if name == "random" else {}
    if name != "random":
        entry.check_names("type")
    with job.document.at(path):
        return build_sampling(name, space, properties or None)


def _random_properties(entry: Section) -> dict[str, object]:
    """Azure's `logbase` chooses how its service scales numbers on the way; draws are the same here without it."""
    entry.check_names("type rule seed logbase")
    rule = entry.word("rule", "random sobol")
    if entry.has("logbase") and entry.data["logbase"] != "e" and (entry.number("logbase") or 0) <= 0:
        raise entry.error("logbase", "a number above 0, or 'e'")
    properties: dict[str, object] = {} if rule is None or rule == "random" else {"rule": rule}
    seed = entry.whole("seed", 0)
    return properties if seed is None else {**properties, "seed": seed}


_POLICIES: dict[str, Callable[..., EarlyTerminationPolicy]] = {
    "bandit": termination.BanditPolicy,
    "median_stopping": termination.MedianStoppingPolicy,
    "truncation_selection": termination.TruncationSelectionPolicy,
}


def read_policy(job: Section) -> EarlyTerminationPolicy | None:
    """`early_termination`, a mapping with a type, or its name alone. Raises SpecError."""
    given = job.data.get("early_termination")
    if given is None:
        return None
    path = (*job.path, "early_termination")
    entry = Section(job.document, path, {"type": given} if isinstance(given, str) else given, "a mapping with a type")
    kind = entry.word("type", " ".join(_POLICIES))
    if kind is None:
        raise entry.missing("type", ", ".join(_POLICIES))
    own = {"bandit": " slack_factor slack_amount", "truncation_selection": " truncation_percentage"}.get(kind, "")
    entry.check_names(f"type evaluation_interval delay_evaluation exclude_finished_jobs{own}")
    excludes = entry.data.get("exclude_finished_jobs")
    if not isinstance(excludes, (bool, type(None))):
        raise entry.error("exclude_finished_jobs", "true or false")
    if excludes:
        warn("early_termination.exclude_finished_jobs: trials that have ended count all the same, as in Azure")
    # Azure's own classes send 0 for an interval that nobody gave, and mean every one.
    when = {
        "evaluation_interval": entry.whole("evaluation_interval", 0) or 1,
        "delay_evaluation": entry.whole("delay_evaluation", 0) or 0,
    }
    arguments: dict[str, Any] = _slack(entry) if kind == "bandit" else {}
    if kind == "truncation_selection":
        arguments = {"truncation_percentage": entry.whole("truncation_percentage", 1)}
        if arguments["truncation_percentage"] is None:
            raise entry.missing("truncation_percentage", "a whole number from 1 to 99")
    with job.document.at(path):
        return _POLICIES[kind](**arguments, **when)


def _slack(entry: Section) -> dict[str, float | None]:
    """A slack of 0 beside another one means that it was not given: so Azure's classes write it."""
    slack = {name: entry.number(name) for name in ("slack_factor", "slack_amount")}
    return {name: value or None for name, value in slack.items()} if any(slack.values()) else slack
