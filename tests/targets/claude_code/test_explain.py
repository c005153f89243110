from pathlib import Path
from typing import Any

import pytest

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.paths import find_paths
from ccswitch_py.services.explain import explain
from ccswitch_py.targets.inspection import Inspection
from tests.support.layered_home import Home, part

TOKEN = "made-up-token-0123456789-wxyz"
KEY = "made-up-key-9876543210-abcd"
NO_KEY = "Nothing sets a key, so Claude Code will say that it is not logged in. Run `ccswitch add` and `ccswitch use`."
CLOUDS = {
    "BEDROCK": "ANTHROPIC_BEDROCK_BASE_URL",
    "FOUNDRY": "ANTHROPIC_FOUNDRY_BASE_URL",
    "ANTHROPIC_AWS": "ANTHROPIC_AWS_BASE_URL",
    "ANTHROPIC_GOOGLE_CLOUD": "ANTHROPIC_GOOGLE_CLOUD_BASE_URL",
    "MANTLE": "ANTHROPIC_BEDROCK_MANTLE_BASE_URL",
    "VERTEX": "ANTHROPIC_VERTEX_BASE_URL",
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return Home(tmp_path / "home")


def test_where_nothing_is_set_the_login_of_claude_would_go_to_anthropic(home: Home) -> None:
    found = home.explained()
    assert part(found, "address").value == "https://api.anthropic.com"
    assert part(found, "Authorization").value == "not sent"
    assert found.faults == [NO_KEY]
    assert found.notes == []


def test_a_stronger_layer_wins_and_the_weaker_ones_are_told(home: Home) -> None:
    home.write(home.user, {"env": {"ANTHROPIC_BASE_URL": "https://user.test"}})
    home.write(home.local, {"env": {"ANTHROPIC_BASE_URL": "https://local.test"}})
    address = part(home.explained(ANTHROPIC_BASE_URL="https://process.test"), "address")
    assert address.value == "https://local.test"
    assert address.winner is not None
    assert address.winner.location == "~/project/.claude/settings.local.json:3"
    assert address.why.startswith("The folder's settings.local.json overrides your settings.json, this terminal's")
    assert [place.entry.shown for place in address.others] == ["https://user.test", "https://process.test"]


def test_set_to_nothing_hides_what_weaker_layers_say(home: Home) -> None:
    home.write(home.local, {"env": {"ANTHROPIC_AUTH_TOKEN": ""}})
    bearer = part(home.explained(ANTHROPIC_AUTH_TOKEN=TOKEN), "Authorization")
    assert (bearer.value, bearer.winner) == ("not sent", None)
    assert bearer.why == "The folder's settings.local.json sets it to nothing, which overrides all others."


@pytest.mark.parametrize(
    ("settings", "environ", "authorization", "x_api_key"),
    [
        ({"apiKeyHelper": "get"}, {}, "Bearer what apiKeyHelper prints", "what apiKeyHelper prints"),
        ({"apiKeyHelper": "get"}, {"ANTHROPIC_AUTH_TOKEN": TOKEN}, "Bearer ••••••••wxyz", "what apiKeyHelper prints"),
        ({"apiKeyHelper": "get"}, {"ANTHROPIC_API_KEY": KEY}, "Bearer what apiKeyHelper prints", "••••••••abcd"),
        ({"apiKeyHelper": ""}, {"ANTHROPIC_API_KEY": KEY}, "not sent", "••••••••abcd"),
        ({}, {"CLAUDE_CODE_OAUTH_TOKEN": TOKEN}, "Bearer ••••••••wxyz", "not sent"),
        ({}, {"CLAUDE_CODE_OAUTH_TOKEN": TOKEN, "ANTHROPIC_API_KEY": KEY}, "not sent", "••••••••abcd"),
        ({"env": {"ANTHROPIC_CUSTOM_HEADERS": "x-api-key: unused"}}, {"ANTHROPIC_API_KEY": KEY}, "not sent", "unused"),
        (
            {"env": {"ANTHROPIC_CUSTOM_HEADERS": f"authorization: {TOKEN}"}},
            {"ANTHROPIC_API_KEY": KEY},
            "••••••••wxyz",
            "••••••••abcd",
        ),
        (
            {"env": {"ANTHROPIC_CUSTOM_HEADERS": f"authorization: {TOKEN}"}, "apiKeyHelper": "get"},
            {},
            "Bearer what apiKeyHelper prints",
            "what apiKeyHelper prints",
        ),
    ],
)
def test_what_goes_into_the_two_headers(
    home: Home, settings: dict[str, Any], environ: dict[str, str], authorization: str, x_api_key: str
) -> None:
    home.write(home.user, settings)
    found = home.explained(**environ)
    assert (part(found, "Authorization").value, part(found, "x-api-key").value) == (authorization, x_api_key)


@pytest.mark.parametrize(
    ("settings", "main"),
    [
        ({"model": "glm-5"}, "glm-5"),
        ({"model": "glm-5", "env": {"ANTHROPIC_MODEL": "kimi"}}, "kimi"),
        ({"model": "sonnet", "env": {"ANTHROPIC_DEFAULT_SONNET_MODEL": "glm-5"}}, "sonnet, which is glm-5"),
        ({"model": "Sonnet[1m]", "env": {"ANTHROPIC_DEFAULT_SONNET_MODEL": "glm-5"}}, "Sonnet[1m], which is glm-5"),
        ({"env": {"ANTHROPIC_DEFAULT_OPUS_MODEL": "glm-5"}}, "glm-5"),
        ({"model": "haiku"}, "haiku, which is Claude Code's own choice"),
        ({"model": ""}, "Claude Code's own choice"),
    ],
)
def test_which_model_is_the_main_one(home: Home, settings: dict[str, Any], main: str) -> None:
    home.write(home.user, settings)
    assert part(home.explained(), "main").value == main


def test_a_login_that_would_go_to_a_gateway_is_a_fault(home: Home) -> None:
    home.write(home.user, {"env": {"ANTHROPIC_BASE_URL": "https://gateway.test"}})
    home.write(home.path / ".claude" / ".credentials.json", {"claudeAiOauth": {"accessToken": TOKEN}})
    found = home.explained()
    assert part(found, "Authorization").value == "Bearer, your Claude login"
    assert found.faults[0].startswith("Claude Code would send your Claude login to gateway.test:")
    assert home.explained(ANTHROPIC_AUTH_TOKEN=TOKEN).faults == []
    assert home.explained(ANTHROPIC_API_KEY=KEY).faults == []


def test_a_file_that_is_skipped_is_a_fault_with_its_line(home: Home) -> None:
    home.write(home.shared, '{\n  "env": {\n    "ANTHROPIC_BASE_URL": "https://a.test",\n  }\n}')
    assert home.explained().faults == [
        "~/project/.claude/settings.json: Claude Code skips all of it because of line 4: "
        "expected a name in quotes (an extra comment or comma?). Fix that line.",
        NO_KEY,
    ]


@pytest.mark.parametrize(("name", "variable"), CLOUDS.items())
def test_a_cloud_takes_the_place_of_the_address(home: Home, name: str, variable: str) -> None:
    home.write(home.user, {"env": {"ANTHROPIC_BASE_URL": "https://user.test"}})
    off = home.explained(**{f"CLAUDE_CODE_USE_{name}": "0", variable: "https://cloud.test"})
    assert part(off, "address").value == "https://user.test" and name not in " ".join(off.notes)
    home.write(home.shared, {"env": {f"CLAUDE_CODE_USE_{name}": "1", "CLAUDE_CODE_USE_VERTEX": " True "}})
    on = home.explained(**{variable: "https://cloud.test"})
    assert part(on, "address").value.endswith(", https://cloud.test") and on.faults == []
    assert [place.entry.name for place in part(on, "address").others] == ["ANTHROPIC_BASE_URL"]
    assert f"CLAUDE_CODE_USE_{name} is set" in " ".join(on.notes) and "the same key" in " ".join(on.notes)
    assert part(home.explained(), "address").value.endswith(", its own address")


def test_no_credential_is_named_for_a_cloud_nor_a_switch_taken_for_an_address(home: Home) -> None:
    home.write(home.shared, {"env": {"CLAUDE_CODE_USE_BEDROCK": "1"}})
    found = home.explained(ANTHROPIC_AUTH_TOKEN=KEY, ANTHROPIC_API_KEY=KEY)
    for header in ("Authorization", "x-api-key"):
        assert part(found, header).value == "not known"
        assert "chooses a cloud" in part(found, header).why
    assert found.faults == [] and "Two credentials" not in " ".join(found.notes)
    home.write(
        home.shared,
        {"env": {"CLAUDE_CODE_USE_BEDROCK": "1", "ANTHROPIC_BEDROCK_BASE_URL": "https://evil.example"}},
    )
    (fault,) = home.explained(ANTHROPIC_AUTH_TOKEN=KEY).faults
    assert "sends Claude Code's requests to evil.example" in fault and "ANTHROPIC_AUTH_TOKEN" not in fault


def test_a_folder_that_is_gone_is_told(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home.project)
    home.project.rmdir()
    with pytest.raises(BadInput, match="The current folder no longer exists"):
        explain(".", {"HOME": str(home.path)})
    with pytest.raises(BadInput, match="The current folder no longer exists"):
        Inspection(find_paths(), ".", {"HOME": str(home.path)})


@pytest.mark.parametrize(
    ("git", "back", "counts"),
    [
        ("gitdir: ../main/.git//worktrees//one\n", "../../../../project/.git", True),
        ("gitdir: ../main/.git/worktrees/one\n", "../../../../elsewhere/.git", False),
        ("gitdir: ../main/.git/worktrees/./one\nx", "../../../../project/.git", False),
    ],
)
def test_a_worktree_has_the_local_settings_of_the_main_one_where_each_names_the_other(
    home: Home, git: str, back: str, counts: bool
) -> None:
    main = home.path / "main"
    one = main / ".git" / "worktrees" / "one"
    home.write(one / "commondir", "../..\n")
    home.write(one / "gitdir", f"{back}\n")
    home.write(home.project / ".git", git)
    home.write(main / ".claude" / "settings.local.json", {"env": {"ANTHROPIC_BASE_URL": "https://main.test"}})
    address = part(home.explained(), "address").value
    assert address == ("https://main.test" if counts else "https://api.anthropic.com")


def test_a_home_that_is_a_repository_lends_its_local_settings_to_no_folder_in_it(home: Home) -> None:
    (home.path / ".git").mkdir()
    file = home.path / ".claude" / "settings.local.json"
    home.write(file, {"env": {"ANTHROPIC_BASE_URL": "https://home.test"}})
    assert part(home.explained(), "address").value == "https://api.anthropic.com"
    assert part(home.explained(home.path), "address").value == "https://home.test"


STATE = {"primaryApiKey": KEY, "env": {"ANTHROPIC_AUTH_TOKEN": TOKEN}}
DEEP = '{\n"x": ' + "[" * 3000 + "]" * 3000 + ', "env": {"ANTHROPIC_BASE_URL": "https://deep.test"}}'


@pytest.mark.parametrize(
    ("state", "settings", "environ", "authorization", "x_api_key"),
    [
        (STATE, {}, {}, "Bearer ••••••••wxyz", "••••••••abcd"),
        (STATE, {}, {"ANTHROPIC_AUTH_TOKEN": "weaker-than-the-state"}, "Bearer ••••••••wxyz", "••••••••abcd"),
        (STATE, {"env": {"ANTHROPIC_AUTH_TOKEN": ""}}, {}, "not sent", "••••••••abcd"),
        (STATE, {"apiKeyHelper": "echo"}, {}, "Bearer ••••••••wxyz", "what apiKeyHelper prints"),
        ({"primaryApiKey": KEY, "env": None}, {}, {}, "not sent", "••••••••abcd"),
        ({"primaryApiKey": KEY}, {}, {"ANTHROPIC_API_KEY": TOKEN}, "not sent", "••••••••wxyz"),
        ({"primaryApiKey": KEY}, {}, {"CLAUDE_CODE_OAUTH_TOKEN": TOKEN}, "Bearer ••••••••wxyz", "not sent"),
        ({"primaryApiKey": 5}, {}, {}, "not sent", "not sent"),
        ("", {}, {}, "not sent", "not sent"),
        ("[]", {}, {}, "not sent", "not sent"),
    ],
)
def test_what_claude_code_keeps_in_its_own_state_takes_part(
    home: Home, state: Any, settings: dict[str, Any], environ: dict[str, str], authorization: str, x_api_key: str
) -> None:
    home.write(home.state, state)
    home.write(home.user, settings)
    found = home.explained(**environ)
    assert (part(found, "Authorization").value, part(found, "x-api-key").value) == (authorization, x_api_key)
    assert found.faults == ([NO_KEY] if authorization == x_api_key == "not sent" else [])


def test_a_login_goes_before_the_key_of_the_state(home: Home) -> None:
    home.write(home.state, {"primaryApiKey": KEY})
    home.write(home.path / ".claude" / ".credentials.json", {"claudeAiOauth": {"accessToken": TOKEN}})
    found = home.explained()
    assert part(found, "x-api-key").value == "not sent"
    assert part(found, "x-api-key").why == "Another credential is sent instead of primaryApiKey."
    beside = home.explained(ANTHROPIC_AUTH_TOKEN=TOKEN, ANTHROPIC_BASE_URL="https://gateway.test")
    assert part(beside, "x-api-key").value == "••••••••abcd"
    assert beside.faults[0].startswith(
        "Claude Code would send the API key of your Claude login, primaryApiKey in ~/.claude.json, to gateway.test."
    )


def test_the_old_state_file_is_used_where_it_has_anything_in_it(home: Home) -> None:
    home.write(home.state, {"env": {"ANTHROPIC_BASE_URL": "https://new.test"}})
    home.write(home.path / ".claude" / ".config.json", {"env": {"ANTHROPIC_BASE_URL": "https://old.test"}})
    assert part(home.explained(), "address").value == "https://old.test"


def test_a_damaged_state_keeps_claude_code_from_starting(home: Home) -> None:
    home.write(home.state, '{"primaryApiKey": 1,}')
    assert home.explained().faults[0].startswith("~/.claude.json: Claude Code does not start because of line 1")


def test_what_is_nested_too_deeply_for_ccswitch_is_not_said_to_be_skipped(home: Home) -> None:
    home.write(home.shared, DEEP)
    home.write(home.local, {"env": {"ANTHROPIC_AUTH_TOKEN": TOKEN}})
    home.write(home.path / ".claude" / ".credentials.json", {"claudeAiOauth": {"accessToken": TOKEN}})
    found = home.explained(ANTHROPIC_BASE_URL="https://weaker.test")
    address = part(found, "address")
    assert (address.value, address.winner) == ("not known", None)
    assert address.why == "~/project/.claude/settings.json may set it, but ccswitch cannot read it."
    assert "ANTHROPIC_BASE_URL = https://weaker.test (this terminal's environment)" in [*address.reasons()]
    assert [part(found, name).value for name in ("x-api-key", "headers", "main", "opus")] == ["not known"] * 4
    assert part(found, "Authorization").value == "Bearer ••••••••wxyz"
    assert found.faults == [
        "~/project/.claude/settings.json: Line 2: it is nested too deeply, so ccswitch does not read the file; "
        "Claude Code may. "
        "Check ~/project/.claude/settings.json first, and move it away if it is not yours."
    ]
    assert found.as_json()["parts"][0]["not_known"] is True


@pytest.mark.parametrize("sign", ["\\@", "/@", "?@", "#@", "\\.", "\t.x"])
def test_a_login_goes_to_the_host_that_claude_code_calls(home: Home, sign: str) -> None:
    home.write(home.user, {"env": {"ANTHROPIC_BASE_URL": f"https://evil.example{sign}api.anthropic.com"}})
    home.write(home.path / ".claude" / ".credentials.json", {"claudeAiOauth": {"accessToken": TOKEN}})
    found = home.explained()
    assert part(found, "address").value.startswith("https://evil.example")
    assert found.faults[0].startswith("Claude Code would send your Claude login to evil.example")


def test_a_start_file_that_is_too_large_is_told(home: Home) -> None:
    home.write(home.project / ".envrc", "export ANTHROPIC_BASE_URL=https://a.test\n" + "#" * 1024 * 1024)
    assert home.explained().notes == [
        "~/project/.envrc: It is too large to be searched. Check it yourself for ANTHROPIC_ and CLAUDE_CODE_."
    ]


def test_a_start_file_that_may_set_a_variable_is_told_beside_one_that_does(home: Home) -> None:
    home.write(home.path / ".bashrc", "export ANTHROPIC_BASE_URL=https://new.test\nf() { unset ANTHROPIC_BASE_URL; }\n")
    home.write(home.path / ".profile", "if x; then export ANTHROPIC_BASE_URL=https://other.test; fi\n")
    assert {*part(home.explained(), "address").reasons()} == {
        "New terminals: ~/.bashrc:1 sets ANTHROPIC_BASE_URL to https://new.test.",
        "New terminals: ~/.bashrc:2 may remove ANTHROPIC_BASE_URL, but not in every case.",
        "New terminals: ~/.profile:1 may set ANTHROPIC_BASE_URL, but not in every case.",
    }


def test_start_files_say_what_new_terminals_will_have_and_where_a_value_comes_from(home: Home) -> None:
    home.write(home.path / ".bashrc", f"export ANTHROPIC_API_KEY={KEY}\nexport ANTHROPIC_BASE_URL=https://new.test\n")
    home.write(home.path / ".config/fish/config.fish", "set -gx ANTHROPIC_BASE_URL (get-url)\n")
    found = home.explained(ANTHROPIC_API_KEY=KEY)
    assert "ANTHROPIC_API_KEY of this terminal seems to come from ~/.bashrc:1." in [*part(found, "x-api-key").reasons()]
    assert [*part(found, "address").reasons()] == [
        "New terminals: ~/.bashrc:2 sets ANTHROPIC_BASE_URL to https://new.test.",
        "New terminals: ~/.config/fish/config.fish:1 sets ANTHROPIC_BASE_URL, to a value that is not known.",
    ]
    assert part(found, "address").value == "https://api.anthropic.com"


def test_text_that_would_move_the_cursor_is_not_shown_as_it_is(home: Home) -> None:
    strange = home.project / "\x1b[31mred"
    home.write(strange / ".claude" / "settings.json", {"model": "a\x1b[2Jb\nc"})
    found = home.explained(folder=strange)
    text = "\n".join([part(found, "main").value, *part(found, "main").reasons()])
    text += "".join(line for layer in found.layers for line in layer.lines())
    assert "\x1b" not in text
    assert part(found, "main").value == "ab, c"


def test_a_folder_or_file_that_is_not_there_is_said(home: Home) -> None:
    with pytest.raises(BadInput, match="is not a folder"):
        home.explained(folder=home.project / "missing")
    with pytest.raises(BadInput, match="There is no file"):
        home.explained(option=str(home.project / "missing.json"))
