import pytest

from ccswitch_py.targets.claude_code.owned_entries import (
    API_KEY,
    AUTH_TOKEN,
    BASE_URL,
    CUSTOM_HEADERS,
    HELPER,
    is_secret,
)

OURS = "/venv/bin/python -I -m ccswitch_py.key_command --claude-code --project work"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (AUTH_TOKEN, "x"),
        (API_KEY, "x"),
        (HELPER, "echo sekretpassword"),
        (HELPER, "printf correct-horse"),
        (HELPER, "/usr/bin/gate --key a1b2c3d4e5f6a7b8"),
        (CUSTOM_HEADERS, "Authorization: Bearer correct+horse/battery"),
        (CUSTOM_HEADERS, "x-team: blue\nX-Gateway-Token: horse"),
        (CUSTOM_HEADERS, "x-team: a1b2c3d4e5f6a7b8"),
        (BASE_URL, "https://me:horse@gateway.example"),
    ],
)
def test_what_may_be_a_secret_does_not_reach_the_journal(path: tuple[str, ...], value: str) -> None:
    assert is_secret(path, value)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (AUTH_TOKEN, ""),
        (HELPER, OURS),
        (HELPER, "~/bin/get-key.sh"),
        (CUSTOM_HEADERS, "x-team: blue\nx-api-key: unused"),
        (BASE_URL, "https://gateway.example/anthropic"),
        (("env", "ANTHROPIC_MODEL"), "claude-opus-5-5"),
    ],
)
def test_what_is_plainly_none_needs_no_keyring(path: tuple[str, ...], value: str) -> None:
    assert not is_secret(path, value)
