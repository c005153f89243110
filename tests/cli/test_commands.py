import io
import json
import os
import re
import stat
import sys
from pathlib import Path
from urllib.request import url2pathname

import pytest

from ccswitch_py.cli.main import COMMANDS, main
from ccswitch_py.core.paths import SCHEMAS, Paths
from ccswitch_py.store.profiles import load_profile
from ccswitch_py.targets.registry import TARGETS

ROOT = Path(__file__).parents[2]
CANARY = "canary-5f0c1f2e9d7b4a63"
ADD = ["--base-url", "http://127.0.0.1:9/gw", "--main", "m1", "--haiku", "m2", "--sonnet", "m3", "--opus", "m4"]


@pytest.fixture
def run(paths: Paths, capsys: pytest.CaptureFixture[str]):
    def run_line(*argv: str) -> tuple[int, str, str]:
        code = main(list(argv))
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run_line


@pytest.fixture
def added(run, settings: Path):
    assert run("add", "work", *ADD, "--key-env", "WORK_KEY")[0] == 0
    return run


def test_a_profile_is_added_listed_used_and_given_back(added, paths: Paths, settings: Path) -> None:
    settings.write_text('{"theme": "dark"}')
    assert added("use", "work")[0] == 0
    assert json.loads(settings.read_text())["env"]["ANTHROPIC_DEFAULT_HAIKU_MODEL"] == "m2"

    code, out, _ = added("list", "--json")
    roles = {"main": "m1", "haiku": "m2", "sonnet": "m3", "opus": "m4"}
    assert (code, json.loads(out)) == (
        0,
        {
            "profiles": [
                {
                    "name": "work",
                    "id": load_profile(paths, "work").id,
                    "active_in": ["claude-code"],
                    "provider": None,
                    "base_url": "http://127.0.0.1:9/gw",
                    "roles": roles,
                    "key": {"env": "WORK_KEY"},
                    "last_test": None,
                }
            ]
        },
    )
    assert "work is in use" in added("status")[1]
    assert added("off")[0] == 0
    assert settings.read_text() == '{"theme": "dark"}'
    assert "no profile" in added("status")[1]


def test_a_change_by_others_is_seen(added, settings: Path) -> None:
    added("use", "work")
    settings.write_text(settings.read_text().replace('"m1"', '"other"'))
    code, out, _ = added("status", "--json")
    assert code == 1
    assert json.loads(out)["targets"][0]["changed_by_others"] == ["env.ANTHROPIC_MODEL"]


@pytest.mark.parametrize(
    ("argv", "code", "words"),
    [
        (["use", "nobody"], 3, "There is no profile 'nobody'"),
        (["use", "work", "--target", "vim"], 3, "There is no target 'vim'"),
        (["add", "x", "--provider", "nowhere", "--key-env", "K"], 3, "There is no provider 'nowhere'"),
        (["add", "work", *ADD, "--key-env", "K"], 2, "The profile 'work' already exists"),
        (["add", "WORK", *ADD, "--key-env", "K"], 2, "The profile 'work' already exists"),
        (["add", "../x", *ADD, "--key-env", "K"], 2, "is not a valid profile name"),
        (
            ["add", "x", "--base-url", "http://a.example", "--main", "m", "--same-as-main", "--key-env", "K"],
            2,
            "--allow",
        ),
        (
            ["add", "x", "--base-url", "https://a.example/v1", "--main", "m", "--same-as-main", "--key-env", "K"],
            2,
            "/v1",
        ),
        (["add", "x", "--base-url", "https://a.example", "--main", "m", "--key-env", "K"], 2, "no model for haiku"),
        (["add", "x", *ADD], 4, "no key yet"),
        (["add", "x", *ADD, "--key", "other"], 4, "No key of that name is stored"),
        (["add", "x", *ADD, "--key-env", "sk-" + CANARY], 2, "looks like a key"),
        (["add", "x", *ADD, "--key-env", "my-key"], 2, "name of a variable"),
        (["remove", "nobody"], 3, "There is no profile"),
        (["lst"], 2, "Did you mean 'list'?"),
        (["use"], 2, "required"),
        (["demo", "--port", "5000"], 2, "--port needs --serve."),
        (["doctor", "--yes"], 2, "--yes needs --fix."),
        (["export", "work", "--format", "env", "--include-key"], 2, "-o FILE"),
    ],
)
def test_mistakes_get_their_exit_code_and_one_sentence(added, argv: list[str], code: int, words: str) -> None:
    got, out, err = added(*argv)
    assert (got, out) == (code, "")
    assert words in err and "Traceback" not in err and CANARY not in err
    assert err.count("\n") == 1


def test_errors_are_json_on_standard_error_when_asked_for(run) -> None:
    code, out, err = run("show", "nobody", "--json")
    assert (code, out) == (3, "")
    assert json.loads(err)["error"]["exit_code"] == 3


def test_a_profile_in_use_is_not_removed_and_a_renamed_one_stays_in_use(added, settings: Path) -> None:
    added("use", "work")
    assert added("remove", "work")[0] == 2
    assert added("rename", "work", "office")[0] == 0
    assert json.loads(settings.read_text())["apiKeyHelper"].endswith(" office")
    assert added("duplicate", "office", "twin")[0] == 0
    assert added("off")[0] == 0
    assert added("remove", "office")[0] == 0
    assert added("list", "--names")[1] == "twin\n"


def test_comments_and_order_of_a_profile_survive_an_edit(added, paths: Paths) -> None:
    file = Path(paths.profile("work"))
    file.write_text("# my notes\n" + file.read_text().replace('haiku = "m2"', 'haiku = "m2"  # cheap'))
    assert added("edit", "work", "--opus", "m9")[0] == 0
    text = file.read_text()
    assert text.startswith("# my notes\n") and "# cheap" in text and 'opus = "m9"' in text


def test_a_profile_edited_by_hand_counts_at_the_next_use(added, paths: Paths, settings: Path) -> None:
    file = Path(paths.profile("work"))
    file.write_text(file.read_text().replace('"m1"', '"by-hand"'))
    added("use", "work")
    assert json.loads(settings.read_text())["env"]["ANTHROPIC_MODEL"] == "by-hand"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[models]", "[models", "line"),
        ('main = "m1"', "main = 5", "models.main"),
        ('main = "m1"', "", "no model for main"),
        ("schema = 2", "schema = 9", "newer ccswitch"),
        ("schema = 2", "schema = 2\nnonsense = 1", "nonsense"),
    ],
)
def test_a_broken_profile_is_named_and_the_others_go_on(added, paths: Paths, old: str, new: str, words: str) -> None:
    added("duplicate", "work", "fine")
    file = Path(paths.profile("work"))
    broken = file.read_text().replace(old, new)
    file.write_text(broken)
    code, _, err = added("use", "work")
    assert code == 2 and words in err and str(file) in err
    assert added("use", "fine")[0] == 0
    code, out, _ = added("list")
    assert code == 0 and "cannot be used" in out and "fine" in out
    assert file.read_text() == broken


def test_a_broken_provider_file_is_named_with_its_line_and_the_others_go_on(added, paths: Paths) -> None:
    folder = Path(paths.providers)
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text(
        'id = "mine"\nname = "Mine"\nsource = "me"\nchecked = 2026-01-01\nbase_url = "https://a.example/v1"\n'
    )
    (folder / "fine.toml").write_text(
        'id = "fine"\nname = "Fine"\nsource = "me"\nchecked = 2026-01-01\nbase_url = "https://a.example"\n'
    )
    code, out, err = added("providers")
    assert code == 0 and "Fine" in out
    assert "mine.toml, line 5" in err and "/v1" in err


def test_providers_are_found_by_all_words_in_any_case(added) -> None:
    def found(text: str) -> list[str]:
        return [one["id"] for one in json.loads(added("providers", "--search", text, "--json")[1])["providers"]]

    assert found("deepseek.COM") == ["deepseek"]
    assert {"zhipu", "zai"} <= {*found("glm vendor")} and "siliconflow" not in found("glm vendor")
    assert found("火山 coding") == ["volcengine-coding"]
    assert found("") == found(" ") and len(found("")) > 70
    code, out, err = added("providers", "--search", "no such provider")
    assert code == 0 and not err and "No provider matches 'no such provider'." in out


def test_a_new_provider_is_listed_at_once_and_never_replaces_a_file(added, paths: Paths) -> None:
    code, out, _ = added("providers", "new", "acme", "--json")
    file = Path(json.loads(out)["file"])
    assert code == 0 and file == Path(paths.providers, "acme.toml")
    (listed,) = json.loads(added("providers", "--search", "acme", "--json")[1])["providers"]
    assert (listed["name"], listed["base_url"]) == ("acme", None)
    code, _, err = added("providers", "new", "acme")
    assert code == 2 and str(file) in err and "already exists" in err
    code, _, err = added("add", "mine", "--provider", "acme", "--main", "m1", "--same-as-main", "--key-env", "WORK_KEY")
    assert code == 2 and "acme has no address of its own" in err
    assert added("providers", "new", "../x")[0] == 2
    assert added("providers", "new", "zhipu")[0] == 0
    copy, shipped = Path(paths.providers, "zhipu.toml"), ROOT / "profiles" / "zhipu.toml"
    assert copy.read_text().partition("\n")[2] == shipped.read_text()


def test_a_new_file_names_its_schema_for_editors_and_keeps_it(added, paths: Paths) -> None:
    added("providers", "new", "acme")
    added("edit", "work", "--opus", "m9")
    for file, schema in ((paths.profile("work"), "profile"), (f"{paths.providers}/acme.toml", "provider")):
        first = Path(file).read_text().splitlines()[0]
        path = url2pathname(first.removeprefix("#:schema file://"))
        assert Path(path) == Path(SCHEMAS, f"{schema}.json") and Path(path).exists()


def test_every_comment_of_a_new_providers_file_is_a_valid_entry(added, paths: Paths) -> None:
    added("providers", "new", "acme")
    file = Path(paths.providers, "acme.toml")
    first, _, rest = file.read_text().partition("\nschema")
    file.write_text(f"{first}\nschema{re.sub('^# ', '', rest, flags=re.MULTILINE)}")
    (acme,) = json.loads(added("providers", "--search", "acme", "--json")[1])["providers"]
    assert list(acme["endpoints"]) == ["messages", "responses", "chat", "gemini"]
    assert [one["id"] for one in json.loads(added("models", "acme", "--json")[1])["models"]] == ["large", "small"]


def test_exports_hold_no_key_and_can_be_taken_over_elsewhere(added, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("WORK_KEY", CANARY)
    file = tmp_path / "work.toml"
    assert added("export", "work", "--format", "toml", "-o", str(file))[0] == 0
    assert CANARY not in file.read_text()
    code, _, err = added("add", "copy", "--from", str(file))
    assert code == 4 and "no key yet" in err and "pass --key-env WORK_KEY" in err
    code, _, err = added("add", "copy", "--from", str(file), "--key-env", "WORK_KEY")
    assert code == 0 and not err
    shown = json.loads(added("show", "copy", "--json")[1])
    assert (shown["roles"]["opus"], shown["key"]) == ("m4", {"env": "WORK_KEY"})

    for form in ("claude-settings", "env"):
        code, out, _ = added("export", "work", "--format", form)
        assert code == 0 and CANARY not in out and "PASTE-THE-KEY-HERE" in out


@pytest.mark.parametrize("key", ['key = {env = "HOME"}', 'key = {command = ["touch", "{trap}"]}', 'key = "work"', ""])
def test_a_file_from_somebody_else_reads_no_variable_runs_no_program_and_says_no_yes(
    added, tmp_path: Path, key: str
) -> None:
    trap = tmp_path / "trap"
    file = tmp_path / "theirs.toml"
    models = '[models]\nmain = "m"\nhaiku = "m"\nsonnet = "m"\nopus = "m"\n'
    start = 'schema = 1\nbase_url = "http://evil.example"\nallow_http = true\ndelivery = "plaintext"\n'
    file.write_text(f"{start}{key.replace('{trap}', str(trap))}\n{models}")
    code, _, err = added("add", "theirs", "--from", str(file))
    assert code == 2 and "plain http" in err
    code, _, err = added("add", "theirs", "--from", str(file), "--allow-http")
    assert code == 4 and "no key yet" in err
    assert not trap.exists() and "theirs" not in added("list", "--names")[1]


def test_an_export_with_the_key_is_for_this_user_alone_and_warned_about(added, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("WORK_KEY", CANARY)
    file = tmp_path / "settings.json"
    code, out, err = added("export", "work", "--format", "claude-settings", "--include-key", "-o", str(file))
    assert code == 0 and CANARY not in out + err and "clear text" in err
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text())["env"]["ANTHROPIC_AUTH_TOKEN"] == CANARY


def test_a_key_comes_from_standard_input_and_a_masked_one_is_refused_without_being_shown(
    run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Input(io.TextIOWrapper):
        def isatty(self) -> bool:
            return False

    masked = "sk-••••" + CANARY[-4:]
    monkeypatch.setattr(sys, "stdin", Input(io.BytesIO(masked.encode()), encoding="utf-8"))
    code, _, err = run("add", "x", *ADD, "--key-stdin")
    assert code == 2 and "•" not in err and CANARY[-4:] not in err
    assert run("list", "--names")[1] == ""


def test_shell_commands_fetch_the_key_when_they_run_and_do_not_hold_it(added, monkeypatch: pytest.MonkeyPatch) -> None:
    import subprocess

    monkeypatch.setenv("WORK_KEY", CANARY)
    code, out, _ = added("env", "work")
    assert code == 0 and CANARY not in out
    seen = subprocess.run(
        ["sh", "-c", f'{out}\nprintf %s "$ANTHROPIC_AUTH_TOKEN $ANTHROPIC_MODEL"'], capture_output=True
    )
    assert seen.stdout.decode() == f"{CANARY} m1"
    for shell in ("fish", "powershell"):
        assert "ANTHROPIC_AUTH_TOKEN" in added("env", "work", "--shell", shell)[1]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_knows_every_command(run, shell: str) -> None:
    code, out, _ = run("completion", shell)
    assert code == 0 and all(
        word in out for word in (*COMMANDS, *TARGETS, "help", "--target" if shell != "fish" else "-l target")
    )


def test_targets_are_listed_with_whole_ids_at_80_columns(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    _code, out, _err = run("targets")
    assert {line.split(" ")[0] for line in out.splitlines()} >= set(TARGETS)
    assert "…" not in out and max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(run, command: str) -> None:
    code, out, _ = run(command, "--help")
    assert code == 0 and f"ccswitch {command}" in out


def test_folders_and_files_of_ours_are_for_this_user_alone(added, paths: Paths) -> None:
    added("use", "work")
    for top in (paths.config, paths.state):
        for folder, _, files in os.walk(top):
            assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700
            assert all(stat.S_IMODE(os.stat(os.path.join(folder, file)).st_mode) == 0o600 for file in files)
