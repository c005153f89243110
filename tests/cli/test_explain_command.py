import json
from pathlib import Path

import pytest

from ccswitch_py.cli.main import main
from ccswitch_py.targets.claude_code.variables import VARIABLES

KEY = "made-up-key-9876543210-abcd"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    (tmp_path / ".claude").mkdir()
    (tmp_path / ".claude" / "settings.json").write_text('{"env": {"ANTHROPIC_BASE_URL": "https://user.test"}}')
    (tmp_path / "project").mkdir()
    return tmp_path / "project"


def test_the_winners_come_first_and_the_verdict_last(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project.parent / ".bashrc").write_text("export ANTHROPIC_BASE_URL=https://new.test\n")
    assert main(["explain", str(project)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "In ~/project Claude Code will use:",
        "address        https://user.test (ANTHROPIC_BASE_URL in ~/.claude/settings.json:1)",
        "x-api-key      ••••••••abcd (ANTHROPIC_API_KEY in this terminal's environment)",
        "Authorization  not sent",
        "headers        none",
        "main, haiku, sonnet, opus, fable: Claude Code's own choice",
        "subagent       the main model",
        "",
        "1 more setting is overridden or not used: `ccswitch explain --all` shows all.",
        "",
        "Notes:",
        "  Interactive Claude Code asks before it first uses ANTHROPIC_API_KEY; claude -p does not.",
        "",
        "No problems found: Claude Code calls https://user.test, and the main model is Claude Code's own choice. "
        "`ccswitch doctor` checks more.",
    ]


def test_all_says_why_and_lists_the_layers(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(project), "--all"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [
        "In ~/project Claude Code will use:",
        "address        https://user.test",
        "               ANTHROPIC_BASE_URL in ~/.claude/settings.json:1",
    ]
    held = lines.index("In effect now, the strongest first:")
    assert [line.strip() for line in lines[held + 1 : held + 5]] == [
        "your settings.json: ~/.claude/settings.json",
        "1  ANTHROPIC_BASE_URL = https://user.test",
        "this terminal's environment",
        "ANTHROPIC_API_KEY = ••••••••abcd",
    ]
    assert KEY not in "\n".join(lines)


def test_the_same_as_json(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    option = project / "other.json"
    option.write_text(json.dumps({"env": {"ANTHROPIC_BASE_URL": "https://option.test"}}))
    assert main(["explain", str(project), "--settings", str(option), "--json"]) == 0
    printed = capsys.readouterr().out
    facts = json.loads(printed)
    assert KEY not in printed
    address = facts["parts"][0]
    assert address["value"] == "https://option.test"
    assert (address["winner"]["layer"], address["winner"]["line"]) == ("--settings", 1)
    assert [place["layer"] for place in address["beaten"]] == ["user"]


def test_something_wrong_is_exit_code_1_and_bad_input_2(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / ".claude").mkdir()
    (project / ".claude" / "settings.json").write_text("{,}")
    assert main(["explain", str(project)]) == 1
    said = capsys.readouterr().out
    assert "Problems:\n  ~/project/.claude/settings.json: Claude Code skips" in said and "Fix that line.\n" in said
    assert said.splitlines()[-1].startswith("1 problem found; see above for the fix.")
    assert main(["explain", str(project / "missing")]) == 2
    assert main(["explain", str(project), "--settings", "missing.json"]) == 2
