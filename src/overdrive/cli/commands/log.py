"""`overdrive log`."""

import click

from overdrive.cli.lazy import Command


@click.command(cls=Command, context_settings={"ignore_unknown_options": True})
@click.argument("pairs", metavar="NAME=VALUE...", nargs=-1, required=True)
@click.option("--step", type=float, help="The script's own count.")
def command(pairs: tuple[str, ...], step: float | None) -> None:
    """Log numbers from inside a trial, from any shell or language.

    Numbers are logged as numbers (nan and inf too), everything else as text. The line is in the trial's file when this
    returns.

    Example: overdrive log accuracy=0.93 loss=0.21 --step 7
    """
    from overdrive.cli.log_pairs import log_pairs

    log_pairs(pairs, step)
