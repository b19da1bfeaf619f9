"""Sampling: which configuration to try next.

Lives here: the samplers, what users write to choose one, what a sampler may know of the trials so far, the registry.
May import: space, records, errors.
Must not touch: clock, files, processes, threads, the store, NumPy; randomness only through `draws`.
Change together with: testing/samplers.py, docs/sampling.md, tests/unit/test_sampling*.py.
"""

from overdrive.sampling.ask_tell import AskTell
from overdrive.sampling.command_line import parse_sampling
from overdrive.sampling.config import BayesianParameterSampling
from overdrive.sampling.config import GridParameterSampling
from overdrive.sampling.config import HyperParameterSampling
from overdrive.sampling.config import RandomParameterSampling
from overdrive.sampling.config import sampling_from_json
from overdrive.sampling.history import History
from overdrive.sampling.history import TrialSoFar
from overdrive.sampling.new_first import NewFirst
from overdrive.sampling.registry import build_sampler
from overdrive.sampling.registry import find_sampler
from overdrive.sampling.sampler import Sampler

__all__ = [
    "AskTell",
    "BayesianParameterSampling",
    "GridParameterSampling",
    "History",
    "HyperParameterSampling",
    "NewFirst",
    "RandomParameterSampling",
    "Sampler",
    "TrialSoFar",
    "build_sampler",
    "find_sampler",
    "parse_sampling",
    "sampling_from_json",
]
