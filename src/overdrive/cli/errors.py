"""From an exception to one line, a hint and an exit code: see docs/exit-codes.md."""

import errno
import sys
import traceback

import click

from overdrive.cli.state import has_color
from overdrive.errors import OverdriveError

#: Left by Ctrl-C.
LEFT = 130
_CANNOT_WRITE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EIO}


def report(error: BaseException, debug: bool) -> int:
    """Prints the error to standard error (with its traceback only if `debug`) and returns the exit code."""
    if isinstance(error, click.Abort):
        return _aborted(error)
    if debug:
        traceback.print_exception(error, file=sys.stderr)
    message, hint, code = explain(error)
    say_error(message, hint)
    return code


def explain(error: BaseException) -> tuple[str, str | None, int]:
    """(what happened, what to do next or None, exit code)."""
    if isinstance(error, OverdriveError):
        return error.message, error.hint, error.exit_code
    if isinstance(error, click.ClickException):
        return error.format_message(), _usage_hint(error), 2
    if isinstance(error, OSError) and error.errno in _CANNOT_WRITE:
        where = f" {error.filename}" if error.filename else ""
        return f"cannot use{where}: {error.strerror}", "check its permissions and the room on its disk", 4
    if type(error).__module__ == "sqlite3":
        return f"a sweep's database cannot be read: {error}", "`overdrive doctor` looks the workspace over", 4
    name = type(error).__name__
    hint = "this is a bug in Overdrive: please report it, with what the same command prints with --debug"
    return f"unexpected {name}: {error}" if str(error) else f"unexpected {name}", hint, 1


def say_error(message: str, hint: str | None) -> None:
    """'Error: …' and 'Hint: …', one line each, on standard error."""
    color = has_color(sys.stderr.isatty())
    click.echo(click.style("Error: ", fg="red", bold=True) + _line(message), err=True, color=color)
    if hint:
        click.echo(click.style("Hint: ", bold=True) + _line(hint), err=True, color=color)


def _aborted(error: click.Abort) -> int:
    if isinstance(error.__cause__, KeyboardInterrupt) or isinstance(error.__context__, KeyboardInterrupt):
        return LEFT
    click.echo("Nothing was changed.", err=True)
    return 1


def _usage_hint(error: click.ClickException) -> str | None:
    context = getattr(error, "ctx", None)
    return f"`{context.command_path} --help` shows what it takes, with an example" if context else None


def _line(text: str) -> str:
    return " ".join(text.split()) if "\n" in text else text
