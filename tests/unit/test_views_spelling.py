"""Configurations to be copied, with all digits of what the script was given."""

import dataclasses
import json
import shlex
from pathlib import Path

from journals import WrittenSweep
from journals import sweep_spec

from overdrive.records import trial_arguments
from overdrive.views import open_sweep
from overdrive.views.document import document_code
from overdrive.views.spelling import sweep_code
from overdrive.views.spelling import trial_code

GIVEN = {"lr": 0.012345678901234567, "units": 32, "--act": "it's", "neg": "-x", "flat": 1.0}


def test_a_trial_is_spelled_with_all_that_it_was_given(tmp_path: Path) -> None:
    written = WrittenSweep(tmp_path, space={name: ["choice", [[value]]] for name, value in GIVEN.items()})
    written.start(0, **GIVEN)
    view = open_sweep(tmp_path)
    row = view.trial(0)
    assert row
    code = trial_code(view.spec, row)
    given = ("python", "train.py", *trial_arguments(view.spec.run.arguments, GIVEN))
    assert tuple(shlex.split(str(code["command_line"]))) == given
    assert eval(str(code["python"])) == GIVEN
    assert json.loads(str(code["json_text"])) == GIVEN


def test_a_command_that_says_itself_where_values_go_is_filled_in(tmp_path: Path) -> None:
    command = ("python", "train.py", "--rate=${{search_space.lr}}", "${{inputs.data}}")
    run = dataclasses.replace(
        sweep_spec().run, command=command, arguments=(), argument_style="template", bindings={"inputs.data": "/here/d"}
    )
    written = WrittenSweep(tmp_path, run=run)
    written.run(0, 0.5)
    view = open_sweep(tmp_path)
    best = view.best()
    assert best
    assert trial_code(view.spec, best)["command_line"] == "python train.py --rate=0.01 /here/d"
    assert "/here" not in json.dumps(document_code(view)), "what is given away names no folder of this machine"


def test_the_best_trial_is_spelled_beside_the_sweep(tmp_path: Path) -> None:
    written = WrittenSweep(tmp_path)
    view = open_sweep(tmp_path)
    assert sweep_code(view.spec, view.best())["best"] is None
    written.run(0, 0.5)
    written.run(1, 0.7)
    best = sweep_code(view.spec, view.best())["best"]
    assert isinstance(best, dict)
    assert (best["trial"], best["command_line"]) == (1, "python train.py --epochs 3 --lr 0.02 --units 16")
