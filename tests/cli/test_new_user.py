import io
import json
import os
import select
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from ccswitch_py.cli.main import ALIASES, COMMANDS, main
from ccswitch_py.cli.output.terminal import shortened, table, width
from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.paths import Paths
from ccswitch_py.redact.secret import Secret
from ccswitch_py.vault.backend_policy import DEMO, DEMO_MARK
from tests.support.home import KEY_VARIABLE, add_profile
from tests.support.last_tests import add_last_test

Run = Callable[..., tuple[int, str, str]]
ADD = ("--base-url", "http://127.0.0.1:9/gw", "--main", "m", "--same-as-main", "--key-env", "K")
DEADLINE_S = 60
KEY = "sk-made-up-key-0d57a3b1c6e8f924"


@pytest.fixture
def run(paths: Paths, settings: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run_line(*argv: str) -> tuple[int, str, str]:
        code = main(list(argv))
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run_line


def on_a_terminal(
    *argv: str, answer: str = "", columns: int = 80, editor: str = "", prompt: str = "", replies: Sequence[str] = ()
) -> tuple[int, str]:
    """Run a command with a terminal as its standard streams; returns exit code and screen.

    ``answer`` is typed ahead, each of ``replies`` when ``prompt`` is there once more.
    """
    ours, theirs = os.openpty()
    os.set_inheritable(theirs, True)
    env = {**os.environ, "COLUMNS": str(columns), "TERM": "dumb", "EDITOR": editor, "VISUAL": ""}
    if answer:
        os.write(ours, answer.encode())
    process = subprocess.Popen(
        [sys.executable, "-m", "ccswitch_py", *argv], stdin=theirs, stdout=theirs, stderr=theirs, env=env
    )
    os.close(theirs)
    screen = b""
    left = [*replies]
    while True:
        if left and screen.count(prompt.encode()) > len(replies) - len(left):
            os.write(ours, left.pop(0).encode())
        if not select.select([ours], [], [], DEADLINE_S)[0]:
            process.kill()
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


@pytest.fixture
def demo_keyring(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    write_own_file(os.path.join(paths.config, DEMO_MARK), b"")
    monkeypatch.setenv("CCSWITCH_KEYRING", DEMO)


@pytest.mark.usefixtures("demo_keyring")
def test_a_key_stays_with_a_profile_that_cannot_be_read_and_remove_says_so(run: Run, paths: Paths) -> None:
    add_profile(paths, "work", key=Secret(KEY))
    add_profile(paths, "other", key=Secret(KEY))
    Path(paths.profile("other")).write_text("broken =")
    code, out, err = run("remove", "work")
    assert (code, out) == (0, "work was removed.\n")
    assert err == (
        "Its key 'work' was kept: these profiles cannot be read and may use it: other. "
        "Remove it with `ccswitch keys remove work`.\n"
    )
    assert run("keys", "remove", "work", "--force")[0] == 0


@pytest.mark.usefixtures("demo_keyring")
def test_a_key_is_replaced_while_another_profile_cannot_be_read(
    run: Run, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_profile(paths, "work", key=Secret(KEY))
    add_profile(paths, "other", key=Secret(KEY))
    Path(paths.profile("other")).write_text("broken =")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"another-key-0123456789")))
    code, out, err = run("keys", "set", "work", "--json")
    assert (code, err) == (0, "") and json.loads(out)["without_key"] == []


@pytest.mark.usefixtures("demo_keyring")
def test_a_prompt_for_a_key_repeats_until_a_key_is_pasted(run: Run, paths: Paths) -> None:
    prompt = "Key (it is not shown): "
    replies = ["<your-key>\n", f"{KEY}\nanother-key-0123456789\n", f"{KEY}\n"]
    code, screen = on_a_terminal("keys", "set", "new", "--host", "h.example", prompt=prompt, replies=replies)
    assert "This is a placeholder" in screen and "This is more than one line" in screen
    assert code == 0 and "The key new is stored" in screen and KEY not in screen and "another-key" not in screen
    code, screen = on_a_terminal("keys", "set", "new", prompt=prompt, replies=["\n"] * 3)
    assert code == 2 and screen.count("The key is empty.") == 3


def test_the_host_of_a_key_is_asked_for_before_the_key(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    code, _out, err = run("keys", "set", "new")
    assert code == 2 and "It is not clear which host this key is for." in err


APPEND = f"{sys.executable} -c \"import sys; open(sys.argv[1], 'a').write('broken =')\""
REPAIR = f"{sys.executable} -c \"import sys; p = sys.argv[1]; s = open(p).read(); open(p, 'w').write(s[:-8])\""


def test_the_editor_never_saves_a_broken_profile_and_can_repair_one(run: Run, paths: Paths) -> None:
    add_profile(paths, "work")
    file = Path(paths.profile("work"))
    good = file.read_text()
    code, screen = on_a_terminal("edit", "work", editor=APPEND, answer="n\n")
    assert code == 130 and "Invalid value" in screen and "Edit it again? [y/N]" in screen
    assert "Nothing was changed." in screen and file.read_text() == good
    file.write_text(good + "broken =")
    code, screen = on_a_terminal("edit", "work", editor=REPAIR)
    assert code == 0 and "The profile work is saved." in screen and file.read_text() == good


def test_edit_names_a_missing_profile_and_a_missing_editor(
    run: Run, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.delenv("VISUAL", raising=False)
    add_profile(paths, "work")
    code, _out, err = run("edit", "nope")
    assert code == 3 and "There is no profile 'nope'." in err
    code, _out, err = run("edit", "work")
    assert code == 2 and "neither VISUAL nor EDITOR is set" in err


@pytest.mark.parametrize(
    ("argv", "code", "told"),
    [
        (["add", "w", "--base-url", "http:/x", *ADD[2:]], 2, "no // after its scheme. Use http://x."),
        (["add", "w", "--base-url", "https:gw.example/v1", *ADD[2:]], 2, "Use https://gw.example."),
        (["add", "w", "--base-url", "", *ADD[2:]], 2, "argument --base-url: must not be empty"),
        (["add", "w", *ADD[:5], "--key", "demo-abc-secret"], 4, "Enter a new key with --key-stdin."),
        (["add", "w", *ADD, "--switch", "DISABLE_PROMPT_CACHING=maybe"], 2, "is 1 or 0, not maybe"),
        (["add", "w", "--from", "{settings}"], 2, "is a JSON file; --from imports a profile"),
        (["--json", "status"], 2, "Run `ccswitch status --json`."),
        (["models", "nope"], 3, "There is no profile or provider 'nope'."),
        (["models", "antropic"], 3, "Did you mean 'anthropic'?"),
        (["keys", "remove", "nope"], 3, "There is no key 'nope'. See `ccswitch keys list`."),
    ],
)
def test_a_wrong_argument_gets_its_reason_and_what_to_type_instead(
    run: Run, settings: Path, argv: list[str], code: int, told: str
) -> None:
    settings.write_text('{"env": {}}')
    found, out, err = run(*(one.format(settings=settings) for one in argv))
    assert (found, out) == (code, "") and told.casefold() in err.casefold() and "demo-abc" not in err


def test_use_says_that_the_last_test_failed(run: Run, paths: Paths) -> None:
    add_profile(paths, "work")
    add_last_test(paths, "work", "broken", "model_not_found")
    assert "The last test of work failed: ✗ model_not_found, 2 h ago." in run("use", "work")[1]
    add_last_test(paths, "work")
    assert "last test" not in run("use", "work")[1]


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


@pytest.mark.parametrize("argv", [("use", "work"), ("show", "nothing-of-this-name"), ("edit", "work")])
def test_no_word_is_broken_at_the_edge_of_a_terminal(paths: Paths, settings: Path, argv: tuple[str, ...]) -> None:
    add_profile(paths, "work")
    _code, screen = on_a_terminal(*argv, columns=60)
    words = [word for word in screen.split() if len(word) <= 60]
    assert len(words) > 8 and all(len(line) <= 60 or " " not in line.strip() for line in screen.splitlines())


def test_a_cell_is_shortened_in_its_middle() -> None:
    assert shortened("https://host.example/a/path", 11) == "https…/path"
    assert width(shortened("中文中文中文中文", 7)) <= 7
    assert table([["abcdefghijklmnopqrstuvwxyz", "some words"]], columns=30) == (
        "abcdefghij…rstuvwxyz  some\n                      words"
    )
