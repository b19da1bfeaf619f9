"""A support vector machine on scikit-learn's wine data, for the jobs beside it."""

import argparse
import json
from pathlib import Path

from sklearn.datasets import load_wine
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from overdrive import Run

parser = argparse.ArgumentParser()
parser.add_argument("--features", type=Path, help="text file with the names of the columns to use, one a line")
parser.add_argument("--c", type=float, default=1.0)
parser.add_argument("--kernel", default="rbf")
parser.add_argument("--folds", type=int, default=5)
parser.add_argument("--model", type=Path, help="folder for what was found")
args = parser.parse_args()

wine = load_wine(as_frame=True)
columns = args.features.read_text().split()
model = make_pipeline(StandardScaler(), SVC(C=args.c, kernel=args.kernel))

run = Run.get_context()
scores = []
for fold in cross_val_score(model, wine.data[columns], wine.target, cv=args.folds):
    scores.append(float(fold))
    run.log("accuracy", sum(scores) / len(scores))

found = {"c": args.c, "kernel": args.kernel, "accuracy": sum(scores) / len(scores)}
(args.model / "found.json").write_text(json.dumps(found))
print(found)
