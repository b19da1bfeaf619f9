"""Cut a sweep short, and go on with its trials where they were.

Start it with `python control.py` or `overdrive run control.py`.
"""

import time
from pathlib import Path

from overdrive import Experiment
from overdrive import HyperDriveConfig
from overdrive import PrimaryMetricGoal
from overdrive import RandomParameterSampling
from overdrive import ScriptRunConfig
from overdrive import Workspace
from overdrive import choice
from overdrive import loguniform

experiment = Experiment(Workspace.from_config(), "checkpoint")
training = ScriptRunConfig(
    source_directory=Path(__file__).parent, script="train.py", arguments=["--epochs", 20, "--pause", 0.1]
)


def configure(**earlier: object) -> HyperDriveConfig:
    return HyperDriveConfig(
        run_config=training,
        hyperparameter_sampling=RandomParameterSampling(
            {"learning_rate": loguniform(-5, 0), "hidden": choice(16, 32, 64)}
        ),
        primary_metric_name="accuracy",
        primary_metric_goal=PrimaryMetricGoal.MAXIMIZE,
        max_total_runs=4,
        max_concurrent_runs=2,
        **earlier,
    )


first = experiment.submit(configure())
while len(first.get_metrics()) < 2:
    time.sleep(0.1)
first.cancel()
first.wait_for_completion()
print(f"{first.id} was cut short: {first.reason}")

# What was cut short is gone on with; two new trials follow, and are judged against all that was learnt before.
cut_short = list(first.get_children(status="Canceled"))
second = experiment.submit(configure(resume_from=first, resume_child_runs=cut_short))
second.wait_for_completion(show_output=True)
best = second.get_best_run_by_primary_metric()
print(f"the best is {best.id}: {best.get_metrics()}")
