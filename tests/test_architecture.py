import ast
import re
from collections import Counter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "ccswitch_py"
SOURCES = sorted(PACKAGE.rglob("*.py"))
OF_CLAUDE_CODE = re.compile(r"ANTHROPIC_[A-Z]|\bCLAUDE_[A-Z]+_[A-Z]|apiKeyHelper|\bsettings\.json")
STILL_KNOW_CLAUDE_CODE = {"services/profiles/manage.py"}
"""To become empty: what they know belongs into targets/claude_code."""


def place(file: Path) -> str:
    return file.relative_to(PACKAGE).as_posix()


def test_only_its_target_knows_what_claude_code_reads() -> None:
    others = [file for file in SOURCES if not place(file).startswith("targets/claude_code/")]
    assert {place(file) for file in others if OF_CLAUDE_CODE.search(file.read_text())} == STILL_KNOW_CLAUDE_CODE


def test_no_two_classes_share_a_name() -> None:
    statements = [statement for file in SOURCES for statement in ast.parse(file.read_text()).body]
    counts = Counter(one.name for one in statements if isinstance(one, ast.ClassDef) and not one.name.startswith("_"))
    assert {name for name, count in counts.items() if count > 1} == set()


@pytest.mark.parametrize("layer", ["cli", "tui"])
def test_explain_and_the_doctor_are_shown_without_knowing_a_target(layer: str) -> None:
    files = [file for file in (PACKAGE / layer).rglob("*.py") if file.stem in ("explain", "doctor")]
    assert files and not [file for file in files if "targets.claude_code" in file.read_text()]
