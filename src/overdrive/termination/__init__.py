"""Early-termination policies: should this trial go on, and why (not).

Lives here: the fold of all curves, the policies, their registry and the command line's form of them.
May import: space (the command line's call form), records, errors.
Must not touch: clock, files, processes, threads, the store, randomness, NumPy.
Change together with: docs/policies.md, overdrive.testing.policies, records.Verdict (the words).
"""

from overdrive.termination.bandit import BanditPolicy
from overdrive.termination.curves import Curves
from overdrive.termination.median import MedianStoppingPolicy
from overdrive.termination.none import NoTerminationPolicy
from overdrive.termination.parse import parse_policy
from overdrive.termination.policy import EarlyTerminationPolicy
from overdrive.termination.ranked import Ranked
from overdrive.termination.registry import build_policy
from overdrive.termination.truncation import TruncationSelectionPolicy

__all__ = [
    "BanditPolicy",
    "Curves",
    "EarlyTerminationPolicy",
    "MedianStoppingPolicy",
    "NoTerminationPolicy",
    "Ranked",
    "TruncationSelectionPolicy",
    "build_policy",
    "parse_policy",
]
