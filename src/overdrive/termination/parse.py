"""The command line's form of a policy."""

from overdrive.errors import SpecError
from overdrive.space import parse_call
from overdrive.termination.policy import EarlyTerminationPolicy
from overdrive.termination.registry import SHORT
from overdrive.termination.registry import find_policy


def parse_policy(text: str) -> EarlyTerminationPolicy:
    """The policy that a text such as `median(delay_evaluation=5)` names, without evaluating Python.

    Names in any case: `bandit(slack_factor=0.1, delay_evaluation=5)`, `median`, `truncation(20)`, `none`, a plug-in's
    name, and the class names (`BanditPolicy(...)`). Raises SpecError for anything else.
    """
    if not text.strip():
        raise SpecError(field="policy", value=text, allowed="bandit(…), median(…), truncation(…) or none")
    bare = text.strip()
    name, args, kwargs = (bare, (), {}) if bare.isidentifier() else parse_call(text, "policy")
    plain = name.lower().replace("_", "").removesuffix("policy")
    try:
        policy = find_policy(SHORT.get(plain, plain))
    except SpecError:
        policy = find_policy(name)
    return policy.from_call(args, kwargs)
