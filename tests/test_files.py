import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from ccswitch_py.files import write_own


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
def test_links_that_somebody_has_put_where_we_write_are_replaced_and_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    file = tmp_path / "keys.toml"
    beside = tmp_path / f".keys.toml.{os.getpid()}.ccswitch-new"
    for link in (file, beside):
        link.symlink_to(victim)
    write_own(str(file), b"ours")
    assert victim.read_text() == "precious"
    assert file.read_text() == "ours" and not file.is_symlink() and not beside.is_symlink()
