import os
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ccswitch_py.core.errors import FileNotChanged
from ccswitch_py.core.files import remove_file, replace_file, write_own_file
from ccswitch_py.core.lock import folder_lock
from ccswitch_py.live_files.content import FileContent
from ccswitch_py.services.profiles.setup import all_or_nothing


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
    write_own_file(str(file), b"{}")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in (file.parent, file.parent.parent)} == {0o700}


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_a_link_in_the_place_of_a_file_that_is_being_made_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    file = tmp_path / "keys.toml"
    beside = tmp_path / f".keys.toml.{os.getpid()}.{threading.get_native_id()}.ccswitch-new"
    beside.symlink_to(victim)
    write_own_file(str(file), b"ours")
    assert victim.read_text() == "precious"
    assert file.read_text() == "ours" and not beside.is_symlink()


def test_what_a_killed_process_left_goes_and_what_a_living_one_is_writing_stays(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    theirs = tmp_path / f".other.json.{ended.pid}.{ended.pid}.ccswitch-new"
    living = tmp_path / f".other.json.{os.getppid()}.1.ccswitch-new"
    foreign = tmp_path / f".notes.{ended.pid}.1"
    nobodys = tmp_path / ".ccswitch-new"
    of_a_container = tmp_path / f".other.json.{ended.pid}.1.ccswitch-new"
    for file in (theirs, living, foreign, nobodys, of_a_container):
        file.write_text("half")
        if file is not of_a_container:
            os.utime(file, (time.time() - 61,) * 2)
    write_own_file(str(tmp_path / "own.json"), b"{}")
    left = [living.name, foreign.name, nobodys.name, of_a_container.name]
    assert sorted(os.listdir(tmp_path)) == sorted([*left, "own.json"])


def test_threads_that_write_one_file_each_write_a_whole_one(tmp_path: Path) -> None:
    file, problems = tmp_path / "a.json", list[object]()

    def write(text: bytes) -> None:
        try:
            for _ in range(200):
                write_own_file(str(file), text, durable=False)
        except Exception as problem:
            problems.append(problem)

    texts = [letter * 50_000 for letter in (b"a", b"b")]
    threads = [threading.Thread(target=write, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        assert not file.exists() or file.read_bytes() in texts
    assert problems == [] and os.listdir(tmp_path) == ["a.json"]


def test_two_that_replace_a_file_of_another_program_at_once_do_not_share_their_half_files(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"

    def replace_in_another_thread() -> None:
        other = threading.Thread(target=replace_file, args=(str(file), b"second"))
        other.start()
        other.join()
        assert file.read_bytes() == b"second"

    replace_file(str(file), b"first", before_rename=replace_in_another_thread)
    assert file.read_bytes() == b"first" and os.listdir(tmp_path) == ["settings.json"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no lock on a folder")
def test_a_live_file_is_not_replaced_while_a_ccswitch_of_another_home_replaces_it(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text("{}")
    waiting = threading.Thread(target=FileContent(str(file)).replace, args=('{"a": 1}',))
    with folder_lock(str(tmp_path)):
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive() and file.read_text() == "{}"
    waiting.join()
    assert file.read_text() == '{"a": 1}' and os.listdir(tmp_path) == ["settings.json"]


def test_a_link_that_leads_in_a_circle_is_named_and_left(tmp_path: Path) -> None:
    (tmp_path / "a.toml").symlink_to("b.toml")
    (tmp_path / "b.toml").symlink_to("a.toml")
    before = sorted(os.listdir(tmp_path))
    with pytest.raises(FileNotChanged, match=r"a\.toml .*symbolic links"):
        write_own_file(str(tmp_path / "a.toml"), b"x")
    assert sorted(os.listdir(tmp_path)) == before


def test_a_link_to_a_folder_that_is_not_there_makes_that_folder(tmp_path: Path) -> None:
    (tmp_path / "a.toml").symlink_to(os.path.join("dotfiles", "ccswitch", "a.toml"))
    write_own_file(str(tmp_path / "a.toml"), b"x")
    assert (tmp_path / "dotfiles" / "ccswitch" / "a.toml").read_bytes() == b"x"
    assert (tmp_path / "a.toml").is_symlink()


def test_a_folder_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.toml").mkdir()
    with pytest.raises(FileNotChanged, match="is a directory"):
        write_own_file(str(tmp_path / "a.toml"), b"x")
    assert os.listdir(tmp_path) == ["a.toml"]


@pytest.mark.parametrize("leads_nowhere", [False, True])
def test_a_link_that_a_failed_job_had_removed_or_filled_is_what_it_was(tmp_path: Path, leads_nowhere: bool) -> None:
    real, link = tmp_path / "real.toml", tmp_path / "a.toml"
    link.symlink_to(real.name)
    if not leads_nowhere:
        real.write_bytes(b"mine")
    for spoil in (remove_file, lambda path: write_own_file(path, b"other")):
        with pytest.raises(KeyError), all_or_nothing() as steps:
            steps.keep_file(str(link))
            spoil(str(link))
            raise KeyError
        assert os.readlink(link) == real.name and real.exists() != leads_nowhere
    assert leads_nowhere or real.read_bytes() == b"mine"
