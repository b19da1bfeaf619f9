"""What Azure's `get_details()` says of a run, from what is known of it here."""

import json
import os
from collections.abc import Mapping
from typing import Any

from overdrive.records import SweepSpec
from overdrive.views import SweepView
from overdrive.views import TrialRow
from overdrive.views import iso_time

#: Azure's name for 'this machine'.
TARGET = "local"


def of_trial(
    spec: SweepSpec,
    row: TrialRow | None,
    run_id: str,
    status: str,
    *,
    properties: Mapping[str, str],
    log_files: Mapping[str, str],
) -> dict[str, Any]:
    """The details of one trial or single run; `row` is None until it was suggested."""
    arguments = list(row.arguments) if row else list(spec.run.arguments)
    return {
        "runId": run_id,
        "target": TARGET,
        "status": status,
        "startTimeUtc": iso_time(row.started_at) if row else None,
        "endTimeUtc": iso_time(row.ended_at) if row else None,
        "services": {},
        "properties": dict(properties),
        "inputDatasets": [],
        "outputDatasets": [],
        "runDefinition": _run_definition(spec, arguments),
        "logFiles": dict(log_files),
        "submittedBy": _user(),
        **_error(row),
    }


def _user() -> str:
    """The user's name, or number where a container knows no name."""
    return os.environ.get("USER") or os.environ.get("LOGNAME") or str(os.getuid())


def _run_definition(spec: SweepSpec, arguments: list[str]) -> dict[str, Any]:
    """Azure's key is `arguments`; its documentation and scripts also say `Arguments`."""
    run = spec.run
    return {
        "script": run.script,
        "command": "" if run.script else " ".join(run.command),
        "useAbsolutePath": False,
        "arguments": arguments,
        "Arguments": list(arguments),
        "sourceDirectoryDataStore": None,
        "framework": "Python",
        "communicator": "None",
        "target": TARGET,
        "dataReferences": {},
        "data": {},
        "outputData": {},
        "jobName": None,
        "maxRunDurationSeconds": run.max_run_duration_s,
        "nodeCount": 1,
        "environment": {"name": spec.extra.get("environment"), "python": {"interpreterPath": run.command[0]}},
        "environmentVariables": dict(run.environment),
    }


def _error(row: TrialRow | None) -> dict[str, Any]:
    if row is None or row.azure_status != "Failed":
        return {}
    return {"error": {"error": {"code": "UserError", "message": row.why}}}


def properties_of_trial(spec: SweepSpec, number: int) -> dict[str, str]:
    """The properties that a trial has from the start."""
    return {"_azureml.ComputeTargetType": TARGET, "overdrive.seed": str(spec.seed), "overdrive.trial": str(number)}


def of_sweep(view: SweepView, *, properties: Mapping[str, str], log_files: Mapping[str, str]) -> dict[str, Any]:
    """The details of a sweep. As in Azure they hold no runDefinition."""
    return {
        "runId": view.id,
        "target": TARGET,
        "status": view.azure_status,
        "startTimeUtc": iso_time(view.created_at),
        "endTimeUtc": iso_time(view.ended_at),
        "services": {},
        "properties": dict(properties),
        "inputDatasets": [],
        "outputDatasets": [],
        "logFiles": dict(log_files),
        "submittedBy": _user(),
    }


def properties_of_sweep(view: SweepView) -> dict[str, str]:
    """The properties of a sweep, as Azure names them; those of the best trial once the sweep is over."""
    spec = view.spec
    found = {
        "primary_metric_config": json.dumps(spec.metric.to_json() if spec.metric else None),
        "resume_from": json.dumps(list(spec.resume_from) or None),
        "resume_child_runs": json.dumps([f"{run['sweep']}_{run['trial']}" for run in spec.resume_children] or None),
        "runTemplate": "HyperDrive",
        "azureml.runsource": "hyperdrive",
        "platform": "AML",
        "overdrive.seed": str(spec.seed),
    }
    best = view.best() if view.is_over else None
    if best is not None:
        found |= {"score": str(best.best), "best_child_run_id": best.run_id, "best_metric_status": "Succeeded"}
    return found
