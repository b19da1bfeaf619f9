"""The same training as train.py, in a script written for Azure ML: nothing in it knows of Overdrive."""

import argparse
import os

import joblib
import numpy as np
from azureml.core.run import Run
from data import load_data
from sklearn.neural_network import MLPClassifier

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, dest="epochs", default=20)
parser.add_argument("--learning_rate", type=float, dest="learning_rate", default=0.05)
parser.add_argument("--momentum", type=float, dest="momentum", default=0.9)
parser.add_argument("--batch_size", type=int, dest="batch_size", default=32)
parser.add_argument("--hidden", type=int, dest="hidden", default=64)
parser.add_argument("--alpha", type=float, dest="alpha", default=1e-4)
args = parser.parse_args()

run = Run.get_context()
run.log("learning rate", args.learning_rate)

X_train, X_test, y_train, y_test = load_data()
model = MLPClassifier(
    hidden_layer_sizes=(args.hidden, args.hidden),
    solver="sgd",
    learning_rate_init=args.learning_rate,
    momentum=args.momentum,
    batch_size=args.batch_size,
    alpha=args.alpha,
    random_state=0,
)
for _ in range(args.epochs):
    model.partial_fit(X_train, y_train, classes=np.arange(10))
    run.log("accuracy", float(model.score(X_test, y_test)))

os.makedirs("outputs", exist_ok=True)
joblib.dump(model, "outputs/digits.pkl")
