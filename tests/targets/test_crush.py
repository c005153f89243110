from pathlib import Path

import pytest

from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.paths import Paths
from ccswitch_py.services.apply import use
from ccswitch_py.services.endpoints import launch_for
from ccswitch_py.services.launches import load_record
from ccswitch_py.targets.config_file import Credential
from ccswitch_py.targets.crush import Crush
from tests.support.home import KEY_VARIABLE, add_profile
from tests.support.target_examples import PROVIDER


def test_a_gateway_that_wants_a_bearer_token_gets_one(paths: Paths) -> None:
    text = PROVIDER.format(id="b", base="https://b.example/gw").replace('gw"\n', 'gw"\nauth = "bearer"\n', 1)
    write_own_file(f"{paths.providers}/b.toml", text.encode())
    add_profile(paths, "b", "", provider="b")
    target = Crush()
    entries = target.entries(launch_for(load_record(paths, "b"), "crush"), Credential(variable="KEY"))
    assert entries[target.credentials[0]] == "Bearer $KEY"


def test_what_goes_before_its_file_is_named(tmp_path: Path, paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRUSH_GLOBAL_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("CRUSH_GLOBAL_DATA", str(tmp_path / "data"))
    monkeypatch.setenv(KEY_VARIABLE, "made-up-key-0123456789")
    monkeypatch.chdir(tmp_path)
    add_profile(paths, "a", "https://a.example/gw")
    picked = '{"models": {"large": {"model": "m", "provider": "own"}}}'
    for file, text in {"data/crush.json": picked, "config/crushrc": "model large m\n", ".crush.json": "{}"}.items():
        write_own_file(str(tmp_path / file), text.encode())
    notes = use(paths, "a", ["crush"]).notes
    assert [note for note in notes if "crush.json sets models.large.model, models.large.provider" in note]
    assert [note for note in notes if "crushrc overrides the profile in Crush if it sets a model" in note]
    assert len(notes) == 2
