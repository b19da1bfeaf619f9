"""Commands whose modules are loaded only when they run, so that --help costs little more than click."""

import difflib
import importlib
from collections.abc import Iterator
from collections.abc import MutableMapping

import click

from overdrive.cli.state import global_options


class Command(click.Command):
    """A command that takes the global options too, listed apart in its help."""

    def __init__(self, *args, **kwargs) -> None:
        kwargs["params"] = [*kwargs.get("params", ()), *global_options()]
        super().__init__(*args, **kwargs)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        everywhere = {option.name for option in global_options()} | {"help"}
        own, common = [], []
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx) if isinstance(parameter, click.Option) else None
            if record:
                (common if parameter.name in everywhere else own).append(record)
        for title, records in (("Options", own), ("Everywhere", common)):
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)


class LazyCommands(MutableMapping[str, click.Command]):
    """Name → command; each is loaded when it is asked for, from the module of that name in `package`, where it is
    `command`.
    """

    def __init__(self, package: str, about: dict[str, str]) -> None:
        self.package = package
        #: Name → one line of help, in the order in which they are listed.
        self.about = about
        self._loaded: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._loaded:
            if name not in self.about:
                raise KeyError(name)
            self._loaded[name] = importlib.import_module(f"{self.package}.{name}").command
        return self._loaded[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._loaded[name] = command
        self.about.setdefault(name, command.get_short_help_str())

    def __delitem__(self, name: str) -> None:
        self._loaded.pop(name, None)
        del self.about[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.about)

    def __len__(self) -> int:
        return len(self.about)


class LazyGroup(click.Group):
    """A group over LazyCommands: its help loads none of them, and a mistyped name is answered with the nearest ones."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        about = self.commands.about if isinstance(self.commands, LazyCommands) else {}
        with formatter.section("Commands"):
            formatter.write_dl(list(about.items()))

    def resolve_command(self, ctx: click.Context, args: list[str]):
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], list(self.commands), n=2)
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            ctx.fail(f"there is no command {args[0]!r}{hint}")
        return super().resolve_command(ctx, args)
