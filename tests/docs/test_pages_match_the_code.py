"""What the docs name is there: lines fit, and paths, names, goals and numbers are those of the code."""

import ast
import re
from pathlib import Path

import pytest

from ccswitch_py.probe.checks.table import planned_requests
from ccswitch_py.probe.plan import ProbePlan, extra_requests
from ccswitch_py.redact.secret import Secret

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "ccswitch_py"
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
OF_THE_CODE = [ROOT / "CONTRIBUTING.md", ROOT / "docs" / "architecture.md", ROOT / "docs" / "glossary.md"]
BASES = (ROOT, PACKAGE, ROOT / "tests", *(one for one in PACKAGE.iterdir() if one.is_dir()))
LONG_ROWS = {"SECURITY.md", "diagnoses.md", "doctor.md"}
"""Their tables are lists of tests, and texts of the program: a row cannot be shorter."""
FOLDERS = {one.name for base in BASES[:3] for one in base.iterdir() if one.is_dir()} - {"__pycache__"}
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def code_words(page: Path) -> set[str]:
    """The words of a page's code spans and code blocks."""
    spans = re.findall(r"^```.*?^```|`[^`\n]+`", page.read_text(), re.M | re.S)
    return {word.strip("(`\"'").rstrip(".,;:)`\"'") for span in spans for word in span.split()}


def is_place(word: str, page: Path) -> bool:
    """Whether a word can only be a file or folder of the project; pages for its authors name no others."""
    first, slash, _rest = word.partition("/")
    if page in OF_THE_CODE and re.fullmatch(r"\w[\w.]*/[\w./]*", word):
        return True
    return (bool(slash) and first in FOLDERS) or word.endswith(".py")


def defined_names() -> set[str]:
    """Everything that the package defines: modules, classes, functions, attributes, constants, parameters."""
    names: set[str] = set()
    for file in PACKAGE.rglob("*.py"):
        names.add(file.stem)
        for node in ast.walk(ast.parse(file.read_text())):
            match node:
                case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                    names.add(name)
                case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                    names.add(name)
    return names


@every_page
def test_no_line_is_longer_than_120_characters(page: Path) -> None:
    lines = enumerate(page.read_text().splitlines(), 1)
    rows_may = page.name in LONG_ROWS
    assert [at for at, line in lines if len(line) > 120 and not (rows_may and line.startswith("|"))] == []


@every_page
def test_every_path_of_the_project_that_a_page_names_is_there(page: Path) -> None:
    places = {
        word.partition("::")[0] for word in code_words(page) if is_place(word, page) and not re.search("[<…A-Z]", word)
    }
    missing = {place for place in places if not any(any(base.glob(place.rstrip("/"))) for base in BASES)}
    assert missing - {"keyring.py", "tests/NAME.json"} == set()


@every_page
def test_every_test_that_a_page_names_is_there(page: Path) -> None:
    named = set(re.findall(r"\btest_\w+", page.read_text()))
    sources = [file.read_text() for file in (ROOT / "tests").rglob("test_*.py")]
    known = {name for source in sources for name in re.findall(r"def (test_\w+)", source)}
    assert named - known - {file.stem for file in (ROOT / "tests").rglob("test_*.py")} == set()


@every_page
def test_every_goal_of_make_that_a_page_names_is_there(page: Path) -> None:
    goals = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    named = re.findall(r"(?:^|`)make ([a-z]+)\b", page.read_text(), re.M)
    assert set(named) <= goals


@pytest.mark.parametrize("page", OF_THE_CODE, ids=lambda page: page.name)
def test_every_name_of_the_code_in_a_page_for_its_authors_is_defined(page: Path) -> None:
    spans = re.findall(r"`([A-Za-z_]\w*)`", page.read_text())
    of_code = {word for word in spans if re.search(r"[a-z]_[a-z]|^[A-Z][A-Za-z]*[a-z]", word)}
    assert len(of_code) > 5
    assert of_code - defined_names() == set()


def test_the_layout_in_the_docs_is_the_import_contract() -> None:
    contract = (ROOT / "pyproject.toml").read_text().partition("layers = [")[2].partition("]")[0]
    layers = re.findall(r"ccswitch_py\.(\w+)", contract)
    for page in OF_THE_CODE[:2]:
        block = page.read_text().partition("```\nccswitch_py/\n")[2].partition("```")[0]
        told = [name for name in re.findall(r"^  (\w+)(?:/|\.py) ", block, re.M) if name != "key_command"]
        assert told == [layer for layer in layers if layer != "key_command"], page.name


def test_the_numbers_of_requests_in_the_docs_are_those_of_a_profile_with_one_model() -> None:
    plan = ProbePlan("work", "https://gw.example", (), Secret("made-up"), {"main": "m"})
    planned = planned_requests(plan)
    most = planned + extra_requests(plan)
    for page in ("README.md", "docs/live-test.md"):
        text = " ".join((ROOT / page).read_text().split())
        assert f"{planned} requests for a profile with one model, at most {most} including retries" in text, page
