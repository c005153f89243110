from pathlib import Path

import pytest

from ccswitch_py.targets.openclaw import OpenClaw
from ccswitch_py.vault.key_command_line import PROGRAM

TEXT = "{secrets: {providers: {ccswitch: {source: 'exec', command: 'PATH', args: ['work']}}}}"


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / PROGRAM
    path.touch(0o700)
    return path


def refused(program: Path) -> list[str]:
    target = OpenClaw()
    (file,) = target.live_files({})
    found = target.conflicts({}, {file: TEXT.replace("PATH", str(program))})
    assert all(one.blocking for one in found)
    return [one.message for one in found]


def test_a_program_for_the_key_that_openclaw_would_not_run_is_refused(program: Path, tmp_path: Path) -> None:
    assert refused(program) == []
    program.chmod(0o770)
    assert f"does not run {program}" in refused(program)[0]
    program.chmod(0o700)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / PROGRAM).symlink_to(program)
    assert refused(tmp_path / "bin" / PROGRAM)
    program.unlink()
    assert refused(program)


@pytest.mark.parametrize(
    ("environ", "path"),
    [
        ({}, "/h/.openclaw/openclaw.json"),
        ({"OPENCLAW_PROFILE": "dev"}, "/h/.openclaw-dev/openclaw.json"),
        ({"OPENCLAW_HOME": "/other"}, "/other/.openclaw/openclaw.json"),
        ({"OPENCLAW_STATE_DIR": "/s", "OPENCLAW_HOME": "/other"}, "/s/openclaw.json"),
        ({"OPENCLAW_CONFIG_PATH": "/c/my.json", "OPENCLAW_STATE_DIR": "/s"}, "/c/my.json"),
    ],
)
def test_the_variables_of_openclaw_say_where_its_file_is(environ: dict[str, str], path: str) -> None:
    assert OpenClaw().path({"HOME": "/h", **environ}) == path
