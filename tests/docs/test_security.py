import ast
import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
TEXT = (TESTS.parent / "SECURITY.md").read_text()
ATTACKERS = ("link", "gateway", "network path", "project folder", "shared home", "your user", "dependency")


def tables() -> list[list[tuple[str, list[str]]]]:
    """For each table: what somebody cannot do, and the tests that are named for it."""
    found = re.findall(r"^\| cannot \| tested by \|\n\|---\|---\|\n((?:\|.*\|\n)+)", TEXT, re.M)
    lines = [[row.strip("|").rpartition(" | ") for row in rows.splitlines()] for rows in found]
    return [[(claim.strip(), re.findall(r"`([^`]+)`", named)) for claim, _, named in rows] for rows in lines]


def functions(path: str) -> set[str]:
    tree = ast.parse((TESTS / path).read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_attacker_has_a_part_with_what_he_can_and_cannot_do() -> None:
    parts = [part for part in re.split(r"^## ", TEXT, flags=re.M) if "| cannot | tested by |" in part]
    assert len(parts) == len(ATTACKERS) == len(tables())
    for part, word in zip(parts, ATTACKERS, strict=True):
        assert word in part.splitlines()[0]
        assert "\nCan:\n\n- " in part


def test_every_claim_names_tests_that_there_are() -> None:
    claims = [claim for rows in tables() for claim in rows]
    assert len(claims) > 30
    for claim, named in claims:
        assert named, claim
        for one in named:
            path, _, name = one.partition("::")
            assert (TESTS / path).is_file(), f"{claim}: there is no {path}"
            assert name.startswith("test_") and name in functions(path), f"{claim}: there is no {one}"


def test_every_line_of_the_tables_is_looked_at() -> None:
    assert TEXT.count("::test_") == sum(len(named) for rows in tables() for _, named in rows)


def test_the_page_says_the_command_that_make_runs() -> None:
    makefile = (TESTS.parent / "Makefile").read_text()
    (command,) = re.findall(r"^audit:\n\t(.+)$", makefile, re.M)
    assert f"# {command}\n" in TEXT
