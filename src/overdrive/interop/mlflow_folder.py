"""The folder in which MLflow finds the trial: one experiment, and in it the trial as a run that has begun.

The layout is that of MLflow's own FileStore, as versions 1 to 3 read it (`meta.yaml` of an experiment and of a run);
its values are written as JSON, which YAML reads.
"""

from __future__ import annotations

import glob
import json
import os
import shutil
import time
from pathlib import Path

__all__ = ["EXPERIMENT_ID", "make_folder", "place_model"]

#: The one experiment: whatever name a script gives, it means the sweep's.
EXPERIMENT_ID = "0"
_FOLDERS_OF_RUN = ("artifacts", "metrics", "params", "tags")
#: MLflow's RunStatus and SourceType.
_RUNNING, _LOCAL = 1, 4


def make_folder(root: str, *, experiment: str, run_id: str, files: str) -> None:
    """Makes the folder `root`, if no other process of the trial has.

    experiment: the experiment's name. run_id: the trial's. files: the folder of the trial's kept files, where MLflow is
    to put artefacts.
    """
    if os.path.isdir(root):
        return
    part = f"{root}.{os.getpid()}.part"
    run = os.path.join(part, EXPERIMENT_ID, run_id)
    for name in _FOLDERS_OF_RUN:
        os.makedirs(os.path.join(run, name), mode=0o700, exist_ok=True)
    now_ms, artifacts = int(time.time() * 1000), Path(files).as_uri()
    about = {"experiment_id": EXPERIMENT_ID, "lifecycle_stage": "active"}
    times = {"creation_time": now_ms, "last_update_time": now_ms}
    _write(os.path.join(part, EXPERIMENT_ID), {**about, **times, "name": experiment, "artifact_location": artifacts})
    _write(run, {**about, **_run(run_id, now_ms), "artifact_uri": artifacts})
    try:
        os.rename(part, root)
    except OSError:  # another process was first
        shutil.rmtree(part)


def place_model(files: str, artifacts: str, name: str) -> None:
    """Makes `<files>/<name>` the folder of a model that is about to be written, as before MLflow 3.

    artifacts: where MLflow 3 has it, `<files>/models/<id>/artifacts`: from now on a link to that folder. An earlier
    model of the same name moves to its own such place. Where anything else has the name, nothing changes.
    """
    named = os.path.join(files, name)
    if os.path.lexists(named):
        earlier = _link_to(files, named)
        if earlier is None:
            return
        os.unlink(earlier)
        os.rename(named, earlier)
    os.makedirs(named, mode=0o700)
    os.makedirs(os.path.dirname(artifacts), mode=0o700, exist_ok=True)
    os.symlink(os.path.relpath(named, os.path.dirname(artifacts)), artifacts)


def _link_to(files: str, named: str) -> str | None:
    """The link of the model that has this folder now."""
    links = glob.glob(os.path.join(glob.escape(files), "models", "*", "artifacts"))
    return next((link for link in links if os.path.islink(link) and os.path.realpath(link) == named), None)


def _run(run_id: str, now_ms: int) -> dict[str, object]:
    return {
        "run_id": run_id,
        "run_uuid": run_id,
        "run_name": run_id,
        "start_time": now_ms,
        "end_time": None,
        "status": _RUNNING,
        "source_type": _LOCAL,
        "source_name": "",
        "source_version": "",
        "entry_point_name": "",
        "user_id": "",
        "tags": [],
    }


def _write(folder: str, meta: dict[str, object]) -> None:
    with open(os.path.join(folder, "meta.yaml"), "w", encoding="utf-8") as file:
        json.dump(meta, file)
