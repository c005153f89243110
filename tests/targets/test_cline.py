import os
from pathlib import Path

import pytest

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.paths import Paths
from ccswitch_py.services.apply import off, use
from ccswitch_py.targets.cline import Cline
from ccswitch_py.vault.backend_policy import DEMO, DEMO_MARK
from tests.support.home import KEY_VARIABLE, add_profile

KEY = "sk-made-up-of-cline-5d2c9a71"


@pytest.fixture
def file(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_own_file(os.path.join(paths.config, DEMO_MARK), b"")
    monkeypatch.setenv("CCSWITCH_KEYRING", DEMO)
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    add_profile(paths, "a", "https://a.example", target_options={"cline": {"delivery": "plaintext"}})
    path = Path(Cline().path(os.environ))
    path.parent.mkdir(parents=True)
    return path


def test_a_file_that_cline_would_replace_is_refused(file: Path, paths: Paths) -> None:
    file.write_text('{"providers": {}}')
    os.utime(file, (0, 0))
    with pytest.raises(BadInput, match="version"):
        use(paths, "a", ["cline"])
    assert file.read_text() == '{"providers": {}}'


def test_a_key_in_a_header_of_the_user_is_kept_in_the_keyring(file: Path, paths: Paths, tmp_path: Path) -> None:
    own = (
        '{"version": 1, "providers": {"anthropic": {"settings": {"provider": "anthropic", '
        '"headers": {"Authorization": "Bearer the-users-own"}}, "updatedAt": "2026-10-01T08:00:00.000Z"}}}'
    )
    file.write_text(own)
    os.utime(file, (0, 0))
    use(paths, "a", ["cline"])
    assert "the-users-own" not in file.read_text()
    holding = [one.name for one in tmp_path.rglob("*") if one.is_file() and b"the-users-own" in one.read_bytes()]
    assert holding == ["demo-keys.json"]
    off(paths, ["cline"])
    assert file.read_text() == own


@pytest.mark.parametrize(
    ("variables", "path"),
    [
        ({}, "/home/me/.cline/data/settings/providers.json"),
        ({"CLINE_DIR": "/c"}, "/c/data/settings/providers.json"),
        ({"CLINE_DIR": "/c", "CLINE_DATA_DIR": "/d"}, "/d/settings/providers.json"),
        ({"CLINE_DATA_DIR": "/d", "CLINE_PROVIDER_SETTINGS_PATH": "/p.json"}, "/p.json"),
    ],
)
def test_the_variables_that_move_its_file_are_followed(variables: dict[str, str], path: str) -> None:
    assert Cline().path({"HOME": "/home/me", **variables}) == path
