from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccswitch_py.redact.key_patterns import looks_like_key
from ccswitch_py.redact.plaintext_keys import (
    Certainty,
    key_in,
    keys_in_json,
    keys_in_shell,
    names_key,
    stands_for_key,
)

CREDENTIAL = "ANTHROPIC_AUTH_TOKEN"
ALWAYS = (CREDENTIAL,)
HEX = "5f0c1f2e9d7b4a63"


STANDS_FOR_A_KEY = [
    "cliproxyapi-local-key",
    "my-gateway-proxy-token-here",
    "${VAR}",
    "$VAR",
    "$env:VAR",
    "${input:api-key}",
    "${GATEWAY_KEY:-none}",
    "sk-${KEY}",
    "$(pass-show-gateway2024key)",
    "`pass-show-gateway2024key`",
    "%VAR%",
    "%ANTHROPIC_AUTH_TOKEN%",
    "{env:X}",
    "{env:ANTHROPIC_API_KEY}",
    "{file:~/.key2024abcdef}",
    "{{api_key}}",
    "process.env.API_KEY2024",
    "op://Private/gateway2024/credential",
    "bw://item/2024abcdef",
    "secret://gateway/2024key123456",
    "env:GATEWAY_KEY2",
    "keychain:claude-code-2024",
    "vault:secret/data/gateway2024key",
    "keyring:gateway2024key",
    "arn:aws:secretsmanager:us-east-1:123456789012:secret:gateway-AbCdEf",
    "!op-read-2024abcdef",
    "sk_your_gateway_api_key",
    "tu_clave_secreta",
    "optional-tavily-key",
    "change_this_to_a_long_random_secret_at_least_64_chars",
    "change-me-to-32-random-chars",
    "yourpassword1",
    "在此填写密钥",
    "你的密钥2024abcd",
    "<your-key>",
    "<TOKEN>",
    "<paste-your-sk-key2024-here>",
    "‹YOUR_OPENAI_KEY>",
    "‹YOUR_API_KEY›",
    "[YOUR_KEY]",
    "YOUR_API_KEY",
    "YOUR_KEY_1",
    "your-api-key-here",
    "your_deepseek_key",
    "YOUR-ZHIPU-API-KEY",
    "sk-your-key-here",
    "sk-ant-api03-your-key-goes-here",
    "PUT_YOUR_KEY_HERE",
    "API_KEY_HERE",
    "REPLACE_WITH_YOUR_TOKEN",
    "replace-me",
    "insert-your-token",
    "changeme",
    "ghp_your_token_here",
    "sk-xxxxxxxxxxxxxxxx",
    "sk-xxxx…",
    "sk-xxx",
    "sk-ant-xxxxx",
    "sk-or-v1-xxxxxxxx",
    "xxxxxx",
    "ghp_xxxxxxxxxxxxxxxxxxxx",
    "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
    "00000000-0000-0000-0000-000000000000",
    "sk-…",
    "sk-ant-api03-...",
    "********",
    "••••••••",
    "sk-****1234",
    "dummy",
    "any",
    "ollama",
    "EMPTY",
    "none",
    "null",
    "lm-studio",
    "not-needed",
    "sk-no-key-required",
    "sk-1234",
    "123456",
    "1",
    "true",
    "sk-1234567890abcdef",
    "test-key",
    "dummy-key-123",
    "sk-dummy",
    "fake-token",
    "not-a-real-key",
    "example-key",
    "local-key",
    "my-secret-token",
    "PROXY_MANAGED",
    "PASTE-THE-KEY-HERE",
    "TODO",
    "token-placeholder",
    "AKIAIOSFODNN7EXAMPLE",
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "/home/u/.keys/gateway2024key",
    "~/.ssh/id_ed25519",
    "./keys/2024abcdefgh",
    "../key2024abcdefgh",
    "C:\\keys\\gateway2024.txt",
]
KEYS = [
    "tenant-here-9f3k2l1m0n9b8v7c6x5z4",
    "your_4c1b9e7d2a5f60838e91",
    "sk-ant-api03-made-up-0123456789",
    "sk-made-up-key-5f0c1f2e9d7b4a63",
    "sk-0123456789abcdef0123456789abcdef",
    "1f6be27c90a4d3580123456789abcdef.made1up2",
    "0e7f0000-1111-4a2b-8c3d-aaaabbbbcccc",
    "c2stbWFkZS11cDEyMzQ=",
    "hf_AbCdEfGhIjKlMnOpQrStUvWxYzAbCd",
    "ghp_0a1B2c3D4e5F6g7H8i9J0k1L",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.made-up",
    "gsk_4f9d8c7b6a5e4d3c2b1a",
    "AIzaSyA0a1b2c3d4e5f6g7h8i9j0",
    "xoxb-123456789-abcdefABCDEF",
    "tok-0123456789abcdefghij",
    f"Bearer {HEX}",
    HEX,
]
NAMES = [
    "ANTHROPIC_AUTH_TOKEN",
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_FOUNDRY_API_KEY",
    "AWS_BEARER_TOKEN_BEDROCK",
    "OPENAI_API_KEY",
    "OPENAI_API_KEY_2",
    "GITHUB_TOKEN",
    "GITHUB_PERSONAL_ACCESS_TOKEN",
    "DB_PASSWORD",
    "CLIENT_SECRET",
    "GITLAB_PAT",
    "api_key",
    "apiKey",
    "apiKeys",
    "accessToken",
    "Authorization",
    "x-api-key",
    "X-Goog-Api-Key",
    "Cookie",
    "SECRET_KEY_BASE",
    "primaryApiKey",
]
NAMES_OF_OTHER_THINGS = [
    "ANTHROPIC_BASE_URL",
    "MAX_THINKING_TOKENS",
    "CLAUDE_CODE_API_KEY_HELPER_TTL_MS",
    "CLAUDE_CODE_API_KEY_FILE_DESCRIPTOR",
    "SSH_AUTH_SOCK",
    "apiKeyHelper",
    "AWS_ACCESS_KEY_ID",
    "API_KEY_FILE",
    "TOKEN_URL",
    "GIT_AUTHOR_NAME",
    "CACHE_KEY",
    "SSH_PUBLIC_KEY",
    "KEYBOARD_LAYOUT",
    "model",
    "TOKEN_LIMIT",
    "passwordStore",
    "keybindings",
]


@pytest.mark.parametrize("value", STANDS_FOR_A_KEY)
@pytest.mark.parametrize("wrapped", ["{}", "Bearer {}", '"{}"'])
def test_a_placeholder_or_a_reference_is_no_key(value: str, wrapped: str) -> None:
    text = wrapped.format(value)
    for name in (CREDENTIAL, "OPENAI_API_KEY", "Authorization", "args", "apiKeyHelper"):
        assert key_in(text, name, ALWAYS) is None
    assert not [*keys_in_shell(f"export OPENAI_API_KEY={text}\nset -gx OPENAI_API_KEY {text}", ALWAYS)]
    assert not [*keys_in_json(json.dumps({"args": ["--api-key", text, f"--token={text}"]}), ALWAYS)]


@pytest.mark.parametrize("command", [
    "op read op://Private/anthropic2024-key/credential",
    "security find-generic-password -s claude-code-key-2 -w",
    "vault kv get -field=key secret/gateway2024key",
    "cat ~/.config/keys/gateway-key-2024.txt",
    "pass show gateways/zhipu-2024-key",
    'echo "$GATEWAY_KEY_2024"',
    "printf %s ${GATEWAY_KEY_2024}",
    "/opt/bin/get-key-5f0c1f2e9d7b4a63",
    "get-gateway-key",
])  # fmt: skip
def test_a_command_that_gets_a_key_has_none(command: str) -> None:
    assert key_in(command, "apiKeyHelper", ALWAYS) is None


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("name", NAMES)
def test_a_key_is_found_under_every_name(key: str, name: str) -> None:
    assert key_in(key, name) is Certainty.CERTAIN
    content = {"mcpServers": {"a": {"env": {name: key}, "note": "x"}}}
    assert [*keys_in_json(json.dumps(content, indent=1))] == [(name, 5, Certainty.CERTAIN)]


@pytest.mark.parametrize("text", [
    f'Bash(curl -H "Authorization: Bearer {HEX}" https://a.example)',
    f"Bash(ANTHROPIC_API_KEY={HEX} claude:*)",
    f"Bash(export GITHUB_TOKEN={HEX}:*)",
    f"--api-key={HEX}",
    f"npx server --token {HEX}",
    f"Authorization: Bearer {HEX}",
    f"x-gateway-key: {HEX}\nx-team: red",
    f"Cookie: session={HEX}",
    f"https://mcp.example/sse?api_key={HEX}&v=1",
    "https://user:hunter22@gateway.test/",
    f"https://{HEX}@gateway.test/",
    "https://gateway.test/sk-made-up-0123456789/mcp",
    "echo sk-made-up-0123456789",
])  # fmt: skip
def test_a_key_is_found_inside_a_command_a_rule_a_header_or_an_address(text: str) -> None:
    assert key_in(text) is Certainty.CERTAIN
    assert [key.certainty for key in keys_in_json(json.dumps({"allow": [text]}))] == [Certainty.CERTAIN]


@pytest.mark.parametrize("text", [
    f"Bash(git show {HEX})",
    'Bash(curl -H "Authorization: Bearer $TOKEN" https://a.example)',
    "curl -H 'x-api-key: ${KEY}' https://a.example/v1",
    "https://mcp.example/sse?api_key=${KEY2024}",
    "https://user:${PASSWORD2024}@gateway.test",
    "https://user:password@gateway.test",
    "https://jsmith2024@git.test/team/project.git",
    "npx server --api-key $KEY --key-file /run/secrets/2024abcdefghijkl",
    "claude-haiku-4-5-20251001",
    "http://127.0.0.1:8080",
    "Read(./secrets/**)",
])  # fmt: skip
def test_a_text_without_a_key_raises_no_alarm(text: str) -> None:
    assert key_in(text, "command") is None


@pytest.mark.parametrize("name", NAMES_OF_OTHER_THINGS)
def test_a_name_that_only_mentions_a_key_is_no_name_of_one(name: str) -> None:
    assert not names_key(name)
    assert key_in(HEX, name) is None


def test_what_only_its_name_suggests_may_be_a_key() -> None:
    assert key_in("hunter2hunter2", "DB_PASSWORD") is Certainty.POSSIBLE
    assert key_in("team-gateway-key", CREDENTIAL, ALWAYS) is Certainty.POSSIBLE
    assert key_in("team-gateway-key", "SORT_MODE") is None


def test_an_argument_after_an_option_is_a_key() -> None:
    text = json.dumps({"args": ["-y", "server", "--api-key", HEX, "--verbose"]})
    assert [*keys_in_json(text)] == [("args", 1, Certainty.CERTAIN)]


def test_a_json_text_with_errors_comments_and_duplicates_is_searched() -> None:
    text = f'{{"env": {{\n "API_KEY": "{HEX}", // old\n "API_KEY": "$NEW",,\n'
    assert [*keys_in_json(text)] == [("API_KEY", 2, Certainty.CERTAIN)]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (f"export OPENAI_API_KEY={HEX}", "OPENAI_API_KEY"),
        (f"OPENAI_API_KEY='{HEX}' # mine", "OPENAI_API_KEY"),
        (f'if x; then export A=1 GITHUB_TOKEN="{HEX}"; fi', "GITHUB_TOKEN"),
        (f"f() {{ API_KEY={HEX} claude; }}", "API_KEY"),
        (f"alias c='ANTHROPIC_AUTH_TOKEN={HEX} claude'", "ANTHROPIC_AUTH_TOKEN"),
        (f"set -gx OPENAI_API_KEY {HEX}", "OPENAI_API_KEY"),
        (f"setenv OPENAI_API_KEY {HEX}", "OPENAI_API_KEY"),
        ("SETUVAR --export OPENAI_API_KEY:sk\\x2dmade\\x2dup\\x2d0123456789", "OPENAI_API_KEY"),
        ("curl https://user:hunter22@gateway.test", ""),
    ],
)
def test_a_key_in_a_line_of_a_shell_is_found_with_its_name(line: str, name: str) -> None:
    assert [*keys_in_shell(f"# x\n{line}\n")] == [(name, 2, Certainty.CERTAIN)]


@pytest.mark.parametrize("line", [f"# export API_KEY={HEX}", f"  # API_KEY={HEX}", f"cd /tmp # API_KEY={HEX}"])
def test_a_comment_of_a_shell_has_no_key(line: str) -> None:
    assert not [*keys_in_shell(line)]


RANDOM = st.text(st.sampled_from("abcdefghijkmnpqrstuvwyzABCDEFGHJKLMNPQRSTUVWYZ23456789"), min_size=32, max_size=64)


@given(RANDOM.filter(looks_like_key), st.sampled_from(NAMES))
def test_whatever_looks_like_a_key_under_a_name_of_one_is_found_in_every_file(key: str, name: str) -> None:
    assert key_in(key, name) is Certainty.CERTAIN
    assert [found.name for found in keys_in_json(json.dumps({name: key}))] == [name]
    if name.isidentifier():
        assert [found.name for found in keys_in_shell(f"export {name}={key}")] == [name]


@given(
    RANDOM.filter(looks_like_key),
    st.sampled_from(["${{{}}}", "$K{}", "<{}>", "op://{}", "{{env:{}}}", "$({})", "%{}%"]),
)
def test_no_reference_is_a_key_whatever_it_names(name: str, reference: str) -> None:
    assert stands_for_key(reference.format(name))
    assert key_in(reference.format(name), CREDENTIAL, ALWAYS) is None


@given(st.text(), st.text())
def test_no_text_stops_the_search(text: str, name: str) -> None:
    key_in(text, name, ALWAYS)
    for search in (keys_in_json, keys_in_shell):
        lines = text.count("\n") + 1
        assert all(1 <= found.line <= lines for found in search(text, ALWAYS))


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "a",
            "KEY=",
            "KEY=a:",
            "x:",
            "://",
            "sk-",
            '"',
            "'",
            "--",
            "a_",
            "\\",
            "token ",
            '"\\"',
            '\\"',
            "set -x ",
            "set -a",
            "<",
            "$(",
        )
    ],
)
def test_a_long_text_keeps_nobody_waiting(piece: str) -> None:
    text = piece * (200_000 // len(piece))  # took minutes when every beginning was followed to the end
    for search in (keys_in_json, keys_in_shell):
        assert [*search(text)] == []
    assert key_in(text, CREDENTIAL, ALWAYS) is None


def test_a_key_in_a_very_long_text_is_found() -> None:
    lines = [f"line {number}: v" for number in range(100_000)]
    lines[90_000] = f"api_key={HEX}"
    assert key_in("\n".join(lines)) is Certainty.CERTAIN


@pytest.mark.parametrize("before", [0, 97, 98, 99, 100, 101, 250])
@pytest.mark.parametrize(
    ("members", "name"),
    [
        ({"api_key": HEX}, "api_key"),
        ({"args": ["--api-key", HEX]}, "args"),
        ({"a": f"https://user:{HEX}@example.com"}, "a"),
    ],
)
def test_a_key_among_many_other_strings_is_found(before: int, members: dict[str, object], name: str) -> None:
    others = {f"other {number}": "value" for number in range(before)}
    text = json.dumps({"a": [*others.values()], **members, **others}, indent=1)
    alone = [key.name for key in keys_in_json(json.dumps(members), ALWAYS)]
    assert [key.name for key in keys_in_json(text, ALWAYS)] == alone
    assert alone == [name]
    assert all(HEX in text.split("\n")[key.line - 1] for key in keys_in_json(text, ALWAYS))
