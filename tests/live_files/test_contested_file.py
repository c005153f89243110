"""What another program writes between our last look at a file and our rename is not lost."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ccswitch_py.core.paths import Paths
from ccswitch_py.live_files import exchange as exchanging
from ccswitch_py.live_files.content import ChangedUnderneath, FileContent
from ccswitch_py.services.apply import off, use
from tests.support.home import add_profile

OLD, OURS, THEIRS, NEWER = "{}", '{"ours": 1}', '{"theirs": 1}', '{"theirs": 2}'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "settings.json"
    file.write_text(OLD)
    if not exchanging.exchange(str(file), str(file)):
        pytest.skip("two files cannot change places here")
    return file


def renamed(file: Path, text: str) -> None:
    beside = file.with_name("theirs")
    beside.write_text(text)
    beside.replace(file)


def linked(file: Path, text: str) -> None:
    elsewhere = file.parent.parent / "elsewhere.json"
    elsewhere.write_text(text)
    file.unlink()
    file.symlink_to(elsewhere)


def after_our_last_look(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    look = FileContent._compare

    def looked(live: FileContent) -> None:
        look(live)
        happens()

    monkeypatch.setattr(FileContent, "_compare", looked)


def after_each_exchange(monkeypatch: pytest.MonkeyPatch, *happen: Callable[[], object]) -> None:
    real, left = exchanging.exchange, list(happen)

    def exchange(one: str, other: str) -> bool:
        done = real(one, other)
        if left:
            left.pop(0)()
        return done

    monkeypatch.setattr(exchanging, "exchange", exchange)


def onto(theirs: str) -> str:
    return json.dumps({**json.loads(theirs), "ours": 1})


def test_a_file_that_nobody_writes_is_replaced_and_keeps_its_mode(file: Path) -> None:
    file.chmod(0o640)
    live = FileContent(str(file))
    live.replace(OURS, onto=onto)
    assert (file.read_text(), file.stat().st_mode & 0o777, live.replaced) == (OURS, 0o640, True)
    assert os.listdir(file.parent) == ["settings.json"]


@pytest.mark.parametrize("write", [renamed, Path.write_text])
def test_what_was_written_after_our_last_look_is_kept_with_ours(
    file: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path, str], object]
) -> None:
    after_our_last_look(monkeypatch, lambda: write(file, THEIRS))
    live = FileContent(str(file))
    live.replace(OURS, onto=onto)
    assert (json.loads(file.read_text()), live.replaced) == ({"theirs": 1, "ours": 1}, True)
    assert os.listdir(file.parent) == ["settings.json"]


def test_of_two_writes_in_the_middle_the_newer_one_is_kept(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    after_our_last_look(monkeypatch, lambda: renamed(file, THEIRS))
    after_each_exchange(monkeypatch, lambda: renamed(file, NEWER))
    FileContent(str(file)).replace(OURS, onto=onto)
    assert json.loads(file.read_text()) == {"theirs": 2, "ours": 1}
    assert os.listdir(file.parent) == ["settings.json"]


@pytest.mark.parametrize("write", [linked, lambda file, _: file.write_text('{"thei')], ids=["a link", "half a text"])
def test_what_nothing_can_be_made_of_stays_as_it_is(
    file: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path, str], object]
) -> None:
    after_our_last_look(monkeypatch, lambda: write(file, THEIRS))
    live = FileContent(str(file))
    with pytest.raises(ChangedUnderneath):
        live.replace(OURS, onto=onto)
    assert file.read_text() in (THEIRS, '{"thei') and not live.replaced
    assert os.listdir(file.parent) == ["settings.json"]


def test_a_file_that_was_removed_after_our_last_look_stays_removed(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    after_our_last_look(monkeypatch, file.unlink)
    with pytest.raises(ChangedUnderneath):
        FileContent(str(file)).replace(OURS, onto=onto)
    assert os.listdir(file.parent) == []


def test_a_program_that_writes_after_each_of_our_writes_keeps_us_busy_no_longer_than_need_be(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes = iter(range(1000))
    after_our_last_look(monkeypatch, lambda: renamed(file, THEIRS))
    after_each_exchange(monkeypatch, *[lambda: renamed(file, f'{{"theirs": {next(writes)}}}')] * 1000)
    live = FileContent(str(file))
    live.replace(OURS, onto=onto)
    assert json.loads(file.read_text()) == {"theirs": next(writes) - 2, "ours": 1}, "all but what came after the last"


@pytest.mark.parametrize("newer", ["", NEWER])
def test_an_interruption_in_the_middle_leaves_what_they_wrote_last(
    file: Path, monkeypatch: pytest.MonkeyPatch, newer: str
) -> None:
    def interrupted(text: str) -> str:
        if newer:
            renamed(file, newer)
        raise KeyboardInterrupt

    after_our_last_look(monkeypatch, lambda: renamed(file, THEIRS))
    live = FileContent(str(file))
    with pytest.raises(KeyboardInterrupt):
        live.replace(OURS, onto=interrupted)
    assert (file.read_text(), live.replaced) == (newer or THEIRS, False)
    assert os.listdir(file.parent) == ["settings.json"]


def test_where_files_cannot_change_places_one_is_renamed(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchanging, "exchange", lambda *_: False)
    FileContent(str(file)).replace(OURS, onto=onto)
    assert file.read_text() == OURS and os.listdir(file.parent) == ["settings.json"]


def test_a_use_keeps_what_was_written_in_its_middle_and_off_gives_it_back(
    paths: Paths, settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.write_text('{"theme": "dark"}')
    add_profile(paths, "a")
    with monkeypatch.context() as patched:
        after_our_last_look(patched, lambda: renamed(settings, '{"theme": "light", "new": 1}'))
        use(paths, "a")
    content = json.loads(settings.read_text())
    assert (content["theme"], content["new"], content["env"]["ANTHROPIC_MODEL"]) == ("light", 1, "a-main")
    off(paths)
    assert json.loads(settings.read_text()) == {"theme": "light", "new": 1}
