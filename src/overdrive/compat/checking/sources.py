"""The code that a script, a notebook, a folder or a job file consists of, read and parsed, never run."""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path

import yaml

from overdrive.compat.checking.cell_code import python_of
from overdrive.compat.checking.cell_code import written_file
from overdrive.errors import SpecError

__all__ = ["Piece", "Source", "find_files", "read_source", "scripts_of"]

_SCRIPT = re.compile(r"[\w./-]+\.py\b")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of code that is parsed as one."""

    tree: ast.Module
    #: Number of the cell (`In [n]` when all are run in order), or None in a script.
    cell: int | None = None

    def where(self, node: ast.AST) -> str:
        """Where a node stands, for people: `line 3`, `cell 2, line 3`."""
        line = f"line {getattr(node, 'lineno', 1)}"
        return line if self.cell is None else f"cell {self.cell}, {line}"


@dataclass(slots=True)
class Source:
    """What was read of one file."""

    path: Path
    #: How it is shown: the path, or what a notebook writes.
    name: str
    pieces: list[Piece] = field(default_factory=list)
    #: Scripts that the notebook writes: name → text.
    written: dict[str, str] = field(default_factory=dict)
    #: Other files that it writes, such as conda files: name → text.
    texts: dict[str, str] = field(default_factory=dict)
    #: Why it, or a part of it, cannot be read; a sentence each.
    problems: list[str] = field(default_factory=list)
    #: Whether a notebook writes it: it is no file yet.
    written_by_notebook: bool = False
    #: Scripts that a job file runs.
    commanded: list[Path] = field(default_factory=list)

    def add(self, code: str, cell: int | None = None) -> None:
        """Parses a stretch of code; what cannot be parsed is a problem."""
        try:
            self.pieces.append(Piece(ast.parse(code), cell))
        except (SyntaxError, ValueError) as error:
            line = f"line {getattr(error, 'lineno', None) or 1}"
            where = line if cell is None else f"cell {cell}, {line}"
            self.problems.append(f"{where} cannot be read as Python 3: {str(error).partition(' (')[0]}")


def find_files(path: Path) -> list[Path]:
    """The file, or the scripts, notebooks and job files below a folder. Raises SpecError where there is none."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise SpecError(
            f"{str(path)!r} names no file and no folder",
            field="FILE",
            value=str(path),
            allowed="a script, a notebook or a folder",
            hint="give a script, a notebook or a folder",
        )
    found = [file for file in sorted(path.rglob("*")) if file.is_file() and not _is_hidden(file.relative_to(path))]
    return [file for file in found if file.suffix in (".py", ".ipynb") or _is_job(file)]


def read_source(path: Path) -> Source:
    """Reads a file by its ending. What cannot be read is a problem of the source."""
    source = Source(path, str(path))
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        source.problems.append(f"it cannot be read: {error}")
        return source
    if path.suffix == ".ipynb":
        _read_notebook(source, text)
    elif path.suffix in (".yml", ".yaml"):
        _read_job(source, text)
    else:
        source.add(text)
    return source


def scripts_of(source: Source) -> Iterator[Source]:
    """The training scripts that a source names: those that lie where it says, and those that a notebook writes."""
    for name, text in source.written.items():
        script = Source(source.path.parent / Path(name).name, f"{source.name}: {name}", written_by_notebook=True)
        script.add(text)
        yield script
    folder = source.path.parent
    texts = {
        node.value
        for piece in source.pieces
        for node in ast.walk(piece.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and 0 < len(node.value) < 200
    }
    names = {text for text in texts if text.endswith(".py") and "\n" not in text}
    folders = [folder, *(folder / text for text in sorted(texts) if "\n" not in text and _is_folder(folder / text))]
    files = [place / name for name in sorted(names) for place in folders if _is_file(place / name)]
    for path in dict.fromkeys(file.resolve() for file in [*files, *source.commanded]):
        if path != source.path.resolve():
            yield read_source(_shown(path))


def _read_notebook(source: Source, text: str) -> None:
    try:
        cells = json.loads(text)["cells"]
        codes = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (ValueError, KeyError, TypeError):
        source.problems.append("it cannot be read as a notebook of version 4")
        return
    for number, code in enumerate(filter(str.strip, codes), 1):
        found = written_file(code)
        if found is None:
            source.add(python_of(code), number)
        elif found[0].endswith(".py"):
            source.written[found[0]] = found[1]
        else:
            source.texts[found[0]] = found[1]


def _read_job(source: Source, text: str) -> None:
    """The scripts that the command of a job file names; whether the job can run, `findings` asks its own reader."""
    try:
        job = yaml.safe_load(text)
    except yaml.YAMLError:
        return
    trial = job.get("trial", job) if isinstance(job, dict) else None
    if isinstance(trial, dict) and isinstance(trial.get("command"), str):
        code = source.path.parent / str(trial.get("code", "."))
        source.commanded = [code / name for name in _SCRIPT.findall(trial["command"]) if _is_file(code / name)]


def _is_job(path: Path) -> bool:
    if path.suffix not in (".yml", ".yaml"):
        return False
    text = path.read_text(encoding="utf-8", errors="replace")
    return re.search(r"^type:\s*(sweep|command)\b|/(sweepJob|commandJob)\.schema\.json", text, re.MULTILINE) is not None


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts) or path.name.endswith(".executed.ipynb")


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _shown(path: Path) -> Path:
    """As seen from here, where it lies below."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
