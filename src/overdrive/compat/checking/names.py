"""Which names of Azure's SDKs code uses, read from its syntax tree."""

import ast
from collections.abc import Iterator
from collections.abc import Sequence

from overdrive.compat.azureml.coverage import Row
from overdrive.compat.checking.served import SDKS
from overdrive.compat.checking.served import is_module
from overdrive.compat.checking.served import member_row
from overdrive.compat.checking.served import modules
from overdrive.compat.checking.served import name_row
from overdrive.compat.checking.sources import Piece

__all__ = ["find_names"]

#: Methods that give an object of another class than their own.
_GIVES = {
    "Experiment.submit": "HyperDriveRun",
    "Experiment.start_logging": "Run",
    "Run.register_model": "Model",
    "HyperDriveRun.get_best_run_by_primary_metric": "Run",
    "Workspace.get_default_datastore": "Datastore",
    "Model.deploy": "Webservice",
}
#: Methods that give an object of their own class.
_GIVES_OWN = {
    "from_config",
    "get",
    "create",
    "get_context",
    "from_conda_specification",
    "from_pip_requirements",
    "setup",
}


def find_names(pieces: Sequence[Piece]) -> dict[Row, list[str]]:
    """What is said of each name that is used → where it is used. Later pieces know the names of the earlier ones."""
    found: dict[Row, list[str]] = {}
    reader = _Reader()
    for piece in pieces:
        reader.seen.clear()
        reader.visit(piece.tree)
        for node, row in reader.seen:
            places = found.setdefault(row, [])
            if piece.where(node) not in places:
                places.append(piece.where(node))
    return found


def _is_sdk(module: str) -> bool:
    return any(module == sdk or module.startswith(f"{sdk}.") for sdk in SDKS)


class _Reader(ast.NodeVisitor):
    """Follows names from imports through assignments, in the order of the text; branches are not told apart."""

    def __init__(self) -> None:
        self.seen: list[tuple[ast.AST, Row]] = []
        #: Name in the code → ('module', its name), ('class', its name) or ('object', its class).
        self._bound: dict[str, tuple[str, str]] = {}
        self._called: set[int] = set()
        #: Name that a star gave → its module: it counts where it is used.
        self._given_by_star: dict[str, str] = {}

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            if _is_sdk(alias.name):
                self.seen.append((node, name_row(alias.name, "")))
                top = alias.name.partition(".")[0]
                self._bound[alias.asname or top] = ("module", alias.name if alias.asname else top)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        if node.level or not _is_sdk(module):
            return
        for name, bound, is_named in _imported(node, module):
            if is_named:
                self.seen.append((node, name_row(module, name)))
            else:
                self._given_by_star[bound] = module
            full = f"{module}.{name}"
            self._bound[bound] = ("module", full) if is_module(full) else ("class", name)

    def visit_Name(self, node: ast.Name) -> None:
        module = self._given_by_star.pop(node.id, None)
        if module is not None and isinstance(node.ctx, ast.Load):
            self.seen.append((node, name_row(module, node.id)))

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        kind = self._kind(node.value)
        for target in node.targets:
            if isinstance(target, ast.Name):
                self._bind(target.id, kind)
            else:
                self.visit(target)

    def _bind(self, name: str, kind: tuple[str, str] | None) -> None:
        if kind is None:
            self._bound.pop(name, None)
        else:
            self._bound[name] = kind

    def visit_Call(self, node: ast.Call) -> None:
        self._called.add(id(node.func))
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self.generic_visit(node)
        base = self._kind(node.value)
        if base is None:
            return
        kind, name = base
        if kind == "module":
            if not is_module(f"{name}.{node.attr}") and not _is_namespace(f"{name}.{node.attr}"):
                self.seen.append((node, name_row(name, node.attr)))
        else:
            row = member_row(name, node.attr, id(node) in self._called)
            if row is not None:
                self.seen.append((node, row))

    def _kind(self, node: ast.AST) -> tuple[str, str] | None:
        """What an expression is, as far as it can be told."""
        if isinstance(node, ast.Name):
            return self._bound.get(node.id)
        if isinstance(node, ast.Attribute):
            base = self._kind(node.value)
            if base is None or base[0] != "module":
                return None
            full = f"{base[1]}.{node.attr}"
            return ("module", full) if is_module(full) or _is_namespace(full) else ("class", node.attr)
        return self._given(node.func) if isinstance(node, ast.Call) else None

    def _given(self, called: ast.expr) -> tuple[str, str] | None:
        """What a call gives."""
        kind = self._kind(called)
        if kind is not None:
            return ("object", kind[1]) if kind[0] == "class" else None
        owner = self._kind(called.value) if isinstance(called, ast.Attribute) else None
        if not isinstance(called, ast.Attribute) or owner is None or owner[0] == "module":
            return None
        given = owner[1] if called.attr in _GIVES_OWN else _GIVES.get(f"{owner[1]}.{called.attr}")
        return ("object", given) if given else None


def _is_namespace(name: str) -> bool:
    """Whether modules of an SDK lie below it."""
    return any(module.startswith(f"{name}.") for module in modules())


def _imported(node: ast.ImportFrom, module: str) -> Iterator[tuple[str, str, bool]]:
    """(name, the name that it gets, whether it is named) of each name; a star gives all that the module has here."""
    for alias in node.names:
        if alias.name != "*":
            yield alias.name, alias.asname or alias.name, True
        elif is_module(module):
            yield from ((name, name, False) for name in modules()[module] if not name.startswith("_"))
        else:
            yield "*", "*", True
