from __future__ import annotations

import os
import resource
import select
import sys
from pathlib import Path

import pytest

from ccswitch_py.core.errors import KeyUnavailable
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.key_ref import KeyRef
from ccswitch_py.vault.errors import OutputTooLong, ProgramNotFound
from ccswitch_py.vault.program import find_program
from ccswitch_py.vault.reference import resolve_key


def printing(code: str, *arguments: str) -> KeyRef:
    return KeyRef(command=(sys.executable, "-I", "-c", code, *arguments))


def test_a_key_comes_from_its_variable(paths: Paths, canary: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MADE_UP_KEY", f" {canary}\n")
    assert resolve_key(KeyRef.from_json({"env": "MADE_UP_KEY"}), paths).reveal() == canary


def test_a_variable_that_is_missing_or_empty_is_named(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MADE_UP_KEY", raising=False)
    with pytest.raises(KeyUnavailable, match="MADE_UP_KEY, which holds the key, is not set"):
        resolve_key(KeyRef.from_json({"env": "MADE_UP_KEY"}), paths)
    monkeypatch.setenv("MADE_UP_KEY", "  ")
    with pytest.raises(KeyUnavailable, match="is empty"):
        resolve_key(KeyRef.from_json({"env": "MADE_UP_KEY"}), paths)


@pytest.mark.parametrize("value", ["Bearer sk-made-up", "sk-••••", "sk-schlüssel", "two words"])
def test_a_variable_with_something_else_than_a_key_is_refused_without_quoting_it(
    paths: Paths, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MADE_UP_KEY", value)
    with pytest.raises(KeyUnavailable, match="The variable MADE_UP_KEY does not contain a usable key") as caught:
        resolve_key(KeyRef.from_json({"env": "MADE_UP_KEY"}), paths)
    assert value not in f"{caught.value.message} {caught.value.hint}"


def test_the_first_line_that_a_command_prints_is_the_key(paths: Paths, canary: str) -> None:
    assert resolve_key(printing(f"print('\\n  {canary} \\nsecond line')"), paths).reveal() == canary


def test_a_command_gets_no_shell_and_no_input(paths: Paths) -> None:
    code = "import sys; print((sys.argv[1] + repr(sys.stdin.read())).encode().hex())"
    key = resolve_key(printing(code, "$(HOME);`id`"), paths)
    assert bytes.fromhex(key.reveal()).decode() == "$(HOME);`id`''"


def test_a_failing_command_is_told_by_program_and_exit_code_without_its_output(paths: Paths, canary: str) -> None:
    reference = printing(f"import sys; print('{canary}'); print('{canary}', file=sys.stderr); sys.exit(3)")
    with pytest.raises(KeyUnavailable, match="exited with code 3") as caught:
        resolve_key(reference, paths)
    assert sys.executable in caught.value.message
    assert canary not in f"{caught.value.message} {caught.value.hint}"


def test_a_silent_command_is_told(paths: Paths) -> None:
    with pytest.raises(KeyUnavailable, match="printed nothing"):
        resolve_key(printing("print()"), paths)


def test_a_command_that_does_not_end_is_killed(paths: Paths, canary: str) -> None:
    waits_for_ever = f"import threading; print('{canary}', flush=True); threading.Event().wait()"
    with pytest.raises(KeyUnavailable, match=r"did not finish within 0\.5 seconds") as caught:
        resolve_key(printing(waits_for_ever), paths, 0.5)
    error: BaseException | None = caught.value
    while error is not None:
        assert canary not in repr(vars(error))
        error = error.__cause__ or error.__context__


def test_a_command_that_prints_without_end_is_ended_before_it_fills_the_memory(paths: Paths) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(OutputTooLong, match="more than 64 KiB"):
        resolve_key(printing("while True: print('sk-made-up' * 100_000)"), paths)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 16 * 1024


@pytest.mark.skipif(os.name == "nt", reason="Windows has no process groups like these")
def test_what_a_killed_command_has_started_is_killed_with_it(paths: Paths, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "alive")
    pipe = os.open(tmp_path / "alive", os.O_RDONLY | os.O_NONBLOCK)
    started = f"(echo up; exec sleep 600) > {tmp_path}/alive"
    with pytest.raises(KeyUnavailable, match="did not finish within 2 seconds"):
        resolve_key(KeyRef.from_json({"command": ["/bin/sh", "-c", f"{started} & wait"]}), paths, 2)
    assert os.read(pipe, 3) == b"up\n"
    assert select.select([pipe], [], [], 30)[0] and os.read(pipe, 1) == b""
    os.close(pipe)


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot wait for a pipe")
def test_a_command_that_leaves_something_running_has_printed_its_key_when_it_ends(
    paths: Paths, canary: str, tmp_path: Path
) -> None:
    pipes: list[int] = []
    for name in ("go", "gone"):
        os.mkfifo(tmp_path / name)
        pipes.append(os.open(tmp_path / name, os.O_RDWR | os.O_NONBLOCK))
    left_running = f"(read line < {tmp_path}/go; echo up > {tmp_path}/gone) &"
    script = f"{left_running} printf '%60000s\\n' ''; echo {canary}"
    assert resolve_key(KeyRef.from_json({"command": ["/bin/sh", "-c", script]}), paths).reveal() == canary
    os.write(pipes[0], b"\n")
    assert select.select([pipes[1]], [], [], 30)[0] and os.read(pipes[1], 3) == b"up\n"
    for pipe in pipes:
        os.close(pipe)


def test_a_command_that_is_not_installed_is_named(paths: Paths) -> None:
    with pytest.raises(KeyUnavailable, match="`made-up-program` was not found"):
        resolve_key(KeyRef.from_json({"command": ["made-up-program", "read"]}), paths)


@pytest.mark.parametrize("path", [".", "", "bin"])
def test_a_program_in_the_current_folder_is_never_taken(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in (tmp_path, tmp_path / "bin"):
        folder.mkdir(exist_ok=True)
        (folder / "op").write_text("#!/bin/sh\necho sk-of-somebody-else\n")
        (folder / "op").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", path)
    for name in ("op", "./op", "bin/op"):
        with pytest.raises(ProgramNotFound):
            find_program(name)
