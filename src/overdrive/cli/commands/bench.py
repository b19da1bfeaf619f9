"""`overdrive bench`."""

import click

from overdrive.cli.lazy import Command
from overdrive.cli.state import State
from overdrive.cli.state import pass_state


@click.command(cls=Command)
@click.option(
    "--sampler",
    "samplers",
    metavar="NAME",
    multiple=True,
    help="bayesian, random, sobol, grid, a plug-in's name; optuna-tpe, optuna-gp, optuna-gp-ordered, ax where they are "
    "installed; module:Class for a class of your own. Again for several [default: bayesian and random].",
)
@click.option(
    "--tasks",
    metavar="NAMES|FOLDER",
    multiple=True,
    help="Names of tasks that come with Overdrive, with commas between; all; a folder with tasks.json, or some of "
    "it as FOLDER:NAMES [default: all].",
)
@click.option("--budget", metavar="N", type=int, default=50, help="Trials a run [default: 50].")
@click.option("--workers", metavar="N", type=int, default=1, help="Trials at once, on a simulated clock [default: 1].")
@click.option("--seeds", metavar="N|FROM-TO", default="10", help="Runs of each task [default: 10].")
@click.option(
    "--results",
    metavar="FOLDER",
    default="bench-results",
    type=click.Path(file_okay=False),
    help="Where runs are kept; those that are there are not made again [default: bench-results].",
)
@click.option("--by-task", is_flag=True, help="Print the regret on each task, too.")
@click.option("--picture", metavar="FILE.svg", type=click.Path(dir_okay=False), help="Draw regret by trial.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_state
def command(
    state: State,
    samplers: tuple[str, ...],
    tasks: tuple[str, ...],
    budget: int,
    workers: int,
    seeds: str,
    results: str,
    by_task: bool,
    picture: str | None,
    as_json: bool,
) -> int:
    """Measure samplers on tasks whose best value is known.

    Prints each sampler's regret after the last trial (0: the best known, 1: what random search has found by then),
    its 95 % interval, and the difference to the first sampler on the same tasks and seeds. Runs are made one after the
    other; interrupted, or started twice at once, the command makes what is lacking. Exit code 1 where a run could not
    be made.

    Example: overdrive bench --sampler bayesian --sampler optuna-tpe --tasks branin,levy --seeds 5
    """
    from overdrive.cli.bench_page import Wanted
    from overdrive.cli.bench_page import run_bench

    wanted = Wanted(
        samplers=samplers or ("bayesian", "random"),
        tasks=tasks or ("all",),
        budget=budget,
        workers=workers,
        seeds=seeds,
        results=results,
    )
    return run_bench(wanted, by_task=by_task, picture_file=picture, as_json=as_json)
