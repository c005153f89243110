import json
import re
from pathlib import Path

import pytest

from ccswitch_py.cli.main import main
from ccswitch_py.core.paths import Paths
from tests.support.home import add_profile
from tests.support.last_tests import add_last_test


@pytest.fixture
def run(paths: Paths, capsys: pytest.CaptureFixture[str]):
    def run_line(*argv: str) -> str:
        assert main(list(argv)) == 0
        return capsys.readouterr().out

    return run_line


def row_of(table: str, name: str) -> str:
    (row,) = re.findall(rf"^\s*{name}  .*$", table, re.M)
    return row


def test_the_list_shows_each_last_test_with_its_age(paths: Paths, run) -> None:
    for name in ("fine", "fresh", "slow", "wrong"):
        add_profile(paths, name)
    add_last_test(paths, "fine")
    add_last_test(paths, "slow", "degraded", "stream_buffered", age_s=3 * 86_400)
    add_last_test(paths, "wrong", "broken", "model_not_found", age_s=300)
    table = run("list")
    assert table.splitlines()[0].endswith("LAST TEST")
    assert row_of(table, "fine").endswith("  ✓ works, 2 h ago")
    assert row_of(table, "slow").endswith("  ! degraded, 3 days ago")
    assert row_of(table, "wrong").endswith("  ✗ model_not_found, 5 min ago")
    assert row_of(table, "fresh").endswith("from $TEST_GATEWAY_KEY")

    profiles = {one["name"]: one["last_test"] for one in json.loads(run("list", "--json"))["profiles"]}
    assert profiles["fresh"] is None
    wrong = profiles["wrong"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", wrong.pop("at"))
    assert wrong == {
        "verdict": "broken",
        "diagnosis": "model_not_found",
        "check": "model",
        "model": "m1",
        "quick": False,
        "edited_since": False,
    }


def test_the_list_says_that_a_profile_was_edited_since(paths: Paths, run) -> None:
    add_profile(paths, "a")
    add_last_test(paths, "a")
    run("edit", "a", "--opus", "m9")
    assert row_of(run("list"), "a").endswith("✓ works, 2 h ago, edited since")
    assert json.loads(run("list", "--json"))["profiles"][0]["last_test"]["edited_since"] is True


def test_one_profile_is_shown_with_all_that_its_last_test_found(paths: Paths, run) -> None:
    add_profile(paths, "a")
    assert "tested    not yet; run `ccswitch test a`\n" in run("show", "a")
    assert json.loads(run("show", "a", "--json"))["last_test"] is None
    add_last_test(paths, "a", "broken", "model_not_found")
    assert "tested    ✗ broken: model_not_found (model m1), 2 h ago\n" in run("show", "a")
    assert json.loads(run("show", "a", "--json"))["last_test"]["diagnosis"] == "model_not_found"


def test_a_profile_that_cannot_be_used_has_no_last_test_in_the_list(paths: Paths, run) -> None:
    add_profile(paths, "a")
    add_last_test(paths, "a")
    Path(paths.profile("a")).write_text("base_url = ")
    assert "works" not in run("list")
    assert json.loads(run("list", "--json"))["profiles"][0]["last_test"] is None


def test_a_damaged_result_does_not_keep_the_list_from_being_shown(paths: Paths, run) -> None:
    add_profile(paths, "a")
    add_last_test(paths, "a")
    Path(paths.last_test("a")).write_bytes(b"\xff{")
    assert "works" not in run("list")
    assert json.loads(run("list", "--json"))["profiles"][0]["last_test"] is None
