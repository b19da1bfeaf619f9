"""The search space: expressions as frozen data, and the mapping from hyperparameter names to them.

Lives here: the ten expressions, their JSON and command-line forms, inverse distribution functions, finite cells.
May import: errors, records.
Must not touch: clock, files, processes, the store, NumPy; it draws no random numbers (samplers hand units in).
Change together with: sampling, docs/space.md, tests/unit/test_space*.py.
"""

from overdrive.space.call import Call
from overdrive.space.call import parse_call
from overdrive.space.choices import Choice
from overdrive.space.expression import Expression
from overdrive.space.expression import Scale
from overdrive.space.functions import choice
from overdrive.space.functions import lognormal
from overdrive.space.functions import loguniform
from overdrive.space.functions import normal
from overdrive.space.functions import qlognormal
from overdrive.space.functions import qloguniform
from overdrive.space.functions import qnormal
from overdrive.space.functions import quniform
from overdrive.space.functions import randint
from overdrive.space.functions import uniform
from overdrive.space.integers import RandInt
from overdrive.space.kinds import EXPRESSIONS
from overdrive.space.kinds import expression_from_json
from overdrive.space.lazy import closest
from overdrive.space.lognormals import LogNormal
from overdrive.space.lognormals import QLogNormal
from overdrive.space.loguniforms import LogUniform
from overdrive.space.loguniforms import QLogUniform
from overdrive.space.normals import Normal
from overdrive.space.normals import QNormal
from overdrive.space.parse import parse_expression
from overdrive.space.space import Space
from overdrive.space.strict import check_strict
from overdrive.space.uniforms import QUniform
from overdrive.space.uniforms import Uniform
from overdrive.space.values import json_text
from overdrive.space.values import plain

__all__ = [
    "EXPRESSIONS",
    "Call",
    "Choice",
    "Expression",
    "LogNormal",
    "LogUniform",
    "Normal",
    "QLogNormal",
    "QLogUniform",
    "QNormal",
    "QUniform",
    "RandInt",
    "Scale",
    "Space",
    "Uniform",
    "check_strict",
    "choice",
    "closest",
    "expression_from_json",
    "json_text",
    "lognormal",
    "loguniform",
    "normal",
    "parse_call",
    "parse_expression",
    "plain",
    "qlognormal",
    "qloguniform",
    "qnormal",
    "quniform",
    "randint",
    "uniform",
]
