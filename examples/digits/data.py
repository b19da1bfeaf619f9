"""The handwritten digits that come with scikit-learn, as training and validation data."""

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split


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
