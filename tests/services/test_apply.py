import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as rules
from hypothesis import strategies as st

from ccswitch_py.core.errors import BadInput, FileNotChanged, NotFound
from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.paths import Paths
from ccswitch_py.services.apply import ChangeSet, off, undo, use
from ccswitch_py.services.preview import changed_lines
from ccswitch_py.targets.claude_code.options import ClaudeCodeOptions
from ccswitch_py.vault.backend_policy import DEMO, DEMO_MARK
from tests.support.home import add_profile

MINE = """{
  "permissions": { "allow": ["Bash(ls:*)"] },
  "env": {
    "MY_OWN": "1",
    "ANTHROPIC_MODEL": "my-model",
    "ANTHROPIC_SMALL_FAST_MODEL": "my-small"
  },
  "hooks": {},
  "statusLine": {"type": "command", "command": "date"}
}
"""


def read_env(settings: Path) -> dict[str, str]:
    return json.loads(settings.read_bytes())["env"]


def test_use_writes_every_role_and_cancels_other_credentials(paths: Paths, settings: Path) -> None:
    settings.write_text(MINE)
    add_profile(paths, "a")
    use(paths, "a")

    content = json.loads(settings.read_text())
    assert content["env"] == {
        "MY_OWN": "1",
        "ANTHROPIC_MODEL": "a-main",
        "ANTHROPIC_BASE_URL": "http://127.0.0.1:9/gw_llm_power",
        "ANTHROPIC_AUTH_TOKEN": "",
        "ANTHROPIC_API_KEY": "",
        "ANTHROPIC_DEFAULT_HAIKU_MODEL": "a-haiku",
        "ANTHROPIC_DEFAULT_SONNET_MODEL": "a-sonnet",
        "ANTHROPIC_DEFAULT_OPUS_MODEL": "a-opus",
        "ANTHROPIC_DEFAULT_FABLE_MODEL": "",
        "CLAUDE_CODE_SUBAGENT_MODEL": "",
        "ANTHROPIC_CUSTOM_HEADERS": "",
        "CLAUDE_CODE_MAX_CONTEXT_TOKENS": "200000",
    }
    assert "-I -m ccswitch_py.key_command --claude-code --project" in content["apiKeyHelper"]
    assert content["apiKeyHelper"].endswith(" a")
    assert content["hooks"] == {} and content["statusLine"]["command"] == "date"


@pytest.mark.parametrize("mine", [MINE, MINE.replace("\n", "\r\n"), '{"a":1}', "{}", "{ }\n", None])
def test_off_gives_back_the_very_bytes_after_any_number_of_switches(
    paths: Paths, settings: Path, mine: str | None
) -> None:
    if mine is not None:
        settings.write_bytes(mine.encode())
    add_profile(paths, "a", options=ClaudeCodeOptions(bearer_only=True, max_output_tokens=9))
    add_profile(paths, "b")
    for name in ("a", "b", "a", "a", "b"):
        use(paths, name)
    off(paths)
    assert (settings.read_bytes() if settings.exists() else None) == (None if mine is None else mine.encode())


def test_undo_goes_back_step_by_step_to_the_very_bytes(paths: Paths, settings: Path) -> None:
    settings.write_text(MINE)
    add_profile(paths, "a")
    add_profile(paths, "b")
    seen = [settings.read_bytes()]
    for step in (lambda: use(paths, "a"), lambda: use(paths, "b"), lambda: off(paths), lambda: use(paths, "b")):
        step()
        seen.append(settings.read_bytes())
    for before in reversed(seen[:-1]):
        undo(paths)
        assert settings.read_bytes() == before
    assert not undo(paths).changed


def test_using_a_then_b_then_a_writes_the_bytes_of_a_again(paths: Paths, settings: Path) -> None:
    settings.write_text(MINE)
    add_profile(paths, "a")
    add_profile(paths, "b")
    use(paths, "a")
    first = settings.read_bytes()
    assert not use(paths, "a").changed
    use(paths, "b")
    use(paths, "a")
    assert settings.read_bytes() == first


def test_what_others_change_meanwhile_survives_off_and_undo(paths: Paths, settings: Path) -> None:
    settings.write_text(MINE)
    add_profile(paths, "a")
    use(paths, "a")
    content = json.loads(settings.read_text())
    content["theme"] = "dark"
    content["env"]["NEW_ONE"] = "2"
    settings.write_text(json.dumps(dict(reversed(content.items())), indent=2))
    off(paths)

    wanted = json.loads(MINE) | {"theme": "dark"}
    wanted["env"]["NEW_ONE"] = "2"
    assert json.loads(settings.read_text()) == wanted
    undo(paths)
    again = json.loads(settings.read_text())
    assert again["env"]["ANTHROPIC_MODEL"] == "a-main" and again["theme"] == "dark"
    off(paths)
    assert json.loads(settings.read_text()) == wanted


def test_entries_stay_where_another_program_put_them(paths: Paths, settings: Path) -> None:
    settings.write_text("{}")
    add_profile(paths, "a")
    use(paths, "a")
    content = json.loads(settings.read_text()) | {"theme": "dark"}
    settings.write_text(json.dumps(content, indent=2) + "\n")
    before = settings.read_bytes()
    use(paths, "a")
    assert settings.read_bytes() == before
    off(paths)
    assert json.loads(settings.read_text()) == {"theme": "dark"}


def test_a_users_own_value_comes_back_when_the_next_profile_does_not_set_it(paths: Paths, settings: Path) -> None:
    settings.write_text('{"env": {"CLAUDE_CODE_MAX_OUTPUT_TOKENS": "777"}}')
    add_profile(paths, "a", options=ClaudeCodeOptions(max_output_tokens=9))
    add_profile(paths, "b")
    use(paths, "a")
    assert read_env(settings)["CLAUDE_CODE_MAX_OUTPUT_TOKENS"] == "9"
    use(paths, "b")
    assert read_env(settings)["CLAUDE_CODE_MAX_OUTPUT_TOKENS"] == "777"


def test_what_is_for_another_gateway_is_left_out_and_named_and_comes_back(
    paths: Paths, settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_own_file(os.path.join(paths.config, DEMO_MARK), b"")
    monkeypatch.setenv("CCSWITCH_KEYRING", DEMO)
    old = {
        "ANTHROPIC_CUSTOM_HEADERS": "X-Team: blue\nX-Team-Token: old-token-5f0c1f2e9d7b4a63",
        "ANTHROPIC_DEFAULT_FABLE_MODEL": "old-fable",
        "ANTHROPIC_DEFAULT_HAIKU_MODEL_NAME": "Old Haiku",
        "ANTHROPIC_SMALL_FAST_MODEL": "old-small",
        "CLAUDE_CODE_SUBAGENT_MODEL": "old-subagent",
        "OTHER": "1",
    }
    mine = json.dumps({"env": old}, indent=3)
    settings.write_text(mine)
    add_profile(paths, "a", options=ClaudeCodeOptions(bearer_only=True, headers={"x-tenant": "7"}))
    add_profile(paths, "b")
    for name, headers in (("a", "x-tenant: 7\nx-api-key: unused"), ("b", "")):
        said = " ".join(use(paths, name).notes)
        assert all((entry in said) is (entry != "OTHER") for entry in old) and "old-token" not in said
        assert "`ccswitch off`" in said
        env = read_env(settings)
        assert env["ANTHROPIC_CUSTOM_HEADERS"] == headers and env["OTHER"] == "1"
        assert env["ANTHROPIC_DEFAULT_FABLE_MODEL"] == env["CLAUDE_CODE_SUBAGENT_MODEL"] == ""
        assert "old-" not in settings.read_text() and "Old" not in settings.read_text()
    off(paths)
    assert settings.read_text() == mine


def test_nothing_is_said_to_be_left_out_where_there_was_nothing(paths: Paths, settings: Path) -> None:
    settings.write_text('{"env": {"ANTHROPIC_CUSTOM_HEADERS": "x-tenant: 7", "CLAUDE_CODE_SUBAGENT_MODEL": ""}}')
    add_profile(paths, "a", options=ClaudeCodeOptions(headers={"x-tenant": "7"}))
    assert "ANTHROPIC_CUSTOM_HEADERS" not in " ".join(use(paths, "a").notes)


def test_a_running_session_is_told_that_the_headers_of_the_last_profile_are_gone(paths: Paths, settings: Path) -> None:
    settings.write_text("{}")
    add_profile(paths, "a", options=ClaudeCodeOptions(headers={"x-tenant": "7"}))
    add_profile(paths, "b")
    use(paths, "a")
    use(paths, "b")
    assert read_env(settings)["ANTHROPIC_CUSTOM_HEADERS"] == ""


def test_links_are_followed_and_mode_and_mark_are_kept(paths: Paths, settings: Path, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "claude.json"
    real.parent.mkdir()
    real.write_bytes(b"\xef\xbb\xbf{}")
    real.chmod(0o640)
    settings.symlink_to(os.path.relpath(real, settings.parent))
    add_profile(paths, "a")
    use(paths, "a")
    assert settings.is_symlink() and real.read_bytes().startswith(b"\xef\xbb\xbf{")
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    off(paths)
    assert real.read_bytes() == b"\xef\xbb\xbf{}"


def test_a_new_file_is_for_this_user_alone_and_claude_config_dir_is_honoured(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(tmp_path / "elsewhere"))
    add_profile(paths, "a")
    use(paths, "a")
    made = tmp_path / "elsewhere" / "settings.json"
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert not (tmp_path / ".claude").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{\n  "a": 1,\n}', "line 3"),
        (b"[]", "it is not an object"),
        (b'{"env": []}', "env is not an object"),
        (b'{\n"a": "\xff"}', "line 2: it is not valid UTF-8"),
    ],
)
def test_a_file_that_cannot_be_understood_is_refused_with_its_line_and_left_alone(
    paths: Paths, settings: Path, content: bytes, words: str
) -> None:
    settings.write_bytes(content)
    add_profile(paths, "a")
    with pytest.raises(FileNotChanged, match=words):
        use(paths, "a")
    assert settings.read_bytes() == content
    assert os.listdir(settings.parent) == ["settings.json"]


def test_a_read_only_file_is_refused(paths: Paths, settings: Path) -> None:
    settings.write_text("{}")
    settings.chmod(0o444)
    add_profile(paths, "a")
    with pytest.raises(FileNotChanged, match="read-only"):
        use(paths, "a")
    assert settings.read_text() == "{}"


def test_a_cloud_in_the_settings_is_refused_and_one_of_the_shell_is_told(
    paths: Paths, settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_profile(paths, "a")
    settings.write_text('{"env": {"CLAUDE_CODE_USE_MANTLE": 1}}')
    with pytest.raises(BadInput, match=r"CLAUDE_CODE_USE_MANTLE in .* so no profile can be used"):
        use(paths, "a")
    assert settings.read_text() == '{"env": {"CLAUDE_CODE_USE_MANTLE": 1}}'
    monkeypatch.setenv("CLAUDE_CODE_USE_MANTLE", "1")
    settings.write_text('{"env": {"CLAUDE_CODE_USE_MANTLE": 0}}')
    assert "MANTLE" not in " ".join(use(paths, "a").notes)
    settings.write_text("{}")
    for _ in range(2):
        assert "`unset CLAUDE_CODE_USE_MANTLE`" in use(paths, "a").notes[-1]


def test_a_dry_run_shows_the_change_and_writes_nothing(paths: Paths, settings: Path) -> None:
    settings.write_text(MINE)
    add_profile(paths, "a")
    change = use(paths, "a", dry_run=True)
    assert change.changed and settings.read_text() == MINE
    assert not undo(paths).changed


def test_the_preview_marks_the_lines_that_it_leaves_out(paths: Paths, settings: Path) -> None:
    add_profile(paths, "work")
    settings.write_text(json.dumps({"theme": "dark", "model": "x", "env": {"OWN": "y"}}, indent=1))
    lines = changed_lines(use(paths, "work", dry_run=True).changes[0])
    assert [line for line in lines if line[0] not in "+-"] == ["…", '  "env": {', " }"]
    use(paths, "work")
    assert changed_lines(use(paths, "work", dry_run=True).changes[0]) == []


def test_an_unknown_profile_is_named_with_its_nearest_neighbour(paths: Paths, settings: Path) -> None:
    add_profile(paths, "office")
    with pytest.raises(NotFound) as problem:
        use(paths, "ofice")
    assert "'office'" in problem.value.hint and not settings.exists()


@rules(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(steps=st.lists(st.sampled_from(["a", "b", "off", "undo", "foreign"]), max_size=8))
def test_no_order_of_steps_loses_a_foreign_entry_or_the_own_state(
    paths: Paths, settings: Path, steps: list[str]
) -> None:
    for _ in range(60):
        if not undo(paths).changed:
            break
    off(paths)
    settings.write_text(MINE)
    for name, options in (("a", ClaudeCodeOptions(context_window=5)), ("b", ClaudeCodeOptions(headers={"x-b": "1"}))):
        if not os.path.exists(paths.profile(name)):
            add_profile(paths, name, options=options)
    count = 0
    for step in steps:
        match step:
            case "off":
                off(paths)
            case "undo":
                undo(paths)
            case "foreign":
                count += 1
                content = json.loads(settings.read_text()) | {f"foreign{count}": count}
                settings.write_text(json.dumps(content, indent=4))
            case name:
                use(paths, name)
    off(paths)
    wanted = json.loads(MINE) | {f"foreign{number}": number for number in range(1, count + 1)}
    assert json.loads(settings.read_text()) == wanted
    if not count:
        assert settings.read_text() == MINE


def test_a_process_that_is_killed_around_the_rename_leaves_the_old_state_or_the_new(
    paths: Paths, settings: Path
) -> None:
    add_profile(paths, "a")
    add_profile(paths, "b")
    settings.write_text(MINE)
    use(paths, "a")
    (journal,) = Path(paths.journal).iterdir()
    of_a, text_a = journal.read_bytes(), settings.read_bytes()
    use(paths, "b")
    of_b, text_b = journal.read_bytes(), settings.read_bytes()
    announced = journal.with_name(journal.name + ".next")
    for text, after_undo in ((text_a, MINE.encode()), (text_b, text_a)):
        journal.write_bytes(of_a)
        announced.write_bytes(of_b)
        settings.write_bytes(text)
        undo(paths)
        assert settings.read_bytes() == after_undo
        announced.unlink(missing_ok=True)
        off(paths)
        assert settings.read_bytes() == MINE.encode()


def test_an_interruption_right_after_the_rename_keeps_what_off_needs(
    paths: Paths, settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.write_text(MINE)
    add_profile(paths, "a")
    sync = os.fsync

    def fsync(descriptor: int) -> None:
        if "a-main" in settings.read_text():
            raise KeyboardInterrupt
        sync(descriptor)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fsync)
        with pytest.raises(KeyboardInterrupt):
            use(paths, "a")
    assert read_env(settings)["ANTHROPIC_MODEL"] == "a-main"
    off(paths)
    assert settings.read_text() == MINE


def test_a_process_killed_after_the_rename_is_remembered_although_others_write_then(
    paths: Paths, settings: Path
) -> None:
    settings.write_text(MINE)
    add_profile(paths, "a")
    use(paths, "a")
    (journal,) = Path(paths.journal).iterdir()
    journal.rename(journal.with_name(journal.name + ".next"))
    settings.write_text(json.dumps(json.loads(settings.read_text()) | {"theme": "dark"}))
    off(paths)
    assert json.loads(settings.read_text()) == json.loads(MINE) | {"theme": "dark"}


def test_undo_passes_over_a_step_that_somebody_else_has_taken_back(paths: Paths, settings: Path) -> None:
    settings.write_text(MINE)
    add_profile(paths, "a")
    add_profile(paths, "b")
    use(paths, "a")
    of_a = settings.read_bytes()
    use(paths, "b")
    settings.write_bytes(of_a)
    assert undo(paths).changed
    assert settings.read_text() == MINE


@pytest.mark.parametrize("change", [off, undo, lambda paths, **how: use(paths, "a", ["pi", "claude-code"], **how)])
def test_a_preview_of_several_tools_can_be_applied_though_some_do_not_change(
    paths: Paths, change: Callable[..., ChangeSet]
) -> None:
    for name in ("a", "b"):
        add_profile(paths, name)
    use(paths, "a", ["pi"])
    use(paths, "a", ["claude-code"])
    use(paths, "b", ["claude-code"])
    assert change(paths, agreed=change(paths, dry_run=True)).changed
