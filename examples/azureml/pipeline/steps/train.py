"""Nearest neighbours on what the step before has split."""

import argparse
import json

import numpy as np
from azureml.core import Run

parser = argparse.ArgumentParser()
parser.add_argument("--neighbours", type=int, default=5)
args = parser.parse_args()

run = Run.get_context()
train, test = (run.input_datasets[name].to_pandas_dataframe() for name in ("train", "test"))
known, answers = train.drop(columns="species").to_numpy(), train["species"].to_numpy()
right = 0
for number, species in enumerate(test["species"]):
    features = test.drop(columns="species").to_numpy()[number]
    nearest = list(answers[np.argsort(((known - features) ** 2).sum(axis=1), kind="stable")[: args.neighbours]])
    right += max(sorted(set(nearest)), key=nearest.count) == species
run.log("accuracy", right / len(test))
with open("outputs/model.json", "w") as file:
    json.dump({"neighbours": args.neighbours, "known": known.tolist(), "answers": list(answers)}, file)
