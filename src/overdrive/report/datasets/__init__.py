"""Datasets and datastores, for control scripts and trials alike. Standard library, and the trial's own pandas when rows
are read.
"""

from overdrive.report.datasets.columns import DataType
from overdrive.report.datasets.columns import PromoteHeadersBehavior
from overdrive.report.datasets.consumption import DataReference
from overdrive.report.datasets.consumption import DatasetConsumptionConfig
from overdrive.report.datasets.dataset import AbstractDataset
from overdrive.report.datasets.datastore import AzureBlobDatastore
from overdrive.report.datasets.datastore import AzureDataLakeGen2Datastore
from overdrive.report.datasets.datastore import AzureFileDatastore
from overdrive.report.datasets.datastore import DataPath
from overdrive.report.datasets.datastore import Datastore
from overdrive.report.datasets.factory import Dataset
from overdrive.report.datasets.factory import FileDatasetFactory
from overdrive.report.datasets.factory import TabularDatasetFactory
from overdrive.report.datasets.files import FileDataset
from overdrive.report.datasets.outputs import OutputFileDatasetConfig
from overdrive.report.datasets.tabular import TabularDataset

__all__ = [
    "AbstractDataset",
    "AzureBlobDatastore",
    "AzureDataLakeGen2Datastore",
    "AzureFileDatastore",
    "DataPath",
    "DataReference",
    "DataType",
    "Dataset",
    "DatasetConsumptionConfig",
    "Datastore",
    "FileDataset",
    "FileDatasetFactory",
    "OutputFileDatasetConfig",
    "PromoteHeadersBehavior",
    "TabularDataset",
    "TabularDatasetFactory",
]
