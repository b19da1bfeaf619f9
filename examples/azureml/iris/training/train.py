"""Nearest neighbours on Fisher's iris flowers; data, metrics and model by Azure ML's names."""

import argparse
import json

import numpy as np
from azureml.core import Dataset
from azureml.core import Run
from azureml.data.dataset_factory import TabularDatasetFactory

#: Where the data once was; overdrive-map.json, beside the control script, says where it is now.
URL = "https://example.org/data/iris.csv"

parser = argparse.ArgumentParser()
parser.add_argument("--data", default=None, help="id of a dataset; without one, the data is read from its URL")
parser.add_argument("--k", type=int, default=5)
parser.add_argument("--power", type=float, default=2.0, help="of Minkowski's distance")
args = parser.parse_args()

run = Run.get_context()
if args.data:
    dataset = Dataset.get_by_id(run.experiment.workspace, args.data)
else:
    dataset = TabularDatasetFactory.from_delimited_files(URL)
train, test = (part.to_pandas_dataframe() for part in dataset.random_split(0.7, seed=1))

labels = sorted(train["species"].unique())
known, answers = train.drop(columns="species").to_numpy(), train["species"].to_numpy()
matrix = np.zeros((len(labels), len(labels)), int)
for number, species in enumerate(test["species"]):
    features = test.drop(columns="species").to_numpy()[number]
    distances = (np.abs(known - features) ** args.power).sum(axis=1)
    nearest = list(answers[np.argsort(distances, kind="stable")[: args.k]])
    found = max(labels, key=nearest.count)
    matrix[labels.index(species), labels.index(found)] += 1

run.log("Number of neighbours:", np.int64(args.k))
run.log_confusion_matrix(
    "confusion",
    {
        "schema_type": "confusion_matrix",
        "schema_version": "1.0.0",
        "data": {"class_labels": labels, "matrix": matrix.tolist()},
    },
)
for number, label in enumerate(labels):
    run.log_row("recall", species=label, recall=matrix[number, number] / matrix[number].sum())
run.log("accuracy", matrix.trace() / matrix.sum())

with open("outputs/model.json", "w") as file:  # outputs/ is there, and kept
    json.dump({"k": args.k, "power": args.power, "labels": labels}, file)
run.register_model("iris", "outputs/model.json", tags={"k": args.k})
run.complete()
