"""The local back end passes the contract of all back ends, with and without inotify."""

from pathlib import Path

import pytest

from overdrive.compute.local import LocalCompute
from overdrive.compute.local import folders
from overdrive.host.slots import SlotPool
from overdrive.host.watch import PolledWatch
from overdrive.testing import ComputeContract


class TestLocalCompute(ComputeContract):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.top = tmp_path

    def new_folder(self) -> Path:
        folder = self.top / 'a sweep\'s "folder" ü'
        folder.mkdir()
        return folder

    def make(self, sweep: Path) -> LocalCompute:
        return LocalCompute(str(sweep), SlotPool())


class TestWithoutInotify(TestLocalCompute):
    """As on macOS, and where a user has no instance left."""

    @pytest.fixture(autouse=True)
    def _look_instead(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(folders, "open_watch", PolledWatch)
