"""What every target has to keep, whatever its tool, its format and its mode."""

import json
import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ccswitch_py.cli.main import main
from ccswitch_py.core.errors import BadInput, FileNotChanged
from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.paths import Paths, find_paths
from ccswitch_py.formats.base import apply_edits
from ccswitch_py.formats.entries import snapshot
from ccswitch_py.live_files.journal import journal_files
from ccswitch_py.live_files.live_file import LiveFile
from ccswitch_py.services.apply import ChangeSet, off, undo, use
from ccswitch_py.services.endpoints import launch_for
from ccswitch_py.services.launches import load_record
from ccswitch_py.services.preview import changed_lines
from ccswitch_py.services.run import prepare_run
from ccswitch_py.services.status import status
from ccswitch_py.targets.base import Target
from ccswitch_py.targets.config_file import PROVIDER_ID, is_key, values_in
from ccswitch_py.targets.registry import TARGETS
from ccswitch_py.vault.backend_policy import DEMO, DEMO_MARK
from ccswitch_py.vault.key_command_line import PROGRAM
from tests.support.home import KEY_VARIABLE, add_profile
from tests.support.target_examples import PASSED_VARIABLE, PROVIDER, Example, load_examples

KEY = "sk-made-up-contract-key-5d2c9a71"


EXAMPLES = load_examples()
PLAINTEXT = {"delivery": "plaintext"}
PLAINTEXT_ONLY = [name for name, one in EXAMPLES.items() if one.target.deliveries == ("plaintext",)]
CASES = [
    pytest.param(one, text, id=f"{name}-{at}") for name, one in EXAMPLES.items() for at, text in enumerate(one.texts)
]


@pytest.fixture(autouse=True)
def profiles(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, one in EXAMPLES.items():  # the sample, and one of another system
        monkeypatch.setitem(TARGETS, name, one.target)
    write_own_file(os.path.join(paths.config, DEMO_MARK), b"")
    monkeypatch.setenv("CCSWITCH_KEYRING", DEMO)  # for what users have in their files
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    for name, base in (("a", "https://a.example/gw"), ("b", "https://b.example/gw")):
        write_own_file(f"{paths.providers}/{name}.toml", PROVIDER.format(id=name, base=base).encode())
        add_profile(paths, name, "", provider=name, target_options=dict.fromkeys(PLAINTEXT_ONLY, PLAINTEXT))


def files_of(target: Target) -> list[LiveFile]:
    return list(target.live_files(os.environ))


def write(target: Target, text: str) -> Path:
    path = Path(files_of(target)[0].path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    os.utime(path, (0, 0))  # nobody is in the middle of writing it
    return path


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_it_says_what_it_needs(example: Example, paths: Paths) -> None:
    target = example.target
    assert target.id and target.name and target.program and target.deliveries and all(target.protocols.values())
    assert all(os.path.isabs(file.path) and file.owned for file in files_of(target))
    assert all(os.path.isabs(file.path) for file in target.live_files({"PATH": ""})), "without HOME, as on Windows"
    launch = launch_for(load_record(paths, "a"), target.id)
    shape = target.request(launch)
    assert shape.protocol in target.protocols and shape.path.startswith("/")
    assert any(KEY in value for _name, value in shape.headers(KEY))


@pytest.mark.parametrize(("example", "text"), CASES)
def test_a_to_b_to_a_is_byte_for_byte_a_and_off_leaves_the_file_as_found(
    example: Example, text: str, paths: Paths
) -> None:
    path, only = write(example.target, text), [example.target.id]
    use(paths, "a", only)
    with_a = path.read_bytes()
    assert use(paths, "a", only).changed is False and path.read_bytes() == with_a
    use(paths, "b", only)
    assert path.read_bytes() != with_a
    use(paths, "a", only)
    assert path.read_bytes() == with_a
    off(paths, only)
    assert path.read_bytes() == text.encode()


@pytest.mark.parametrize(("example", "text"), CASES)
def test_undo_goes_back_step_by_step(example: Example, text: str, paths: Paths) -> None:
    path, only = write(example.target, text), [example.target.id]
    seen = [path.read_bytes()]
    steps: list[Callable[[], ChangeSet]] = [
        lambda: use(paths, "a", only),
        lambda: use(paths, "b", only),
        lambda: off(paths, only),
    ]
    for step in steps:
        step()
        seen.append(path.read_bytes())
    for before in reversed(seen[:-1]):
        undo(paths, only)
        assert path.read_bytes() == before


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_without_a_file_there_is_none_again_afterwards(example: Example, paths: Paths) -> None:
    files = [Path(file.path) for file in files_of(example.target)]
    use(paths, "a", [example.target.id])
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    off(paths, [example.target.id])
    assert not any(file.exists() for file in files)


@pytest.mark.parametrize(("example", "text"), CASES)
def test_what_others_own_keeps_its_bytes(example: Example, text: str, paths: Paths) -> None:
    file, path = files_of(example.target)[0], write(example.target, text)
    foreign = [text[slice(*span)] for span in file.format.foreign_spans(text, file.owned)]
    use(paths, "a", [example.target.id])
    after = path.read_bytes().decode()
    kept = [after[slice(*span)] for span in file.format.foreign_spans(after, file.owned)]
    assert [one for one in kept if one in foreign] == foreign


@pytest.mark.parametrize(("example", "text"), CASES)
def test_a_profile_is_recognised_and_taken_out_without_a_record(example: Example, text: str, paths: Paths) -> None:
    path, only, file = write(example.target, text), [example.target.id], files_of(example.target)[0]
    foreign = [text[slice(*span)] for span in file.format.foreign_spans(text, file.owned)]
    use(paths, "a", only)
    shutil.rmtree(paths.state)
    assert [one.profile for one in status(paths) if one.target == example.target.id] == ["a"]
    use(paths, "b", only)
    assert [one.profile for one in status(paths) if one.target == example.target.id] == ["b"]
    shutil.rmtree(paths.state)
    off(paths)
    after = path.read_text()
    assert "key_command" not in after and "b.example" not in after
    assert not [other.path for other in files_of(example.target)[1:] if Path(other.path).read_text().strip(" \n{}")]
    assert {one.profile for one in status(paths)} == {None}
    assert [after[slice(*span)] for span in file.format.foreign_spans(after, file.owned)] == foreign


@pytest.mark.parametrize(("example", "text"), CASES)
def test_a_dry_run_shows_what_will_be_written_and_writes_nothing(example: Example, text: str, paths: Paths) -> None:
    path, only = write(example.target, text), [example.target.id]
    seen = use(paths, "a", only, dry_run=True)
    assert seen.changed and path.read_bytes() == text.encode() and changed_lines(seen.changes[0])
    use(paths, "a", only, agreed=seen)
    assert path.read_bytes().decode() == re.sub(r"ccswitch-sealed:[a-z]+/[0-9a-f]+", KEY, seen.changes[0].after or "")


JSON = [one for one in EXAMPLES.values() if files_of(one.target)[0].format_id.startswith("json")]


@pytest.mark.parametrize("example", JSON, ids=lambda one: one.target.id)
def test_a_tool_that_lays_its_file_out_anew_has_changed_nothing(example: Example, paths: Paths) -> None:
    mine = {**json.loads(files_of(example.target)[0].empty or "{}"), "mine": {"a": 1}}
    only, path = [example.target.id], write(example.target, json.dumps(mine))
    use(paths, "a", only)
    path.write_text(json.dumps(json.loads(path.read_text()), indent=4))
    (found,) = [one for one in status(paths) if one.target == example.target.id]
    assert (found.profile, found.changed_by_others) == ("a", [])
    off(paths, only)
    assert json.loads(path.read_text()) == mine


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_a_file_that_cannot_be_read_is_refused_with_its_line_and_left_alone(example: Example, paths: Paths) -> None:
    path = write(example.target, example.broken)
    with pytest.raises(FileNotChanged, match=f"line {example.line}"):
        use(paths, "a", [example.target.id])
    assert path.read_bytes() == example.broken.encode()


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_no_key_is_in_a_change_a_journal_or_an_argument(example: Example, paths: Paths, tmp_path: Path) -> None:
    target = example.target
    path = write(target, example.texts[-1])
    change = use(paths, "a", [target.id])
    assert KEY not in f"{[one.after for one in change.changes]}"
    files = {file for file in tmp_path.rglob("*") if file.is_file() and file.name != "demo-keys.json"}
    with_key = {file for file in files if KEY in file.read_bytes().decode(errors="replace")}
    assert with_key == ({path} if target.id in PLAINTEXT_ONLY else set())
    process = prepare_run(paths, "a", [], target.id)
    assert KEY not in " ".join(process.argv)


@pytest.mark.parametrize("target_id", PLAINTEXT_ONLY)
def test_a_key_is_written_in_plaintext_only_on_request(target_id: str, paths: Paths) -> None:
    add_profile(paths, "c", "", provider="a")
    with pytest.raises(BadInput, match="plaintext") as refused:
        use(paths, "c", [target_id])
    assert f"`ccswitch edit c --delivery plaintext --target {target_id}`" in refused.value.hint
    assert not Path(files_of(TARGETS[target_id])[0].path).exists()
    assert main(["edit", "c", "--delivery", "plaintext", "--target", target_id]) == 0
    use(paths, "c", [target_id])
    assert KEY in Path(files_of(TARGETS[target_id])[0].path).read_text()
    assert load_record(paths, "c").delivery == "command", "the other tools keep theirs"


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_every_owned_entry_can_be_found_again(example: Example, paths: Paths) -> None:
    path = write(example.target, example.texts[1])
    use(paths, "a", [example.target.id])
    file = files_of(example.target)[0]
    assert snapshot(file.format, path.read_bytes().decode(), file.owned).entries


@pytest.mark.parametrize("example", [one for one in EXAMPLES.values() if one.golden], ids=lambda one: one.target.id)
def test_it_writes_the_documented_form(example: Example, paths: Paths) -> None:
    use(paths, "a", [example.target.id])
    variable = launch_for(load_record(paths, "a"), example.target.id).passed_variable
    for file, golden in zip(files_of(example.target), example.goldens, strict=True):
        text = Path(file.path).read_text().replace(KEY, "KEY").replace(variable, PASSED_VARIABLE)
        text = text.replace(os.path.join(os.path.dirname(sys.executable), PROGRAM), "KEY_PROGRAM")
        assert text.replace(sys.executable, "KEY_COMMAND").replace(paths.state, "STATE") == golden


def with_more(value: object) -> object:
    """The value as another program may change it: with one more member in each list and table."""
    match value:
        case dict():
            return {**{name: with_more(one) for name, one in value.items()}, "theirs": "x"}
        case list():
            return [*map(with_more, value), "theirs"]
        case _:
            return value


@pytest.mark.parametrize(("example", "text"), CASES)
def test_off_restores_what_was_there_although_others_changed_entries_of_ours(
    example: Example, text: str, paths: Paths
) -> None:
    path, only, file = write(example.target, text), [example.target.id], files_of(example.target)[0]
    before = values_in(text, file.format_id, file.owned)
    use(paths, "a", only)
    now = path.read_bytes().decode()
    for entry, value in values_in(now, file.format_id, file.owned).items():
        now = apply_edits(now, file.format.set(now, entry, file.format.dump(entry, with_more(value))))
    path.write_text(now)
    assert not [note for note in off(paths, only).notes if "unknown" in note]
    after = path.read_text() if path.exists() else ""
    for place in file.whole:
        assert values_in(after, file.format_id, [place]) == values_in(text, file.format_id, [place])
    for entry, value in values_in(after, file.format_id, file.owned).items():
        assert value == before.get(entry) or (PROVIDER_ID not in str(value) and "theirs" in str(value)), entry


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_undo_takes_all_files_to_the_same_step(example: Example, paths: Paths) -> None:
    only, files = [example.target.id], [Path(file.path) for file in files_of(example.target)]
    use(paths, "a", only)
    with_a = [file.read_bytes() for file in files]
    use(paths, "b", only)
    undo(paths, only)
    assert [file.read_bytes() for file in files] == with_a
    assert [one.profile for one in status(paths) if one.target == example.target.id] == ["a"]
    undo(paths, only)
    assert not any(file.exists() for file in files)


SECRETS = (
    ("apiKey", "$2y$sk-made-up"),
    ("accessToken", "!sk-made-up"),
    ("baseUrl", "https://user:password@mine.example/v1"),
    ("base_url", "https://mine.example/v1?key=made-up"),
    ("api", "mine.example/v1?token=made-up"),
    ("auth", {"command": "/bin/mine", "args": ["--with", "made-up"]}),
    ("extra_body", {"user": "made-up"}),
    ("request", {"headers": {"X-Mine": "made-up"}}),
    ("params", {"mine": ["made-up"]}),
    ("client", {"id": "made-up"}),
    ("models", [{"id": "m", "headers": {"X-Mine": "made-up"}}]),
)
NOT_SECRETS = (
    ("apiKey", "$MINE"),
    ("apiKey", "${MINE}"),
    ("apiKey", "${{ secrets.MINE }}"),
    ("apiKey", "{env:MINE}"),
    ("apiKey", {"source": "env", "provider": "mine", "id": "MINE"}),
    ("baseUrl", "https://mine.example/v1"),
    ("headers", {"Authorization": "Bearer $MINE"}),
    ("models", [{"id": "mine@2026", "max_tokens": 1}]),
)


@pytest.mark.parametrize(("name", "value"), SECRETS)
def test_in_doubt_a_value_is_a_secret(name: str, value: Any) -> None:
    assert is_key(("providers", name), value)


@pytest.mark.parametrize(("name", "value"), NOT_SECRETS)
def test_a_reference_or_a_plain_value_is_no_secret(name: str, value: Any) -> None:
    assert not is_key(("providers", name), value)


@pytest.mark.parametrize("example", [one for one in EXAMPLES.values() if hasattr(one.target, "address")])
def test_a_login_in_an_address_is_neither_shown_nor_in_a_journal(example: Example, paths: Paths) -> None:
    address = example.target.address  # pyright: ignore
    file, path = files_of(example.target)[0], write(example.target, example.texts[0])
    text, mine = file.empty or file.format.empty, "https://me:made-up-login@mine.example/v1?key=made-up-login"
    path.write_text(apply_edits(text, file.format.set(text, address, file.format.dump(address, mine))))
    os.utime(path, (0, 0))
    shown = example.target.base_url(lambda _file, _path: mine, os.environ) or ""
    assert "made-up-login" not in shown
    use(paths, "a", [example.target.id])
    assert not [name for name in journal_files(paths) if "made-up-login" in Path(name).read_text()]
    off(paths, [example.target.id])
    if example.target.id != "claude-desktop":  # its configuration has an id of ours, so an address in it counts as ours
        assert "made-up-login" in path.read_text()


@pytest.mark.parametrize(
    "target_id", [name for name, one in EXAMPLES.items() if files_of(one.target)[0].format_id == "yaml"]
)
def test_a_form_of_yaml_that_cannot_be_edited_safely_is_refused_with_its_line(target_id: str, paths: Paths) -> None:
    entry = files_of(EXAMPLES[target_id].target)[0].owned[0][0]
    path = write(EXAMPLES[target_id].target, text := f"mine: 1\n? {entry}\n: {{default: m}}\n")
    with pytest.raises(FileNotChanged, match=r", line \d: "):
        use(paths, "a", [target_id])
    assert path.read_text() == text


def test_two_tools_whose_files_are_the_same_one_are_refused(paths: Paths, tmp_path: Path) -> None:
    one, other = (write(TARGETS[name], "{}") for name in ("opencode", "kilo"))
    (dotfile := tmp_path / "dotfile.json").write_text("{}")
    os.utime(dotfile, (0, 0))
    for link in (one, other):
        link.unlink()
        link.symlink_to(dotfile)
    with pytest.raises(BadInput, match="are the same file"):
        use(paths, "a", ["opencode", "kilo"])
    assert dotfile.read_text() == "{}"
    assert use(paths, "a", ["opencode"]).changed


def test_a_home_that_is_no_text_or_no_absolute_path_can_be_used(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for home in (os.fsdecode(os.fsencode(tmp_path) + b"/h\xff"), "relative"):
        os.mkdir(home)
        monkeypatch.setenv("HOME", home)
        assert use(paths, "a", ["pi", "claude-code"]).changed
        assert {one.profile for one in status(paths)} >= {"a"}
        off(paths, ["pi", "claude-code"])
        monkeypatch.delenv("CCSWITCH_HOME", raising=False)
        assert os.path.isabs(find_paths().state) and main(["off"]) == 0
    monkeypatch.setenv("CCSWITCH_HOME", os.fsdecode(os.fsencode(tmp_path) + b"/c\xff"))
    with pytest.raises(BadInput, match="not valid UTF-8"):
        add_profile(find_paths(), "a", "https://a.example/gw")
