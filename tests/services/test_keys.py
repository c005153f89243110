from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from ccswitch_py import key_command
from ccswitch_py.cli.main import main
from ccswitch_py.core.errors import BadInput, KeyUnavailable, NotFound
from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.key_ref import KeyRef
from ccswitch_py.model.listed_key import KeyLocation, KeyState, Presence
from ccswitch_py.redact.secret import Secret
from ccswitch_py.services.apply import use
from ccswitch_py.services.keys.listing import all_keys, check_keys
from ccswitch_py.services.keys.manage import add_key, list_keys, remove_key, replace_key, set_key, what_would_break
from ccswitch_py.services.launches import load_record
from ccswitch_py.services.profiles.manage import duplicate
from ccswitch_py.store.keys import load_keys
from ccswitch_py.vault.backend_policy import DEMO, DEMO_MARK
from ccswitch_py.vault.reference import resolve_key
from ccswitch_py.vault.store import open_store
from tests.support.home import add_profile

KEY = Secret("made-up-key-4b7e19c2d805fa36")
NEW_KEY = Secret("made-up-key-f83c6a90e2d7b514")


@pytest.fixture(autouse=True)
def keyring(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    write_own_file(os.path.join(paths.config, DEMO_MARK), b"")
    monkeypatch.setenv("CCSWITCH_KEYRING", DEMO)


def key_of(paths: Paths, name: str) -> Secret:
    return resolve_key(load_record(paths, name).key, paths)


def test_the_list_has_every_key_that_there_is_or_that_a_profile_wants(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SET_HERE", "made-up-key-0123456789")
    add_profile(paths, "a", key=KEY)
    duplicate(paths, "a", "b")
    add_key(paths, "spare", NEW_KEY, "api.example")
    add_profile(paths, "c", "https://one.example", key=KeyRef(env="SET_HERE"))
    add_profile(paths, "d", "https://two.example", key=KeyRef(env="SET_HERE"))
    add_profile(paths, "e", key=KeyRef(env="NOT_HERE"))
    add_profile(paths, "f", key=KeyRef(command=("op", "read", "op://secret/place")))
    Path(paths.profile("g")).write_text(Path(paths.profile("a")).read_text().replace('key = "a"', 'key = "gone"'))
    told = [(key.name, key.kept_in, key.hosts, key.profiles, key.is_unused, key.is_set) for key in all_keys(paths)]
    gateway = "127.0.0.1:9"
    assert told == [
        ("a", KeyLocation.KEYRING, [gateway], ["a", "b"], False, None),
        ("spare", KeyLocation.KEYRING, ["api.example:443"], [], True, None),
        ("gone", KeyLocation.NOWHERE, [gateway], ["g"], False, None),
        ("NOT_HERE", KeyLocation.VARIABLE, [gateway], ["e"], False, False),
        ("SET_HERE", KeyLocation.VARIABLE, ["one.example:443", "two.example:443"], ["c", "d"], False, True),
        ("op", KeyLocation.COMMAND, [gateway], ["f"], False, None),
    ]
    assert [key.name for key in list_keys(paths)] == ["a", "spare"]


def test_a_profile_that_cannot_be_read_might_use_any_stored_key(paths: Paths) -> None:
    add_key(paths, "spare", KEY, "api.example")
    Path(paths.profiles).mkdir()
    Path(paths.profile("broken")).write_text("key = ")
    (key,) = all_keys(paths)
    assert (key.profiles, key.may_be_used_by, key.is_unused) == ([], ["broken"], False)
    with pytest.raises(BadInput, match="used by broken"):
        remove_key(paths, "spare")


def test_a_new_key_does_not_replace_one_of_its_name(paths: Paths) -> None:
    assert add_key(paths, "work", KEY, "https://api.example/v1") == ["api.example:443"]
    with pytest.raises(BadInput, match="The key 'work' already exists"):
        add_key(paths, "work", NEW_KEY, "api.example")
    assert open_store(paths).get(load_keys(paths)["work"].item) == KEY


def test_a_replaced_key_goes_where_the_old_one_went_and_nowhere_else(paths: Paths) -> None:
    add_profile(paths, "a", key=KEY)
    set_key(paths, "a", KEY, "api.example")
    assert replace_key(paths, "a", NEW_KEY) == []
    assert load_keys(paths)["a"].hosts == ["127.0.0.1:9", "api.example:443"]
    assert key_of(paths, "a") == NEW_KEY
    assert KEY.reveal() not in Path(paths.state, "demo-keys.json").read_text()
    with pytest.raises(NotFound):
        replace_key(paths, "nobody", NEW_KEY)


def test_what_would_break_names_the_profiles_and_where_they_are_in_use(paths: Paths, settings: Path) -> None:
    add_profile(paths, "a", key=KEY)
    duplicate(paths, "a", "b")
    add_profile(paths, "other")
    use(paths, "b")
    breaks = what_would_break(paths, "a")
    assert (breaks.profiles, breaks.perhaps, breaks.in_use) == (["a", "b"], [], {"b": ["Claude Code"]})


def test_a_used_key_is_removed_only_on_demand_and_its_profiles_say_that_it_is_missing(
    paths: Paths, settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add_profile(paths, "a", key=KEY)
    use(paths, "a")
    with pytest.raises(BadInput, match="used by a"):
        remove_key(paths, "a")
    assert key_of(paths, "a") == KEY

    assert main(["keys", "remove", "a", "--force", "--json"]) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out) == {"name": "a", "without_key": ["a"]}
    assert "These profiles have no key now: a" in shown.err
    assert KEY.reveal() not in Path(paths.state, "demo-keys.json").read_text()

    assert main(["list"]) == 0
    assert "There is no key 'a' in the keyring" in capsys.readouterr().out
    assert main(["use", "a"]) == 4
    assert "ccswitch keys set a" in capsys.readouterr().err
    assert key_command.main(["a"]) == 4
    assert "has no key 'a'" in capsys.readouterr().err
    assert [(key.name, key.kept_in) for key in all_keys(paths)] == [("a", KeyLocation.NOWHERE)]

    set_key(paths, "a", NEW_KEY, None)
    assert key_of(paths, "a") == NEW_KEY
    assert key_command.main(["a"]) == 0


def test_the_keyring_says_of_each_key_whether_it_is_there(paths: Paths) -> None:
    add_key(paths, "here", KEY, "api.example")
    add_key(paths, "lost", KEY, "api.example")
    open_store(paths).delete(load_keys(paths)["lost"].item)
    heard: list[KeyState] = []
    states = check_keys(paths, heard.append)
    assert states == heard == [KeyState("here", Presence.THERE), KeyState("lost", Presence.ABSENT)]


def test_a_keyring_that_cannot_be_asked_leaves_all_keys_unknown(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    add_key(paths, "a", KEY, "api.example")
    add_key(paths, "b", KEY, "api.example")
    monkeypatch.setenv("CCSWITCH_KEYRING", "plaintext")
    states = check_keys(paths)
    assert [state.presence for state in states] == [Presence.UNKNOWN] * 2
    assert "is not supported" in states[1].problem


def test_the_verb_status_looks_at_each_key_and_fails_for_one_that_is_not_there(
    paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    add_key(paths, "here", KEY, "api.example")
    assert main(["keys", "status"]) == 0
    add_key(paths, "lost", KEY, "api.example")
    open_store(paths).delete(load_keys(paths)["lost"].item)
    capsys.readouterr()
    assert main(["keys", "status"]) == 4
    assert [line.split()[:2] for line in capsys.readouterr().out.splitlines()[-2:]] == [
        ["here", "there"],
        ["lost", "missing:"],
    ]
    assert main(["keys", "status", "--json"]) == 4
    assert [key["presence"] for key in json.loads(capsys.readouterr().out)["keys"]] == ["there", "absent"]


def test_the_verb_list_says_where_each_key_is(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    add_key(paths, "spare", KEY, "api.example")
    add_profile(paths, "a", key=KeyRef(env="SOME_KEY"))
    assert main(["keys", "list"]) == 0
    out = capsys.readouterr().out
    assert "a variable, not set here" in out and "unused" in out
    monkeypatch.setenv("SOME_KEY", "made-up-key-0123456789")
    assert main(["keys", "list", "--json"]) == 0
    keys = json.loads(capsys.readouterr().out)["keys"]
    assert [(key["name"], key["kept_in"], key["is_set"]) for key in keys] == [
        ("spare", "keyring", None),
        ("SOME_KEY", "variable", True),
    ]


def test_a_removal_that_the_keyring_refuses_leaves_the_key_in_the_list(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_key(paths, "spare", KEY, "api.example")
    monkeypatch.setenv("CCSWITCH_KEYRING", "plaintext")
    with pytest.raises(KeyUnavailable):
        remove_key(paths, "spare")
    assert [key.name for key in list_keys(paths)] == ["spare"]


def test_a_key_is_not_taken_for_a_name(paths: Paths) -> None:
    with pytest.raises(BadInput, match="looks like a key") as refused:
        add_key(paths, NEW_KEY.reveal().replace("made-up-key", "sk-made-up-0123"), KEY, "api.example")
    assert "0123" not in str(refused.value)
    assert not load_keys(paths)
