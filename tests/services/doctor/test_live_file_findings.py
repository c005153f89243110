"""Files that cannot be replaced, as containers and administrators make them: named with the way forward, unchanged."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from ccswitch_py.cli.main import main
from ccswitch_py.core.errors import FileNotChanged
from ccswitch_py.core.paths import Paths
from ccswitch_py.services.apply import off, use
from tests.support.home import add_profile

MINE = '{"theme": "dark"}'
HINT = "ccswitch run NAME"


@pytest.fixture(autouse=True)
def profile(paths: Paths, settings: Path) -> None:
    settings.write_text(MINE)
    os.utime(settings, (0, 0))
    add_profile(paths, "a")


@pytest.fixture
def chattr(settings: Path) -> Iterator[Callable[[str, Path], None]]:
    changed: list[tuple[str, Path]] = []

    def chattr(flag: str, path: Path) -> None:
        subprocess.run(["chattr", f"+{flag}", str(path)], check=True)
        changed.append((flag, path))

    yield chattr
    for flag, path in changed:
        subprocess.run(["chattr", f"-{flag}", str(path)], check=True)


def ccswitch(
    *arguments: str, within: Sequence[str] = (), environ: Mapping[str, str] = {}
) -> subprocess.CompletedProcess[str]:
    """Run the program, started by the command ``within``."""
    command = [*within, sys.executable, "-m", "ccswitch_py", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environ})


def after(line: str) -> Sequence[str]:
    """A command that runs another one after a line of shell, in a mount namespace of its own."""
    return "unshare", "-m", "sh", "-c", f'{line} && exec "$0" "$@"'


def codes(out: str) -> set[str]:
    return {finding["code"] for finding in json.loads(out)["findings"]}


def refused(paths: Paths, settings: Path, *words: str) -> None:
    names = sorted(os.listdir(settings.parent))
    with pytest.raises(FileNotChanged) as problem:
        use(paths, "a")
    assert problem.value.exit_code == 5
    assert all(word in str(problem.value) for word in (*words, HINT)), problem.value
    assert settings.read_text() == MINE and sorted(os.listdir(settings.parent)) == names


def found_by_the_doctor(capsys: pytest.CaptureFixture[str]) -> set[str]:
    main(["doctor", "--json"])
    return codes(capsys.readouterr().out)


def test_a_file_that_is_mounted_alone_is_named(paths: Paths, settings: Path, tmp_path: Path) -> None:
    host = tmp_path / "of the host"
    host.mkdir()
    (host / "settings.json").write_text(MINE)
    mount = f"mount --bind '{host}/settings.json' '{settings}'"
    done = ccswitch("use", "a", within=after(mount))
    assert done.returncode == 5
    assert "mounted as a single file" in done.stderr and HINT in done.stderr
    assert settings.read_text() == MINE and os.listdir(settings.parent) == ["settings.json"]
    assert "live_file_mounted" in codes(ccswitch("doctor", "--json", within=after(mount)).stdout)


def test_a_mounted_file_with_a_blank_in_its_path_is_found(paths: Paths, tmp_path: Path) -> None:
    folder = tmp_path / "my settings"
    folder.mkdir()
    (folder / "settings.json").write_text(MINE)
    mount = f"mount --bind '{folder}/settings.json' '{folder}/settings.json'"
    environ = {"CLAUDE_CONFIG_DIR": str(folder)}
    assert "live_file_mounted" in codes(ccswitch("doctor", "--json", within=after(mount), environ=environ).stdout)


def test_a_mounted_folder_is_used(paths: Paths, settings: Path, tmp_path: Path) -> None:
    host = tmp_path / "host"
    shutil.copytree(settings.parent, host)
    mount = f"mount --bind '{host}' '{settings.parent}'"
    assert ccswitch("use", "a", within=after(mount)).returncode == 0
    assert "apiKeyHelper" in json.loads((host / "settings.json").read_text())
    assert not {
        code for code in codes(ccswitch("doctor", "--json", within=after(mount)).stdout) if code.startswith("live_")
    }


def test_a_read_only_mount_is_named(paths: Paths, settings: Path) -> None:
    folder = settings.parent
    mount = f"mount --bind '{folder}' '{folder}' && mount -o remount,ro,bind '{folder}'"
    done = ccswitch("use", "a", within=after(mount))
    assert done.returncode == 5 and "not writable, or its disk is read-only" in done.stderr and HINT in done.stderr
    assert "folder_read_only" in codes(ccswitch("doctor", "--json", within=after(mount)).stdout)


def test_a_file_with_two_names_keeps_both(paths: Paths, settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = settings.with_name("dotfiles.json")
    os.link(settings, other)
    assert "live_file_hard_linked" in found_by_the_doctor(capsys)
    refused(paths, settings, "hard link")
    assert other.samefile(settings)
    other.unlink()
    use(paths, "a")
    os.link(settings, other)
    with pytest.raises(FileNotChanged, match="hard link"):
        off(paths)
    assert other.samefile(settings)


@pytest.mark.parametrize("flag", ["i", "a"])
def test_an_immutable_file_is_named(
    paths: Paths, settings: Path, flag: str, chattr: Callable[[str, Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    chattr(flag, settings)
    assert "live_file_immutable" in found_by_the_doctor(capsys)
    refused(paths, settings, "immutable", "chattr -i")


def test_an_immutable_folder_is_named(
    paths: Paths, settings: Path, chattr: Callable[[str, Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    chattr("i", settings.parent)
    assert "folder_read_only" in found_by_the_doctor(capsys)
    refused(paths, settings, "not writable")


def test_a_read_only_file_is_found_before_it_is_refused(
    paths: Paths, settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.chmod(0o444)
    assert "live_file_read_only" in found_by_the_doctor(capsys)
    refused(paths, settings, "read-only")


@pytest.mark.parametrize("owner", [(12345, 0), (0, 12345)], ids=["user", "group"])
def test_a_file_of_somebody_else_is_named(paths: Paths, settings: Path, owner: tuple[int, int]) -> None:
    os.chown(settings, *owner)
    as_root_of_a_container = ("setpriv", "--bounding-set", "-chown")
    done = ccswitch("use", "a", within=as_root_of_a_container)
    assert done.returncode == 5
    assert "belongs to another user or group" in done.stderr and HINT in done.stderr
    assert settings.read_text() == MINE and os.listdir(settings.parent) == ["settings.json"]
    assert "live_file_of_another_user" in codes(ccswitch("doctor", "--json", within=as_root_of_a_container).stdout)
    assert ccswitch("use", "a").returncode == 0, "who may keep the owner does"
    assert (settings.stat().st_uid, settings.stat().st_gid) == owner


def test_an_empty_file_is_an_empty_object(paths: Paths, settings: Path) -> None:
    settings.write_bytes(b"")
    use(paths, "a")
    assert "apiKeyHelper" in json.loads(settings.read_text())
    off(paths)
    assert settings.read_bytes() == b""


def test_nothing_is_in_the_way_of_an_ordinary_file(
    paths: Paths, settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    use(paths, "a")
    assert not {code for code in found_by_the_doctor(capsys) if code.startswith("live_")}
