import json
import os
from pathlib import Path

import pytest

from ccswitch_py.cli.main import main
from ccswitch_py.core.paths import Paths
from ccswitch_py.services.apply import use
from ccswitch_py.services.explain import explain
from ccswitch_py.services.run import prepare_run
from ccswitch_py.services.status import status
from ccswitch_py.targets.claude_code import settings as claude_settings
from ccswitch_py.targets.claude_code.deciding import deciding
from ccswitch_py.targets.claude_code.sources.layer import LayerKind
from ccswitch_py.targets.claude_code.sources.settings_files import settings_layer, stray_keys
from ccswitch_py.targets.claude_code.variables import HOSTED
from tests.support.good_gateway import GOOD
from tests.support.home import KEY_VARIABLE, add_profile
from tests.support.misbehaving import Misbehaving

HOSTS_THAT_DECIDE = [name for name in HOSTED if name in deciding()]


@pytest.fixture
def managed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where an administrator's settings would be."""
    monkeypatch.setattr(claude_settings, "_MANAGED_ELSEWHERE", str(tmp_path / "etc"))
    (tmp_path / "etc").mkdir()
    return tmp_path / "etc" / "managed-settings.json"


@pytest.fixture(autouse=True)
def profile(paths: Paths, managed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "made-up-key-0123456789")
    add_profile(paths, "work", "https://gateway.example")


def said(paths: Paths) -> str:
    """What ``use`` and ``status`` say, which is the same."""
    notes = use(paths, "work").notes
    (claude_code,) = [one for one in status(paths) if one.target == "claude-code"]
    assert [note for note in notes if note in claude_code.conflicts] == claude_code.conflicts
    return " ".join(claude_code.conflicts)


def test_where_nothing_overrides_the_profile_nothing_is_said(paths: Paths, settings: Path) -> None:
    settings.write_text('{"theme": "dark", "availableModels": ["work-main"]}')
    assert said(paths) == ""


@pytest.mark.parametrize(
    ("own", "names"),
    [
        ({"env": {"ANTHROPIC_BASE_URL": "https://a.example", "CLAUDE_CODE_USE_VERTEX": "1"}}, "ANTHROPIC_BASE_URL"),
        ({"apiKeyHelper": "get-key"}, "apiKeyHelper"),
        ({"availableModels": ["other"]}, "availableModels"),
        ({"forceLoginMethod": "claudeai"}, "forceLoginMethod"),
    ],
)
def test_what_an_administrator_sets_instead_is_named(
    paths: Paths, managed: Path, own: dict[str, object], names: str
) -> None:
    managed.write_text(json.dumps(own))
    assert names in said(paths)


@pytest.mark.parametrize(
    "variable", [*(name for name in HOSTED if name in deciding()), "CLAUDE_CODE_SIMPLE", "CLAUDE_CODE_CONFIG_PROBE"]
)
def test_a_host_that_decides_is_named(paths: Paths, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "1")
    assert f"{variable} (this terminal's environment)" in said(paths)


def test_a_program_that_is_run_with_a_profile_does_not_get_the_variables_of_a_host(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in HOSTED:
        monkeypatch.setenv(variable, "1")
    assert not set(HOSTED) & set(prepare_run(paths, "work", ["claude"]).env)
    assert set(HOSTED) <= set(os.environ)


@pytest.mark.parametrize("text", ["", "{}", "[]", "not JSON"])
def test_a_file_without_settings_is_no_reason_to_fail(paths: Paths, settings: Path, text: str) -> None:
    use(paths, "work")
    settings.write_text(text)
    assert not any("overrides" in conflict for one in status(paths) for conflict in one.conflicts)


def test_a_file_that_claude_code_skips_is_named_with_its_line(paths: Paths, settings: Path) -> None:
    settings.write_text('{\n  "cleanupPeriodDays": "30"\n}')
    assert "because of line 2: cleanupPeriodDays is not a number" in said(paths)


def test_the_verdict_of_a_test_names_what_overrides_the_profile(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Misbehaving(GOOD) as gateway:
        add_profile(paths, "other", gateway.base_url)
        use(paths, "other")
        monkeypatch.setenv("CLAUDE_CODE_SIMPLE", "1")
        assert main(["test", "other", "--quick"]) == 0
        assert "other: CLAUDE_CODE_SIMPLE (this terminal's environment) overrides the key" in capsys.readouterr().out
        main(["test", "other", "--quick", "--json"])
        assert list(json.loads(capsys.readouterr().out)["overridden"]) == ["other"]


def test_explain_does_not_say_that_all_is_well_where_a_variable_is_unknown(paths: Paths, tmp_path: Path) -> None:
    use(paths, "work")
    environ = {"HOME": str(tmp_path), **{name: os.environ[name] for name in (KEY_VARIABLE, "CCSWITCH_HOME")}}
    assert "No problems found: Claude Code calls" in explain(str(tmp_path), environ).verdict
    found = explain(str(tmp_path), environ | {"CLAUDE_CODE_OF_A_LATER_VERSION": "1"})
    assert "No problems found in what ccswitch can check" in found.verdict
    assert "CLAUDE_CODE_OF_A_LATER_VERSION (this terminal's environment) is set, and not known" in found.notes[0]


def test_explain_does_not_say_that_all_is_well_where_a_key_of_the_settings_is_unknown(
    paths: Paths, settings: Path, tmp_path: Path
) -> None:
    settings.write_text('{"gatewayOfALaterVersion": 1}')
    use(paths, "work")
    environ = {"HOME": str(tmp_path), **{name: os.environ[name] for name in (KEY_VARIABLE, "CCSWITCH_HOME")}}
    found = explain(str(tmp_path), environ | {"CLAUDE_CONFIG_DIR": str(settings.parent)})
    assert "No problems found in what ccswitch can check" in found.verdict
    assert any("gatewayOfALaterVersion" in note and "set, and not known" in note for note in found.notes)


def test_of_very_many_unknown_keys_the_first_are_named(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({f"unknown{number}": 1 for number in range(10_000)}))
    assert stray_keys(str(file)).unknown == [(f"unknown{number}", 1) for number in range(20)]


def test_of_very_many_unknown_variables_the_first_are_named(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    many = {f"ANTHROPIC_LATER_{number}": "1" for number in range(50_000)}  # took minutes when each had its line counted
    file.write_text(json.dumps({"env": {**many, "ANTHROPIC_BASE_URL": "https://gw.example"}}, indent=1))
    layer = settings_layer(LayerKind.USER, str(file))
    assert layer
    found = [(entry.name, entry.line) for entry in layer.entries]
    assert found == [*((f"ANTHROPIC_LATER_{at}", at + 3) for at in range(20)), ("ANTHROPIC_BASE_URL", 50_003)]
