"""`overdrive completion`."""

import click

from overdrive.cli.lazy import Command


@click.command(cls=Command)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print the completion script for a shell.

    Example: overdrive completion bash >> ~/.bashrc
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    if kind is not None:
        root = context.find_root()
        click.echo(kind(root.command, {}, "overdrive", "_OVERDRIVE_COMPLETE").source())
