"""Train a small neural network to read handwritten digits, and log its validation accuracy after each epoch.

An ordinary training script: it runs by itself too (`python train.py --learning_rate 0.1`). Overdrive needs two lines of
it: `run = Run.get_context()` and `run.log("accuracy", ...)`.
"""

import argparse

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

from overdrive import Run


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--learning_rate", type=float, default=0.05)
    parser.add_argument("--momentum", type=float, default=0.9)
    parser.add_argument("--batch_size", type=int, default=32)
    parser.add_argument("--hidden", type=int, default=64)
    parser.add_argument("--alpha", type=float, default=1e-4, help="strength of the L2 penalty")
    return parser.parse_args()


def load_data() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Training and validation images (float64[n, 64], 0 to 1), then training and validation labels (int64[n]).

    The training images come five times: as they are, and moved by one pixel to each side.
    """
    digits = load_digits()
    images, unseen_images, labels, unseen_labels = train_test_split(
        digits.images / 16, digits.target, test_size=0.3, stratify=digits.target, random_state=0
    )
    moved = [images] + [np.roll(images, step, axis) for axis in (1, 2) for step in (-1, 1)]
    return np.concatenate(moved).reshape(-1, 64), unseen_images.reshape(-1, 64), np.tile(labels, 5), unseen_labels


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
    # outputs/ is there before the script starts and is kept with the trial.
    np.savez("outputs/network.npz", *network.coefs_, *network.intercepts_)


if __name__ == "__main__":
    main()
