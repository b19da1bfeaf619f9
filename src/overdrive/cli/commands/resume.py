"""`overdrive resume`."""

import click

from overdrive.cli.lazy import Command
from overdrive.cli.state import State
from overdrive.cli.state import pass_state
from overdrive.cli.target import complete_run


@click.command(cls=Command)
@click.argument("run", metavar="RUN|TRIAL", shell_complete=complete_run)
@click.option(
    "--trial", "trials", type=int, multiple=True, metavar="N", help="Go on with this ended trial; repeatable."
)
@click.option(
    "--source", type=click.Path(), metavar="DIR", help="With --trial: folder to copy [default: the sweep's copy]."
)
@click.option("--json", "as_json", is_flag=True, help="Print the id and folder of the sweep that goes on.")
@pass_state
def command(state: State, run: str, trials: tuple[int, ...], source: str | None, as_json: bool) -> None:
    """Go on with an unfinished, cancelled or failed sweep, or with some of its trials.

    Ended trials stay as they are, cancelled ones too; those that were never started follow, as far as
    max_total_runs and max_duration_minutes leave room. A cancel that is not over is taken back, though not for trials
    that were told to end. A sweep whose folder was copied from another machine goes on here.

    With --trial, or a TRIAL: a new sweep goes on with these trials, cancelled, failed or completed, where they were:
    same hyperparameters, what they left in outputs/ in its place, and --resume-from FOLDER behind the script's own
    arguments. Its curves go on with theirs.

    \b
    Example:
      overdrive resume HD_3f2a
      overdrive resume HD_3f2a --trial 3 --trial 5
    """
    from overdrive.cli.acts import resume
    from overdrive.cli.acts import resume_trials
    from overdrive.cli.target import open_target
    from overdrive.errors import SpecError

    target = open_target(state, run, recover=False)
    named = (target.trial,) if target.trial is not None and target.view.spec.kind == "sweep" else ()
    if named or trials:
        resume_trials(state, target.view, [*named, *trials], source, as_json)
    elif source is not None:
        raise SpecError("--source is for trials that go on in a new sweep: --trial N", field="--source", value=source)
    else:
        resume(target.view, as_json)
