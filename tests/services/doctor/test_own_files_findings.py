from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from ccswitch_py.core.paths import Paths, find_paths
from ccswitch_py.live_files.journal import FileOfGroup, Journal, begin
from ccswitch_py.live_files.transaction import staged_suffix
from ccswitch_py.model.doctor_finding import ApplyAgain, Finding
from ccswitch_py.redact.secret import Secret
from ccswitch_py.services.apply import undo, use
from ccswitch_py.services.doctor.fixes import apply_fixes, plan_fixes
from ccswitch_py.services.launches import load_record
from tests.services.doctor.conftest import KEY, Look
from tests.support.home import add_profile

NOBODY = 65534


def is_fixed_by_doctor(finding: Finding) -> bool:
    paths = find_paths()
    plan = plan_fixes(paths, [finding])
    assert plan.lines and not plan.problems
    return apply_fixes(paths, plan).problems == []


@pytest.fixture(autouse=True)
def profile(look: Look, paths: Paths) -> None:
    add_profile(paths, "a")
    use(paths, "a")


def test_our_own_files_are_in_order_as_we_make_them(look: Look) -> None:
    found = look()
    assert not {one for one in found if one.startswith(("own_file_", "leftover", "journal", "launch", "profile"))}
    assert found["own_files_ready"].sentence == "Profiles that can be read: 1."


@pytest.mark.parametrize(
    ("mode", "code"), [(0o644, "own_file_readable_by_others"), (0o620, "own_file_writable_by_others")]
)
def test_a_file_that_others_can_read_or_write_is_shut_again(look: Look, paths: Paths, mode: int, code: str) -> None:
    file = Path(paths.profile("a"))
    file.chmod(mode)
    finding = look()[code]
    assert "chmod 600" in finding.fix
    assert plan_fixes(paths, [finding]).lines == ["chmod 600 ~/ccswitch/config/profiles/a.toml"]
    assert file.stat().st_mode & 0o777 == mode
    assert is_fixed_by_doctor(finding)
    assert file.stat().st_mode & 0o777 == 0o600
    assert code not in look()


def test_a_folder_that_others_can_look_into_is_shut_again(look: Look, paths: Paths) -> None:
    os.chmod(paths.state, 0o755)
    assert is_fixed_by_doctor(look()["own_file_readable_by_others"])
    assert os.stat(paths.state).st_mode & 0o777 == 0o700
    assert "own_file_readable_by_others" not in look()


def test_what_a_link_leads_to_is_the_users_own_choice(look: Look, paths: Paths, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.toml"
    Path(paths.profile("a")).rename(real)
    real.chmod(0o644)
    Path(paths.profile("a")).symlink_to(real)
    assert "own_file_readable_by_others" not in look()
    assert real.stat().st_mode & 0o777 == 0o644


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_file_of_another_user_is_told(look: Look, paths: Paths) -> None:
    os.chown(paths.profile("a"), NOBODY, NOBODY)
    assert "chown" in look()["own_file_of_another_user"].fix
    os.chown(paths.profile("a"), os.geteuid(), os.getegid())
    assert "own_file_of_another_user" not in look()


def test_a_profile_that_is_not_toml_is_named_with_its_line(look: Look, paths: Paths) -> None:
    file = Path(paths.profile("a"))
    good = file.read_text()
    file.write_text(good + "oops\n")
    broken = look()["own_file_unreadable"]
    assert "a.toml, line" in broken.sentence and broken.path == str(file)
    file.write_text(good)
    assert "own_file_unreadable" not in look()


@pytest.mark.parametrize("name", ["ccswitch.toml", "providers/mine.toml"])
def test_each_other_file_of_ours_is_read_too(look: Look, paths: Paths, name: str) -> None:
    file = Path(paths.config, name)
    file.parent.mkdir(exist_ok=True)
    file.write_text("= what")
    assert name.rpartition("/")[2] in look()["own_file_unreadable"].sentence
    file.unlink()
    assert "own_file_unreadable" not in look()


def test_a_damaged_list_of_keys_is_one_finding_that_says_what_would_be_lost(look: Look, paths: Paths) -> None:
    add_profile(paths, "b", "https://b.example", key=Secret(KEY))
    file = Path(paths.keys)
    good = file.read_text()
    file.write_text(good + "x = 'not closed\n")
    found = look()
    assert (
        "keys.toml, line" in found["keys_unreadable"].sentence
        and "allowed hosts would be lost" in found["keys_unreadable"].fix
    )
    assert not {"own_file_unreadable", "key_not_stored", "profile_unusable", "keys_there"} & set(found)
    file.write_text(good)
    assert {"keys_unreadable", "keys_there"} & set(look()) == {"keys_there"}


def test_a_text_that_is_not_closed_is_called_so(look: Look, paths: Paths) -> None:
    Path(paths.settings).write_text('keyring = "auto\n')
    assert "line 1: Unterminated string." in look()["own_file_unreadable"].sentence


def test_a_profile_without_its_provider_is_told(look: Look, paths: Paths) -> None:
    file = Path(paths.profile("a"))
    good = file.read_text()
    file.write_text(good.replace("schema = 2", 'schema = 2\nprovider = "nowhere"'))
    assert "'nowhere'" in look()["profile_unusable"].sentence
    file.write_text(good)
    assert "profile_unusable" not in look()


def test_a_damaged_journal_is_reported_and_left_alone(look: Look, paths: Paths) -> None:
    [journal] = Path(paths.journal).iterdir()
    good = journal.read_text()
    journal.write_text("{")
    found = look()
    broken = found["journal_unreadable"]
    assert "settings_ready" in found
    assert broken.auto_fix is None and journal.name in broken.sentence
    journal.write_text(good)
    assert "journal_unreadable" not in look()


def test_a_damaged_launch_record_is_made_anew(look: Look, paths: Paths) -> None:
    Path(paths.launch_record("a")).write_text("{")
    broken = look()["launch_file_damaged"]
    assert broken.place == "~/ccswitch/state/launch/a.json"
    assert is_fixed_by_doctor(broken)
    assert "launch_file_damaged" not in look()
    assert load_record(paths, "a").profile == "a"


@pytest.mark.parametrize("damage", [b"{", b""])
def test_a_damaged_launch_file_is_found_and_made_anew(look: Look, paths: Paths, damage: bytes) -> None:
    file = Path(paths.launch_file("claude-code", "a"))
    good = file.read_bytes()
    file.write_bytes(damage)
    broken = look()["launch_file_damaged"]
    assert broken.path == str(file) and is_fixed_by_doctor(broken)
    assert file.read_bytes() == good and "launch_file_damaged" not in look()


def test_an_empty_announcement_hinders_nothing_and_is_removed(look: Look, paths: Paths, settings: Path) -> None:
    [journal] = Path(paths.journal).iterdir()
    leftover = journal.with_name(f"{journal.name}.next")
    leftover.touch(0o600)
    found = look()
    assert "journal_unreadable" not in found and is_fixed_by_doctor(found["leftover_file"])
    assert not leftover.exists() and journal.exists() and "leftover_file" not in look()
    leftover.touch(0o600)
    assert undo(paths).changed and not settings.exists()


def test_a_folder_in_which_nothing_can_be_written_is_told(
    look: Look, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not {"folder_read_only", "disk_full"} & set(look())
    can = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: not str(path).startswith(paths.state) and can(path, mode))
    assert look()["folder_read_only"].path == paths.state, "what lies in it is not told as well"


@pytest.mark.skipif(not hasattr(os, "statvfs"), reason="only these systems tell how full a disk is")
@pytest.mark.parametrize("left", [{"f_bavail": 1}, {"f_favail": 0}])
def test_a_full_disk_is_told(look: Look, paths: Paths, monkeypatch: pytest.MonkeyPatch, left: dict[str, int]) -> None:
    disk = {"f_frsize": 4096, "f_blocks": 10**6, "f_bavail": 10**6, "f_files": 10**6, "f_favail": 10**6}
    monkeypatch.setattr(os, "statvfs", lambda path: SimpleNamespace(**disk | left))
    assert look()["disk_full"].path == paths.config


def test_what_a_killed_process_left_is_removed_and_what_a_running_one_writes_is_not(look: Look, paths: Paths) -> None:
    ours, theirs = (Path(paths.profiles, f".b.toml.{process}.1.ccswitch-new") for process in (2**22 + 1, os.getppid()))
    for file in (ours, theirs):
        file.write_text("half of a prof")
        file.chmod(0o600)
    assert "leftover_file" not in look()
    for file in (ours, theirs):
        os.utime(file, (time.time() - 3600,) * 2)
    assert is_fixed_by_doctor(look()["leftover_file"])
    assert (ours.exists(), theirs.exists()) == (False, True)
    assert "leftover_file" not in look()


def test_half_of_a_live_file_is_removed_once_it_is_old(look: Look, settings: Path) -> None:
    half = settings.with_name(f".settings.json.{2**22 + 1}.1.ccswitch-new")
    half.write_text("{")
    assert "leftover_file" not in look()
    os.utime(half, (time.time() - 3600,) * 2)
    assert is_fixed_by_doctor(look()["leftover_file"])
    assert not half.exists() and settings.exists()


def test_a_fix_that_fails_is_reported_and_does_not_stop_the_others(look: Look, paths: Paths) -> None:
    os.chmod(paths.profile("a"), 0o644)
    Path(paths.launch_record("a")).write_text("{")
    found = look()
    plan = plan_fixes(paths, [found["own_file_readable_by_others"], found["launch_file_damaged"]])
    os.rename(paths.profile("a"), paths.profile("b"))
    problems = apply_fixes(paths, plan).problems
    assert len(problems) == 2 and "a.toml" in problems[0] and "There is no profile 'a'" in problems[1]


@pytest.fixture
def staged(settings: Path, paths: Paths) -> Path:
    file = settings.with_name(f".{settings.name}{staged_suffix(paths)}")
    file.write_text("{}")
    return file


def age(file: Path) -> None:
    os.utime(file, (time.time() - 3600,) * 2)


def test_a_staged_copy_that_no_transaction_needs_is_removed_once_it_is_old(
    look: Look, settings: Path, staged: Path
) -> None:
    assert not {"leftover_file", "transaction_unfinished"} & set(look()), "it may be of a running transaction"
    age(staged)
    finding = look()["leftover_file"]
    assert finding.path == str(staged) and is_fixed_by_doctor(finding)
    assert not staged.exists() and settings.exists() and "leftover_file" not in look()


def test_a_staged_copy_of_a_pending_transaction_is_kept(look: Look, paths: Paths, settings: Path, staged: Path) -> None:
    age(staged)
    finding = look()["leftover_file"]
    member = FileOfGroup("t", "claude-code", str(settings), "json", (("env",),), str(staged))
    begin(paths, "claude-code", str(settings), Journal("a", group=[member]))
    unfinished = look()["transaction_unfinished"]
    assert unfinished.path == str(staged) and unfinished.auto_fix is None
    assert is_fixed_by_doctor(finding) and staged.exists(), "it was begun after the doctor had looked"
    use(paths, "a")
    assert not staged.exists() and "transaction_unfinished" not in look()


def test_two_profiles_with_one_id_are_told(look: Look, paths: Paths) -> None:
    Path(paths.profile("b")).write_bytes(Path(paths.profile("a")).read_bytes())
    found = look()["duplicate_profile_id"]
    assert "'b' and 'a' have the same id" in found.sentence and found.path == paths.profile("b")


def test_a_profile_without_a_record_is_named_with_what_is_unknown(look: Look, paths: Paths, settings: Path) -> None:
    use(paths, "a")
    assert not {"profile_unrecorded", "profile_of_other_home"} & set(look())
    shutil.rmtree(paths.state)
    found = look()
    assert found["profile_unrecorded"].path == str(settings)
    assert found["helper_without_profile"].auto_fix == ApplyAgain("a", "claude-code")


def test_the_profile_of_another_home_is_named_with_that_home(look: Look, paths: Paths, tmp_path: Path) -> None:
    other = find_paths({"CCSWITCH_HOME": str(tmp_path / "other")})
    add_profile(other, "a")
    use(other, "a")
    found = look()
    assert "~/other/state" in found["profile_of_other_home"].sentence
    assert "helper_ready" in found and "profile_unrecorded" not in found
