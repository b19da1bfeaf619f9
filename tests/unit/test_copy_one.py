"""One file of a run, copied out."""

from pathlib import Path

import pytest

from overdrive.client.files import copy_one
from overdrive.errors import NotFoundError


@pytest.mark.parametrize("name", ["outputs/model.pkl", "./outputs/model.pkl", "outputs//model.pkl"])
def test_a_file_is_found_as_its_script_wrote_it(tmp_path: Path, name: str) -> None:
    (tmp_path / "kept").write_text("model")
    files = {"outputs/model.pkl": tmp_path / "kept"}
    assert copy_one(files, name, tmp_path / "copy", "HD_1_0").read_text() == "model"
    with pytest.raises(NotFoundError, match="no file"):
        copy_one(files, "./model.pkl", tmp_path / "copy", "HD_1_0")
