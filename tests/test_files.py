import os
import subprocess
import sys
from pathlib import Path

import pytest

from ccswitch_py.errors import FileNotChanged
from ccswitch_py.files import remove_file, write_own
from ccswitch_py.jobs.setup import all_or_nothing


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
