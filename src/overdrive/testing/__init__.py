"""Contract suites that ship: what a sampler, policy, store or compute of yours must keep.

Lives here: one importable test class a seam; subclass it in your own tests and give it your implementation.
May import: compat, widgets, client, engine, compute, views, sampling, termination, store, space, host, records, errors.
Must not touch: the user's workspace and network; a suite works on what it makes itself.
Change together with: the seams in docs/architecture.md, tests/contract.
"""

from overdrive.testing.compute import ComputeContract
from overdrive.testing.policies import PolicyContract
from overdrive.testing.samplers import SamplerContract

__all__ = ["ComputeContract", "PolicyContract", "SamplerContract"]
