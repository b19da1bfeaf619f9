"""What `check` prints."""

import sys
from collections.abc import Iterator
from collections.abc import Sequence
from pathlib import Path

from overdrive.cli.console import print_json
from overdrive.cli.console import say
from overdrive.cli.facts import Fact
from overdrive.cli.facts import print_facts
from overdrive.cli.facts import print_heading
from overdrive.compat.azureml.coverage import Status
from overdrive.compat.azureml.coverage import sentence_of
from overdrive.compat.checking.findings import Findings
from overdrive.compat.checking.findings import check
from overdrive.compat.checking.needs import package_of
from overdrive.report.url_map import FILE
from overdrive.views.words import count_of


def check_files(paths: Sequence[str], as_json: bool) -> int:
    """Prints what is found; 0 where all of it works here and is there, else 1."""
    found = check([Path(path) for path in paths])
    is_ready = all(entry.is_ready for entry in found)
    if as_json:
        print_json({"ready": is_ready, "python": sys.executable, "files": [_as_json(entry) for entry in found]})
        return int(not is_ready)
    for entry in found:
        facts = list(_facts(entry))
        if facts:
            print_heading(entry.name)
            print_facts(facts)
            say()
    say(_summary(found))
    return int(not is_ready)


def _facts(entry: Findings) -> Iterator[Fact]:
    works = [row.name for row in entry.names if row.status is Status.WORKS]
    if works:
        yield "works", ", ".join(dict.fromkeys(works))
    for status in (Status.DIFFERS, Status.NOT_HERE):
        for row, places in entry.names.items():
            if row.status is status:
                sentence = row.sentence if row.sentence.startswith(row.name) else f"{row.name}: {row.sentence}"
                yield status.value, f"{sentence} ({places[0]})"
    yield from _environment(entry)
    for module, where in entry.missing.items():
        remedy = f"{entry.program} -m pip install {package_of(module)}"
        yield "not installed", f"{module} ({where}): {sentence_of(module) if module.startswith('azureml_') else remedy}"
    for name, where in entry.numpy.items():
        yield "NumPy", f"{name} ({where}) is no longer in NumPy: run with --restore-numpy-names"
    for url, where in entry.urls.items():
        yield "URL", f"{url} ({where}): if it cannot be reached, --map '{url}=FILE', or a line in {FILE}"
    for problem in entry.problems:
        yield "problem", problem


def _environment(entry: Findings) -> Iterator[Fact]:
    for lack in entry.lacks:
        yield "environment", f"{lack.wanted}: {lack.words}"
    if entry.lacks:
        yield "environment", f"to have it: {'; or '.join(filter(None, [entry.install, '--build-environment']))}"


def _summary(found: Sequence[Findings]) -> str:
    rows = {row for entry in found for row in entry.names}
    counts = [f"{sum(row.status is status for row in rows)} {_PLURAL[status]}" for status in Status]
    lacking = sum(len(entry.lacks) + len(entry.missing) + len(entry.numpy) + len(entry.problems) for entry in found)
    names = f"names of Azure's: {', '.join(counts)}"
    return f"{count_of(len(found), 'file')} read; {names}; {lacking or 'nothing'} lacking"


_PLURAL = {Status.WORKS: "work", Status.DIFFERS: "work differently", Status.NOT_HERE: "not here"}


def _as_json(entry: Findings) -> dict[str, object]:
    return {
        "file": entry.name,
        "ready": entry.is_ready,
        "names": [
            {"name": row.name, "status": row.status.value, "sentence": row.sentence or None, "where": places}
            for row, places in entry.names.items()
        ],
        "python": entry.program,
        "environment": {
            "lacks": [{"wanted": lack.wanted, "found": lack.found} for lack in entry.lacks],
            "install": entry.install or None,
        },
        "missing": [
            {"module": module, "package": package_of(module), "where": where} for module, where in entry.missing.items()
        ],
        "numpy": [{"name": name, "where": where} for name, where in entry.numpy.items()],
        "urls": [{"url": url, "where": where} for url, where in entry.urls.items()],
        "problems": entry.problems,
    }
