"""`python -m overdrive.cli.docs docs/cli.md` writes the page of the command line from the commands themselves."""

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from overdrive.cli.main import main as group
from overdrive.cli.state import global_options

HEAD = """\
# The command line

This page is made from the commands: `python -m overdrive.cli.docs docs/cli.md`.

`RUN` is the id of a sweep or single run, a unique beginning of one (with or without `HD_`), or `latest`, the one
submitted last. `TRIAL` is a run and a number, such as `latest_3`. Where a command only looks, `latest` need not be
said.

Commands that meet an unfinished sweep which has no engine (because it was killed, or the machine was restarted)
start one, and the sweep goes on: `run`, `tune`, `list`, `show`, `watch`, `resume`, `logs -f`. With `--no-recover`
they only look.

Errors are two lines on standard error, `Error: …` and `Hint: …`. What each exit code means: [exit
codes](exit-codes.md). Colours stay away from pipes, with `NO_COLOR` set, and with `TERM=dumb`; a live view needs a
terminal, elsewhere plain lines say how far a sweep is.

`overdrive completion bash` (or zsh, fish) prints a script with which the shell completes commands, options and ids.

## Everywhere

These stand before or after a command's name.

"""

TAIL = """
## What the JSON holds

With `--json` a command prints strict JSON: numbers that are not finite are the texts `"nan"`, `"inf"` and `"-inf"`,
times are ISO 8601 in UTC, durations seconds, and what is not there is `null`.

**A trial** (`show TRIAL`, `best`, and `trials` of `show RUN`): `trial` (its number), `run_id`, `status` (queued,
starting, running, stopping, ended), `outcome` (completed, completed_without_metric, stopped_early, cancelled, failed,
lost), `azure_status`, `configuration`, `best` and `last` value of the primary metric, `best_interval`, `intervals`,
`why` (one sentence), `suggested_because`, `attempt`, `started_at`, `ended_at`, `duration_s`, `threads`, `exit` (how
its processes ended), `arguments` (the script's own, then name and value of each hyperparameter), `resumed_from` (run
id of the earlier trial that it goes on with); `show TRIAL` adds `verdicts`. CSV has the same, with a column
`param_NAME` for each hyperparameter, without `exit` and `arguments`.

**A sweep** (`show RUN`, `watch`, `tune`): `id`, `experiment`, `display_name` and `description` (where it was given
one), `kind` (sweep or run), `status` (Azure's word), `reason`, `folder`, `created_at`, `started_at`, `ended_at`,
`run_time_s`, `seconds_left`, `engine` (alive, pid, host), `metric`, `space`, `sampling`, `policy`, `seed`,
`max_total_runs`, `max_concurrent_runs`, `max_duration_minutes`, `tags`, `warnings` (on what cannot be shown),
`resume_from` (ids), `counts`, `intervals`, `intervals_saved`, `best` (trial, run_id, value, configuration), `notes`;
`show` adds `trials`. A line of `list` has the first of these, up to `best`, that a summary knows.

**Points** (`export --points`): `trial`, `metric`, `interval`, `value`, `step`, `at`, `is_inherited` (of the earlier
trial that this one goes on with).
"""


def page() -> str:
    """The whole page, Markdown."""
    context = click.Context(group, info_name="overdrive")
    parts = [HEAD, *_table(global_options())]
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is not None:
            parts += ["\n", *_section(name, command)]
    return "".join([*parts, TAIL]).replace("\n\n\n", "\n\n")


def _section(name: str, command: click.Command) -> Iterator[str]:
    yield f"## overdrive {name}\n\n"
    yield f"`{' '.join(['overdrive', name, *_usage(command)])}`\n\n"
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        yield _paragraph(paragraph.replace("\b\n", ""))
    everywhere = {option.name for option in global_options()}
    options = [p for p in command.params if isinstance(p, click.Option) and p.name not in everywhere]
    yield from _table(options)


def _usage(command: click.Command) -> list[str]:
    arguments = [p for p in command.params if isinstance(p, click.Argument)]
    words = [str(p.metavar or "|".join(getattr(p.type, "choices", ())) or p.human_readable_name) for p in arguments]
    optional = [
        f"[{word}]" if not p.required and word[0] != "[" else word for p, word in zip(arguments, words, strict=True)
    ]
    return [*(["[OPTIONS]"] if command.params else []), *optional]


def _paragraph(text: str) -> str:
    if not text.startswith("Example:"):
        return f"{' '.join(text.split())}\n\n"
    return f"```sh\n{inspect.cleandoc(text.removeprefix('Example:')).strip()}\n```\n\n"


def _table(options: list[click.Option]) -> Iterator[str]:
    if not options:
        return
    yield "| option | meaning |\n|---|---|\n"
    for option in options:
        names = ", ".join(f"`{name}`" for name in [*option.opts, *option.secondary_opts])
        value = "" if option.is_flag else f" {_value(option)}"
        yield f"| {names}{value} | {(option.help or '').replace('|', chr(92) + '|')} |\n"


def _value(option: click.Option) -> str:
    choices = getattr(option.type, "choices", None)
    text = "|".join(choices) if choices else option.metavar or option.type.name.upper()
    return f"`{text}`".replace("|", r"\|")


def main() -> None:
    """Writes the page to the file named, or to standard output."""
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(page(), encoding="utf-8")
    else:
        click.echo(page(), nl=False)


if __name__ == "__main__":
    main()
