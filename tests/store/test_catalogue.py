import os
import subprocess
import sys
from pathlib import Path

import pytest

from ccswitch_py.core.paths import Paths
from ccswitch_py.model.key_ref import KeyRef
from ccswitch_py.model.role import Role
from ccswitch_py.services.live_test.plans import plan_of_draft, plan_of_profile
from ccswitch_py.services.profiles.setup import Draft, save_draft
from ccswitch_py.store.profile_files import catalogue_ids
from tests.support.home import KEY_VARIABLE, add_profile
from tests.support.own_provider import OWN_MINGYAN

URL = "http://127.0.0.1:9"
IDS = ("gpt-5.4-low", "claude-haiku-4-5")
ASK_FOR_IDS = (
    "import sys; from ccswitch_py.core.paths import Paths; from ccswitch_py.store.profile_files import catalogue_ids;"
    "assert len(catalogue_ids(Paths('', ''), 'mingyan')) == 34; assert 'pydantic' not in sys.modules"
)


def write_provider(paths: Paths, content: str | bytes) -> None:
    file = Path(paths.providers) / "mingyan.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)


def test_the_ids_of_a_provider_are_those_of_its_file(paths: Paths) -> None:
    assert len(catalogue_ids(paths, "mingyan")) == 34
    write_provider(paths, OWN_MINGYAN.format(base_url=URL))
    assert catalogue_ids(paths, "mingyan") == IDS


@pytest.mark.parametrize("content", [b"", b"models = 3", b"[[models]]\n", b"models = ['a']", b"\xff", b"x ="])
def test_a_file_that_cannot_be_read_has_no_ids_and_raises_nothing(paths: Paths, content: bytes) -> None:
    write_provider(paths, content)
    assert catalogue_ids(paths, "mingyan") == ()


@pytest.mark.parametrize("provider_id", [None, "nobody", "../mingyan"])
def test_a_provider_that_is_not_there_has_no_ids(paths: Paths, provider_id: str | None) -> None:
    assert catalogue_ids(paths, provider_id) == ()


def test_the_ids_are_read_without_what_checks_the_file() -> None:
    subprocess.run([sys.executable, "-c", ASK_FOR_IDS], check=True, env=os.environ)


def test_a_test_knows_the_catalogue_of_the_profiles_provider(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "made-up-key-0123456789")
    write_provider(paths, OWN_MINGYAN.format(base_url=URL))
    draft = Draft("mine", "mingyan", URL, dict.fromkeys(Role, IDS[0]), KeyRef(env=KEY_VARIABLE))
    assert plan_of_draft(paths, draft).known_models() == IDS
    save_draft(paths, draft)
    assert plan_of_profile(paths, "mine").known_models() == IDS
    add_profile(paths, "other")
    assert plan_of_profile(paths, "other").known_models() == ()
