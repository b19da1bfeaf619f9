"""Who is measured: samplers by name, peers by name, classes of a user's own."""

import functools
import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError
from importlib.metadata import packages_distributions
from importlib.metadata import version
from typing import cast

import overdrive
from overdrive.bench.peers import PEERS
from overdrive.bench.peers import find_peer
from overdrive.bench.play import MakeLoop
from overdrive.errors import SpecError
from overdrive.sampling import AskTell
from overdrive.sampling import HyperParameterSampling
from overdrive.sampling.registry import find_sampler
from overdrive.space import Space


@dataclass(frozen=True)
class Contender:
    """A sampler to be measured."""

    #: As the user named it.
    name: str
    make: MakeLoop
    #: Distribution → version: what its results were made with.
    versions: Mapping[str, str]


def find_contender(name: str) -> Contender:
    """By the name of a sampler (with plug-ins), of a peer, or as `module:Class`.

    A class is called with the space, 'minimize' or 'maximize', and a seed, and has `ask()` and `tell(configuration,
    value)` like AskTell. Raises SpecError for a name that nobody has and for what cannot be loaded.
    """
    if name in PEERS:
        peer = find_peer(name)
        return Contender(name, peer.make, _versions(*peer.packages, "numpy", "scipy"))
    if ":" in name:
        return _of_class(name)
    try:
        find_sampler(name)
    except SpecError as error:
        allowed = f"{error.allowed}, bayesian, {', '.join(PEERS)}, or module:Class"
        raise SpecError(field="sampler", value=name, allowed=allowed, hint=error.hint) from error
    # A sampler's name is the same in any case, and so are its results.
    return Contender(name.lower(), functools.partial(_ours, name), _versions("numpy", "scipy"))


def _ours(name: str, space: Space, goal: str, seed: int) -> AskTell:
    return AskTell(HyperParameterSampling(name, space), goal, seed)


def _of_class(name: str) -> Contender:
    module, _, attribute = name.partition(":")
    try:
        found = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        message = f"sampler {name} cannot be loaded: {error}"
        raise SpecError(message, field="sampler", value=name, hint="run from the folder of its module") from error
    if not (callable(found) and all(callable(getattr(found, member, None)) for member in ("ask", "tell"))):
        raise SpecError(field="sampler", value=name, allowed="a class with ask() and tell(configuration, value)")
    own = packages_distributions().get(module.partition(".")[0], [])
    return Contender(name, cast(MakeLoop, found), _versions(*own, "numpy"))


def _versions(*names: str) -> dict[str, str]:
    found = {"overdrive": overdrive.__version__}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # run from its source
            continue
    return found
