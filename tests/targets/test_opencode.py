import json
from pathlib import Path
from typing import Any

import pytest

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.launch import Launch
from ccswitch_py.services.endpoints import launch_for
from ccswitch_py.services.launches import load_record
from ccswitch_py.targets.opencode import OpenCode
from tests.support.home import add_profile

TARGET = OpenCode()
CONTENT = "OPENCODE_CONFIG_CONTENT"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "project" / "src" / ".git").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "project" / "src")
    return tmp_path


def messages(home: Path, text: str = "{}", **variables: str) -> list[str]:
    env = {"HOME": str(home), **variables}
    return [conflict.message for conflict in TARGET.conflicts(env, {TARGET.live_files(env)[0]: text})]


@pytest.mark.parametrize(
    "file",
    [
        ".config/opencode/opencode.jsonc",
        "one.json",
        "project/src/opencode.json",
        "project/src/.opencode/opencode.jsonc",
        ".opencode/opencode.json",
        "folder/opencode.jsonc",
    ],
)
def test_a_later_file_with_an_entry_of_ours_is_named(home: Path, file: str) -> None:
    path = home / file
    path.parent.mkdir(parents=True, exist_ok=True)
    variables = {"OPENCODE_CONFIG": str(home / "one.json"), "OPENCODE_CONFIG_DIR": str(home / "folder")}
    path.write_text('// mine\n{"theme": "system",}')
    assert messages(home, **variables) == []
    path.write_text('{"model": "a/b", "provider": {"ccswitch": {}},}')
    assert messages(home, **variables) == [
        f"{path} sets model, provider.ccswitch, which overrides the profile in opencode."
    ]


def test_files_outside_the_repository_and_those_that_are_off_override_nothing(home: Path) -> None:
    for folder in ("project", "project/src"):
        (home / folder / "opencode.json").write_text('{"model": "a/b"}')
    assert len(messages(home)) == 1
    assert messages(home, OPENCODE_DISABLE_PROJECT_CONFIG="1") == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ('{"disabled_providers": ["ccswitch"]}', 1),
        ('{"enabled_providers": ["openai"]}', 1),
        ('{"disabled_providers": ["openai"], "enabled_providers": ["ccswitch"]}', 0),
    ],
)
def test_a_list_that_leaves_our_provider_out_is_named(home: Path, text: str, count: int) -> None:
    assert len(messages(home, text)) == count
    assert len(messages(home, OPENCODE_CONFIG_CONTENT=text)) == count


def test_a_file_that_cannot_be_read_is_passed_over(home: Path) -> None:
    (home / "project" / "src" / "opencode.json").write_text('{"model": ')
    assert messages(home) == []


def launch(paths: Paths) -> Launch:
    add_profile(paths, "a")
    return launch_for(load_record(paths, "a"), "opencode")


def run_content(paths: Paths, given: str) -> dict[str, Any]:
    spec = TARGET.run_spec(launch(paths), lambda _file, _path: None, lambda _file, _path: None, {CONTENT: given})
    return json.loads(spec.environment[CONTENT])


def test_run_keeps_what_the_user_has_in_the_variable(paths: Paths) -> None:
    content = run_content(paths, '{"permission": {"bash": "ask"}, "model": "own/m"}')
    assert content["permission"] == {"bash": "ask"}
    assert content["model"].startswith("ccswitch/")


def test_run_refuses_a_variable_that_it_cannot_read(paths: Paths) -> None:
    with pytest.raises(BadInput, match="OPENCODE_CONFIG_CONTENT, line 2"):
        run_content(paths, "{\n]")
