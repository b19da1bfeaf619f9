"""Tune the digits network: random sampling over five hyperparameters, median stopping, two trials at a time.

Run it with `overdrive run examples/digits/control.py`, or with `python examples/digits/control.py`.
"""

import argparse
from pathlib import Path

from overdrive import Experiment
from overdrive import HyperDriveConfig
from overdrive import HyperDriveRun
from overdrive import MedianStoppingPolicy
from overdrive import PrimaryMetricGoal
from overdrive import RandomParameterSampling
from overdrive import ScriptRunConfig
from overdrive import Workspace
from overdrive import choice
from overdrive import loguniform
from overdrive import quniform
from overdrive import uniform

EPOCHS = 20


def configure(trials: int) -> HyperDriveConfig:
    """The sweep to submit: `trials` trials of train.py."""
    script = ScriptRunConfig(
        source_directory=Path(__file__).parent,
        script="train.py",
        arguments=["--epochs", EPOCHS],
    )
    sampling = RandomParameterSampling(
        {
            "learning_rate": loguniform(-8, -1),
            "momentum": uniform(0.5, 0.99),
            "batch_size": quniform(16, 128, 16),
            "hidden": choice(16, 32, 64, 128),
            "alpha": loguniform(-12, -2),
        }
    )
    return HyperDriveConfig(
        run_config=script,
        hyperparameter_sampling=sampling,
        policy=MedianStoppingPolicy(evaluation_interval=1, delay_evaluation=5),
        primary_metric_name="accuracy",
        primary_metric_goal=PrimaryMetricGoal.MAXIMIZE,
        max_total_runs=trials,
        max_concurrent_runs=2,
    )


def report(sweep: HyperDriveRun) -> None:
    """Print the best trial, and what early termination saved."""
    best = sweep.get_best_run_by_primary_metric()
    print(f"\nBest trial: {best.id}")
    print(f"  accuracy {max(best.get_metrics()['accuracy']):.4f}")
    arguments = best.get_details()["runDefinition"]["arguments"]
    for name, value in zip(arguments[2::2], arguments[3::2], strict=True):
        print(f"  {name} {value}")

    curves = [metrics.get("accuracy", []) for metrics in sweep.get_metrics().values()]
    trained, planned = sum(len(curve) for curve in curves), EPOCHS * len(curves)
    print(f"Early termination: {trained} of {planned} epochs were trained; {1 - trained / planned:.0%} saved")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=24)
    args = parser.parse_args()
    sweep = Experiment(Workspace(), "digits").submit(configure(args.trials))
    sweep.wait_for_completion(show_output=True)
    report(sweep)


if __name__ == "__main__":
    main()
