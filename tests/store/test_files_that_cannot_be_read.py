import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ccswitch_py.cli.main import main
from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.paths import Paths
from ccswitch_py.vault.backend_policy import chosen_keyring
from tests.support.home import add_profile

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes among files")

WAYS: dict[str, Callable[[Path], None]] = {
    "not a regular file": lambda path: os.mkfifo(path),
    "is a directory": lambda path: path.mkdir(),
    "too many levels of symbolic links": lambda path: path.symlink_to(path.name),
}


def put(path: str, why: str) -> Path:
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    WAYS[why](file)
    return file


@pytest.mark.parametrize("why", WAYS)
def test_a_file_that_cannot_be_read_is_named_and_nothing_waits_for_it(
    paths: Paths, settings: Path, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    add_profile(paths, "a")
    profile = Path(paths.profile("b"))
    shutil.copy(paths.profile("a"), profile)
    for argv in (["show", "b"], ["use", "b"], ["list"], ["keys", "list"], ["doctor"]):
        put(str(profile), why)
        main(argv)
        assert f"b.toml cannot be read ({why})" in "".join(capsys.readouterr()), argv
        profile.rmdir() if profile.is_dir() else profile.unlink()
    settings.mkdir()
    assert main(["show", "a"]) == 0
    assert "settings.json is not a file" in capsys.readouterr().err


@pytest.mark.parametrize("why", WAYS)
def test_a_provider_or_list_of_keys_that_cannot_be_read_is_named(
    paths: Paths, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    put(os.path.join(paths.providers, "mine.toml"), why)
    assert main(["providers"]) == 0
    assert "mine.toml" in capsys.readouterr().err or why.startswith("too many")
    put(paths.keys, why)
    assert main(["keys", "list"]) == 2
    assert f"keys.toml cannot be read ({why})" in capsys.readouterr().err


@pytest.mark.parametrize("why", WAYS)
def test_another_keyring_is_not_taken_because_the_settings_that_name_one_cannot_be_read(paths: Paths, why: str) -> None:
    put(paths.settings, why)
    with pytest.raises(BadInput, match=r"ccswitch\.toml cannot be read"):
        chosen_keyring(paths, {})
