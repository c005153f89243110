"""The search itself: a key that is planted in any form is found, and nothing where there is none."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import urllib.parse
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.canaries import Canary, Processes, watched_processes

KEY = "canary-5e0b9c3d7f1a4862-b8d6-planted-2f7a9c"
CANARY = Canary(KEY)
MOST_LOOKS = 10_000
FORMS: dict[str, Callable[[str], str | bytes]] = {
    "plain": str,
    "upper case": str.upper,
    "hex": lambda key: key.encode().hex(),
    "hex in capitals": lambda key: key.encode().hex().upper(),
    "base64": lambda key: base64.b64encode(key.encode()),
    "base64 from the second byte": lambda key: base64.b64encode(b"x" + key.encode()),
    "base64 from the third byte": lambda key: base64.b64encode(b"xx" + key.encode()),
    "base64 for addresses": lambda key: base64.urlsafe_b64encode(b"\xff\xfe" + key.encode()),
    "percent": lambda key: "".join(f"%{ord(char):02X}" for char in key),
    "percent where needed": urllib.parse.quote,
    "backwards": lambda key: key[::-1],
    "escaped": lambda key: "".join(f"\\u{ord(char):04x}" for char in key),
    "json": json.dumps,
    "repr of bytes": lambda key: "".join(f"\\x{ord(char):02x}" for char in key),
    "utf-16": lambda key: key.encode("utf-16-le"),
    "first half": lambda key: key[:20],
    "without its end": lambda key: key[:-4],
    "wrapped": lambda key: f"│ {key[:9]} │\n│ {key[9:]} │",
    "picture": lambda key: "</text>\n<text>".join((key[:9], key[9:30], key[30:])),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_planted_key_is_found_in_every_form(form: str, tmp_path: Path) -> None:
    planted = FORMS[form](KEY)
    data = planted.encode() if isinstance(planted, str) else planted
    assert CANARY.is_in(b"before " + data + b" after")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "clean").write_bytes(b"nothing")
    (tmp_path / "deep" / "file").write_bytes(data)
    assert CANARY.files_below(tmp_path) == [str(tmp_path / "deep" / "file")]


def test_a_name_of_a_file_counts_too(tmp_path: Path) -> None:
    (tmp_path / KEY).mkdir()
    assert CANARY.files_below(tmp_path) == [str(tmp_path / KEY)]


def test_its_last_four_characters_and_another_key_are_nothing() -> None:
    assert not CANARY.is_in(f"ends …{KEY[-4:]}")
    assert not CANARY.is_in("canary-0000000000000000-b8d6-another-2f7a9c")


def test_arguments_and_variables_of_children_and_their_children_are_seen() -> None:
    grandchild = [sys.executable, "-c", "input()", KEY]
    code = f"import subprocess; subprocess.run({grandchild!r}, env={{'HELD': {KEY!r}}})"
    with watched_processes() as seen:
        child = subprocess.Popen([sys.executable, "-c", "exec(input())"], stdin=subprocess.PIPE, text=True)
        assert child.stdin is not None
        child.stdin.write(code + "\n")
        child.stdin.flush()
        while seen.is_watched and seen.looks < MOST_LOOKS and not all(planted(seen)):
            pass
        child.stdin.close()
        child.wait()
    assert all(planted(seen)), f"not seen in {seen.looks} looks"


def planted(seen: Processes) -> tuple[bool, bool]:
    return (
        any(CANARY.is_in(line) for line in frozenset(seen.arguments)),
        any(CANARY.is_in(b"".join(variables)) for variables in tuple(seen.variables.values())),
    )
