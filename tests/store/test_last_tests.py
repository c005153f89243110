import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from ccswitch_py.core.paths import Paths
from ccswitch_py.store.last_tests import StoredTest, forget_last_test, load_last_test, save_last_test

VALUES: dict[str, Any] = {
    "verdict": "broken",
    "at": 1_790_000_000,
    "diagnosis": "model_not_found",
    "check": "model",
    "model": "gpt-5.4-low[1m]",
    "requests": 3,
    "first_event_ms": None,
    "fingerprint": "17:00000000",
    "quick": False,
}


def write(paths: Paths, content: bytes) -> None:
    file = Path(paths.last_test("a"))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


@pytest.mark.parametrize("first_event_ms", [None, 212])
def test_a_result_is_read_as_it_was_written(paths: Paths, first_event_ms: int | None) -> None:
    values = {**VALUES, "first_event_ms": first_event_ms}
    save_last_test(paths, "a", StoredTest(**values))
    read = load_last_test(paths, "a")
    assert read is not None and vars(read) == values


def test_the_file_and_its_folder_are_for_this_user_alone(paths: Paths) -> None:
    save_last_test(paths, "a", StoredTest(**VALUES))
    file = paths.last_test("a")
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(os.path.dirname(file)).st_mode) == 0o700
    assert os.listdir(os.path.dirname(file)) == ["a.json"]


def test_a_profile_that_was_never_tested_has_no_result(paths: Paths) -> None:
    assert load_last_test(paths, "a") is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"schema": 1}',
    ],
)
def test_a_damaged_file_counts_as_none(paths: Paths, content: bytes) -> None:
    write(paths, content)
    assert load_last_test(paths, "a") is None


@pytest.mark.parametrize(
    "change",
    [
        {"schema": 2},
        {"verdict": "excellent"},
        {"verdict": ["works"]},
        {"at": "yesterday"},
        {"at": 1.5},
        {"at": True},
        {"at": -1},
        {"at": 10**15},
        {"diagnosis": "\x1b[31mred"},
        {"diagnosis": "two words"},
        {"check": 5},
        {"model": "m\nm"},
        {"model": 5},
        {"requests": None},
        {"first_event_ms": "212"},
        {"fingerprint": None},
        {"quick": None},
    ],
)
def test_a_foreign_or_newer_file_counts_as_none(paths: Paths, change: dict[str, Any]) -> None:
    write(paths, json.dumps({"schema": 1, **VALUES}).encode())
    assert load_last_test(paths, "a") is not None
    write(paths, json.dumps({"schema": 1, **VALUES, **change}).encode())
    assert load_last_test(paths, "a") is None


def test_something_else_in_the_place_of_the_file_counts_as_none(paths: Paths) -> None:
    Path(paths.last_test("a")).mkdir(parents=True)
    assert load_last_test(paths, "a") is None


def test_a_result_can_be_forgotten_and_forgotten_again(paths: Paths) -> None:
    save_last_test(paths, "a", StoredTest(**VALUES))
    forget_last_test(paths, "a")
    forget_last_test(paths, "a")
    assert load_last_test(paths, "a") is None
