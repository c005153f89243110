from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccswitch_py.redact.secret import Secret
from ccswitch_py.targets.claude_code.owned_entries import is_secret
from ccswitch_py.targets.claude_code.sources.masking import masked

URL, PROXY, HELPER, HEADERS = "ANTHROPIC_BASE_URL", "HTTPS_PROXY", "apiKeyHelper", "ANTHROPIC_CUSTOM_HEADERS"
MODEL = "ANTHROPIC_MODEL"
VERTEX, BEDROCK = "ANTHROPIC_VERTEX_BASE_URL", "ANTHROPIC_BEDROCK_BASE_URL"
OURS = "/opt/py/bin/python -I -m ccswitch_py.key_command --claude-code --state '/c d' work"


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        (URL, "https://gw.test/v1", "https://gw.test/v1"),
        (URL, "https://gw.test:8443", "https://gw.test:8443"),
        (URL, "http://[::1]:80/x", "http://[::1]:80/x"),
        (URL, r"https://evil.example\@api.anthropic.com", "https://evil.example\\••••••••@api.anthropic.com"),
        (URL, "https://evil.example/@api.anthropic.com", "https://evil.example/••••••••@api.anthropic.com"),
        (URL, "https://evil.example?@api.anthropic.com", "https://evil.example?••••••••@api.anthropic.com"),
        (URL, r"https:\\u:p@evil.example\@own", "https:\\\\••••••••@evil.example\\••••••••@own"),
        (URL, "https://gw.test/v1?sig=hunter2pw&b=1#c", "https://gw.test/v1?sig=••••••••&b=••••••••#••••••••"),
        (URL, "https://gw.test/v1?hunter2pw", "https://gw.test/v1?••••••••"),
        (URL, "https:bob:hunter2pw@gw.test/v1", "https:••••••••@gw.test/v1"),
        (URL, "HTTPS:gw.test/v1/@own?a=hunter2pw", "HTTPS:gw.test/••••••••@own?a=••••••••"),
        (VERTEX, "https://bob:hunter2pw@gw.test/v1?sig=x", "https://••••••••@gw.test/v1?sig=••••••••"),
        (BEDROCK, "bob:hunter2pw@gw.test", "••••••••@gw.test"),
        (PROXY, "bob:hunter2pw@corp:8080", "••••••••@corp:8080"),
        (PROXY, "http://bob:p@ss@corp", "http://••••••••@corp"),
        (PROXY, "http://u:pass/word1@h/", "http://••••••••@h/"),
        (PROXY, "http://u:pa?ss#wo@h:80", "http://••••••••@h:80"),
        (PROXY, "corp:8080", "corp:8080"),
        (HELPER, "get-key", "get-key"),
        (HELPER, "curl -u me:hunter2pw https://gw.test", "curl …"),
        (HELPER, "cat<<<hunter2pw", "cat …"),
        (HELPER, '"/my apps/get key" --all', '"/my apps/get key" …'),
        (HELPER, "$HOME/bin/get work", "$HOME/bin/get …"),
        (HELPER, "PW=hunter2pw get", "…"),
        (HELPER, 'PW="hunter2 pw" get', "…"),
        (HELPER, "$(hunter2pw)", "…"),
        (HELPER, OURS, OURS),
        (HELPER, f"{OURS}; curl -u me:hunter2pw", "/opt/py/bin/python …"),
        (HEADERS, "X-Org: canary-abcdef0123456789", "X-Org: ••••••••6789"),
        (HEADERS, "X-Run: get -v --secret hunter2pw -v", "X-Run: get -v --secret •••••••• -v"),
        (HEADERS, "X-Api-Key: unused\nX-Team: blue", "X-Api-Key: unused\nX-Team: blue"),
        (MODEL, "sk-canary-0123456789", "••••••••6789"),
        (MODEL, "claude-sonnet-4-5-20250929[1m]", "claude-sonnet-4-5-20250929[1m]"),
        (HEADERS, "X-Via: see http://bob:p@ss@corp/?a=b now", "X-Via: see http://••••••••@corp/?a=•••••••• now"),
        (HEADERS, "X-Via: see http:bob:hunter2pw@corp now", "X-Via: see http:••••••••@corp now"),
    ],
)
def test_what_is_shown_names_the_host_that_is_called_and_no_password(name: str, value: str, shown: str) -> None:
    assert masked(name, value) == shown


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=16))
def test_a_header_that_doctor_calls_a_key_is_not_shown(value: str) -> None:
    value = value.strip()
    is_key = is_secret(("env", HEADERS), f"X-Org: {value}")
    assert (masked(HEADERS, f"X-Org: {value}") == f"X-Org: {Secret(value).masked}") or not is_key or not value


PASSWORD = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1).map(lambda some: f"x9Z{some}9Zx")


@given(PASSWORD, st.sampled_from(["http://", "https:", "socks5://", ""]))
def test_no_password_before_the_last_at_is_shown(password: str, scheme: str) -> None:
    for one in (quote(password, safe=""), password.translate(str.maketrans("", "", "/\\?#"))):
        assert "x9Z" not in masked(PROXY, f"{scheme}bob:{one}@corp:8080")


@given(PASSWORD, st.sampled_from(["get", "curl", "sh -c", "op read"]))
def test_of_the_command_of_somebody_else_no_argument_is_shown(password: str, program: str) -> None:
    assert "x9Z" not in masked(HELPER, f"{program} {password}")
