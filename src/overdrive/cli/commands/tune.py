"""`overdrive tune`."""

import click

from overdrive.cli.lazy import Command
from overdrive.cli.state import State
from overdrive.cli.state import pass_state


class TuneCommand(Command):
    """Keeps what stands behind `--` apart: it is the script's, or the command."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if "--" in args:
            at = args.index("--")
            ctx.meta["overdrive.rest"] = tuple(args[at + 1 :])
            args = args[:at]
        return super().parse_args(ctx, args)


@click.command(cls=TuneCommand, options_metavar="OPTIONS")
@click.argument("script", required=False, metavar="[SCRIPT] [-- ARGS or COMMAND]...")
@click.option("--space", "-s", multiple=True, metavar="NAME=EXPR", help="A hyperparameter and its values; repeatable.")
@click.option("--metric", "-m", metavar="NAME", help="Primary metric, exactly as the script logs it.")
@click.option("--goal", type=click.Choice(["maximize", "minimize"], case_sensitive=False), help="Which way is better.")
@click.option(
    "--max-total-runs", "-n", type=int, metavar="N", help="Trials [default: 20; with grid sampling all cells]."
)
@click.option("--max-concurrent-runs", "-j", type=int, metavar="N", help="Trials at once [default: all slots].")
@click.option("--max-duration-minutes", type=float, metavar="MIN", help="End of the sweep [default: none].")
@click.option("--policy", metavar="EXPR", default="none", help="Early termination, such as 'bandit(slack_factor=0.1)'.")
@click.option(
    "--sampling", metavar="EXPR", default="random", help="random (default), grid, 'random(rule=\"sobol\")', …"
)
@click.option(
    "--seed", type=click.IntRange(0, 2**63 - 1), metavar="N", help="Seed of the sampling [default: drawn and recorded]."
)
@click.option(
    "--resume-from", multiple=True, metavar="RUN", help="Judge trials by those of this earlier sweep, too; repeatable."
)
@click.option("--stop-after-failures", metavar="N|never", help="Fail when the first N trials fail alike.")
@click.option("--experiment", "--name", metavar="NAME", help="Experiment [default: the script's name].")
@click.option("--source", type=click.Path(), metavar="DIR", help="Folder to copy [default: the script's folder].")
@click.option("--interpreter", metavar="PYTHON", help="Python that runs the script [default: this one].")
@click.option("--env", multiple=True, metavar="NAME=VALUE", help="Variable for the trials; repeatable.")
@click.option("--gpus", type=int, default=0, metavar="N", help="GPUs that each trial holds for itself.")
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="URL=FILE",
    help="Read FILE in place of URL in trials; kept in overdrive-map.json beside the script; repeatable.",
)
@click.option(
    "--restore-numpy-names", is_flag=True, help="Give trials back the names that NumPy took away, such as np.float."
)
@click.option(
    "--environment", metavar="FILE", help="A conda or requirements file: what trials need, compared with what is there."
)
@click.option("--build-environment", is_flag=True, help="Run trials in what --environment names, built with uv, kept.")
@click.option("--keep-work", is_flag=True, help="Keep working directories whole, not only outputs/ and logs/.")
@click.option("--detach", "-d", is_flag=True, help="Return at once instead of watching.")
@click.option("--json", "as_json", is_flag=True, help="Print the sweep as JSON: its id at once or, watched, its end.")
@click.pass_context
@pass_state
def command(state: State, context: click.Context, detach: bool, as_json: bool, **options: object) -> int:
    """Tune a training script: start a sweep and watch it.

    SCRIPT is copied with its folder, and runs once a trial with `--NAME VALUE` for each hyperparameter. Behind `--`
    stand the script's own arguments or, without SCRIPT, a whole command in any language.

    EXPR: choice(16, 32), uniform(0, 1), loguniform(-7, -1), quniform(1, 100, 1), normal(0, 1), randint(10), …

    \b
    Example:
      overdrive tune train.py -s 'lr=loguniform(-7, -1)' -s 'units=choice(16, 32)' \\
        -m accuracy --goal maximize -n 24 --policy 'bandit(slack_factor=0.1)'

    \b
    Example:
      overdrive tune -s 'x=uniform(0, 1)' -m cost --goal minimize -- ./simulate --steps 100
    """
    from overdrive.cli.target import recover_all
    from overdrive.cli.tuning import tune

    recover_all(state)
    return tune(state, context.meta.get("overdrive.rest", ()), detach=detach, as_json=as_json, **options)
