"""Files and folders that are links, lead nowhere, or must not be written."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ccswitch_py.cli.main import main
from ccswitch_py.core.errors import FileNotChanged
from ccswitch_py.core.paths import Paths
from ccswitch_py.services.apply import off, use
from ccswitch_py.vault.backend_policy import DEMO
from tests.support.abused_home import AbusedHome
from tests.support.home import add_profile
from tests.support.requirements import require

MINE = json.dumps({"theme": "dark", "env": {"MY_OWN": "1"}}, indent=4)


def absolute(link: Path, real: Path) -> None:
    real.parent.mkdir(parents=True)
    real.write_text(MINE)
    link.symlink_to(real)


def relative(link: Path, real: Path) -> None:
    absolute(link, real)
    link.unlink()
    link.symlink_to(os.path.relpath(real, link.parent))


def over_another_link(link: Path, real: Path) -> None:
    relative(link, real)
    between = link.rename(link.with_name("between"))
    link.symlink_to(between.name)


def leading_nowhere(link: Path, real: Path) -> None:
    real.parent.mkdir(parents=True)
    link.symlink_to(real)


def leading_to_no_folder(link: Path, real: Path) -> None:
    link.symlink_to(os.path.relpath(real, link.parent))


def in_a_linked_folder(link: Path, real: Path) -> None:
    real.parent.mkdir(parents=True)
    real.write_text(MINE)
    link.parent.rmdir()
    link.parent.symlink_to(real.parent)


def in_a_linked_folder_that_is_not_there(link: Path, real: Path) -> None:
    link.parent.rmdir()
    link.parent.symlink_to(os.path.relpath(real.parent, link.parent.parent))


LIVE_LINKS = (
    absolute,
    relative,
    over_another_link,
    leading_nowhere,
    leading_to_no_folder,
    in_a_linked_folder,
    in_a_linked_folder_that_is_not_there,
)


def links_in(folder: Path) -> dict[str, str]:
    """All links below a folder, with what they say."""
    return {str(path): os.readlink(path) for path in folder.rglob("*") if path.is_symlink()}


@pytest.mark.parametrize("linked", LIVE_LINKS)
def test_a_settings_file_that_is_a_link_stays_one_and_what_it_leads_to_is_changed(
    paths: Paths, settings: Path, tmp_path: Path, linked: Callable[[Path, Path], None]
) -> None:
    real = tmp_path / "dotfiles" / "settings.json"
    linked(settings, real)
    links, mine = links_in(tmp_path), real.read_text() if real.exists() else None
    add_profile(paths, "a")
    use(paths, "a")
    assert links_in(tmp_path) == links
    assert json.loads(real.read_text())["env"]["ANTHROPIC_MODEL"] == "a-main"
    off(paths)
    assert (real.read_text() if real.exists() else None) == mine and links_in(tmp_path) == links


def test_links_that_lead_in_a_circle_are_refused(paths: Paths, settings: Path) -> None:
    settings.symlink_to("other")
    settings.with_name("other").symlink_to(settings.name)
    add_profile(paths, "a")
    with pytest.raises(FileNotChanged, match="symbolic links"):
        use(paths, "a")


@pytest.mark.parametrize("relative_link", [False, True])
@pytest.mark.parametrize(
    "own", ["config", "config/profiles", "config/profiles/a.toml", "config/keys.toml", "state", "state/journal", ""]
)
def test_a_file_or_folder_of_ours_that_is_a_link_stays_one(
    paths: Paths,
    settings: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
    own: str,
    relative_link: bool,
) -> None:
    monkeypatch.setenv("CCSWITCH_KEYRING", DEMO)
    home = AbusedHome(paths, tmp_path, tmp_path_factory.mktemp("saved"))
    settings.write_text(MINE)
    use(paths, "a")
    typed(monkeypatch, "add", "c", "--base-url", "http://127.0.0.1:9", *FOUR, "--key-stdin")
    link, real = tmp_path / "ccswitch" / own, tmp_path / "dotfiles" / "real"
    real.parent.mkdir()
    shutil.move(link, real)
    link.symlink_to(os.path.relpath(real, link.parent) if relative_link else real)
    links = links_in(tmp_path)
    typed(monkeypatch, "edit", "a", "--haiku", "other")
    typed(monkeypatch, "keys", "set", "c")
    use(paths, "b")
    use(paths, "a")
    off(paths)
    assert links_in(tmp_path) == links and settings.read_text() == MINE
    assert b"other" in home.seen().profiles["a"] and home.leftovers() == []


@pytest.mark.parametrize("folder", [".claude", "ccswitch/state/journal", "ccswitch/state/locks"])
def test_a_folder_that_must_not_be_written_is_named_and_nothing_changes(
    paths: Paths, settings: Path, tmp_path: Path, folder: str
) -> None:
    add_profile(paths, "a")
    add_profile(paths, "b")
    settings.write_text(MINE)
    use(paths, "a")
    before = settings.read_bytes()
    lock = Path(paths.locks, "ccswitch.lock")
    if folder.endswith("locks"):
        lock.unlink()
    (tmp_path / folder).chmod(0o500)
    done = without_the_powers_of_root("use", "b")
    (tmp_path / folder).chmod(0o700)
    assert (done.returncode, done.stdout) == (5, ""), done
    assert "folder writable" in done.stderr and done.stderr.count("\n") == 1
    assert settings.read_bytes() == before
    use(paths, "b")
    off(paths)
    assert settings.read_text() == MINE and os.listdir(settings.parent) == ["settings.json"]


@pytest.mark.parametrize("folder", ["config", "config/profiles", "state/launch", "state/launch/claude-code"])
@pytest.mark.parametrize("verb", ["add", "edit", "remove"])
def test_a_profile_in_a_folder_that_must_not_be_written_stays_as_it_was(
    paths: Paths,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
    folder: str,
    verb: str,
) -> None:
    monkeypatch.setenv("CCSWITCH_KEYRING", DEMO)
    home = AbusedHome(paths, tmp_path, tmp_path_factory.mktemp("saved"))
    typed(monkeypatch, "add", "c", "--base-url", "http://127.0.0.1:9", *FOUR, "--key-stdin")
    argv = {
        "add": ["d", "--base-url", "http://127.0.0.1:9", *FOUR, "--key-stdin"],
        "edit": ["c", "--haiku", "other", "--key-stdin"],
        "remove": ["c"],
    }[verb]
    old = home.seen()
    (tmp_path / "ccswitch" / folder).chmod(0o500)
    done = without_the_powers_of_root(verb, *argv, given="sk-made-up-key-0d57a3b1c6e8")
    (tmp_path / "ccswitch" / folder).chmod(0o700)
    if done.returncode == 0:  # what must not be written need not have been
        assert (folder, verb) in {("config", "edit")}
        return
    assert (done.returncode, done.stdout) == (5, ""), done
    assert done.stderr.count("\n") == 1 and "permission denied" in done.stderr, done
    assert home.seen() == old and home.orphans() == [] and home.leftovers() == []


FOUR = ["--main", "m", "--haiku", "h", "--sonnet", "s", "--opus", "o"]


def typed(monkeypatch: pytest.MonkeyPatch, *argv: str, given: str = "sk-made-up-key-4be1f7c2a90d") -> None:
    """Run a verb in this process."""
    import io

    with monkeypatch.context() as patched:
        patched.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given.encode())))
        assert main(list(argv)) == 0


def without_the_powers_of_root(*argv: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run ``ccswitch`` as somebody whom permissions bind, also where the tests are run by root."""
    bound: list[str] = []
    if os.geteuid() == 0:
        require("setpriv")
        bound = ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner", "--inh-caps=-all"]
    command = [*bound, sys.executable, "-m", "ccswitch_py", *argv]
    return subprocess.run(command, env=os.environ, input=given, capture_output=True, text=True, check=False)
