"""`python -m overdrive.cli.from_azure docs/from-azure.md` writes the page of what works from the table of coverage."""

import sys
from collections.abc import Iterator
from pathlib import Path

from overdrive.cli.console import say
from overdrive.compat.azureml import coverage
from overdrive.compat.azureml.coverage import Row
from overdrive.compat.azureml.coverage import Status
from overdrive.compat.checking.served import modules
from overdrive.compat.checking.served import name_row

HEAD = """\
# What works of Azure ML

This page is made from the table that the code itself goes by: `python -m overdrive.cli.from_azure docs/from-azure.md`.

`overdrive check control.py` (a notebook, a folder, a sweep file) reads your own code by the same table, without running
it, and says what the environment lacks. `overdrive run control.py` runs it: see [scripts written for Azure
ML](azureml.md).

What is not here answers with one sentence, an `ImportError` where it cannot be imported, and an `AzureOnlyException` (a
`UserErrorException`) where it is used. It does not stop the rest of a notebook or control script that `overdrive run`
runs: [what only Azure has](azureml.md#what-only-azure-has).
"""


def page() -> str:
    """The whole page, Markdown."""
    return "".join(_parts())


def _parts() -> Iterator[str]:
    yield HEAD
    yield "\n## Works as in Azure\n\n| module | names |\n|---|---|\n"
    for module, names in sorted(modules().items()):
        works = [name for name in names if name[0] != "_" and name_row(module, name).status is Status.WORKS]
        if works:
            yield f"| `{module}` | {', '.join(f'`{name}`' for name in sorted(works))} |\n"
    yield "\n## Works, with a difference\n\n| name | how it differs |\n|---|---|\n"
    for name, sentence in sorted(coverage.DIFFERS.items()):
        yield f"| `{name}` | {sentence} |\n"
    yield "\n## Is not here, and what to do\n\n| name | answer |\n|---|---|\n"
    for row in coverage.rows():
        if row.status is Status.NOT_HERE:
            row = _with_module(row)
            module = "" if row.name not in coverage.MODULES_NOT_HERE else " and what is below it"
            yield f"| `{row.name}`{module} | {row.sentence} |\n"
    for module, names in sorted(modules().items()):
        if module.startswith("azure.ai.ml"):
            for row in (name_row(module, name) for name in sorted(names)):
                if row.status is Status.NOT_HERE:
                    yield f"| `{module}.{row.name}` | {row.sentence} |\n"


def _with_module(row: Row) -> Row:
    """With the module in front of a name that says nothing by itself, such as `constants`."""
    if not row.name.islower() or "." in row.name or row.name in coverage.MODULES_NOT_HERE:
        return row
    module = next((module for module, names in sorted(modules().items()) if row.name in names), None)
    return coverage.find(f"{module}.{row.name}") if module else row


def main() -> None:
    """Writes the page to the file named, or to standard output."""
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(page(), encoding="utf-8")
    else:
        say(page())


if __name__ == "__main__":
    main()
