"""What `azure.ai.ml.sweep` names: the search space, sampling, early termination, limits."""

from overdrive.compat.azure_ml.saying import Said


class SweepDistribution(Said):
    """What a hyperparameter may be."""


class Choice(SweepDistribution):
    """One of the values."""

    FIELDS, TYPE = ("values",), "choice"


class Uniform(SweepDistribution):
    """A real number in [min_value, max_value]."""

    FIELDS, TYPE = ("min_value", "max_value"), "uniform"


class LogUniform(SweepDistribution):
    """exp(uniform(min_value, max_value))."""

    FIELDS, TYPE = ("min_value", "max_value"), "loguniform"


class QUniform(SweepDistribution):
    """round(uniform(min_value, max_value) / q) * q."""

    FIELDS, TYPE = ("min_value", "max_value", "q"), "quniform"


class QLogUniform(SweepDistribution):
    """round(exp(uniform(min_value, max_value)) / q) * q."""

    FIELDS, TYPE = ("min_value", "max_value", "q"), "qloguniform"


class Normal(SweepDistribution):
    """Gaussian."""

    FIELDS, TYPE = ("mu", "sigma"), "normal"


class LogNormal(SweepDistribution):
    """exp(normal(mu, sigma))."""

    FIELDS, TYPE = ("mu", "sigma"), "lognormal"


class QNormal(SweepDistribution):
    """round(normal(mu, sigma) / q) * q."""

    FIELDS, TYPE = ("mu", "sigma", "q"), "qnormal"


class QLogNormal(SweepDistribution):
    """round(exp(normal(mu, sigma)) / q) * q."""

    FIELDS, TYPE = ("mu", "sigma", "q"), "qlognormal"


class Randint(SweepDistribution):
    """An integer in [0, upper)."""

    FIELDS, TYPE = ("upper",), "randint"


class EarlyTerminationPolicy(Said):
    """When a trial ends early. An interval of 0, or none, is every interval."""


class BanditPolicy(EarlyTerminationPolicy):
    """Ends what is worse than the best by more than a slack: slack_factor or slack_amount."""

    FIELDS, TYPE = ("delay_evaluation", "evaluation_interval", "slack_amount", "slack_factor"), "bandit"


class MedianStoppingPolicy(EarlyTerminationPolicy):
    """Ends what is worse than the median of the running averages."""

    FIELDS, TYPE = ("delay_evaluation", "evaluation_interval"), "median_stopping"


class TruncationSelectionPolicy(EarlyTerminationPolicy):
    """Ends the worst truncation_percentage per cent."""

    FIELDS = ("delay_evaluation", "evaluation_interval", "truncation_percentage", "exclude_finished_jobs")
    TYPE = "truncation_selection"


class SamplingAlgorithm(Said):
    """How configurations are chosen."""


class RandomSamplingAlgorithm(SamplingAlgorithm):
    """At random, or with rule='sobol' along Sobol's sequence."""

    FIELDS, TYPE = ("rule", "seed", "logbase"), "random"


class GridSamplingAlgorithm(SamplingAlgorithm):
    """Every combination."""

    TYPE = "grid"


class BayesianSamplingAlgorithm(SamplingAlgorithm):
    """From the results so far."""

    TYPE = "bayesian"


class Objective(Said):
    """goal: minimize or maximize, in any case. primary_metric: as it is logged."""

    FIELDS = ("goal", "primary_metric")


class SweepJobLimits(Said):
    """Trials in all and at once; seconds for the sweep (timeout) and for one trial."""

    FIELDS = ("max_concurrent_trials", "max_total_trials", "timeout", "trial_timeout")
