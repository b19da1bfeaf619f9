"""Models of a sweep that knows of earlier ones: whether these help is decided by what the sweep's own trials say.

Two kinds of models are weighed: one of all trials, and one of this sweep's own alone, as if there were no others. Their
weights are the evidence that each gives to the own outcomes: how probable they are by what the earlier sweeps had said,
against how probable they are by themselves. An earlier sweep that misleads is found out after a few trials, also where
it is right about the shape of the function and wrong about the best of it.

Source: Bayesian model averaging (MacKay 2003, chapter 28); the aim is that of ranking-weighted ensembles (Feurer et al.
2018, "Scalable meta-learning for Bayesian optimization"), with probabilities in place of ranks.
"""

import numpy as np

from overdrive.sampling.bayesian.fit import Data
from overdrive.sampling.bayesian.fit import draws_around
from overdrive.sampling.bayesian.fit import log_evidence
from overdrive.sampling.bayesian.fit import log_likelihood
from overdrive.sampling.bayesian.fit import most_probable
from overdrive.sampling.bayesian.priors import prior_of

Array = np.ndarray

#: A disagreement with which earlier sweeps say nothing of this one.
APART = 30.0


def weighed(rows: Array, data: Data, stretch: float, rng: np.random.Generator) -> Array:
    """As many rows of parameters as `rows` [m, p], of both kinds in proportion to their weights, the more probable kind
    first.

    rows: of all trials, the most probable first. data: all trials; own outcomes were scaled by `stretch`.
    """
    own = np.flatnonzero(data.source == 0)
    if not len(own):
        return rows
    d, m = data.squares.shape[0], len(rows)
    alone = data.part(own)
    alone = Data(
        alone.squares, (alone.outcomes - alone.outcomes.mean()) / stretch, alone.extra_noise / stretch**2, alone.source
    )
    prior = prior_of(d)
    mode = most_probable(alone, prior, prior.mean[None])
    together = log_likelihood(rows[0], data) - log_likelihood(rows[0], data.part(np.flatnonzero(data.source > 0)))
    apart = log_evidence(mode, alone, prior) - len(own) * float(np.log(stretch))
    weight = 1.0 / (1.0 + np.exp(np.clip(together - apart, -50.0, 50.0)))
    count = round(m * weight)
    if count == 0:
        return rows
    found = np.vstack([mode, draws_around(mode, alone, prior, count - 1, rng)])
    found[:, d : d + 2] += 2.0 * np.log(stretch)
    filled = np.tile(rows[0], (count, 1))
    filled[:, : d + 2] = found
    filled[:, d + 2 : d + 2 + data.sources] = APART
    kinds = (filled, rows[: m - count])
    return np.vstack(kinds if 2 * count > m else kinds[::-1])
