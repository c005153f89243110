"""What use, off, undo, run and status do and report where several tools are set up."""

import json
import os
import shutil
from pathlib import Path

import pytest

from ccswitch_py.cli.main import main
from ccswitch_py.core.errors import BadInput, FileNotChanged
from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.paths import Paths
from ccswitch_py.services.apply import off, previous_profile, remember_targets, undo, use
from ccswitch_py.services.run import prepare_run
from ccswitch_py.services.status import status
from tests.support.home import KEY_VARIABLE, add_profile
from tests.support.target_examples import PROVIDER

THREE = ("claude-code", "opencode", "qwen-code")


@pytest.fixture(autouse=True)
def profiles(paths: Paths, settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "sk-made-up-several-tools-key")
    monkeypatch.setenv("PATH", "/usr/bin")
    for file in (settings, opencode(tmp_path), tmp_path / ".qwen" / "settings.json"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("{}")
        os.utime(file, (0, 0))  # nobody is in the middle of writing it
    for name in ("a", "b"):
        write_own_file(f"{paths.providers}/{name}.toml", PROVIDER.format(id=name, base=f"https://{name}.x").encode())
        add_profile(paths, name, "", provider=name)


def opencode(home: Path) -> Path:
    return home / ".config" / "opencode" / "opencode.json"


def in_use(paths: Paths) -> dict[str, str | None]:
    return {one.target: one.profile for one in status(paths) if one.target in THREE}


def test_off_finds_profiles_in_every_tool_without_the_state_folder(paths: Paths) -> None:
    for targets in ([], ["all"]):
        use(paths, "a", THREE)
        shutil.rmtree(paths.state)
        off(paths, targets)
        assert in_use(paths) == dict.fromkeys(THREE)


def test_tools_that_need_the_key_from_run_are_named_with_the_commands(
    paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    both = (
        "opencode and Qwen Code need the key from `ccswitch run`: "
        "`ccswitch run a --target opencode -- opencode`, `ccswitch run a --target qwen-code -- qwen`."
    )
    assert both in use(paths, "a", THREE).notes and both in use(paths, "a", THREE).notes
    assert main(["status"]) == 0
    assert both in capsys.readouterr().err.replace("\n", " ")
    alone = "opencode needs the key from `ccswitch run b --target opencode -- opencode`."
    assert alone in use(paths, "b", ["opencode"]).notes
    assert not [note for note in use(paths, "b", ["claude-code"]).notes if "needs the key" in note]


def test_a_note_names_its_tool_where_there_are_several(paths: Paths) -> None:
    alone, together = use(paths, "a", ["claude-code"]).notes, use(paths, "b", THREE).notes
    assert "Address and key change at once, even in running sessions." in alone
    assert "Claude Code: Address and key change at once, even in running sessions." in together
    assert len(set(together)) == len(together) and not [note for note in together if "NAME" in note]


def test_undo_reports_what_each_tool_uses_now(paths: Paths) -> None:
    use(paths, "a")
    use(paths, "b", ["opencode"])
    assert "No profile is in use now in opencode." in undo(paths).notes
    use(paths, "a", ["claude-code", "opencode"])
    use(paths, "b", THREE)
    notes = undo(paths).notes
    assert notes[:2] == ["a is in use now in Claude Code and opencode.", "No profile is in use now in Qwen Code."]
    assert "opencode needs the key from `ccswitch run a --target opencode -- opencode`." in notes


def test_use_without_targets_names_those_that_the_profile_remembers(paths: Paths) -> None:
    assert not [note for note in use(paths, "a").notes if "remembers" in note]
    remember_targets(paths, "b", use(paths, "b", ["opencode"]))
    remembered = "b remembers the tools of its last `use --target`: opencode."
    assert [note for note in use(paths, "b").notes if note.startswith(remembered) and "--target claude-code`" in note]
    assert in_use(paths) == {"claude-code": "a", "opencode": "b", "qwen-code": None}
    remember_targets(paths, "b", use(paths, "b", ["claude-code"]))
    assert not [note for note in use(paths, "b").notes if "remembers" in note]


def test_a_dash_changes_only_the_default_tool_or_those_that_are_named(paths: Paths) -> None:
    remember_targets(paths, "a", use(paths, "a", THREE))
    use(paths, "b", ["claude-code"])
    use(paths, "b", ["opencode"])
    assert main(["use", "-"]) == 0
    assert in_use(paths) == {"claude-code": "a", "opencode": "b", "qwen-code": "a"}
    assert previous_profile(paths, ["opencode"]) == "a"
    off(paths)
    assert previous_profile(paths, ["all"]) == "a"


@pytest.mark.parametrize(
    ("command", "target"),
    [
        (["opencode", "run", "hi"], "opencode"),
        (["/opt/bin/codex"], "codex"),
        (["claude"], "claude-code"),
        (["code", "."], "claude-code"),
        (["nice", "codex"], "claude-code"),
        ([], "claude-code"),
    ],
)
def test_run_takes_the_target_that_the_program_belongs_to(paths: Paths, command: list[str], target: str) -> None:
    inferred, named = prepare_run(paths, "a", command), prepare_run(paths, "a", command, target)
    assert (inferred.argv, inferred.env) == (named.argv, named.env)


def test_run_refuses_a_program_whose_tool_cannot_use_the_profile(paths: Paths) -> None:
    add_profile(paths, "c")
    with pytest.raises(BadInput, match="Codex needs a responses endpoint, and c has none"):
        prepare_run(paths, "c", ["codex"])


def test_all_leaves_out_a_tool_whose_file_cannot_be_changed(paths: Paths, tmp_path: Path, settings: Path) -> None:
    opencode(tmp_path).write_text('{\n"a": 1,\n,}')
    result = use(paths, "a", ["all"], dry_run=True)
    result = use(paths, "a", ["all"], agreed=result)
    (reason,) = [note for note in result.notes if "left out" in note]
    assert "opencode.json, line 3: expected a name (an extra comma?)." in reason
    assert in_use(paths) == {"claude-code": "a", "opencode": None, "qwen-code": "a"}
    before = settings.read_bytes()
    with pytest.raises(FileNotChanged, match=r"line 3.*Nothing was changed\."):
        use(paths, "b", THREE)
    assert settings.read_bytes() == before
    for file in (settings, tmp_path / ".qwen" / "settings.json"):
        file.write_text("[")
    with pytest.raises(FileNotChanged):
        use(paths, "b", ["all"])


def test_reading_a_broken_file_does_not_report_that_nothing_was_changed(
    paths: Paths, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    opencode(tmp_path).write_text('{\n"a": 1,\n,}')
    assert main(["status"]) == 1
    out = capsys.readouterr().out
    assert "line 3: expected a name (an extra comma?)" in out and "changed" not in out
    assert main(["status", "--json"]) == 1
    found = {one["target"]: one for one in json.loads(capsys.readouterr().out)["targets"]}
    assert found["claude-code"]["needs_run"] is False
