"""A package to install without a network."""

import zipfile
from pathlib import Path


def tiny_lines(folder: Path) -> list[str]:
    """Lines for pip that install `tiny` 1.5 (`tiny.answer` is 42) from a wheel, which is made below `folder`."""
    place = folder / "wheels"
    place.mkdir(parents=True)
    with zipfile.ZipFile(place / "tiny-1.5-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tiny.py", "answer = 42\n")
        wheel.writestr("tiny-1.5.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.5\n")
        wheel.writestr("tiny-1.5.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("tiny-1.5.dist-info/RECORD", "")
    # In a requirements file spaces end the address and $(…) would be a variable.
    return ["--no-index", f"--find-links {place.as_uri().replace('$', '%24')}", "tiny==1.5"]
