import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ccswitch_py.cli.main import ALIASES, COMMANDS, main
from ccswitch_py.cli.output.terminal import shortened, table, width
from ccswitch_py.core.paths import Paths
from tests.support.home import KEY_VARIABLE, add_profile
from tests.support.last_tests import add_last_test

Run = Callable[..., tuple[int, str, str]]
ADD = ("--base-url", "http://127.0.0.1:9/gw", "--main", "m", "--same-as-main", "--key-env", "K")
DEADLINE_S = 60


@pytest.fixture
def run(paths: Paths, settings: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run_line(*argv: str) -> tuple[int, str, str]:
        code = main(list(argv))
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run_line


def on_a_terminal(*argv: str, answer: str = "", columns: int = 80) -> tuple[int, str]:
    """Run a command with a terminal as its standard streams; returns exit code and screen."""
    ours, theirs = os.openpty()
    os.set_inheritable(theirs, True)
    env = {**os.environ, "COLUMNS": str(columns), "TERM": "dumb"}
    if answer:
        os.write(ours, answer.encode())
    process = subprocess.Popen(
        [sys.executable, "-m", "ccswitch_py", *argv], stdin=theirs, stdout=theirs, stderr=theirs, env=env
    )
    os.close(theirs)
    screen = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # Linux reports the end of a terminal so
            break
        if not piece:
            break
        screen += piece
    os.close(ours)
    return process.wait(DEADLINE_S), screen.decode().replace("\r\n", "\n")


@pytest.mark.parametrize("value", [None, "", " "])
def test_use_says_at_once_that_the_keys_variable_is_not_set(
    run: Run, paths: Paths, monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    add_profile(paths, "work")
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    if value is not None:
        monkeypatch.setenv(KEY_VARIABLE, value)
    for _again in range(2):
        code, out, _err = run("use", "work")
        assert code == 0 and f"The variable {KEY_VARIABLE} is not set here" in out
    notes = json.loads(run("use", "work", "--json")[1])["notes"]
    assert any(KEY_VARIABLE in note for note in notes)
    monkeypatch.setenv(KEY_VARIABLE, "made-up-key-0123456789")
    assert KEY_VARIABLE not in run("use", "work")[1]


def test_a_dash_returns_to_the_previous_profile(run: Run, paths: Paths) -> None:
    for name in ("a", "b", "c"):
        add_profile(paths, name)
    code, out, err = run("use", "-")
    assert (code, out) == (3, "") and "There is no previous profile." in err
    run("use", "a")
    assert run("use", "-")[0] == 3
    run("use", "b")
    for name in ("a", "b", "a"):
        assert run("use", "-")[1].startswith(f"{name} is in use in Claude Code")
    run("off")
    assert run("use", "-", "--dry-run")[0] == 0
    assert run("use", "-")[1].startswith("a is in use")


def test_the_previous_profile_is_never_a_removed_one_and_keeps_its_new_name(run: Run, paths: Paths) -> None:
    for name in ("a", "b", "c"):
        add_profile(paths, name)
        run("use", name)
    run("remove", "b")
    run("rename", "a", "first")
    assert run("use", "-")[1].startswith("first is in use")


@pytest.mark.parametrize(("answer", "is_removed"), [("y\n", True), ("n\n", False), ("\n", False)])
def test_remove_asks_on_a_terminal(run: Run, paths: Paths, answer: str, is_removed: bool) -> None:
    add_profile(paths, "work")
    code, screen = on_a_terminal("remove", "work", answer=answer)
    assert "Remove the profile work? [y/N]" in screen
    assert code == (0 if is_removed else 130)
    assert Path(paths.profile("work")).exists() is not is_removed


def test_remove_asks_nothing_with_yes_or_when_it_cannot_be_done(run: Run, paths: Paths) -> None:
    add_profile(paths, "work")
    add_profile(paths, "used")
    run("use", "used")
    code, screen = on_a_terminal("remove", "used")
    assert code == 2 and "is in use" in screen and "[y/N]" not in screen
    code, screen = on_a_terminal("remove", "work", "--yes")
    assert code == 0 and "[y/N]" not in screen


@pytest.mark.parametrize("command", ["use", "keys", "test"])
def test_help_shows_the_help_of_a_command(run: Run, command: str) -> None:
    assert run("help", command) == run(command, "--help")
    assert run("help", command)[1].startswith(f"usage: ccswitch {command}")


def test_help_knows_only_commands(run: Run) -> None:
    assert run("help", "help") == run("help") == run("--help")
    code, out, err = run("help", "rm")
    assert (code, out) == (2, "") and "Did you mean 'remove'?" in err


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("rm", "remove"),
        ("delete", "remove"),
        ("switch", "use"),
        ("version", "--version"),
        ("ls", "list"),
        ("new", "add"),
        ("login", "keys set"),
    ],
)
def test_a_command_of_other_programs_gets_a_suggestion(run: Run, typed: str, meant: str) -> None:
    code, out, err = run(typed)
    assert (code, out) == (2, "") and f"Did you mean '{meant}'?" in err


def test_every_suggestion_is_a_command_and_no_alias_is_one() -> None:
    assert {meant.split()[0] for meant in ALIASES.values()} <= {*COMMANDS, "--version"}
    assert not ALIASES.keys() & COMMANDS.keys()


@pytest.mark.parametrize(
    ("model", "advice"), [("gpt-5.4-lw", "Did you mean 'gpt-5.4-low'?"), ("zzz[1m]", "See `ccswitch models mingyan`.")]
)
def test_a_model_that_the_catalogue_does_not_list_is_named(run: Run, paths: Paths, model: str, advice: str) -> None:
    options = ("--provider", "mingyan", "--allow-http", "--key-env", "K", "--opus", model)
    expected = f"The catalogue of 'mingyan' does not list '{model.removesuffix('[1m]')}'. {advice}\n"
    code, out, err = run("add", "work", *options)
    assert code == 0 and "is saved" in out and err == expected
    code, out, err = run("edit", "work", "--main", model)
    assert code == 0 and "is saved" in out and err == expected
    assert run("edit", "work", "--main", "gpt-5.4-low")[2] == ""


def test_nothing_is_said_of_models_where_there_is_no_catalogue(run: Run) -> None:
    assert run("add", "work", *ADD)[2] == ""


def test_a_taken_name_is_what_add_complains_about_first(run: Run, paths: Paths) -> None:
    add_profile(paths, "work")
    for argv in (["--base-url", "http://gw.example/x"], ["--provider", "nobody"], ["--from", "/nowhere"], []):
        code, out, err = run("add", "work", *argv)
        assert (code, out) == (2, "") and "The profile 'work' already exists." in err


def test_list_never_breaks_a_word_on_a_terminal(run: Run, paths: Paths) -> None:
    url = "http://127.0.0.1:8787/gateways/of/a/company/with/long/paths/gw_llm_power"
    add_profile(paths, "work-with-a-rather-long-name-for-a-profile", url)
    add_profile(paths, "b", url)
    add_last_test(paths, "b")
    for columns in (60, 80, 100):
        code, screen = on_a_terminal("list", columns=columns)
        assert code == 0 and all(len(line) <= columns for line in screen.splitlines())
        assert {"LAST", "TEST", "b-main", "✓", "works,", "2", "h", "ago"} <= set(screen.split()) and "…" in screen
    assert url in on_a_terminal("list", columns=250)[1]
    assert url in run("list")[1]


def test_a_cell_is_shortened_in_its_middle() -> None:
    assert shortened("https://host.example/a/path", 11) == "https…/path"
    assert width(shortened("中文中文中文中文", 7)) <= 7
    assert table([["abcdefghijklmnopqrstuvwxyz", "some words"]], columns=30) == (
        "abcdefghij…rstuvwxyz  some\n                      words"
    )
