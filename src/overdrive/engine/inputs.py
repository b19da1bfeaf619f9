"""The data that a run is given, as a trial meets it: in its arguments, its environment, its own description."""

from collections.abc import Iterable
from collections.abc import Mapping

from overdrive.host.files import make_private


def input_values(inputs: Mapping[str, dict], folder: str, run_id: str) -> dict[str, str]:
    """Name → a path, or for a data set that the script opens itself its id. `folder`: the sweep's."""
    return {name: _value(name, item, folder, run_id) for name, item in inputs.items()}


def _value(name: str, item: dict, folder: str, run_id: str) -> str:
    path = item.get("path")
    if path is None:
        return item["id"]
    if item["kind"] == "output":
        path = path.replace("{run-id}", run_id).replace("{output-name}", name)
    return path if path.startswith("/") else f"{folder}/{path}"


def fill_arguments(arguments: Iterable[str], inputs: Mapping[str, dict], values: Mapping[str, str]) -> tuple[str, ...]:
    """The arguments with the inputs' values in place of what stands for them."""
    known = {item["placeholder"]: values[name] for name, item in inputs.items() if item.get("placeholder")}
    if not known:
        return tuple(arguments)
    return tuple(_filled(argument, known) for argument in arguments)


def _filled(argument: str, known: Mapping[str, str]) -> str:
    if argument in known:
        return known[argument]
    for placeholder in sorted(known, key=len, reverse=True):
        if placeholder.startswith("$"):  # scripts write paths with it: $AZUREML_DATAREFERENCE_x/file.csv
            argument = argument.replace(placeholder, known[placeholder])
    return argument


def input_variables(inputs: Mapping[str, dict], values: Mapping[str, str]) -> dict[str, str]:
    """The variables by which Azure's scripts find their data."""
    return {
        f"{prefix}{name}": values[name] for name in inputs for prefix in ("AZUREML_DATAREFERENCE_", "AZURE_ML_INPUT_")
    }


def describe_inputs(inputs: Mapping[str, dict], values: Mapping[str, str]) -> dict[str, dict]:
    """What trial.json says of them: paths, or definitions where the script opens the data set itself."""
    described = {}
    for name, item in inputs.items():
        kept = {key: value for key, value in item.items() if key not in ("placeholder", "path")}
        if "path" in item:
            kept = {"kind": item["kind"], "mode": item["mode"], "path": values[name]}
        described[name] = kept
    return described


def make_outputs(inputs: Mapping[str, dict], values: Mapping[str, str]) -> None:
    """Makes the folders that the run writes. Raises OSError."""
    for name, item in inputs.items():
        if item["kind"] == "output":
            make_private(values[name])
