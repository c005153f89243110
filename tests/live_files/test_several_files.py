import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ccswitch_py.core.errors import FileNotChanged
from ccswitch_py.core.paths import Paths
from ccswitch_py.live_files import content, journal
from ccswitch_py.live_files.content import BeingWritten, FileContent
from ccswitch_py.live_files.live_state import LiveState
from ccswitch_py.services.apply import off, undo, use
from ccswitch_py.services.status import status
from ccswitch_py.targets.registry import TARGETS
from tests.support.home import KEY_VARIABLE, add_profile
from tests.support.sample_target import SampleTool

BOTH = ["claude-code", "sample"]
MINE = {"settings.json": '{"theme": "dark"}\n', "config.toml": "# mine\nlanguage = 'de'\n"}


@pytest.fixture
def files(paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    monkeypatch.setitem(TARGETS, "sample", SampleTool())
    monkeypatch.setenv(KEY_VARIABLE, "made-up")
    found = [tmp_path / ".claude" / "settings.json", tmp_path / ".sample" / "config.toml"]
    for file in found:
        file.parent.mkdir()
        file.write_text(MINE[file.name])
    add_profile(paths, "a")
    add_profile(paths, "b")
    return found


def contents(files: list[Path]) -> list[str]:
    return [file.read_text() for file in files]


def profiles_in_use(paths: Paths) -> list[str | None]:
    return [one.profile for one in status(paths)]


def left_beside(files: list[Path]) -> list[str]:
    return [name for file in files for name in os.listdir(file.parent) if name != file.name]


def test_two_targets_are_one_step_to_undo(paths: Paths, files: list[Path]) -> None:
    use(paths, "a", BOTH)
    with_a = contents(files)
    use(paths, "b", BOTH)
    assert profiles_in_use(paths) == ["b", "b"]
    assert len(undo(paths).changes) == 2
    assert contents(files) == with_a and profiles_in_use(paths) == ["a", "a"]
    undo(paths)
    assert contents(files) == [*MINE.values()]
    assert left_beside(files) == []


def test_undo_takes_back_only_what_the_last_command_changed(paths: Paths, files: list[Path]) -> None:
    use(paths, "a", BOTH)
    use(paths, "b", ["sample"])
    undo(paths)
    assert profiles_in_use(paths) == ["a", "a"]
    undo(paths, ["sample"])
    assert profiles_in_use(paths) == ["a", None]


def test_off_takes_both_out_at_once(paths: Paths, files: list[Path]) -> None:
    use(paths, "a", BOTH)
    off(paths, BOTH)
    assert contents(files) == [*MINE.values()]
    undo(paths)
    assert profiles_in_use(paths) == ["a", "a"]


@pytest.mark.parametrize("at", [0, 1])
def test_a_file_that_cannot_be_written_leaves_both_as_they_were(paths: Paths, files: list[Path], at: int) -> None:
    files[at].chmod(0o400)
    with pytest.raises(FileNotChanged, match="read-only"):
        use(paths, "a", BOTH)
    assert contents(files) == [*MINE.values()]
    assert profiles_in_use(paths) == [None, None] and left_beside(files) == []
    assert not [name for name in os.listdir(paths.journal) if name.endswith(".next")]


def test_a_file_that_cannot_be_read_stops_the_other_one_too(paths: Paths, files: list[Path]) -> None:
    files[1].write_text("a = [")
    with pytest.raises(FileNotChanged, match="line 1"):
        use(paths, "a", BOTH)
    assert files[0].read_text() == MINE["settings.json"]


def test_what_failed_at_the_second_file_is_put_back_in_the_first(
    paths: Paths, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_file = content.replace_file

    def full_disk(path: str, *values: object, **named: object) -> None:
        if path == str(files[1]):
            raise OSError(28, "No space left on device", path)
        replace_file(path, *values, **named)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(content, "replace_file", full_disk)
    with pytest.raises(FileNotChanged, match="no space left"):
        use(paths, "a", BOTH)
    assert contents(files) == [*MINE.values()] and profiles_in_use(paths) == [None, None]
    assert left_beside(files) == []


def killed_after(paths: Paths, files: list[Path], replaced: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop a use of both dead after so many replacements; nothing of it is tidied up."""
    script = (
        "import os, signal, sys; from ccswitch_py.core.paths import Paths;"
        "from ccswitch_py.live_files.content import FileContent;"
        "from ccswitch_py.targets.registry import TARGETS; from tests.support.sample_target import SampleTool;"
        "from ccswitch_py.services.apply import use;"
        "TARGETS['sample'] = SampleTool(); done = [0]; replace = FileContent.replace\n"
        "def counted(self, *values, **named):\n"
        "    if done[0] == int(sys.argv[3]): os.kill(os.getpid(), signal.SIGKILL)\n"
        "    replace(self, *values, **named); done[0] += 1\n"
        "FileContent.replace = counted\n"
        "use(Paths(sys.argv[1], sys.argv[2]), 'a', ['claude-code', 'sample'])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, paths.config, paths.state, str(replaced)], check=False, cwd=Path.cwd()
    )
    assert ended.returncode == -signal.SIGKILL


def test_a_kill_before_the_first_replacement_is_as_if_nothing_was_begun(
    paths: Paths, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_after(paths, files, 0, monkeypatch)
    assert contents(files) == [*MINE.values()] and profiles_in_use(paths) == [None, None]
    use(paths, "b", ["claude-code"])
    assert profiles_in_use(paths) == ["b", None] and left_beside(files) == []


def test_a_kill_between_two_replacements_is_completed_by_the_next_command(
    paths: Paths, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_after(paths, files, 1, monkeypatch)
    assert json.loads(files[0].read_text())["env"]["ANTHROPIC_MODEL"] == "a-main"
    assert files[1].read_text() == MINE["config.toml"]
    undo(paths)
    assert contents(files) == [*MINE.values()] and left_beside(files) == []
    assert profiles_in_use(paths) == [None, None]


def test_what_another_program_wrote_after_the_kill_stays(
    paths: Paths, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_after(paths, files, 1, monkeypatch)
    files[1].write_text("# mine\nlanguage = 'fr'\n")
    use(paths, "a", BOTH)
    assert "language = 'fr'" in files[1].read_text() and 'id = "ccswitch"' in files[1].read_text()
    off(paths, BOTH)
    assert files[1].read_text() == "# mine\nlanguage = 'fr'\n"


def test_one_damaged_journal_of_another_folder_hinders_nobody(paths: Paths, files: list[Path]) -> None:
    use(paths, "a", BOTH)
    damaged = Path(paths.journal, "claude-code-9-00000000.json")
    damaged.write_text('{"profile": ')
    assert sorted(journal.applied_files(paths, "a")) == sorted(map(str, files))


def test_the_journal_keeps_nothing_that_comes_from_a_secret(paths: Paths, files: list[Path]) -> None:
    use(paths, "a", BOTH)
    before = {path: Path(path).read_text() for path in journal.journal_files(paths)}
    assert before
    assert FileContent(str(files[0])).text
    for text in before.values():
        assert '"checksum"' not in text and "crc" not in text


def test_a_file_that_was_just_emptied_is_not_taken_for_an_empty_one(
    paths: Paths, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    files[0].write_text("")
    with monkeypatch.context() as patched:
        patched.setattr(content, "SETTLED_S", 3600.0)
        with pytest.raises(BeingWritten):
            LiveState(paths, "claude-code", TARGETS["claude-code"].live_files(os.environ)[0])
    os.utime(files[0], (0, 0))
    use(paths, "a", ["claude-code"])
    off(paths)
    assert files[0].read_text() == ""


@pytest.mark.parametrize("harm", [Path.unlink, lambda staged: staged.write_text("a = 1\n")], ids=["gone", "altered"])
def test_a_staged_file_that_is_gone_or_altered_blocks_nothing(
    paths: Paths, files: list[Path], monkeypatch: pytest.MonkeyPatch, harm: Callable[[Path], object]
) -> None:
    killed_after(paths, files, 1, monkeypatch)
    [staged] = files[1].parent.glob("*.ccswitch-staged")
    harm(staged)
    undo(paths)
    assert contents(files) == [*MINE.values()] and left_beside(files) == []


def test_a_file_that_is_broken_after_the_kill_is_named_with_its_line(
    paths: Paths, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_after(paths, files, 1, monkeypatch)
    files[1].write_text("a = [")
    with pytest.raises(FileNotChanged, match=r"config\.toml, line 1"):
        undo(paths)
    files[1].write_text(MINE["config.toml"])
    undo(paths)
    assert contents(files) == [*MINE.values()] and left_beside(files) == []


def test_a_broken_file_of_a_killed_transaction_blocks_only_the_targets_whose_files_are_in_it(
    paths: Paths, files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_after(paths, files, 1, monkeypatch)
    files[1].write_text("a = [")
    elsewhere = tmp_path / "elsewhere"
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(elsewhere))
    use(paths, "b", ["claude-code"])
    assert "b-main" in (elsewhere / "settings.json").read_text()
    off(paths, ["claude-code"])
    monkeypatch.delenv("CLAUDE_CONFIG_DIR")
    for target in BOTH:
        with pytest.raises(FileNotChanged, match=r"config\.toml, line 1"):
            use(paths, "b", [target])
    files[1].write_text(MINE["config.toml"])
    use(paths, "b", BOTH)
    assert profiles_in_use(paths) == ["b", "b"]


def test_two_homes_stage_the_same_file_under_different_names(
    paths: Paths, files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Paths(str(tmp_path / "other" / "config"), str(tmp_path / "other" / "state"))
    add_profile(other, "a")
    for home in (paths, other):
        killed_after(home, files, 0, monkeypatch)
    assert len([*files[1].parent.glob("*.ccswitch-staged")]) == 2


@pytest.mark.parametrize("schema", ['"2"', "[]", "null", "0"])
def test_a_journal_whose_schema_is_no_version_is_damaged_and_not_newer(paths: Paths, schema: str) -> None:
    path = Path(paths.journal, "claude-code-9-00000000.json")
    path.parent.mkdir(parents=True)
    path.write_text(f'{{"schema": {schema}}}')
    with pytest.raises(journal.DamagedJournal):
        journal.check_journal(str(path))
    path.write_text('{"schema": 3}')
    with pytest.raises(FileNotChanged, match="newer ccswitch"):
        journal.check_journal(str(path))
