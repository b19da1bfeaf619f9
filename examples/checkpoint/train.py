"""Train a small neural network to read handwritten digits, with a checkpoint after each epoch.

A trial that was cut short can be gone on with: Overdrive puts what it left in outputs/ into outputs/ of a new trial,
and adds `--resume-from <that folder>` to the arguments. Everything that training depends on is in the checkpoint, so
the new trial does what the old one would have done, and its curve is the rest of the same curve. `step=epoch` says
where: an epoch that had been logged, but had not got its checkpoint yet, is trained again and not counted twice.
"""

import argparse
import os
import time

import numpy as np
from sklearn.datasets import load_digits

from overdrive import Run

CHECKPOINT = "checkpoint.npz"


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--learning_rate", type=float, default=0.1)
    parser.add_argument("--hidden", type=int, default=32)
    parser.add_argument("--pause", type=float, default=0.0, help="seconds an epoch, for a training that takes longer")
    parser.add_argument("--resume-from", default=None, help="folder with the checkpoint to go on from")
    return parser.parse_args()


def begin(hidden: int) -> dict[str, np.ndarray]:
    """Weights and velocities of an untrained network, and the epochs behind it."""
    rng = np.random.default_rng(0)
    first, second = rng.normal(0, 0.15, (64, hidden)), rng.normal(0, 0.15, (hidden, 10))
    velocities = {"velocity_1": np.zeros_like(first), "velocity_2": np.zeros_like(second)}
    return {"epoch": np.array(0), "weights_1": first, "weights_2": second, **velocities}


def load(folder: str | None, hidden: int) -> dict[str, np.ndarray]:
    """The checkpoint in `folder`; where there is none, an untrained network."""
    path = os.path.join(folder or "", CHECKPOINT)
    if not folder or not os.path.exists(path):
        return begin(hidden)
    with np.load(path) as file:
        state = dict(file)
    print(f"going on behind epoch {state['epoch']}", flush=True)
    return state


def save(state: dict[str, np.ndarray]) -> None:
    """A checkpoint is whole or absent: the trial may end at any moment."""
    os.makedirs("outputs", exist_ok=True)
    np.savez("outputs/new.npz", **state)
    os.replace("outputs/new.npz", f"outputs/{CHECKPOINT}")


def train(state: dict[str, np.ndarray], images: np.ndarray, labels: np.ndarray, learning_rate: float) -> None:
    """One epoch of gradient descent with momentum, in an order that depends on the epoch alone."""
    order = np.random.default_rng(int(state["epoch"])).permutation(len(images))
    for batch in np.array_split(order, 40):
        x, wanted = images[batch], np.eye(10)[labels[batch]]
        hidden = np.tanh(x @ state["weights_1"])
        scores = hidden @ state["weights_2"]
        likely = np.exp(scores - scores.max(1, keepdims=True))
        error = (likely / likely.sum(1, keepdims=True) - wanted) / len(batch)
        gradient_1 = x.T @ (error @ state["weights_2"].T * (1 - hidden**2))
        for name, gradient in (("1", gradient_1), ("2", hidden.T @ error)):
            state[f"velocity_{name}"] = 0.9 * state[f"velocity_{name}"] - learning_rate * gradient
            state[f"weights_{name}"] = state[f"weights_{name}"] + state[f"velocity_{name}"]
    state["epoch"] = state["epoch"] + 1


def main() -> None:
    args = parse_arguments()
    run = Run.get_context()
    digits = load_digits()
    images, labels = digits.data / 16, digits.target
    state = load(args.resume_from, args.hidden)
    while state["epoch"] < args.epochs:
        train(state, images[:1200], labels[:1200], args.learning_rate)
        guesses = np.argmax(np.tanh(images[1200:] @ state["weights_1"]) @ state["weights_2"], axis=1)
        accuracy = float(np.mean(guesses == labels[1200:]))
        run.log("accuracy", accuracy, step=int(state["epoch"]))
        print(f"epoch {state['epoch']}: accuracy {accuracy:.4f}", flush=True)
        time.sleep(args.pause)
        save(state)


if __name__ == "__main__":
    main()
