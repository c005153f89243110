import tomllib
from pathlib import Path

import pytest

from ccswitch_py.core.paths import Paths
from ccswitch_py.model.key_ref import KeyRef
from ccswitch_py.redact.secret import Secret
from ccswitch_py.services.interchange import ExportFormat, export
from ccswitch_py.vault.backend_policy import DEMO, DEMO_MARK
from tests.support.home import add_profile

KEY = "sk-made-up-key-0d57a3b1c6e8"


@pytest.fixture(autouse=True)
def keyring(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCSWITCH_KEYRING", DEMO)
    Path(paths.config).mkdir(parents=True)
    Path(paths.config, DEMO_MARK).touch()


def test_an_export_has_neither_the_stored_key_nor_its_name_here(paths: Paths) -> None:
    add_profile(paths, "a", key=Secret(KEY))
    text = export(paths, "a", ExportFormat.TOML)
    assert "key" not in tomllib.loads(text) and KEY not in text


def test_an_export_says_which_variable_holds_the_key(paths: Paths) -> None:
    add_profile(paths, "a", key=KeyRef(env="WORK_KEY"))
    assert tomllib.loads(export(paths, "a", ExportFormat.TOML))["key"] == {"env": "WORK_KEY"}


def test_an_export_has_the_key_only_on_request(paths: Paths) -> None:
    add_profile(paths, "a", key=Secret(KEY))
    assert tomllib.loads(export(paths, "a", ExportFormat.TOML, include_key=True))["secret_key"] == KEY
