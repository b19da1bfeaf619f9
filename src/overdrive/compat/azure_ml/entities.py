"""What `azure.ai.ml` and its `entities` name beside jobs: inputs and outputs, and what is kept by name."""

from overdrive.compat.azure_ml.saying import Said


class Input(Said):
    """An input: a value's type, or a file or folder by `path`."""

    FIELDS = ("type", "path", "mode", "default", "optional", "min", "max", "enum", "description")


class Output(Said):
    """An output: a folder, or with type='uri_file' a path, below the trial's outputs/."""

    FIELDS = ("type", "path", "mode", "description")


class Named(Said):
    """What a workspace keeps by name. KIND is where; a name and version make its id."""

    KIND = ""
    FIELDS = ("name", "version", "description", "tags", "properties")

    @property
    def id(self) -> str:
        """`name:version`."""
        return f"{self.name}:{self.version}"


class Environment(Named):
    """Kept as it is said: trials run in the Python that submits them, or the one that the command line names, unless
    OVERDRIVE_BUILD_ENVIRONMENT=1 builds what its conda file names."""

    KIND = "environments"
    FIELDS = (*Named.FIELDS, "image", "conda_file", "build", "datastore")


class Data(Named):
    """A file or folder of this machine under a name: `azureml:name:version`, or its `id`, is its path in an input."""

    KIND = "data"
    FIELDS = (*Named.FIELDS, "path", "type")


class Model(Named):
    """A model: files of this machine, or `azureml://jobs/<run>/outputs/artifacts/paths/<path>` of a run."""

    KIND = "models"
    FIELDS = (*Named.FIELDS, "path", "type", "flavors", "utc_time_created")


class Compute(Named):
    """A compute by name: it is this machine, whatever it is called."""

    KIND = "compute"
    FIELDS = (*Named.FIELDS, "type", "size", "min_instances", "max_instances", "tier", "provisioning_state", "location")


class AmlCompute(Compute):
    """A cluster by name."""


class ComputeInstance(Compute):
    """A machine by name."""


class Workspace(Named):
    """The workspace of this machine, under a name."""

    KIND = "workspaces"
    FIELDS = (*Named.FIELDS, "location", "resource_group", "subscription_id", "mlflow_tracking_uri", "display_name")


class CommandComponent(Named):
    """A component, as `load_component` gives it."""

    KIND = "components"


class BuildContext(Said):
    """Where an image would be built from."""

    FIELDS = ("dockerfile_path", "path")


class Distribution(Said):
    """How many processes a trial has."""

    FIELDS = ("process_count_per_instance",)


class PyTorchDistribution(Distribution):
    """PyTorch's processes."""

    TYPE = "pytorch"


class MpiDistribution(Distribution):
    """MPI's processes."""

    TYPE = "mpi"


class TensorFlowDistribution(Said):
    """TensorFlow's processes."""

    FIELDS, TYPE = ("parameter_server_count", "worker_count"), "tensorflow"


class JobResourceConfiguration(Said):
    """Machines that Azure would use: kept."""

    FIELDS = ("instance_count", "instance_type", "properties", "docker_args", "shm_size")


class ResourceConfiguration(JobResourceConfiguration):
    """The same, under its older name."""


class QueueSettings(Said):
    """Kept."""

    FIELDS = ("job_tier", "priority")


class Identity(Said):
    """Who a job would be in the cloud: kept."""


class UserIdentityConfiguration(Identity):
    """The submitter."""

    TYPE = "user_identity"


class ManagedIdentityConfiguration(Identity):
    """An identity of Azure's."""

    TYPE = "managed"


class AmlTokenConfiguration(Identity):
    """A token of Azure's."""

    TYPE = "aml_token"


class CodeConfiguration(Said):
    """The code of a deployment: kept."""

    FIELDS = ("code", "scoring_script")


class CloudOnly(Said):
    """What only a cloud has: it can be described here, and is refused where it would be made."""


class ManagedOnlineEndpoint(CloudOnly):
    """An address that serves models."""


class ManagedOnlineDeployment(CloudOnly):
    """A model behind such an address."""


class BatchEndpoint(CloudOnly):
    """An address that takes batches."""


class BatchDeployment(CloudOnly):
    """A model behind such an address."""


class JobService(Said):
    """A service beside a job: kept."""


class AssetTypes:
    """Types of inputs, outputs and assets."""

    URI_FILE = "uri_file"
    URI_FOLDER = "uri_folder"
    MLTABLE = "mltable"
    MLFLOW_MODEL = "mlflow_model"
    CUSTOM_MODEL = "custom_model"
    TRITON_MODEL = "triton_model"


class InputOutputModes:
    """Modes of inputs and outputs: here they are all paths of this machine."""

    MOUNT = "mount"
    DOWNLOAD = "download"
    UPLOAD = "upload"
    RO_MOUNT = "ro_mount"
    RW_MOUNT = "rw_mount"
    EVAL_MOUNT = "eval_mount"
    EVAL_DOWNLOAD = "eval_download"
    DIRECT = "direct"
