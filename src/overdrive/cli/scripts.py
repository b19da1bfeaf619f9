"""What is said where a script was named that is none."""

from pathlib import Path

from overdrive.errors import SpecError


def no_script(field: str, given: str, hint: str) -> SpecError:
    """What to raise where `given`, which the argument `field` names, is no file."""
    what = "is a folder, not a script" if Path(given).is_dir() else "names no file"
    return SpecError(f"{field}: {given!r} {what}", field=field, value=given, allowed="the path of a file", hint=hint)
