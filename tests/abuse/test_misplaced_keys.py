"""A key in the place of something else, by mistake: it is not said, and gets into no file."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from ccswitch_py import key_command
from ccswitch_py.cli.main import main
from ccswitch_py.core.paths import Paths
from tests.support.canaries import Canary
from tests.support.home import add_profile

MARKED = Canary.new()
UNMARKED = Canary.new("")
MODELS = ["--main", "m", "--same-as-main"]

VERBS = [
    ["list"],
    ["list", "--json"],
    ["show", "work"],
    ["show", "work", "--json"],
    ["status"],
    ["use", "work"],
    ["test", "work", "--quick"],
    ["ask", "work", "hello"],
    ["env", "work"],
    ["export", "work", "--format", "toml"],
    ["keys", "list", "--json"],
    ["keys", "status"],
    ["models", "work"],
    ["providers"],
    ["edit", "work", "--opus", "n"],
    ["off"],
    ["ccswitch-key", "work"],
]
MISTAKES = [
    ["{key}"],
    ["--{key}"],
    ["add", "{key}", "--base-url", "http://127.0.0.1:9", *MODELS, "--key-env", "K"],
    ["add", "new", "--base-url", "{key}", *MODELS, "--key-env", "K"],
    ["add", "new", "--base-url", "{key}/v1", *MODELS, "--key-env", "K"],
    ["add", "new", "--base-url", "https://me:{key}@127.0.0.1:9", *MODELS, "--key-env", "K"],
    ["add", "new", "--base-url", "me:{key}@127.0.0.1:9", *MODELS, "--key-env", "K"],
    ["add", "new", "--base-url", "https://127.0.0.1:9/?key={key}", *MODELS, "--key-env", "K"],
    ["add", "new", "--base-url", "127.0.0.1:9/?key={key}", *MODELS, "--key-env", "K"],
    ["add", "new", "--provider", "{key}", *MODELS, "--key-env", "K"],
    ["add", "new", "--base-url", "http://127.0.0.1:9", "--main", "{key}", "--same-as-main", "--key-env", "K"],
    ["add", "new", "--base-url", "http://127.0.0.1:9", *MODELS, "--opus", "{key}", "--key-env", "K"],
    ["add", "new", "--base-url", "http://127.0.0.1:9", *MODELS, "--key", "{key}"],
    ["add", "new", "--base-url", "http://127.0.0.1:9", *MODELS, "--key={key}"],
    ["add", "new", "--base-url", "http://127.0.0.1:9", *MODELS, "--key-env", "{key}"],
    ["add", "new", "--base-url", "http://127.0.0.1:9", *MODELS, "--key-stdin", "{key}"],
    ["add", "new", "--base-url", "http://127.0.0.1:9", *MODELS, "--key-env", "K", "--header", "X-Token: {key}"],
    ["add", "new", "--base-url", "http://127.0.0.1:9", *MODELS, "--key-env", "K", "--header", "{key}: x"],
    ["add", "new", "--base-url", "http://127.0.0.1:9", *MODELS, "--key-env", "K", "--header", "{key}"],
    ["add", "new", "--base-url", "http://127.0.0.1:9", *MODELS, "--key-env", "K", "--switch", "{key}=1"],
    [
        "add",
        "new",
        "--base-url",
        "http://127.0.0.1:9",
        *MODELS,
        "--key-env",
        "K",
        "--switch",
        "MAX_THINKING_TOKENS={key}",
    ],
    ["add", "new", "--base-url", "http://127.0.0.1:9", *MODELS, "--key-env", "K", "--context-window", "{key}"],
    ["add", "new", "--base-url", "http://127.0.0.1:9", *MODELS, "--key-env", "K", "--delivery", "{key}"],
    ["add", "new", "--from", "{key}"],
    ["ccswitch-key", "{key}"],
    ["ccswitch-key", "--{key}"],
    ["ccswitch-key", "work", "{key}"],
    ["ccswitch-key", "--state", "{key}", "work"],
    ["ccswitch-key", "--claude-code", "{key}"],
    ["edit", "work", "--key", "{key}"],
    ["edit", "work", "--main", "{key}"],
    ["edit", "{key}", "--main", "m"],
    ["show", "{key}"],
    ["list", "{key}"],
    ["status", "{key}"],
    ["use", "{key}"],
    ["use", "work", "{key}"],
    ["use", "work", "--target", "{key}"],
    ["off", "--target", "{key}"],
    ["undo", "{key}"],
    ["test", "{key}"],
    ["test", "work", "--{key}"],
    ["ask", "{key}", "hello"],
    ["ask", "work", "hello", "--model", "{key}"],
    ["ask", "work", "hello", "--role", "{key}"],
    ["ask", "work", "hello", "--image", "{key}"],
    ["ask", "work", "hello", "--temperature", "{key}"],
    ["run", "{key}"],
    ["run", "work", "--", "{key}"],
    ["env", "{key}"],
    ["env", "work", "--shell", "{key}"],
    ["export", "{key}", "--format", "toml"],
    ["export", "work", "--format", "{key}"],
    ["keys", "{key}"],
    ["keys", "set", "{key}"],
    ["keys", "set", "{key}", "--host", "127.0.0.1"],
    ["keys", "set", "new", "--host", "{key}"],
    ["keys", "remove", "{key}"],
    ["models", "{key}"],
    ["rename", "work", "{key}"],
    ["rename", "{key}", "new"],
    ["duplicate", "work", "{key}"],
    ["remove", "{key}"],
    ["completion", "{key}"],
    ["demo", "--port", "{key}"],
]
PROFILE = """schema = 1
base_url = "{base_url}"
key = {key}
{more}
[models]
main = "{main}"
haiku = "m"
sonnet = "m"
opus = "m"
[claude_code.headers]
X-Team = "{header}"
[claude_code.owned_entries]
{switches}
"""
GOOD: dict[str, str] = {
    "base_url": "http://127.0.0.1:9",
    "key": '"work"',
    "more": "",
    "main": "m",
    "header": "blue",
    "switches": "",
}
EVERYWHERE = [
    {"key": '"{key}"'},
    {"key": "{key}"},
    {"key": '"{key}'},
    {"key": '{{ env = "{key}" }}'},
    {"key": '{{ env = "A", env = "{key}" }}'},
    {"key": '{{ {key} = "A" }}'},
    {"key": '{{ command = ["{key}"] }}'},
    {"key": '["{key}"]'},
    {"base_url": "https://me:{key}@127.0.0.1:9"},
    {"base_url": "me:{key}@127.0.0.1:9/v1"},
    {"base_url": "{key}"},
    {"base_url": "https://127.0.0.1:9/?key={key}"},
    {"more": 'provider = "{key}"'},
    {"more": '{key} = "x"'},
    {"more": '"{key}" = "x"'},
    {"more": 'delivery = "{key}"'},
    {"more": 'allow_http = "{key}"'},
    {"more": "{key}"},
    {"more": "[{key}]\n[{key}]"},
    {"more": 'schema = "{key}"'},
    {"switches": '{key} = "1"'},
    {"switches": 'MAX_THINKING_TOKENS = "{key}"'},
]
NEEDS_A_MARK = [
    {"key": '{{ command = ["no-such-program", "{key}"] }}'},
    {"main": "{key}"},
    {"main": "{key} "},
    {"header": "{key}"},
    {"header": "Bearer {key}"},
    {"header": 'blue"\n{key} = "x'},
    {"base_url": "https://127.0.0.1:9/{key}/v1"},
]
EVERYWHERE += NEEDS_A_MARK
OTHER_FILES = [
    ("keys.toml", "{key} = 1"),
    ("keys.toml", '["{key}"]\nitem = "work/1"'),
    ("keys.toml", '[keys.work]\nitem = "{key}"\nhosts = []'),
    ("keys.toml", '[keys."{key}"]\nitem = "work/1"\nhosts = ["127.0.0.1:9"]'),
    ("keys.toml", "{key}"),
    ("ccswitch.toml", 'keyring = "{key}"'),
    ("ccswitch.toml", "keyring = {key}"),
    ("ccswitch.toml", '{key} = "keyring"'),
    ("ccswitch.toml", 'keyring = ["{key}"]'),
    ("providers/mine.toml", '{key} = "x"'),
    ("providers/mine.toml", 'id = "mine"\nname = "x"\nbase_url = "{key}"'),
    ("providers/mine.toml", 'id = "{key}"\nname = "x"\nbase_url = "https://127.0.0.1:9"'),
]


def of_both_kinds(name: str, places: Sequence[Any], need_a_mark: Sequence[Any] = ()) -> pytest.MarkDecorator:
    """Each place with a key that is marked as one by ``sk-``, and but for some places with one that is not.

    What may stand there, such as the value of a header, can be as wild as a key.
    """
    marked = [pytest.param(MARKED, place, id=f"marked {place}") for place in places]
    unmarked = [pytest.param(UNMARKED, place, id=f"unmarked {place}") for place in places if place not in need_a_mark]
    return pytest.mark.parametrize(("canary", name), [*marked, *unmarked])


class Said:
    """Runs verbs, and keeps those that have said the key or shown a traceback."""

    def __init__(self, canary: Canary, capsys: pytest.CaptureFixture[str]) -> None:
        self.canary = canary
        self.capsys = capsys
        self.wrong: list[str] = []

    def by(self, *argv: str) -> int:
        code = key_command.main([*argv[1:]]) if argv[0] == "ccswitch-key" else main([*argv])
        captured = self.capsys.readouterr()
        if self.canary.is_in(captured.out + captured.err) or "Traceback" in captured.err:
            self.wrong.append(f"{argv}: {captured.out}{captured.err}")
        return code

    def by_every_verb(self) -> None:
        for argv in VERBS:
            self.by(*argv)


@pytest.fixture(autouse=True)
def profile(paths: Paths, settings: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("K", "not-a-canary-4711")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    monkeypatch.chdir(settings.parent)
    add_profile(paths, "work")
    return Path(paths.profile("work"))


@of_both_kinds("mistake", MISTAKES, [mistake for mistake in MISTAKES if "--header" in mistake])
def test_a_key_that_is_given_as_an_argument_is_refused(
    canary: Canary,
    mistake: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"not-a-canary-4711")))
    said = Said(canary, capsys)
    code = said.by(*(argument.format(key=canary.key) for argument in mistake))
    assert said.wrong == []
    assert code in (2, 3)
    assert canary.files_below(tmp_path) == []


@of_both_kinds("place", EVERYWHERE, NEEDS_A_MARK)
def test_a_key_in_a_wrong_place_of_a_profile_is_not_said_and_gets_into_no_other_file(
    canary: Canary, place: dict[str, str], profile: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profile.write_text(PROFILE.format(**GOOD | {name: text.format(key=canary.key) for name, text in place.items()}))
    said = Said(canary, capsys)
    said.by_every_verb()
    assert said.wrong == []
    assert canary.files_below(tmp_path) in ([], [str(profile)])
    assert said.by("show", "work") in (2, 3, 4)


@of_both_kinds("place", OTHER_FILES)
def test_a_key_in_a_wrong_place_of_another_file_is_not_said_and_gets_into_no_other_file(
    canary: Canary, place: tuple[str, str], paths: Paths, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, text = place
    file = Path(paths.config, name)
    file.parent.mkdir(exist_ok=True)
    file.write_text(text.format(key=canary.key))
    said = Said(canary, capsys)
    said.by_every_verb()
    assert said.wrong == []
    assert canary.files_below(tmp_path) in ([], [str(file)])
