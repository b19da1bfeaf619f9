"""The house's own rules: sizes, rooms, words, and documentation that is complete."""

import ast
import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "overdrive"
FILES = sorted(SOURCE.rglob("*.py"))
#: Folders of data for trials; not rooms.
NOT_ROOMS = {"trialpath", "standin", "__pycache__"}
ROOMS = sorted({path.relative_to(SOURCE).parts[0] for path in FILES if path.parent != SOURCE} - NOT_ROOMS)
FORBIDDEN_NAMES = frozenset("utils util common helper helpers core base misc manager handler job worker".split())
#: Azure's own module names, which scripts import.
AZURE_NAMES = {"trialpath", "compat"}
ROOM_LINES = ("Lives here: ", "May import: ", "Must not touch: ", "Change together with: ")
#: The words of docs/architecture.md and of the code; each is explained once, in docs/glossary.md.
WORDS = """
    workspace experiment sweep trial configuration space expression sampler policy verdict interval curve spool shim
    engine slot attempt outcome journal projection mailbox snapshot room
""".split()


def _identify(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _tracked() -> list[Path]:
    """The files under version control, or without git (a source archive) those of the usual folders."""
    listed = subprocess.run(["git", "-C", ROOT, "ls-files", "-z"], capture_output=True, check=False)
    if listed.returncode == 0:
        return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]
    found = [path for top in ("src", "docs", "tests", "examples") for path in (ROOT / top).rglob("*") if path.is_file()]
    return [path for path in found if "__pycache__" not in path.parts]


@pytest.mark.parametrize("path", FILES, ids=_identify)
def test_sizes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 600, "a file has at most 600 lines"
    long = {
        node.name: node.end_lineno - node.lineno + 1
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno - node.lineno + 1 > 60
    }
    assert not long, "a function has at most 60 lines"


@pytest.mark.parametrize("room", ROOMS)
def test_room_says_what_it_is(room: str) -> None:
    module = ast.parse((SOURCE / room / "__init__.py").read_text(encoding="utf-8"))
    docstring = ast.get_docstring(module) or ""
    missing = [line for line in ROOM_LINES if not re.search(rf"^{line}\S", docstring, re.MULTILINE)]
    assert not missing, f"the docstring of overdrive.{room} lacks these lines"
    assigned = [target for node in module.body if isinstance(node, ast.Assign) for target in node.targets]
    names = {target.id for target in assigned if isinstance(target, ast.Name)}
    assert "__all__" in names, f"overdrive.{room} must list its public names in __all__"


def test_names_of_modules() -> None:
    ours = [path for path in FILES if not AZURE_NAMES & set(path.relative_to(SOURCE).parts)]
    wrong = {_identify(path) for path in ours if FORBIDDEN_NAMES & {path.stem.strip("_"), path.parent.name}}
    assert not wrong, "a module says what it answers, not that it helps"


def _imported(path: Path) -> set[str]:
    """The top-level names of all modules that a file imports, inside functions too."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("room", ["report"])
def test_standard_library_only(room: str) -> None:
    """What runs inside a trial may meet any interpreter, with nothing installed."""
    own = f"overdrive.{room}"
    for path in (SOURCE / room).rglob("*.py"):
        foreign = {
            name
            for name in _imported(path)
            if name != own and not name.startswith(f"{own}.") and name.partition(".")[0] not in sys.stdlib_module_names
        }
        assert not foreign, _identify(path)


@pytest.mark.parametrize("word", WORDS)
def test_glossary(word: str) -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert re.search(rf"^\*\*{word}\*\*", text, re.MULTILINE), f"docs/glossary.md does not explain {word}"


def _pages() -> str:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    return "\n".join(page.read_text(encoding="utf-8") for page in pages)


def test_public_names_are_documented() -> None:
    import overdrive

    pages = _pages()
    missing = [name for name in overdrive.__all__ if not re.search(rf"`[^`\n]*\b{name}\b[^`\n]*`", pages)]
    assert not missing, "README.md or docs/*.md must mention each public name in `backticks`"


def test_public_names_exist() -> None:
    import overdrive

    missing = [name for name in overdrive.__all__ if not hasattr(overdrive, name)]
    assert not missing


def _commands(group: object, before: str = "overdrive") -> list[str]:
    """The full names of all commands below a click group that are not hidden."""
    found = []
    for name, command in sorted(getattr(group, "commands", {}).items()):
        if not command.hidden:
            found += [f"{before} {name}", *_commands(command, f"{before} {name}")]
    return found


def test_commands_are_documented() -> None:
    from overdrive.cli import main

    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    commands = _commands(main)
    assert commands, "the command line has commands"
    missing = [command for command in commands if not re.search(rf"{command}\b", page)]
    assert not missing, "docs/cli.md must document each command"


def test_decisions_are_dated() -> None:
    """Decisions are numbered without gaps, have a date, and stand in the list of pages."""
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [path.name[:3] for path in decisions] == [f"{n:03}" for n in range(1, len(decisions) + 1)]
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    for path in decisions:
        assert re.search(r"^Date: \d{4}-\d{2}-\d{2}$", path.read_text(encoding="utf-8"), re.MULTILINE), path.name
        assert path.name in index, f"docs/README.md does not list {path.name}"


def test_pages_are_listed() -> None:
    """docs/README.md leads to each page."""
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert not {page for page in pages if f"]({page})" not in index}


def test_links_between_pages() -> None:
    """Each relative link of a page leads to a file."""
    pages = [path for path in _tracked() if path.suffix == ".md"]
    broken = [
        f"{_identify(page)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if "://" not in target and not target.startswith("mailto:") and not (page.parent / target).exists()
    ]
    assert not broken


def test_contributing_is_short() -> None:
    assert (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").count("\n") <= 120


def test_examples_stand_alone() -> None:
    """Each can be copied by itself: none reaches for its neighbours."""
    scripts = [path for path in _tracked() if path.is_relative_to(ROOT / "examples") and path.suffix == ".py"]
    assert scripts
    reaching = re.compile(r"\.\./\w|HERE\.parent|parents\[|\.parent\.parent")
    assert [_identify(path) for path in scripts if reaching.search(path.read_text(encoding="utf-8"))] == []


def test_no_path_of_a_machine() -> None:
    """No tracked file names a place that only one machine has."""
    places = [str(ROOT), "/root/", "/home/runner", "/Users/", "/opt/", "file://"]
    pattern = re.compile("|".join(rf"(?<![\w.])(?:{re.escape(place)})" for place in places))
    found = []
    for path in set(_tracked()) - {Path(__file__)}:
        text = path.read_bytes().decode("utf-8", "replace")
        found += [f"{_identify(path)}: {match.group()}" for match in pattern.finditer(text)]
    assert not found


def test_import_is_light() -> None:
    """`import overdrive` loads none of what only some users need."""
    code = "import sys, overdrive; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"click", "rich", "sqlite3", "numpy", "asyncio", "http", "subprocess"} & set(done.stdout.split())


def test_report_is_light() -> None:
    """`import overdrive.report` runs in every training script: standard library only, few modules."""
    assert importlib.util.find_spec("overdrive.report") is not None
    code = "import sys; bare = set(sys.modules); import overdrive.report; print(len(set(sys.modules) - bare))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) <= 40
