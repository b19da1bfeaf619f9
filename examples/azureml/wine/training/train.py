"""A classifier of wines by their chemistry, as its training script was written for Azure ML. Needs scikit-learn."""

import argparse

import joblib
from azureml.core.run import Run
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

parser = argparse.ArgumentParser()
parser.add_argument("--kernel", default="rbf")
parser.add_argument("--penalty", type=float, default=1.0)
args = parser.parse_args()

run = Run.get_context()
run.log("Kernel type", args.kernel)
run.log("Penalty", args.penalty)

X, y = load_wine(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.4, random_state=0, stratify=y)
model = make_pipeline(StandardScaler(), SVC(kernel=args.kernel, C=args.penalty)).fit(X_train, y_train)
run.log("Accuracy", model.score(X_test, y_test))
joblib.dump(model, "outputs/model.joblib")
