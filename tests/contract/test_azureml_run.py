"""Members of azureml-core's Run: their names and arguments, in Azure's order, on a trial, a single run and a sweep."""

import inspect

import pytest

from overdrive.compat import azureml

#: Member → its arguments without self; from azureml-core 1.61.
RUN = {
    "add_properties": "properties",
    "cancel": "",
    "child_run": "name run_id outputs",
    "complete": "_set_status",
    "create_children": "count tag_key tag_values",
    "download_file": "name output_file_path _validate_checksum",
    "download_files": "prefix output_directory output_paths batch_size append_prefix timeout_seconds",
    "fail": "error_details error_code _set_status",
    "flush": "timeout_seconds",
    "get_all_logs": "destination",
    "get_children": "recursive tags properties type status _rehydrate_runs",
    "get_detailed_status": "",
    "get_details": "",
    "get_details_with_logs": "",
    "get_environment": "",
    "get_file_names": "",
    "get_metrics": "name recursive run_type populate",
    "get_portal_url": "",
    "get_properties": "",
    "get_snapshot_id": "",
    "get_status": "",
    "get_tags": "",
    "log": "name value description step",
    "log_accuracy_table": "name value description",
    "log_confusion_matrix": "name value description",
    "log_image": "name path plot description",
    "log_list": "name value description",
    "log_predictions": "name value description",
    "log_residuals": "name value description",
    "log_row": "name description",
    "log_table": "name value description",
    "register_model": "model_name model_path tags properties model_framework model_framework_version description "
    "datasets sample_input_dataset sample_output_dataset resource_configuration",
    "remove_tags": "tags",
    "restore_snapshot": "snapshot_id path",
    "set_tags": "tags",
    "submit_child": "config tags",
    "tag": "key value",
    "take_snapshot": "file_or_folder_path",
    "upload_file": "name path_or_stream datastore_name",
    "upload_folder": "name path datastore_name",
    "wait_for_completion": "show_output wait_post_processing raise_on_error",
}
PROPERTIES = """
    description display_name id input_datasets name output_datasets parent properties status tags type
"""
MODEL = {
    "register": "workspace model_path model_name tags properties description datasets model_framework "
    "model_framework_version child_paths sample_input_dataset sample_output_dataset resource_configuration",
    "download": "target_dir exist_ok exists_ok",
    "get_model_path": "model_name version _workspace",
    "delete": "",
    "add_tags": "tags",
    "add_properties": "properties",
    "serialize": "",
}


@pytest.mark.parametrize("kind", [azureml.Run, azureml.HyperDriveRun])
@pytest.mark.parametrize("name", RUN)
def test_methods_of_a_run(kind: type, name: str) -> None:
    assert arguments_of(getattr(kind, name), skip=1) == RUN[name].split()


@pytest.mark.parametrize("name", MODEL)
def test_methods_of_a_model(name: str) -> None:
    static = isinstance(inspect.getattr_static(azureml.Model, name), staticmethod | classmethod)
    assert arguments_of(getattr(azureml.Model, name), skip=0 if static else 1) == MODEL[name].split()


@pytest.mark.parametrize("kind", [azureml.Run, azureml.HyperDriveRun])
@pytest.mark.parametrize("name", PROPERTIES.split())
def test_properties_of_a_run(kind: type, name: str) -> None:
    assert hasattr(kind, name)


@pytest.mark.parametrize("name", ["get", "list", "get_context", "add_type_provider"])
def test_static_methods(name: str) -> None:
    assert callable(getattr(azureml.Run, name))


def test_members_that_only_azure_has() -> None:
    for call in (azureml.Run.get_secret, azureml.Run.get_secrets):
        with pytest.raises(azureml.AzureOnlyException):
            call("x")


def arguments_of(method: object, skip: int) -> list[str]:
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    parameters = list(inspect.signature(method).parameters.values())[skip:]  # type: ignore[arg-type]
    return [each.name for each in parameters if each.kind in positional]
