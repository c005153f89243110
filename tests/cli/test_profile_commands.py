import io
import json
import sys
from pathlib import Path

import pytest

from ccswitch_py.cli.main import main
from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.key_ref import KeyRef
from ccswitch_py.redact.secret import Secret
from ccswitch_py.store.profiles import load_profile
from ccswitch_py.vault.backend_policy import DEMO, DEMO_MARK
from tests.support.home import add_profile, saved_options

OLD, NEW = "sk-made-up-key-0d57a3b1c6e8f924", "sk-made-up-key-f83c6a90e2d7b514"
URL = ["--base-url", "https://api.example"]
MODELS = ["--main", "m", "--same-as-main", "--key-env", "WORK_KEY"]


@pytest.fixture
def run(paths: Paths, settings: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setenv("CCSWITCH_KEYRING", DEMO)
    write_own_file(str(Path(paths.config, DEMO_MARK)), b"")

    def run_line(*argv: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode())))
        code = main(list(argv))
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run_line


@pytest.fixture
def plaintext(paths: Paths, run):
    add_profile(paths, "work", key=Secret(OLD), delivery="plaintext")
    assert run("use", "work")[0] == 0
    return run


def test_a_new_key_says_that_the_live_file_has_the_old_one_and_how_to_update_it(plaintext, settings: Path) -> None:
    code, out, err = plaintext("keys", "set", "work", "--json", typed=NEW)
    assert code == 0 and f"{settings} still has the old key. Update it with `ccswitch use work`." in err
    facts = json.loads(out)["outdated"]
    assert facts == [{"target": "claude-code", "file": str(settings), "profile": "work"}]
    assert OLD in settings.read_text() and NEW not in out + err

    code, out, _ = plaintext("status")
    assert code == 1 and "still has its old key. Apply it again with `ccswitch use work`." in out
    assert json.loads(plaintext("status", "--json")[1])["targets"][0]["key_is_current"] is False
    found = json.loads(plaintext("doctor", "--json")[1])["findings"]
    [finding] = [one for one in found if one["code"] == "key_outdated_in_live_file"]
    assert finding["fix"] == "Run `ccswitch use work`." and finding["repairable"]

    assert plaintext("use", "work")[0] == 0
    assert NEW in settings.read_text()
    assert plaintext("status")[0] == 0
    assert "key_outdated_in_live_file" not in plaintext("doctor", "--json")[1]


def test_the_same_key_again_is_no_difference(plaintext) -> None:
    code, out, err = plaintext("keys", "set", "work", "--json", typed=OLD)
    assert (code, json.loads(out)["outdated"], err) == (0, [], "")


def test_a_keyring_that_cannot_be_asked_leaves_it_open_whether_the_key_is_current(
    plaintext, monkeypatch: pytest.MonkeyPatch, paths: Paths
) -> None:
    Path(paths.state, "demo-keys.json").unlink()
    code, out, err = plaintext("status", "--json")
    assert code == 0 and json.loads(out)["targets"][0]["key_is_current"] is None
    assert "It is not known whether" in err


def test_a_tool_that_cannot_get_its_key_as_asked_gets_it_in_the_best_way(run, settings: Path) -> None:
    assert run("add", "work", *URL, *MODELS, "--delivery", "environment")[0] == 0
    assert run("use", "work")[0] == 0
    assert "ccswitch_py.key_command" in json.loads(settings.read_text())["apiKeyHelper"]


def add_with_one_endpoint(run, paths: Paths, endpoint: str, auth: str) -> str:
    text = 'schema = 2\nid = "odd"\nname = "Odd"\nsource = "me"\nchecked = 2026-01-01\n'
    text += f'[endpoints.{endpoint}]\nbase_url = "https://a.example"\nauth = "{auth}"\n'
    write_own_file(str(Path(paths.providers, "odd.toml")), text.encode())
    code, out, _ = run("add", "work", "--provider", "odd", *MODELS)
    assert code == 0
    return out


def test_add_says_what_no_target_can_send(run, paths: Paths) -> None:
    out = add_with_one_endpoint(run, paths, "messages", "x-goog-api-key")
    assert "which Claude Code cannot send" in out and "ccswitch use" not in out


def test_add_suggests_a_target_that_speaks_the_provider_s_protocol(run, paths: Paths) -> None:
    assert "`ccswitch use work --target opencode`" in add_with_one_endpoint(run, paths, "chat", "bearer")


def test_edit_names_the_targets_that_a_profile_is_to_be_written_to(run, paths: Paths) -> None:
    add_profile(paths, "work")
    run("use", "work")
    assert "Write it to Claude Code with `ccswitch use work`." in run("edit", "work", "--opus", "m2")[1]


@pytest.mark.parametrize(
    "option", ["main", "haiku", "sonnet", "opus", "key", "key-env", "provider", "header", "switch"]
)
def test_an_option_that_must_not_be_empty_is_refused(run, paths: Paths, option: str) -> None:
    add_profile(paths, "work")
    before = Path(paths.profile("work")).read_text()
    for command in ("edit", "add"):
        code, out, err = run(command, "work", f"--{option}", "")
        assert (code, out) == (2, "")
        assert f"Argument --{option}: must not be empty. See `ccswitch {command} --help`." in err
    assert Path(paths.profile("work")).read_text() == before


@pytest.mark.parametrize(
    "argv", [["keys", "set", "a", "--host", ""], ["export", "work", "-o", ""], ["add", "x", "--from", ""]]
)
def test_other_options_must_not_be_empty_either(run, paths: Paths, argv: list[str]) -> None:
    add_profile(paths, "work")
    code, out, err = run(*argv)
    assert (code, out) == (2, "") and "must not be empty" in err


def test_an_empty_value_removes_what_can_be_left_out(run, paths: Paths) -> None:
    add_profile(paths, "work")
    run("edit", "work", "--fable", "f", "--subagent", "s", "--header", "X-Team: a", "--header", "X-Two: b")
    assert run("edit", "work", "--fable", "", "--header", "x-team:")[0] == 0
    models = load_profile(paths, "work").models
    assert "fable" not in models and models["subagent"] == "s"  # pyright: ignore[reportArgumentType]
    assert saved_options(paths, "work").headers == {"X-Two": "b"}
    code, _, err = run("edit", "work", "--base-url", "")
    assert code == 2 and "Argument --base-url: must not be empty" in err


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["--context-window", "0"], "Argument --context-window: Input should be greater than 0."),
        (["--max-output-tokens", "-1"], "Argument --max-output-tokens: "),
        (["--switch", "NONSENSE=1"], "Argument --switch: not a compatibility switch: NONSENSE."),
        (["--switch", "NONSENSE"], "Argument --switch: must have the form NAME=VALUE."),
        (["--header", "nothing"], "Argument --header: must have the form NAME:VALUE."),
        (["--header", "x-api-key: abc"], "Argument --header: x-api-key is a credential"),
        (["--header", "a b: c"], "Argument --header: a b is not a valid header."),
    ],
)
@pytest.mark.parametrize("command", ["add", "edit"])
def test_an_error_names_the_option_and_the_help_of_the_command(
    run, paths: Paths, command: str, argv: list[str], words: str
) -> None:
    add_profile(paths, "work")
    name = "work" if command == "edit" else "other"
    code, out, err = run(command, name, *(URL + MODELS if command == "add" else []), *argv)
    assert (code, out) == (2, "")
    assert words in err and err.endswith(f"See `ccswitch {command} --help`.\n")


def test_copying_or_renaming_a_broken_profile_blames_that_profile(run, paths: Paths) -> None:
    add_profile(paths, "work")
    file = Path(paths.profile("work"))
    whole = file.read_text()
    for broken in (whole.replace('main = "work-main"', "main = 5"), whole.replace('main = "work-main"\n', "")):
        file.write_text(broken)
        for command in ("duplicate", "rename"):
            code, out, err = run(command, "work", "copy")
            assert (code, out) == (2, "") and str(file) in err and "copy.toml" not in err
    assert run("list", "--names")[1] == "work\n"


EXPORT = 'schema = 2\nbase_url = "https://api.example"\n{line}\n[models]\nmain="m"\nhaiku="m"\nsonnet="m"\nopus="m"\n'


@pytest.mark.parametrize(
    "line",
    ["provider = 5", "key = 5", "key = ['a']", "id = 5", "secret_key = 5", "allow_http = 'maybe'", "delivery = 5"],
)
def test_a_file_from_elsewhere_is_checked_and_its_fault_has_a_line(run, tmp_path: Path, line: str) -> None:
    file = tmp_path / "theirs.toml"
    file.write_text(EXPORT.format(line=line))
    code, _, err = run("add", "theirs", "--from", str(file), "--key-env", "WORK_KEY")
    assert code == 2 and f"{file}, line 3: {line.partition(' ')[0]}" in err
    assert "remove the file" not in err


def test_a_syntax_error_in_a_file_from_elsewhere_does_not_advise_to_remove_it(run, tmp_path: Path) -> None:
    file = tmp_path / "theirs.toml"
    file.write_text("a = [")
    code, _, err = run("add", "theirs", "--from", str(file))
    assert code == 2 and f"{file}, line 1: " in err and "remove" not in err


def test_a_file_with_an_unknown_provider_needs_an_address(run, tmp_path: Path) -> None:
    file = tmp_path / "theirs.toml"
    file.write_text(EXPORT.format(line='provider = "gone"'))
    code, _, err = run("add", "theirs", "--from", str(file), "--key-env", "WORK_KEY")
    assert code == 0 and "'gone' is not known here" in err
    file.write_text(EXPORT.format(line='provider = "gone"').replace("base_url", "# base_url"))
    code, _, err = run("add", "more", "--from", str(file), "--key-env", "WORK_KEY")
    assert code == 2 and f"{file} has no base_url, and its provider 'gone' is not known here." in err


def test_undo_after_a_rename_goes_back_to_the_profile_under_its_new_name(run, paths: Paths, settings: Path) -> None:
    settings.write_text('{"theme": "dark"}')
    for name in ("a", "b"):
        add_profile(paths, name, key=KeyRef(env="WORK_KEY"))
        run("use", name)
    assert run("rename", "a", "c")[0] == 0
    code, out, _ = run("undo")
    assert code == 0 and "c is in use now" in out
    assert json.loads(settings.read_text())["apiKeyHelper"].endswith(" c")
    assert run("status")[0] == 0
    assert "No profile is in use now" in run("undo")[1]
    assert settings.read_text() == '{"theme": "dark"}'


def test_undo_after_a_rename_in_use_goes_on_to_the_step_before(run, paths: Paths, settings: Path) -> None:
    settings.write_text("{}")
    add_profile(paths, "a")
    run("use", "a")
    run("rename", "a", "c")
    assert json.loads(settings.read_text())["apiKeyHelper"].endswith(" c")
    assert "No profile is in use now" in run("undo")[1]
    assert settings.read_text() == "{}"


def test_undo_says_that_it_skips_a_profile_that_is_gone(run, paths: Paths, settings: Path) -> None:
    for name in ("a", "b"):
        add_profile(paths, name)
        run("use", name)
    Path(paths.profile("a")).unlink()
    code, out, _ = run("undo")
    assert code == 0 and "Skipped the profile 'a', which no longer exists." in out
    assert "No profile is in use now" in out


def test_off_leaves_no_file_where_the_user_has_removed_it(run, paths: Paths, settings: Path) -> None:
    own = '{"env": {"ANTHROPIC_BASE_URL": "https://own.example"}}'
    settings.write_text(own)
    add_profile(paths, "work")
    run("use", "work")
    settings.unlink()
    assert run("off")[0] == 0
    assert not settings.exists()
    assert run("undo")[0] == 0
    assert json.loads(settings.read_text()) == json.loads(own)


@pytest.mark.parametrize("way", [["off"], ["use", "other"], ["use", "z"]])
def test_undo_brings_back_a_profile_as_it_was_before_it_was_edited(run, paths: Paths, way: list[str]) -> None:
    for name in ("z", "other"):
        add_profile(paths, name)
    for line in (["use", "z"], ["edit", "z", "--main", "new"], way, ["undo"]):
        assert run(*line)[0] == 0
    code, out, _ = run("status")
    assert code == 1 and "z is in use, but you have edited it since" in out
    assert run("use", "z")[0] == run("status")[0] == 0
