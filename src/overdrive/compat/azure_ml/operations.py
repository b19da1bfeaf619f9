"""`MLClient` and its groups of operations, over the workspace of this machine."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from overdrive import client
from overdrive import registry
from overdrive.client import HyperDriveRun
from overdrive.client import Run
from overdrive.client import files
from overdrive.client.find import list_specs
from overdrive.compat.azure_ml import entities
from overdrive.compat.azure_ml.azure_only import AzureOnlyException
from overdrive.compat.azure_ml.jobs import Command
from overdrive.compat.azure_ml.jobs import Job
from overdrive.compat.azure_ml.jobs import SweepJob
from overdrive.compat.azure_ml.saying import as_job
from overdrive.compat.sweep_yaml import Options
from overdrive.compat.sweep_yaml import Sources
from overdrive.compat.sweep_yaml import read_job
from overdrive.compat.sweep_yaml import submit_job
from overdrive.errors import NotFoundError
from overdrive.errors import SpecError
from overdrive.report.workspace import mlflow_folder


class Done:
    """What Azure's long operations give at once: here they are done."""

    def __init__(self, result: Any = None) -> None:
        self._result = result

    def result(self, timeout: float | None = None) -> Any:
        """What came of it."""
        return self._result

    def wait(self, timeout: float | None = None) -> None:
        """Nothing to wait for."""

    def done(self) -> bool:
        """It is."""
        return True

    def status(self) -> str:
        """Azure's word."""
        return "Succeeded"


class JobOperations:
    """Submits jobs, finds them again, follows them."""

    def __init__(self, workspace: client.Workspace) -> None:
        self._workspace = workspace

    def create_or_update(self, job: Job, *, experiment_name: str | None = None, **fields: Any) -> Job:
        """Starts it; returns at once. Raises SpecError naming the field, before anything starts."""
        if not isinstance(job, Job):
            raise AzureOnlyException(
                f"job = {job!r} does not run here: it takes a command or a sweep", field="job", value=job
            )
        for name in ("compute", "description", "tags"):
            if fields.get(name) is not None:
                setattr(job, name, fields[name])
        options = Options(Sources({}, _assets(self._workspace), str(self._workspace.path)), experiment_name)
        return job.submitted(submit_job(self._workspace, read_job(job.document(), options)))

    def get(self, name: str) -> Job:
        """The job with this name: a sweep, a trial or a single run. Raises NotFoundError."""
        return _job_of(self._run(name))

    def _run(self, name: str) -> Run:
        if not isinstance(name, str):
            raise SpecError(field="name", value=name, allowed="the name of a job")
        return client.open_run(self._workspace, name)

    def list(self, *, parent_job_name: str | None = None, max_results: int | None = None, **_: Any) -> Iterator[Job]:
        """The jobs of the workspace, the newest first, or the trials of a sweep."""
        if parent_job_name is not None:
            runs: Any = self._run(parent_job_name).get_children()
        else:
            runs = (self._run(spec.id) for _, spec in list_specs(self._workspace))
        for count, run in enumerate(runs):
            if max_results is not None and count >= max_results:
                return
            yield _job_of(run)

    def stream(self, name: str) -> None:
        """Prints what it does until it ends. Raises SweepFailedError when it failed."""
        self._run(name).wait_for_completion(show_output=True, raise_on_error=True)

    def cancel(self, name: str) -> None:
        """Asks it to end."""
        self._run(name).cancel()

    def begin_cancel(self, name: str) -> Done:
        """As `cancel`."""
        return Done(self.cancel(name))

    def show_services(self, name: str) -> dict[str, Any]:
        """Azure's place for its address."""
        return self.get(name).services

    def download(
        self, name: str, *, download_path: Any = ".", output_name: str | None = None, all: bool = False
    ) -> None:
        """Copies what it left: below artifacts/, or with an output's name below named-outputs/NAME/.

        Of a sweep, what its best trial left. Raises NotFoundError where there is nothing.
        """
        run = self._run(name)
        if isinstance(run, HyperDriveRun):
            best = run.get_best_run_by_primary_metric()
            if best is None:
                raise NotFoundError(f"{name} has no trial that logged its primary metric, so none is the best")
            run = best
        folder = Path(download_path).expanduser()
        if output_name in (None, "default") or all:
            target = folder / ("named-outputs/default" if output_name == "default" else "artifacts")
            run.download_files(output_directory=target)
        if output_name not in (None, "default"):
            run.download_files(
                f"outputs/{output_name}", folder / "named-outputs" / str(output_name), append_prefix=False
            )


def _job_of(run: Run) -> Job:
    spec = run.spec
    said = {"display_name": run.display_name, "description": spec.description, "tags": run.tags}
    trial = {"command": " ".join(spec.run.command), "code": spec.run.source_directory}
    if isinstance(run, HyperDriveRun):
        limits = {"max_total_trials": spec.max_total_runs, "max_concurrent_trials": spec.max_concurrent_runs}
        return SweepJob(**said, trial=trial, limits=limits, search_space=spec.space).submitted(run)
    return Command(**said, **trial).submitted(run)


class AssetOperations:
    """Things by name and version: one file a name below the workspace's registry."""

    def __init__(self, workspace: client.Workspace, kind: type[entities.Named]) -> None:
        self._workspace = workspace
        self._kind = kind

    def create_or_update(self, asset: Any = None, **named: Any) -> Any:
        """Keeps it, as the next version where it has none; the asset with its version."""
        asset = asset if asset is not None else next(iter(named.values()))
        if not isinstance(asset, self._kind):
            raise SpecError(field=self._kind.KIND, value=asset, allowed=f"a {self._kind.__name__}")
        if not isinstance(asset.name, str) or not asset.name:
            raise SpecError(field="name", value=asset.name, allowed="text that is not empty")
        facts = self._facts(asset)
        with registry.change_entry(self._workspace.path, f"v2-{self._kind.KIND}", asset.name) as entry:
            versions = entry.setdefault("versions", [])
            version = str(asset.version or len(versions) + 1)
            entry["versions"] = [*(one for one in versions if one["version"] != version), {**facts, "version": version}]
        asset.version = version
        return asset

    def _facts(self, asset: Any) -> dict[str, Any]:
        facts = {name: value for name, value in as_job(asset).items() if name not in ("version", "KIND")}
        for name in ("path", "conda_file"):
            if isinstance(facts.get(name), str) and "://" not in facts[name]:
                facts[name] = str(Path(facts[name]).expanduser().absolute())
        return json.loads(json.dumps(facts, default=str))

    def begin_create_or_update(self, asset: Any, **_: Any) -> Done:
        """As `create_or_update`."""
        return Done(self.create_or_update(asset))

    def get(self, name: str, version: object = None, label: str | None = None) -> Any:
        """The asset with this name and version, by default the newest. Raises NotFoundError."""
        entry = registry.read_entry(self._workspace.path, f"v2-{self._kind.KIND}", name) or {}
        for facts in reversed(entry.get("versions") or []):
            if version is None or str(version) == facts["version"]:
                return self._kind(**facts)
        of_version = "" if version is None else f" in version {version}"
        raise NotFoundError(f"the workspace has no {self._kind.__name__} {name!r}{of_version}")

    def list(self, name: str | None = None, **_: Any) -> Iterator[Any]:
        """All that there are, or all versions of one."""
        for known in registry.list_names(self._workspace.path, f"v2-{self._kind.KIND}") if name is None else [name]:
            entry = registry.read_entry(self._workspace.path, f"v2-{self._kind.KIND}", known) or {}
            yield from (self._kind(**facts) for facts in reversed(entry.get("versions") or []))


class EnvironmentOperations(AssetOperations):
    """Environments: any name is one."""

    def get(self, name: str, version: object = None, label: str | None = None) -> Any:
        """As kept, or with this name alone."""
        try:
            return super().get(name, version)
        except NotFoundError:
            return self._kind(name=name, version=str(version or "1"))


class ModelOperations(AssetOperations):
    """Models: the same that `azureml.core.Model` and `Run.register_model` know."""

    def create_or_update(self, asset: Any = None, **named: Any) -> Any:
        """Copies its files into the registry as the next version."""
        model = asset if asset is not None else next(iter(named.values()))
        path = Path(str(model.path)).expanduser()
        run_id = None
        if str(model.path).startswith("azureml://jobs/"):
            run_id, path = self._of_run(str(model.path))
        if not path.exists():
            raise SpecError(field="path", value=str(model.path), allowed="a file or folder that exists")
        facts = {name: getattr(model, name) for name in ("tags", "properties", "description", "type")}
        version = registry.add_model(self._workspace.path, model.name, path, {**facts, "run_id": run_id})
        model.version = str(version["version"])
        return model

    def _of_run(self, url: str) -> tuple[str, Path]:
        """`azureml://jobs/<run>/outputs/<output>/paths/<path>`, the run and the place of the path."""
        run_id, _, rest = url.removeprefix("azureml://jobs/").partition("/outputs/")
        output, _, inside = rest.partition("/")
        inside = inside.removeprefix("paths/").strip("/")
        run = client.open_run(self._workspace, run_id)
        trial = run.folder / "trials" / str(run.number)
        named = "" if output == "artifacts" else output
        for place in (trial / "work/outputs" / named / inside, trial / "work" / inside, trial / "files" / inside):
            if place.exists():
                return run_id, place
        names = ", ".join(sorted(files.files_of_trial(trial))[:5])
        raise NotFoundError(f"{run_id} left no {inside!r}", hint=f"it left {names}" if names else None)

    def get(self, name: str, version: object = None, label: str | None = None) -> Any:
        """The model; `path` is where its files are."""
        entry = registry.read_entry(self._workspace.path, "models", name) or {}
        for facts in reversed(entry.get("versions") or []):
            if version is None or str(version) == str(facts["version"]):
                return self._model(name, facts)
        raise NotFoundError(f"the workspace has no model {name!r}")

    def _model(self, name: str, facts: dict[str, Any]) -> entities.Model:
        from urllib.parse import quote  # noqa: PLC0415  (only where models are read)

        path = self._workspace.path / "registry/models" / quote(name, safe="") / str(facts["version"])
        kept = {field: facts.get(field) for field in ("tags", "properties", "description", "type")}
        return entities.Model(name=name, version=str(facts["version"]), path=str(path), **kept)

    def list(self, name: str | None = None, **_: Any) -> Iterator[Any]:
        """All models, or all versions of one."""
        for known in registry.list_names(self._workspace.path, "models") if name is None else [name]:
            entry = registry.read_entry(self._workspace.path, "models", known) or {}
            yield from (self._model(known, facts) for facts in reversed(entry.get("versions") or []))

    def download(self, name: str, version: object = None, download_path: Any = ".") -> None:
        """Copies its files below `download_path/name`."""
        source = Path(str(self.get(name, version).path))
        below = {path.relative_to(source).as_posix(): path for path in source.rglob("*") if path.is_file()}
        files.copy_many(below, None, Path(download_path) / name, True)


class ComputeOperations:
    """Any name is this machine."""

    def get(self, name: str) -> entities.AmlCompute:
        """A cluster that is ready."""
        return entities.AmlCompute(name=name, type="amlcompute", size="local", provisioning_state="Succeeded")

    def begin_create_or_update(self, compute: entities.Compute, **_: Any) -> Done:
        """It is there already."""
        compute.provisioning_state = "Succeeded"
        return Done(compute)

    def begin_delete(self, name: str, **_: Any) -> Done:
        """Nothing is deleted: it is this machine."""
        return Done()

    def list(self, **_: Any) -> Iterator[entities.AmlCompute]:
        """This machine."""
        yield self.get("local")


class CloudOperations:
    """What has no meaning on one machine: each call says so."""

    def __init__(self, what: str) -> None:
        self._what = what

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._refuse

    def _refuse(self, *_: Any, **__: Any) -> Any:
        raise AzureOnlyException(f"{self._what} are Azure's: there is no cloud here to serve from", field=self._what)


def _assets(workspace: client.Workspace) -> dict[str, str]:
    """`name:version`, and `name` for the newest → path of each data asset."""
    found: dict[str, str] = {}
    for data in AssetOperations(workspace, entities.Data).list():
        found[data.id] = found[f"azureml:{data.id}"] = data.path
        found.setdefault(data.name, data.path)
    return found


class MLClient:
    """The workspace of this machine, whatever names Azure knows it by: no account is needed.

    credential, subscription_id, resource_group_name, workspace_name, registry_name: kept to show.
    """

    def __init__(
        self,
        credential: object = None,
        subscription_id: str | None = None,
        resource_group_name: str | None = None,
        workspace_name: str | None = None,
        registry_name: str | None = None,
        **_: Any,
    ) -> None:
        workspace = client.Workspace()
        self.subscription_id = subscription_id or "local"
        self.resource_group_name = resource_group_name or "local"
        self.workspace_name = workspace_name or workspace.name
        self._workspace = workspace
        self.jobs = JobOperations(workspace)
        self.compute = ComputeOperations()
        self.environments = EnvironmentOperations(workspace, entities.Environment)
        self.data = AssetOperations(workspace, entities.Data)
        self.models = ModelOperations(workspace, entities.Model)
        self.workspaces = WorkspaceOperations(self)
        self.online_endpoints = CloudOperations("online endpoints")
        self.online_deployments = CloudOperations("online deployments")
        self.batch_endpoints = CloudOperations("batch endpoints")
        self.batch_deployments = CloudOperations("batch deployments")

    @classmethod
    def from_config(cls, credential: object = None, *, path: Any = None, file_name: Any = None, **_: Any) -> "MLClient":
        """The same. No file is needed; where Azure's config.json is found, its names are shown."""
        from overdrive.compat.azureml.workspace import read_config  # noqa: PLC0415  (loads the names of version 1)

        found = read_config(path, file_name)
        names = (found.get(key) for key in ("subscription_id", "resource_group", "workspace_name"))
        return cls(credential, *names)

    def create_or_update(self, entity: Any, **fields: Any) -> Any:
        """Submits a job, or keeps an asset. Raises AzureOnlyException for what only a cloud has."""
        if isinstance(entity, Job):
            return self.jobs.create_or_update(entity, **fields)
        for kind, operations in (
            (entities.Environment, self.environments),
            (entities.Data, self.data),
            (entities.Model, self.models),
        ):
            if isinstance(entity, kind):
                return operations.create_or_update(entity)
        if isinstance(entity, entities.Compute):
            return self.compute.begin_create_or_update(entity).result()
        text = f"a {type(entity).__name__} cannot be made here: it is Azure's"
        raise AzureOnlyException(text, field="entity", value=entity)

    def begin_create_or_update(self, entity: Any, **fields: Any) -> Done:
        """As `create_or_update`."""
        return Done(self.create_or_update(entity, **fields))

    def __repr__(self) -> str:
        return f"MLClient(workspace_name={self.workspace_name!r}, folder={str(self._workspace.path)!r})"


class WorkspaceOperations:
    """The one workspace."""

    def __init__(self, ml_client: MLClient) -> None:
        self._client = ml_client

    def get(self, name: str | None = None, **_: Any) -> entities.Workspace:
        """The workspace of this machine, under that name."""
        at = self._client
        names = {"resource_group": at.resource_group_name, "subscription_id": at.subscription_id}
        names["mlflow_tracking_uri"] = mlflow_folder(at._workspace.path)
        return entities.Workspace(name=name or at.workspace_name, location="local", **names)

    def list(self, **_: Any) -> Iterator[entities.Workspace]:
        """It alone."""
        yield self.get()


def load_environment(source: Any, **_: Any) -> entities.Environment:
    """The environment in a YAML file."""
    from overdrive.compat.sweep_yaml import read_document  # noqa: PLC0415  (PyYAML)

    document = read_document(source)
    said = {name: value for name, value in document.data.items() if name != "$schema"}
    if isinstance(said.get("conda_file"), str):
        said["conda_file"] = str(document.folder / said["conda_file"])
    return entities.Environment(**said)


def pipeline(*args: Any, **_: Any) -> Any:
    """Azure's decorator of pipelines: they do not run here.

    The function that it decorates raises AzureOnlyException when it is called.
    """

    def decorate(function: Any) -> Any:
        def refuse(*_: Any, **__: Any) -> Any:
            raise AzureOnlyException(
                f"pipeline {function.__name__} does not run here: it takes a command or a sweep",
                field="pipeline",
                hint="submit its sweep step alone: ml_client.jobs.create_or_update(step.sweep(…))",
            )

        return refuse

    return decorate(args[0]) if args and callable(args[0]) else decorate
