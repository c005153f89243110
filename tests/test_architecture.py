import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "ccswitch_py"
SOURCES = sorted(PACKAGE.rglob("*.py"))
OF_CLAUDE_CODE = re.compile(r"ANTHROPIC_[A-Z]|\bCLAUDE_[A-Z]+_[A-Z]|apiKeyHelper|\bsettings\.json")


def place(file: Path) -> str:
    return file.relative_to(PACKAGE).as_posix()


def test_only_targets_know_what_claude_code_reads() -> None:
    others = [file for file in SOURCES if not place(file).startswith("targets/")]
    assert {place(file) for file in others if OF_CLAUDE_CODE.search(file.read_text())} == set()


def test_no_two_classes_share_a_name() -> None:
    statements = [statement for file in SOURCES for statement in ast.parse(file.read_text()).body]
    counts = Counter(one.name for one in statements if isinstance(one, ast.ClassDef) and not one.name.startswith("_"))
    assert {name for name, count in counts.items() if count > 1} == set()


@pytest.mark.parametrize("layer", ["cli", "tui"])
def test_explain_and_the_doctor_are_shown_without_knowing_a_target(layer: str) -> None:
    files = [file for file in (PACKAGE / layer).rglob("*.py") if file.stem in ("explain", "doctor")]
    assert files and not [file for file in files if "targets.claude_code" in file.read_text()]


def test_no_modules_import_each_other_in_a_circle() -> None:
    imports = {module: set(imported(file)) for file in SOURCES for module in [module_name(file)]}
    while leaves := [module for module, needed in imports.items() if not needed & imports.keys()]:
        for module in leaves:
            del imports[module]
    assert imports == {}


def module_name(file: Path) -> str:
    return ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


def imported(file: Path) -> Iterator[str]:
    """The modules of the package that a module imports, also late; not those that only type checkers need."""
    modules = {module_name(one) for one in SOURCES}
    for node in walk_at_run_time(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(PACKAGE.name):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in modules else node.module


def walk_at_run_time(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and isinstance(child.test, ast.Name) and child.test.id == "TYPE_CHECKING"):
            yield from walk_at_run_time(child)
