import json
import os
import subprocess
from pathlib import Path

import pytest

from ccswitch_py.cli.main import main
from ccswitch_py.core.paths import Paths
from tests.support.home import add_profile
from tests.support.programs import BIN

HOSTILE = "evil\x1b[2J\x9b31m\u202e模型"


@pytest.fixture
def folder(paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / HOSTILE
    (made / ".claude").mkdir(parents=True)
    (made / ".claude" / "settings.json").write_text(json.dumps({"env": {"ANTHROPIC_MODEL": HOSTILE}}))
    monkeypatch.chdir(made)
    return made


@pytest.mark.parametrize(
    "argv",
    [
        ["explain"],
        ["explain", "--settings", "no.json"],
        ["explain", "x\x1b[31m"],
        ["doctor", "x\x1b[31m"],
        ["show", HOSTILE],
        ["list"],
        ["test", HOSTILE],
    ],
)
def test_a_name_with_control_characters_moves_no_cursor(
    folder: Path, paths: Paths, argv: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    add_profile(paths, "work")
    os.rename(paths.profile("work"), paths.profile(HOSTILE))
    main(argv)
    said = "".join(capsys.readouterr())
    assert said and said.replace("\n", "").isprintable(), said


def test_json_has_escapes_for_what_cannot_be_seen_and_chinese_as_it_is(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", "--json"]) == 1, "nothing gives a key here"
    said = capsys.readouterr().out
    assert said.replace("\n", "").isprintable() and "模型" in said
    assert HOSTILE in json.loads(said)["folder"] and "\\u009b" in said
    assert main(["explain", "x\x9b", "--json"]) == 2
    said = capsys.readouterr().err
    assert said.replace("\n", "").isprintable() and "\x9b" in json.loads(said)["error"]["message"]


@pytest.mark.parametrize("stderr", ["2>&-", "2>/dev/full"])
@pytest.mark.skipif(os.name == "nt", reason="Windows has no such shell")
def test_the_key_command_says_by_its_code_what_it_cannot_say_in_words(paths: Paths, stderr: str) -> None:
    add_profile(paths, "work")
    done = subprocess.run(["/bin/sh", "-c", f"{BIN}/ccswitch-key work {stderr}"], check=False, capture_output=True)
    assert (done.returncode, done.stdout) == (4, b"")
    done = subprocess.run(["/bin/sh", "-c", f"{BIN}/ccswitch show nobody {stderr}"], check=False, capture_output=True)
    assert done.stdout == b""
