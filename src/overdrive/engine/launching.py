"""From a planned trial to what compute starts: arguments, environment, the trial's own file."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from overdrive.compute import Launch
from overdrive.compute.local.ranks import wrap
from overdrive.engine.inputs import describe_inputs
from overdrive.engine.inputs import fill_arguments
from overdrive.engine.inputs import input_values
from overdrive.engine.inputs import input_variables
from overdrive.engine.inputs import make_outputs
from overdrive.engine.trials import Trial
from overdrive.host.files import make_private
from overdrive.host.files import write_json
from overdrive.host.interpreters import can_import
from overdrive.host.slots import Slot
from overdrive.records import SweepSpec
from overdrive.records import fill_template
from overdrive.records import flat_arguments
from overdrive.records import script_arguments
from overdrive.records import trial_arguments
from overdrive.report.paths import trial_path
from overdrive.report.ranks import VARIABLES as RANK_VARIABLES

#: Variables that numeric libraries read for the size of their thread pools.
THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
#: Variables by which CUDA and ROCm learn which GPUs are theirs.
GPU_VARIABLES = ("CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES")
#: Azure's name for where the outputs of the trial lie that a trial goes on with.
MODEL_LOCATION = "AZUREML_DATAREFERENCE_MODEL_LOCATION"
#: What launchers tell each of their processes: those that give ranks, and the rest of torchrun's and Slurm's.
_LAUNCHER_VARIABLES = frozenset(
    [
        *(name for pair in RANK_VARIABLES for name in pair),
        *("LOCAL_RANK", "LOCAL_WORLD_SIZE", "GROUP_RANK", "GROUP_WORLD_SIZE", "ROLE_RANK", "ROLE_WORLD_SIZE"),
        *("MASTER_ADDR", "MASTER_PORT", "SLURM_LOCALID", "SLURM_NODEID", "SLURM_NPROCS", "SLURM_STEP_NUM_TASKS"),
    ]
)
#: Where MLflow logs inside a trial: see `overdrive.interop.mlflow_store`.
MLFLOW_URI = "overdrive://trial"
_MLFLOW_VARIABLES = ("MLFLOW_EXPERIMENT_ID", "MLFLOW_EXPERIMENT_NAME", "MLFLOW_REGISTRY_URI", "MLFLOW_RUN_ID")
_LAUNCHER_PREFIXES = ("OMPI_COMM_WORLD_", "PMI_", "PMIX_", "TORCHELASTIC_", "OVERDRIVE_TRIAL")


class Launcher:
    """Makes the `Launch` of each attempt of one sweep.

    environment: what trials get besides what is said here; default this process's own.
    """

    def __init__(self, spec: SweepSpec, folder: Path, environment: Mapping[str, str] = os.environ) -> None:
        self._spec = spec
        self._folder = str(folder)
        self._workspace = str(folder.parent.parent)
        self._trials = str(folder / "trials")
        self._snapshot = str(folder / "snapshot")
        self._base = self._base_environment(environment)

    def _base_environment(self, given: Mapping[str, str]) -> dict[str, str]:
        """What all trials share: the submitter's environment, the run's own variables, the import path, Azure's
        names."""
        spec = self._spec
        environment = {key: value for key, value in given.items() if not _is_of_launcher(key)}
        for name in _MLFLOW_VARIABLES:
            environment.pop(name, None)  # the submitter's own run and server are not the trial's
        environment.update({"MLFLOW_TRACKING_URI": MLFLOW_URI, **spec.run.environment})
        ours = trial_path(standin=not _has_overdrive(spec.run.interpreter or spec.run.command[0]))
        rest = [part for part in environment.get("PYTHONPATH", "").split(os.pathsep) if part and part not in ours]
        environment["PYTHONPATH"] = os.pathsep.join([*ours, *rest])
        # What a script prints is seen when it prints it: its output is a file, for which Python holds it back.
        environment.setdefault("PYTHONUNBUFFERED", "1")
        # `overdrive log` works in any trial, also where the environment that it lives in is not activated.
        environment["PATH"] = os.pathsep.join(
            filter(None, [environment.get("PATH", os.defpath), os.path.dirname(sys.executable)])
        )
        environment["OVERDRIVE_SWEEP_ID"] = spec.id
        environment["OVERDRIVE_WORKSPACE"] = self._workspace
        if spec.run.restore_numpy_names:
            environment["OVERDRIVE_RESTORE_NUMPY_NAMES"] = "1"
        else:
            environment.pop("OVERDRIVE_RESTORE_NUMPY_NAMES", None)
        environment.update(self._azure_variables())
        return environment

    def _azure_variables(self) -> dict[str, str]:
        """What scripts test for to know whether they are in Azure ML, and libraries use to find the run."""
        spec, name = self._spec, os.path.basename(self._workspace)
        return {
            "AZUREML_EXPERIMENT_NAME": spec.experiment,
            "AZUREML_ARM_PROJECT_NAME": spec.experiment,
            "AZUREML_EXPERIMENT_ID": spec.experiment,
            "AZUREML_ARM_WORKSPACE_NAME": name,
            "AZUREML_WORKSPACE_ID": name,
            "AZUREML_ARM_SUBSCRIPTION": "local",
            "AZUREML_ARM_RESOURCEGROUP": "local",
            "AZUREML_ROOT_RUN_ID": spec.id,
            "AZUREML_SERVICE_ENDPOINT": "local",
            "AZUREML_RUN_TOKEN": "local",
            "AZUREML_RUN_TOKEN_EXPIRY": "4102444800",  # the year 2100
        }

    def trial_folder(self, number: int) -> str:
        return f"{self._trials}/{number}"

    def tag(self, number: int, attempt: int) -> str:
        """The text by which every process of an attempt can be found."""
        return f"{self._spec.id}/{number}/{attempt}"

    def launch(self, trial: Trial, attempt: int, threads: int) -> Launch:
        """What compute needs; writes nothing (see `write_trial_file`)."""
        run = self._spec.run
        folder = self.trial_folder(trial.number)
        return Launch(
            trial=trial.number,
            attempt=attempt,
            folder=folder,
            snapshot=self._snapshot,
            argv=self._in_processes(self._argv(trial)),
            environment=self._environment(trial, attempt, threads),
            tag=self.tag(trial.number, attempt),
            grace_s=run.grace_s,
            log_cap_bytes=run.log_cap_bytes,
            keep_work=run.keep_work,
            max_run_duration_s=run.max_run_duration_s,
            slot=None,
        )

    def _argv(self, trial: Trial) -> list[str]:
        run = self._spec.run
        own = (*run.command, *self._own_arguments(trial.number))
        words = fill_arguments(own, run.inputs, self._input_values(trial.number))
        if run.argument_style == "template":
            outputs = {f"outputs.{name}": path for name, path in self._named_outputs(trial.number).items()}
            return fill_template(words, trial.configuration, {**run.bindings, **outputs})
        return trial_arguments(words, trial.configuration)

    def _in_processes(self, argv: list[str]) -> list[str]:
        """What runs `argv` as often as the run asks for: the shim starts one program in any case."""
        run = self._spec.run
        if run.distribution is None:
            return argv
        return wrap(sys.executable, {**run.distribution, "processes": run.processes, "grace_s": run.grace_s}, argv)

    def _named_outputs(self, number: int) -> dict[str, str]:
        """The paths of a template's outputs."""
        return {name: f"{self._outputs(number)}/{name}" for name in self._spec.run.outputs}

    def _outputs(self, number: int) -> str:
        return f"{self.trial_folder(number)}/work/outputs"

    def _own_arguments(self, number: int) -> tuple[str, ...]:
        return script_arguments(self._spec, number, self._outputs(number))

    def _resumed_from(self, number: int) -> dict | None:
        """What trial.json says of the earlier trial that this one goes on with."""
        if number >= len(self._spec.resume_children):
            return None
        earlier = self._spec.resume_children[number]
        run_id = f"{earlier['sweep']}_{earlier['trial']}"
        return {**earlier, "run_id": run_id, "outputs": self._outputs(number)}

    def _environment(self, trial: Trial, attempt: int, threads: int) -> dict[str, str]:
        folder, run_id = self.trial_folder(trial.number), self.run_id(trial.number)
        environment = dict(self._base)
        share = max(1, threads // self._spec.run.processes)
        for name in THREAD_VARIABLES:
            environment.setdefault(name, str(share))
        if share == 1:
            # Of no account to what keeps to its one thread. What starts more (XGBoost before 1.6: one for each core
            # of the machine) would have them wait for each other by spinning, on cores that other trials hold.
            environment.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        environment.update(input_variables(self._spec.run.inputs, self._input_values(trial.number)))
        for name, path in self._named_outputs(trial.number).items():
            environment[f"AZURE_ML_OUTPUT_{name}"] = path
        environment["OVERDRIVE_METRICS"] = f"{folder}/spool.{attempt}.jsonl"
        environment["OVERDRIVE_TRIAL"] = f"{folder}/trial.json"
        environment["OVERDRIVE_RUN_ID"] = environment["AZUREML_RUN_ID"] = run_id
        if environment.get("MLFLOW_TRACKING_URI") == MLFLOW_URI:
            environment["MLFLOW_RUN_ID"] = run_id
        environment["OVERDRIVE_ATTEMPT"] = self.tag(trial.number, attempt)
        if self._resumed_from(trial.number):
            environment[MODEL_LOCATION] = self._outputs(trial.number)
        return environment

    def _input_values(self, number: int) -> dict[str, str]:
        return input_values(self._spec.run.inputs, self._folder, self.run_id(number))

    def run_id(self, number: int) -> str:
        return self._spec.id if self._spec.kind == "run" else f"{self._spec.id}_{number}"

    def write_trial_file(self, trial: Trial, attempt: int) -> None:
        """Makes the trial's folder and trial.json: what the script may know of itself. Raises OSError when the disk
        refuses it."""
        spec, folder = self._spec, self.trial_folder(trial.number)
        values = self._input_values(trial.number)
        make_private(folder)
        make_outputs(spec.run.inputs, values)
        for name, path in self._named_outputs(trial.number).items():
            make_private(path if spec.run.outputs[name] == "folder" else os.path.dirname(path))
        write_json(
            f"{folder}/trial.json",
            {
                "sweep": spec.id,
                "parent": spec.extra.get("parent"),
                "trial": trial.number,
                "run_id": self.run_id(trial.number),
                "attempt": attempt,
                "experiment": spec.experiment,
                "workspace": self._workspace,
                "configuration": trial.configuration,
                "metric": spec.metric.to_json() if spec.metric else None,
                "arguments": flat_arguments(self._own_arguments(trial.number), trial.configuration),
                "snapshot": self._snapshot,
                "resumed_from": self._resumed_from(trial.number),
                "inputs": describe_inputs(spec.run.inputs, values),
                "url_map": spec.run.url_map,
            },
        )


def give_slot(launch: Launch, slot: Slot) -> None:
    """Puts the slot into the launch; its GPUs are all that the trial sees."""
    launch.slot = slot
    if slot.gpus:
        for name in GPU_VARIABLES:
            launch.environment[name] = ",".join(slot.gpus)
        # CUDA's own order is by speed; the numbers of slots are nvidia-smi's, by bus.
        launch.environment["CUDA_DEVICE_ORDER"] = "PCI_BUS_ID"


def _is_of_launcher(name: str) -> bool:
    """Whether the variable says which process of a launcher's the submitter is, or which trial.

    A trial that was submitted from inside torchrun, mpirun or srun is one process, not one of theirs: by their
    variables it would take itself for another rank, whose values are no intervals, or wait for the others.
    """
    return name in _LAUNCHER_VARIABLES or name.startswith(_LAUNCHER_PREFIXES)


def _has_overdrive(program: str) -> bool:
    """Whether `program` is a Python that imports the real overdrive; other programs need no stand-in either."""
    if os.path.realpath(program) == os.path.realpath(sys.executable) and program == sys.executable:
        return True
    if not os.path.basename(program).startswith("python"):
        return True
    try:
        return can_import(program, "overdrive.report")
    except OSError:
        return True  # it will not start either, and then the trial says why
