import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ccswitch_py.errors import FileNotChanged
from ccswitch_py.files import remove_file, write_own
from ccswitch_py.jobs.setup import all_or_nothing


@pytest.fixture
def no_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_our_files_are_for_this_user_alone_even_where_new_ones_are_for_everybody(
    no_umask: None, tmp_path: Path
) -> None:
    file = tmp_path / "state" / "launch" / "work.json"
    write_own(str(file), b"{}")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in (file.parent, file.parent.parent)} == {0o700}


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_a_link_in_the_place_of_a_file_that_is_being_made_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    file = tmp_path / "keys.toml"
    beside = tmp_path / f".keys.toml.{os.getpid()}.ccswitch-new"
    beside.symlink_to(victim)
    write_own(str(file), b"ours")
    assert victim.read_text() == "precious"
    assert file.read_text() == "ours" and not beside.is_symlink()


def test_what_a_killed_process_left_goes_and_what_a_living_one_is_writing_stays(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    theirs = tmp_path / f".other.json.{ended.pid}.ccswitch-new"
    living = tmp_path / f".other.json.{os.getppid()}.ccswitch-new"
    foreign = tmp_path / f".notes.{ended.pid}"
    for file in (theirs, living, foreign):
        file.write_text("half")
    write_own(str(tmp_path / "own.json"), b"{}")
    assert sorted(os.listdir(tmp_path)) == sorted([living.name, foreign.name, "own.json"])


def test_a_link_that_leads_in_a_circle_is_named_and_left(tmp_path: Path) -> None:
    (tmp_path / "a.toml").symlink_to("b.toml")
    (tmp_path / "b.toml").symlink_to("a.toml")
    before = sorted(os.listdir(tmp_path))
    with pytest.raises(FileNotChanged, match=r"a\.toml .*symbolic links"):
        write_own(str(tmp_path / "a.toml"), b"x")
    assert sorted(os.listdir(tmp_path)) == before


def test_a_link_to_a_folder_that_is_not_there_makes_that_folder(tmp_path: Path) -> None:
    (tmp_path / "a.toml").symlink_to(os.path.join("dotfiles", "ccswitch", "a.toml"))
    write_own(str(tmp_path / "a.toml"), b"x")
    assert (tmp_path / "dotfiles" / "ccswitch" / "a.toml").read_bytes() == b"x"
    assert (tmp_path / "a.toml").is_symlink()


def test_a_folder_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.toml").mkdir()
    with pytest.raises(FileNotChanged, match="is a directory"):
        write_own(str(tmp_path / "a.toml"), b"x")
    assert os.listdir(tmp_path) == ["a.toml"]


@pytest.mark.parametrize("leads_nowhere", [False, True])
def test_a_link_that_a_failed_job_had_removed_or_filled_is_what_it_was(tmp_path: Path, leads_nowhere: bool) -> None:
    real, link = tmp_path / "real.toml", tmp_path / "a.toml"
    link.symlink_to(real.name)
    if not leads_nowhere:
        real.write_bytes(b"mine")
    for spoil in (remove_file, lambda path: write_own(path, b"other")):
        with pytest.raises(KeyError), all_or_nothing() as steps:
            steps.keep_file(str(link))
            spoil(str(link))
            raise KeyError
        assert os.readlink(link) == real.name and real.exists() != leads_nowhere
    assert leads_nowhere or real.read_bytes() == b"mine"
