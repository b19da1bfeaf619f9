"""What runs inside a trial: the training script's run, and the lines that it appends to its spool.

Lives here: Run and its offline twin, the spool's writer, uploaded files, what trials get on their import path.
May import: nothing of overdrive; the standard library of Python 3.8.
Must not touch: the store, the engine, the network, other trials.
Change together with: store.spool (reads what is written here), trialpath/ and standin/, docs/logging.md.
"""

from overdrive.report.errors import AzureMLException
from overdrive.report.errors import ControlSideMissingError
from overdrive.report.errors import NotHereError
from overdrive.report.errors import NotInTrialError
from overdrive.report.errors import RunEnvironmentException
from overdrive.report.errors import UserErrorException
from overdrive.report.offline import _OfflineRun
from overdrive.report.run import Run
from overdrive.report.run import _SubmittedRun
from overdrive.report.run import get_context
from overdrive.report.writer import append

#: Module → the names that are loaded from it when they are asked for: few trials use them.
_LAZY = {
    "datasets": """
        AbstractDataset AzureBlobDatastore AzureDataLakeGen2Datastore AzureFileDatastore DataPath DataReference
        DataType Dataset DatasetConsumptionConfig Datastore FileDataset
        FileDatasetFactory OutputFileDatasetConfig PromoteHeadersBehavior TabularDataset TabularDatasetFactory
    """,
    "model": "Model",
    "workspace": "Experiment Workspace",
}


def __getattr__(name: str) -> object:
    for module, names in _LAZY.items():
        if name in names.split():
            value = getattr(__import__(f"overdrive.report.{module}", fromlist=[name]), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module 'overdrive.report' has no attribute {name!r}")


__all__ = [
    "AzureMLException",
    "ControlSideMissingError",
    "NotHereError",
    "NotInTrialError",
    "Run",
    "RunEnvironmentException",
    "UserErrorException",
    "_OfflineRun",
    "_SubmittedRun",
    "append",
    "get_context",
]
