from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ccswitch_py.core.paths import Paths
from ccswitch_py.key_command import main
from tests.vault.conftest import HEAVY, ImportedByKeyCommand, KeyCommand, WriteRecord

ENV_KEY = {"env": "MADE_UP_KEY"}
OWN_GATEWAY = "https://gateway.example/anthropic"


def test_the_key_and_nothing_else_is_printed(canary: str, write_record: WriteRecord, key_command: KeyCommand) -> None:
    write_record(ENV_KEY)
    ended = key_command("relay", MADE_UP_KEY=canary)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, canary + "\n", "")


def test_the_state_folder_is_that_of_the_user_when_none_is_named(
    canary: str, write_record: WriteRecord, paths: Paths
) -> None:
    write_record(ENV_KEY)
    home = os.path.dirname(paths.state)
    ended = subprocess.run(
        [sys.executable, "-I", "-m", "ccswitch_py.key_command", "relay"],
        env={**os.environ, "CCSWITCH_HOME": home, "MADE_UP_KEY": canary},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (0, canary + "\n")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], 2),
        (["one", "two"], 2),
        (["--made-up", "relay"], 2),
        (["--state"], 2),
        (["absent"], 3),
        (["../relay"], 3),
        ([".."], 3),
        (["a\0b"], 3),
        (["a/b"], 3),
        (["\n\x1b[31m"], 3),
        (["damaged"], 2),
        (["listed"], 2),
        (["newer"], 2),
        (["relay"], 4),
    ],
)
def test_every_failure_is_one_line_on_stderr_and_nothing_on_stdout(
    arguments: list[str], code: int, paths: Paths, write_record: WriteRecord, capsys: pytest.CaptureFixture[str]
) -> None:
    write_record(ENV_KEY)
    for name, text in (("damaged", "{"), ("listed", "[]"), ("newer", json.dumps({"schema": 99}))):
        Path(paths.launch_record(name)).write_text(text)
    assert main(["--state", paths.state, *arguments]) == code
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("ccswitch: ")
    assert told.err.endswith("\n")
    assert told.err[:-1].isprintable()


def test_an_unforeseen_failure_is_one_line_too(
    paths: Paths, write_record: WriteRecord, capsys: pytest.CaptureFixture[str]
) -> None:
    write_record({"command": ["a" * 10, 7]})
    record = json.loads(Path(paths.launch_record("relay")).read_text())
    record["key"] = {"env": "A=\0"}
    Path(paths.launch_record("relay")).write_text(json.dumps(record))
    assert main(["--state", paths.state, "relay"]) == 4
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1


@pytest.mark.parametrize("closed", ["stdout", "stderr"])
def test_a_reader_that_went_away_causes_no_traceback(
    closed: str, canary: str, write_record: WriteRecord, paths: Paths
) -> None:
    write_record(ENV_KEY)
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-I", "-m", "ccswitch_py.key_command", "--state", paths.state, "relay"]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, closed: writer}
    ended = subprocess.run(command, env={**os.environ, "MADE_UP_KEY": canary}, text=True, check=False, **streams)
    os.close(writer)
    if closed == "stdout":
        assert ended.returncode == 4
        assert ended.stderr.count("\n") == 1
        assert canary not in ended.stderr
    else:
        assert (ended.returncode, ended.stdout) == (0, canary + "\n")


@pytest.mark.parametrize(
    "base_url",
    [
        OWN_GATEWAY,
        OWN_GATEWAY + "/",
        "https://GATEWAY.example:443/other/path",
        None,
    ],
)
def test_claude_code_gets_the_key_for_its_own_gateway(
    base_url: str | None, canary: str, write_record: WriteRecord, key_command: KeyCommand
) -> None:
    write_record(ENV_KEY)
    redirect = {} if base_url is None else {"ANTHROPIC_BASE_URL": base_url}
    ended = key_command("--claude-code", "relay", MADE_UP_KEY=canary, **redirect)
    assert (ended.returncode, ended.stdout) == (0, canary + "\n")


@pytest.mark.parametrize(
    "base_url",
    [
        "https://elsewhere.example/anthropic",
        "https://gateway.example:8443/anthropic",
        "https://gateway.example.elsewhere.example",
        "https://gateway.example@elsewhere.example/anthropic",
        "http://gateway.example/anthropic",
        "http://gateway.example:443/anthropic",
        "gateway.example",
        "",
    ],
)
def test_a_project_that_redirects_claude_code_does_not_get_the_key(
    base_url: str, canary: str, write_record: WriteRecord, key_command: KeyCommand
) -> None:
    write_record(ENV_KEY)
    ended = key_command("--claude-code", "relay", MADE_UP_KEY=canary, ANTHROPIC_BASE_URL=base_url)
    assert (ended.returncode, ended.stdout) == (4, "")
    assert "is for gateway.example, but" in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_person_who_asks_for_the_key_gets_it_whatever_claude_code_would_call(
    canary: str, write_record: WriteRecord, key_command: KeyCommand
) -> None:
    write_record(ENV_KEY)
    ended = key_command("relay", MADE_UP_KEY=canary, ANTHROPIC_BASE_URL="https://elsewhere.example")
    assert ended.stdout == canary + "\n"


@pytest.mark.parametrize("module", ["keyring", "json", "jeepney", "socket", "ccswitch_py", "tomllib", "sitecustomize"])
def test_a_module_in_the_projects_folder_does_not_run(
    module: str, canary: str, tmp_path: Path, write_record: WriteRecord, key_command: KeyCommand
) -> None:
    project = tmp_path / "project"
    project.mkdir()
    proof = project / "it-ran"
    (project / f"{module}.py").write_text(f"open({str(proof)!r}, 'w').close()\n")
    write_record(ENV_KEY)
    ended = key_command("relay", folder=project, PYTHONPATH=".", MADE_UP_KEY=canary)
    assert (ended.returncode, ended.stdout) == (0, canary + "\n")
    assert not proof.exists()


def test_nothing_heavy_is_imported_on_the_way_to_a_key_in_a_variable(
    canary: str,
    write_record: WriteRecord,
    imported_by_key_command: ImportedByKeyCommand,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MADE_UP_KEY", canary)
    write_record(ENV_KEY)
    assert not imported_by_key_command(canary) & HEAVY
