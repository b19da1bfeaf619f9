"""A sampler of another package's, installed for a test: it looks at the history, and can be told to go wrong."""

from pathlib import Path

import pytest

#: x of trial n is told by how many trials have ended and by the best of them, so that it shows what was known.
FOLLOWER = """
import os

from overdrive.records import Suggestion
from overdrive.sampling import Sampler


class FollowingSampler(Sampler):
    SAMPLING_NAME = "Following"

    def __init__(self, space, seed, properties):
        self.properties = properties

    @classmethod
    def check(cls, space, properties, strict):
        pass

    def suggest(self, history, n):
        self.go_wrong(n)
        if n == self.properties.get("last"):
            return None
        ended = [trial.best for trial in history.ended if trial.best is not None]
        x = round(len(ended) / 10 + max(ended, default=0) / 100 + n / 1000, 6)
        seen = ended and max(ended)
        return Suggestion(trial=n, configuration={"x": x}, reason=f"{len(ended)} ended, the best with {seen}",
                          based_on=history.based_on)

    def go_wrong(self, n):
        marker = self.properties.get("dies_once", "")
        if marker and n == 3 and not os.path.exists(marker):
            open(marker, "w").close()
            os._exit(7)
        if n == self.properties.get("dies_at"):
            os._exit(7)
        if n == self.properties.get("raises_at"):
            raise ValueError("cannot think")
"""


def install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes the sampler "Following" known to this process and to those that it starts."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "following_plug_in.py").write_text(FOLLOWER, encoding="utf-8")
    info = folder / "following_plug_in-1.0.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: following-plug-in\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[overdrive.samplers]\nFollowing = following_plug_in:FollowingSampler\n")
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setenv("PYTHONPATH", str(folder))
