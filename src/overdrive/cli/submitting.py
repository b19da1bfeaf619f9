"""From a job file to a sweep that runs."""

from collections.abc import Sequence
from pathlib import Path

from overdrive.cli.state import State
from overdrive.cli.warned import warnings_said
from overdrive.cli.watching import follow_start
from overdrive.compat.sweep_yaml import Options
from overdrive.compat.sweep_yaml import Sources
from overdrive.compat.sweep_yaml import read_document
from overdrive.compat.sweep_yaml import read_job
from overdrive.compat.sweep_yaml import set_value
from overdrive.compat.sweep_yaml import submit_job
from overdrive.errors import SpecError
from overdrive.views import open_sweep


def submit_file(
    state: State,
    file: str,
    *,
    watch: bool,
    as_json: bool,
    settings: Sequence[str],
    maps: Sequence[str],
    experiment: str | None,
    interpreter: str | None,
    keep_work: bool,
    restore_numpy_names: bool,
    build_environment: bool,
) -> int:
    """Submits the job in `file`; watches it where asked to. Returns the exit code."""
    with warnings_said():
        document = read_document(file)
        for setting in settings:
            set_value(document, setting)
        workspace = state.open_workspace()
        sources = Sources(_maps(maps), {}, str(workspace.path))
        kept = Options(
            sources, experiment, interpreter, keep_work, build_environment or None, restore_numpy_names or None
        )
        run = submit_job(workspace, read_job(document, kept))
    return follow_start(open_sweep(run.folder), watch, as_json)


def _maps(pairs: Sequence[str]) -> dict[str, str]:
    """URL → absolute path: the last = parts them, since URLs hold some."""
    found = {}
    for pair in pairs:
        url, equals, path = pair.rpartition("=")
        if not equals or not url or not path:
            raise SpecError(f"--map {pair!r} is not allowed: it takes URL=FILE", field="--map", value=pair)
        found[url] = str(Path(path).expanduser().absolute())
    return found
