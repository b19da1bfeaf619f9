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
        "target": target_of(spec),
        "status": status,
        "startTimeUtc": iso_time(row.started_at) if row else None,
        "endTimeUtc": iso_time(row.ended_at) if row else None,
        "services": {},
        "properties": dict(properties),
        "inputDatasets": _inputs(spec),
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
        "target": target_of(spec),
        "dataReferences": {},
        "data": {name: {"mechanism": item.get("mode")} for name, item in run.inputs.items()},
        "outputData": {},
        "datacaches": [],
        "jobName": None,
        "maxRunDurationSeconds": run.max_run_duration_s,
        "nodeCount": 1,
        "instanceTypes": [],
        "priority": None,
        "credentialPassthrough": False,
        "identity": None,
        "environment": _environment(spec),
        "history": {"outputCollection": True, "directoriesToWatch": ["logs"]},
        "spark": {},
        "parallelTask": {},
        "amlCompute": {"name": None, "vmSize": None, "retainCluster": False, "clusterMaxNodeCount": 1},
        "kubernetesCompute": {},
        "tensorflow": {},
        "mpi": {"processCountPerNode": 1},
        "pyTorch": {},
        "hdi": {},
        "docker": {"useDocker": False},
        "environmentVariables": dict(run.environment),
    }


def target_of(spec: SweepSpec) -> str:
    """The name of the compute target that the script gave; it always means this machine."""
    return spec.extra.get("compute_target") or TARGET


def _environment(spec: SweepSpec) -> dict[str, Any]:
    """What the script said of its environment, with the Python that really runs it."""
    said = spec.extra.get("environment_definition") or {"name": spec.extra.get("environment")}
    return {**said, "python": {**(said.get("python") or {}), "interpreterPath": spec.run.command[0]}}


def _inputs(spec: SweepSpec) -> list[dict[str, Any]]:
    return [
        {
            "dataset": {"id": item.get("id"), "name": item.get("name"), "version": item.get("version")},
            "consumptionDetails": {"type": "RunInput", "inputName": name, "mechanism": item["mode"].capitalize()},
        }
        for name, item in spec.run.inputs.items()
        if item["kind"] in ("tabular", "file")
    ]


def _error(row: TrialRow | None) -> dict[str, Any]:
    if row is None or row.azure_status != "Failed":
        return {}
    return {"error": {"error": {"code": "UserError", "message": row.why}}}


def properties_of_trial(spec: SweepSpec, number: int) -> dict[str, str]:
    """The properties that a trial has from the start."""
    snapshot = (spec.extra.get("snapshot") or {}).get("digest", "")
    told = {"_azureml.ComputeTargetType": TARGET, "ContentSnapshotId": snapshot}
    return {**told, "overdrive.seed": str(spec.seed), "overdrive.trial": str(number)}


def of_sweep(view: SweepView, *, properties: Mapping[str, str], log_files: Mapping[str, str]) -> dict[str, Any]:
    """The details of a sweep. As in Azure they hold no runDefinition."""
    return {
        "runId": view.id,
        "target": target_of(view.spec),
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
        "ContentSnapshotId": (spec.extra.get("snapshot") or {}).get("digest", ""),
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
