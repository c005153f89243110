from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.paths import Paths
from ccswitch_py.services.apply import off, use
from ccswitch_py.services.profiles.manage import remove
from ccswitch_py.services.watching import WatchedKind, compare, scan
from ccswitch_py.store.last_tests import forget_last_test
from tests.support.home import add_profile
from tests.support.last_tests import add_last_test

Change = Callable[[Paths, Path], object]


def edit_in_place(paths: Paths, _settings: Path) -> None:
    with open(paths.profile("a"), "a") as file:
        file.write("# a remark\n")


def replace_keeping_time_and_size(paths: Paths, _settings: Path) -> None:
    path = Path(paths.profile("a"))
    at = path.stat()
    other = path.with_suffix(".new")
    other.write_bytes(path.read_bytes()[::-1])
    os.utime(other, ns=(at.st_atime_ns, at.st_mtime_ns))
    other.replace(path)


def link_elsewhere(paths: Paths, settings: Path) -> None:
    path = Path(paths.profile("a"))
    moved = settings.parent / "a.toml"
    path.rename(moved)
    path.symlink_to(moved)
    moved.unlink()


CHANGES: dict[str, tuple[Change, set[WatchedKind], set[str]]] = {
    "nothing": (lambda _paths, _settings: None, set(), set()),
    "a profile is edited in place": (edit_in_place, {WatchedKind.PROFILES}, {"a"}),
    "a profile is replaced by one of the same time and size": (
        replace_keeping_time_and_size,
        {WatchedKind.PROFILES},
        {"a"},
    ),
    "a profile becomes a link that leads nowhere": (link_elsewhere, {WatchedKind.PROFILES}, {"a"}),
    "a profile is removed": (lambda paths, _settings: os.unlink(paths.profile("a")), {WatchedKind.PROFILES}, {"a"}),
    "a profile is added": (lambda paths, _settings: add_profile(paths, "new"), {WatchedKind.PROFILES}, {"new"}),
    "all are gone": (
        lambda paths, _settings: remove(paths, "a") or remove(paths, "b"),
        {WatchedKind.PROFILES},
        {"a", "b"},
    ),
    "a provider is written": (
        lambda paths, _settings: write_own_file(os.path.join(paths.providers, "x.toml"), b"x"),
        {WatchedKind.PROVIDERS},
        set(),
    ),
    "the keys are edited": (lambda paths, _settings: write_own_file(paths.keys, b"x"), {WatchedKind.KEYS}, set()),
    "the live file is edited": (lambda _paths, settings: settings.write_text("{ }"), {WatchedKind.LIVE_FILES}, set()),
    "the live file is removed": (lambda _paths, settings: settings.unlink(), {WatchedKind.LIVE_FILES}, set()),
    "a profile is put to use": (
        lambda paths, _settings: use(paths, "b"),
        {WatchedKind.LIVE_FILES, WatchedKind.JOURNAL},
        set(),
    ),
    "a profile was tested": (lambda paths, _settings: add_last_test(paths, "b"), {WatchedKind.TESTS}, {"b"}),
    "a file that is none of ours": (
        lambda paths, _settings: Path(paths.profiles, ".a.toml").touch() or Path(paths.profiles, "a.toml~").touch(),
        set(),
        set(),
    ),
}


@pytest.fixture(autouse=True)
def two_profiles(paths: Paths, settings: Path) -> None:
    settings.write_text("{}")
    add_profile(paths, "a")
    add_profile(paths, "b")


@pytest.mark.parametrize("name", CHANGES)
def test_what_was_changed_is_told_with_the_profiles_that_it_is_about(paths: Paths, settings: Path, name: str) -> None:
    change, kinds, names = CHANGES[name]
    before = scan(paths)
    change(paths, settings)
    found = compare(before, scan(paths, before))
    assert (found.kinds, found.names) == (kinds, names)
    assert bool(found) == bool(kinds)


def test_a_home_where_nothing_is_yet_can_be_looked_at(tmp_path: Path) -> None:
    nowhere = Paths(str(tmp_path / "config"), str(tmp_path / "state"))
    assert not compare(scan(nowhere), scan(nowhere))
    add_profile(nowhere, "a")
    assert compare(scan(Paths("/nonexistent", "/nonexistent")), scan(nowhere)).names == {"a"}


def test_no_test_result_is_missed_however_quickly_it_follows_another(paths: Paths) -> None:
    seen = scan(paths)
    for number in range(50):
        name = f"p{number}"
        write_own_file(paths.last_test(name), b"{}", durable=False)
        now = scan(paths, seen)
        assert compare(seen, now).names == {name}
        forget_last_test(paths, name)
        seen = scan(paths, now)
        assert compare(now, seen).names == {name}


def test_results_that_are_old_are_not_gone_through_again_until_there_is_a_new_one(paths: Paths) -> None:
    add_last_test(paths, "a")
    folder = os.path.dirname(paths.last_test("a"))
    os.utime(folder, (1_000_000_000, 1_000_000_000))
    before = scan(paths)
    after = scan(paths, before)
    assert after[WatchedKind.TESTS] is before[WatchedKind.TESTS]
    add_last_test(paths, "b")
    assert compare(after, scan(paths, after)).names == {"b"}


def test_off_is_seen_too(paths: Paths) -> None:
    use(paths, "a")
    before = scan(paths)
    off(paths)
    assert compare(before, scan(paths, before)).kinds == {WatchedKind.LIVE_FILES, WatchedKind.JOURNAL}


def test_looking_loads_nothing_heavy() -> None:
    script = "import sys, ccswitch_py.services.watching; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not {"textual", "pydantic", "tomlkit", "httpx", "asyncio"} & {*done.stdout.split()}
