import json
import os
import re
import shutil
from functools import partial
from pathlib import Path

import pytest

from ccswitch_py.core.errors import KeyUnavailable
from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.key_ref import KeyRef
from ccswitch_py.redact.secret import Secret
from ccswitch_py.services.apply import off, undo, use
from ccswitch_py.services.preview import diff_lines
from ccswitch_py.services.profiles.manage import remove
from ccswitch_py.services.run import prepare_run
from ccswitch_py.targets.claude_code.options import ClaudeCodeOptions
from ccswitch_py.vault.backend_policy import DEMO, DEMO_MARK
from tests.support.home import KEY_VARIABLE, add_profile

TOKEN = "sk-users-own-token-91c4e6a2d05f"
HEADER_TOKEN = "tenant-secret-4410aa97bd12e6f8"
KEY = "sk-profiles-key-7f20b1d9c3aa48e5"
MINE = json.dumps(
    {
        "env": {
            "ANTHROPIC_BASE_URL": "https://old.example",
            "ANTHROPIC_AUTH_TOKEN": TOKEN,
            "ANTHROPIC_API_KEY": f"{TOKEN}-2",
            "ANTHROPIC_CUSTOM_HEADERS": f"x-tenant: {HEADER_TOKEN}",
        },
        "apiKeyHelper": f"echo {TOKEN}-3",
        "theme": "dark",
    },
    indent=2,
)


@pytest.fixture
def keyring(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The demo's keyring, and where it keeps its secrets."""
    write_own_file(os.path.join(paths.config, DEMO_MARK), b"")
    monkeypatch.setenv("CCSWITCH_KEYRING", DEMO)
    return Path(paths.state) / "demo-keys.json"


def files_with(text: str, *folders: str) -> list[str]:
    return [
        os.path.join(folder, file)
        for top in folders
        for folder, _, files in os.walk(top)
        for file in files
        if text.encode() in Path(folder, file).read_bytes()
    ]


def test_a_token_in_the_file_goes_to_the_keyring_and_comes_back(paths: Paths, settings: Path, keyring: Path) -> None:
    settings.write_text(MINE)
    add_profile(paths, "a")
    add_profile(paths, "b", options=ClaudeCodeOptions(headers={"x-b": "1"}))
    for name in ("a", "b", "a"):
        use(paths, name)
        assert TOKEN not in settings.read_text()
        assert HEADER_TOKEN not in settings.read_text()
        for secret in (TOKEN, HEADER_TOKEN):
            assert files_with(secret, paths.config, paths.state) == [str(keyring)]
    off(paths)
    assert settings.read_text() == MINE


def test_beside_a_profile_in_use_another_one_is_run_without_the_secrets_that_were_put_away(
    paths: Paths, settings: Path, keyring: Path
) -> None:
    env = {"ANTHROPIC_API_KEY": TOKEN, "ANTHROPIC_CUSTOM_HEADERS": f"Authorization: Bearer {TOKEN}\nx-team: blue"}
    settings.write_text(json.dumps({"env": env}))
    for name in ("a", "b"):
        add_profile(paths, name)
    use(paths, "b")
    argv = prepare_run(paths, "a", []).argv
    given = json.loads(Path(argv[argv.index("--settings") + 1]).read_text())["env"]
    assert given["ANTHROPIC_API_KEY"] == given["ANTHROPIC_CUSTOM_HEADERS"] == ""


def test_undo_brings_a_token_back_step_by_step(paths: Paths, settings: Path, keyring: Path) -> None:
    settings.write_text(MINE)
    add_profile(paths, "a")
    add_profile(paths, "plain", key=Secret(KEY), delivery="plaintext")
    seen = [settings.read_text()]
    for name in ("a", "plain", "a"):
        use(paths, name)
        seen.append(settings.read_text())
    assert json.loads(seen[2])["env"]["ANTHROPIC_AUTH_TOKEN"] == KEY and "apiKeyHelper" not in json.loads(seen[2])
    assert KEY not in seen[3]
    assert files_with(KEY, paths.config, paths.state) == [str(keyring)]
    for before in reversed(seen[:-1]):
        undo(paths)
        assert settings.read_text() == before


def test_secrets_that_nothing_refers_to_any_more_leave_the_keyring(paths: Paths, settings: Path, keyring: Path) -> None:
    settings.write_text(MINE)
    add_profile(paths, "a")
    use(paths, "a")
    undo(paths)
    assert settings.read_text() == MINE
    assert json.loads(keyring.read_text()) == {}


def test_whoever_leaves_leaves_no_secret_behind(paths: Paths, settings: Path, keyring: Path) -> None:
    settings.write_text(MINE)
    for name in ("a", "b"):
        add_profile(paths, name)
        use(paths, name)
    off(paths)
    remove(paths, "b")
    remove(paths, "a")
    assert settings.read_text() == MINE
    assert json.loads(keyring.read_text()) == {}


def test_a_token_comes_back_although_others_have_changed_the_file(paths: Paths, settings: Path, keyring: Path) -> None:
    settings.write_text(MINE)
    add_profile(paths, "a")
    use(paths, "a")
    settings.write_text(json.dumps(json.loads(settings.read_text()) | {"theme": "light"}))
    off(paths)
    assert json.loads(settings.read_text()) == json.loads(MINE) | {"theme": "light"}


def test_without_a_keyring_a_file_with_a_token_is_left_alone(paths: Paths, settings: Path) -> None:
    settings.write_text(MINE)
    add_profile(paths, "a")
    with pytest.raises(KeyUnavailable, match="must be kept for undo"):
        use(paths, "a")
    assert settings.read_text() == MINE
    assert not files_with(TOKEN, paths.config, paths.state)


def test_the_preview_shows_no_secret(paths: Paths, settings: Path, keyring: Path) -> None:
    settings.write_text(MINE.replace('"env": {', '"env": {\n    "GITHUB_TOKEN": "ghp_abcdefghij0123456789",'))
    add_profile(paths, "a", key=Secret(KEY), delivery="plaintext")
    lines = "\n".join(diff_lines(use(paths, "a", dry_run=True).changes[0]))
    for secret in (TOKEN, HEADER_TOKEN, KEY, "ghp_abcdefghij0123456789"):
        assert secret not in lines
    assert '-    "ANTHROPIC_AUTH_TOKEN": "••••••••"' in lines
    assert '+    "ANTHROPIC_AUTH_TOKEN": "•••••••• (new)"' in lines
    assert '"ANTHROPIC_BASE_URL": "http://127.0.0.1:9/gw_llm_power"' in lines
    one_line = settings.read_text().replace("\n", " ")
    settings.write_text(one_line)
    assert "ghp_" not in "\n".join(diff_lines(use(paths, "a", dry_run=True).changes[0]))
    assert not keyring.exists() or KEY in keyring.read_text()


@pytest.mark.parametrize("then", ["use", "off", "undo"])
def test_what_the_preview_showed_is_applied(paths: Paths, settings: Path, keyring: Path, then: str) -> None:
    settings.write_text(MINE)
    add_profile(paths, "a")
    use(paths, "a", agreed=use(paths, "a", dry_run=True))
    change = {"use": lambda **how: use(paths, "a", **how), "off": partial(off, paths), "undo": partial(undo, paths)}[
        then
    ]
    change(agreed=change(dry_run=True))
    assert TOKEN not in settings.read_text() if then == "use" else settings.read_text() == MINE


def test_a_key_that_cannot_be_stored_leaves_no_profile(
    paths: Paths, settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    with pytest.raises(KeyUnavailable):
        add_profile(paths, "a", key=Secret(KEY))
    assert not os.path.exists(paths.profile("a")) and not os.path.exists(paths.keys)
    assert not files_with(KEY, paths.config, paths.state)


def test_a_journal_is_the_same_whatever_the_secrets_in_the_file_are(
    paths: Paths, settings: Path, keyring: Path
) -> None:
    add_profile(paths, "a")
    journals: list[str] = []
    for secret in ("sk-users-own-token-91c4e6a2d05f", "sk-another-and-longer-one-0d57a3b1c6e8f2a4"):
        shutil.rmtree(paths.journal, ignore_errors=True)
        settings.write_text(MINE.replace(TOKEN, secret).replace(HEADER_TOKEN, f"x{secret}"))
        use(paths, "a")
        text = "".join(path.read_text() for path in Path(paths.journal).iterdir())
        names = iter(dict.fromkeys(re.findall(r"journal/[0-9a-f]{16}", text)))
        for at, name in enumerate(names):
            text = text.replace(name, f"journal/{at}")
        journals.append(re.sub(r'"transaction": "[0-9a-f]+", "number": \d+', "", text))
    assert journals[0] == journals[1]


def test_a_secret_that_another_program_replaced_is_kept(paths: Paths, settings: Path, keyring: Path) -> None:
    settings.write_text('{"theme": "dark"}')
    add_profile(paths, "a", key=Secret(KEY), delivery="plaintext")
    use(paths, "a")
    settings.write_text(settings.read_text().replace(KEY, "sk-made-up-put-there-by-the-user-31"))
    off(paths)
    assert json.loads(settings.read_text()) == {
        "theme": "dark",
        "env": {"ANTHROPIC_AUTH_TOKEN": "sk-made-up-put-there-by-the-user-31"},
    }


@pytest.fixture
def no_keyring(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    """This home has no keyring, and three profiles whose keys are written to the file from elsewhere."""
    monkeypatch.setenv("CCSWITCH_KEYRING", "secret-service")
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    add_profile(paths, "a", delivery="plaintext")
    add_profile(paths, "b")
    command = ("/bin/sh", "-c", f"echo ${KEY_VARIABLE}-2")
    add_profile(paths, "c", key=KeyRef(command=command), delivery="plaintext")


def test_without_a_keyring_undo_gets_a_profiles_key_again_where_it_came_from(
    paths: Paths, settings: Path, no_keyring: None
) -> None:
    seen: list[str | None] = [None]
    for name in ("a", "b", "c", "a", "a"):
        use(paths, name)
        seen.append(settings.read_text())
    assert KEY in str(seen[1]) and f"{KEY}-2" in str(seen[3])
    assert files_with(KEY, paths.config, paths.state) == []
    for before in reversed(seen[:-2]):
        undo(paths)
        assert (settings.read_text() if settings.exists() else None) == before
    use(paths, "c")
    off(paths)
    assert not settings.exists()


def test_without_a_keyring_a_file_that_another_program_wrote_is_still_restored(
    paths: Paths, settings: Path, no_keyring: None
) -> None:
    settings.write_text("{}")
    use(paths, "a")
    for step in (lambda: use(paths, "c"), lambda: use(paths, "a"), lambda: off(paths)):
        settings.write_text(json.dumps({"theme": step.__qualname__, **json.loads(settings.read_text())}))
        step()
    assert list(json.loads(settings.read_text())) == ["theme"]


@pytest.mark.parametrize("rewritten", [False, True])
def test_without_a_keyring_a_key_that_may_be_the_users_own_is_not_taken_away(
    paths: Paths, settings: Path, no_keyring: None, monkeypatch: pytest.MonkeyPatch, rewritten: bool
) -> None:
    use(paths, "a")
    mine = settings.read_text().replace(KEY, TOKEN)
    settings.write_text(mine.replace("{", '{"theme": "dark",', 1) if rewritten else mine)
    before = settings.read_text()
    for step in (lambda: off(paths), lambda: use(paths, "b"), lambda: undo(paths)):
        with pytest.raises(KeyUnavailable, match="it may be yours"):
            step()
        assert settings.read_text() == before
    settings.write_text(before.replace(TOKEN, KEY))
    monkeypatch.delenv(KEY_VARIABLE)
    with pytest.raises(KeyUnavailable, match=f"{KEY_VARIABLE} no longer gives it"):
        off(paths)
    settings.write_text(before.replace(f'"{TOKEN}"', '""'))
    off(paths)
    env = {"ANTHROPIC_AUTH_TOKEN": ""}
    assert json.loads(settings.read_text()) == ({"theme": "dark"} if rewritten else {}) | {"env": env}


def test_without_a_keyring_the_users_own_token_still_stops_a_switch(
    paths: Paths, settings: Path, no_keyring: None
) -> None:
    settings.write_text(MINE)
    for name in ("a", "b", "c"):
        with pytest.raises(KeyUnavailable, match="must be kept for undo"):
            use(paths, name)
    assert settings.read_text() == MINE
