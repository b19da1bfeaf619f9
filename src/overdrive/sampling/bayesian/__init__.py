"""Bayesian sampling: a Gaussian process over the space, and the search for what it promises most.

`sampler` is the door and loads nothing heavy; everything else here may import NumPy and SciPy. `proposal` says in which
order the parts work, `coordinates` what the letters in the formulas mean. How and why: docs/bayesian.md.
"""

from overdrive.sampling.bayesian.sampler import BayesianSampler

__all__ = ["BayesianSampler"]
