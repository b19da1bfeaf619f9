"""Train a small neural network to read handwritten digits, and log its validation accuracy after each epoch.

An ordinary training script: it runs by itself too (`python train.py --learning_rate 0.1`). Overdrive needs two lines of
it: `run = Run.get_context()` and `run.log("accuracy", ...)`.
"""

import argparse
import os

import numpy as np
from data import load_data
from sklearn.neural_network import MLPClassifier

from overdrive import Run


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--learning_rate", type=float, default=0.05)
    parser.add_argument("--momentum", type=float, default=0.9)
    parser.add_argument("--batch_size", type=int, default=32)
    parser.add_argument("--hidden", type=int, default=64)
    parser.add_argument("--alpha", type=float, default=1e-4, help="strength of the L2 penalty")
    return parser.parse_args()


def main() -> None:
    args = parse_arguments()
    run = Run.get_context()
    images, unseen_images, labels, unseen_labels = load_data()
    network = MLPClassifier(
        hidden_layer_sizes=(args.hidden, args.hidden),
        solver="sgd",
        learning_rate_init=args.learning_rate,
        momentum=args.momentum,
        batch_size=args.batch_size,
        alpha=args.alpha,
        random_state=0,
    )
    for epoch in range(1, args.epochs + 1):
        network.partial_fit(images, labels, classes=np.arange(10))
        accuracy = network.score(unseen_images, unseen_labels)
        run.log("accuracy", float(accuracy))
        run.log("loss", float(network.loss_))
        print(f"epoch {epoch}: validation accuracy {accuracy:.4f}, training loss {network.loss_:.4f}", flush=True)
    # Files in outputs/ are kept with the trial.
    os.makedirs("outputs", exist_ok=True)
    np.savez("outputs/network.npz", *network.coefs_, *network.intercepts_)


if __name__ == "__main__":
    main()
