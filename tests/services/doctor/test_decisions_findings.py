import json
from pathlib import Path

import pytest

from ccswitch_py.core.paths import Paths
from ccswitch_py.services.apply import use
from ccswitch_py.services.explain import explain
from tests.services.doctor.conftest import Look, Project
from tests.support.home import add_profile


@pytest.mark.parametrize(
    ("variable", "value", "code", "said"),
    [
        (
            "CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST",
            "1",
            "decided_elsewhere",
            "overrides the address, the key and the models",
        ),
        ("CLAUDE_CODE_SIMPLE", "yes", "decided_elsewhere", "overrides the key"),
        ("CLAUDE_CODE_EXTRA_BODY", '{"model": "x"}', "decided_elsewhere", "overrides the main model"),
        ("CLAUDE_CODE_CONFIG_PROBE", "1", "claude_code_refuses", "does not start or sends no requests"),
        ("HTTPS_PROXY", "127.0.0.1:1", "may_refuse", "can keep Claude Code from starting"),
        ("API_TIMEOUT_MS", "100", "may_refuse", "can keep Claude Code from starting"),
        ("CLAUDE_CODE_USE_GATEWAY", "1", "may_decide", "can override the headers"),
        ("ANTHROPIC_BETAS", "x", "headers_decided_elsewhere", "changes the headers"),
        ("CLAUDE_CODE_OF_A_LATER_VERSION", "x", "unknown_setting", "not known to ccswitch"),
        ("CLAUDE_CONFIG_DIR", "~/claude", "config_folder_not_absolute", "not an absolute path"),
    ],
)
def test_a_variable_that_decides_or_is_unknown_is_named(
    look: Look, settings: Path, variable: str, value: str, code: str, said: str
) -> None:
    settings.write_text("{}")
    assert code not in look()
    found = look(**{variable: value})[code]
    assert said in found.sentence and variable in found.sentence and "this terminal's environment" in found.sentence


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CLAUDE_CODE_SIMPLE", "0"),
        ("CLAUDE_CODE_EXTRA_BODY", '{"x": 1}'),
        ("API_TIMEOUT_MS", "600000"),
        ("HTTPS_PROXY", "http://127.0.0.1:1"),
        ("CLAUDE_CODE_DISABLE_TERMINAL_TITLE", "1"),
    ],
)
def test_a_variable_without_that_effect_is_not_named(look: Look, variable: str, value: str) -> None:
    assert not {"decided_elsewhere", "may_decide", "may_refuse", "unknown_setting"} & set(look(**{variable: value}))


def test_keys_that_claude_code_does_not_have_are_named_with_their_line(look: Look, settings: Path) -> None:
    settings.write_text('{"model": "m", "theme": "dark", "$schema": "x"}')
    assert "unknown_setting" not in look()
    settings.write_text('{"model": "m",\n "gatewayOfALaterVersion": {"url": "https://x.example"}}')
    found = look()["unknown_setting"]
    assert "gatewayOfALaterVersion" in found.sentence and "is set, and not known to ccswitch" in found.sentence
    assert (found.path, found.line) == (str(settings), 2)


def test_settings_that_decide_the_model_are_named_with_their_line(
    look: Look, settings: Path, project: Project, tmp_path: Path
) -> None:
    settings.write_text('{"env": {"ANTHROPIC_MODEL": "m"},\n "availableModels": ["M ", "n"]}')
    assert "decided_elsewhere" not in look()
    settings.write_text('{"env": {"ANTHROPIC_MODEL": "m"},\n "availableModels": ["n"]}')
    found = look()["decided_elsewhere"]
    assert "availableModels" in found.sentence and found.line == 2
    settings.write_text('{"env": {"ANTHROPIC_MODEL": "m"}}')
    project({"agent": "reviewer"})
    assert "decided_elsewhere" not in look(), "there is no such agent"
    agents = tmp_path / "project" / ".claude" / "agents"
    agents.mkdir()
    (agents / "any-name.md").write_text("---\nname: reviewer\nmodel: inherit\n---\nReview.")
    assert "decided_elsewhere" not in look(), "it names no model"
    (agents / "any-name.md").write_text("---\nname: reviewer\nmodel: other\n---\nReview.")
    assert "agent (" in look()["decided_elsewhere"].sentence


@pytest.mark.parametrize(
    "header",
    [
        "name: reviewer\nmodel: other",
        '"name": reviewer\n"model": other',
        "{name: reviewer, model: other}",
        "name:\n  reviewer\nmodel: other",
    ],
)
@pytest.mark.parametrize("place", ["project/.claude/agents/team", ".claude/agents"])
def test_an_agent_is_found_wherever_and_however_it_is_written(
    look: Look, project: Project, settings: Path, tmp_path: Path, header: str, place: str
) -> None:
    settings.write_text('{"env": {"ANTHROPIC_MODEL": "m"}}')
    project({"agent": "reviewer"})
    folder = tmp_path / place
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "x.md").write_text(f"---\n{header}\n---\nReview.")
    assert "agent (" in look()["decided_elsewhere"].sentence


def test_a_definition_whose_header_never_ends_has_none(look: Look, project: Project, tmp_path: Path) -> None:
    project({"agent": "reviewer"})
    agents = tmp_path / "project" / ".claude" / "agents"
    agents.mkdir()
    for text in ("---" + "\n" * 200_000, "---\n" + "a: [\n" * 50_000, "---\n- 1\n---\n", "---\nname: [\n---\n"):
        (agents / "x.md").write_text(text)
        assert "decided_elsewhere" not in look()


def test_a_variable_beside_env_is_named(look: Look, settings: Path) -> None:
    settings.write_text('{\n  "ANTHROPIC_BASE_URL": "https://a.example"\n}')
    found = look()["variable_beside_env"]
    assert "ANTHROPIC_BASE_URL" in found.sentence and found.line == 2


def test_a_start_file_that_moves_the_settings_is_named(look: Look, tmp_path: Path) -> None:
    (tmp_path / ".bashrc").write_text('export CLAUDE_CONFIG_DIR="$HOME/other"\n')
    assert "~/.bashrc sets CLAUDE_CONFIG_DIR" in look()["config_folder_in_start_file"].sentence


def test_what_a_start_file_decides_in_new_terminals_is_named(look: Look, tmp_path: Path) -> None:
    lines = (
        "export CLAUDE_CODE_USE_VERTEX=1",
        "export ANTHROPIC_UNIX_SOCKET=/tmp/x",
        "if true; then export CLAUDE_CODE_SIMPLE=1; fi",
        "export CLAUDE_CODE_USE_BEDROCK=0 CLAUDE_CODE_CONFIG_PROBE=0",
    )
    (tmp_path / ".bashrc").write_text("\n".join(lines))
    found = look()
    assert "~/.bashrc sets ANTHROPIC_UNIX_SOCKET" in found["decided_in_new_terminals"].sentence
    assert "~/.bashrc may set CLAUDE_CODE_SIMPLE" in found["may_decide_in_new_terminals"].sentence
    explanation = explain(str(tmp_path), {"HOME": str(tmp_path)})
    assert [note for note in explanation.notes if note.startswith("New terminals")] == [
        "New terminals: ~/.bashrc:1 sets CLAUDE_CODE_USE_VERTEX, so Claude Code will call that cloud, not"
        " ANTHROPIC_BASE_URL.",
        "New terminals: ~/.bashrc:2 sets ANTHROPIC_UNIX_SOCKET, which changes what Claude Code does.",
        "New terminals: ~/.bashrc:3 may set CLAUDE_CODE_SIMPLE, which would change what Claude Code does.",
    ]


def test_opusplan_names_the_models_of_both_modes(settings: Path, tmp_path: Path) -> None:
    env = {"ANTHROPIC_MODEL": "opusplan", "ANTHROPIC_DEFAULT_SONNET_MODEL": "s", "ANTHROPIC_DEFAULT_OPUS_MODEL": "o"}
    settings.write_text(json.dumps({"env": env}))
    [main] = [part for part in explain(str(tmp_path), {"HOME": str(tmp_path)}).parts if part.part == "main"]
    assert main.value == "opusplan, which is s, and o in plan mode"


def test_an_agent_or_a_skill_that_asks_for_a_model_which_the_profile_lacks_is_named(
    look: Look, settings: Path, paths: Paths
) -> None:
    add_profile(paths, "work", "https://a.example")
    use(paths, "work")
    agent = settings.parent / "agents" / "reviewer.md"
    agent.parent.mkdir()
    for model in ("haiku", "inherit", "Sonnet"):
        agent.write_text(f"---\nname: reviewer\nmodel: {model}\n---\nReview.")
        assert "definition_model_not_served" not in look()
    agent.write_text("---\nname: reviewer\nmodel: claude-opus-4-8\n---\nReview.")
    found = look()["definition_model_not_served"]
    assert "asks for the model claude-opus-4-8" in found.sentence and found.path == str(agent)
    agent.unlink()
    skill = settings.parent / "skills" / "pdf" / "SKILL.md"
    skill.parent.mkdir(parents=True)
    skill.write_text('---\nname: pdf\nmodel: "claude-opus-4-8"\n---\nRead.')
    assert look()["definition_model_not_served"].path == str(skill)


@pytest.mark.parametrize(
    "wrong", [{"cleanupPeriodDays": "30"}, {"statusLine": "x"}, {"permissions": {"allow": "Read"}}]
)
def test_an_entry_of_a_wrong_type_for_which_the_file_is_skipped_is_named(
    look: Look, settings: Path, wrong: dict[str, object]
) -> None:
    settings.write_text(json.dumps({"env": {"ANTHROPIC_MODEL": "m"}} | wrong, indent=1))
    assert f"{next(iter(wrong))}" in look()["settings_unreadable"].sentence
