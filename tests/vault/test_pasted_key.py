from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccswitch_py.core.errors import BadInput
from ccswitch_py.redact.key_patterns import is_placeholder
from ccswitch_py.vault import pasted_key
from ccswitch_py.vault.pasted_key import REASONS, clean_key

KEY = "sk-made-up-0123456789"
KEYS = st.text(st.sampled_from("abcdefXYZ0123456789-_"), min_size=8, max_size=80).filter(
    lambda key: not is_placeholder(key) and not key.startswith("-") and key[:3] not in key[3:]
)
INVISIBLE = ["\u200b", "\ufeff", "\u00a0", "\u200d", "\u2060", "\u202a", "\u00ad"]


@pytest.mark.parametrize(
    ("pasted", "told"),
    [
        (KEY, []),
        (f"{KEY}\n", []),
        (f"{KEY}\r\n", []),
        (f"  {KEY}\t", ["Surrounding whitespace was removed."]),
        (f"\ufeff{KEY}", ["1 invisible character was dropped."]),
        ("sk-made\u200b-up\u00a0-0123456789", ["2 invisible characters were dropped."]),
        (f'"{KEY}"', ["Surrounding quotes were removed."]),
        (f"“{KEY}”", ["Surrounding quotes were removed."]),
        (f"`'{KEY}'`", ["Surrounding quotes were removed."]),
        (f"{KEY};", ["A trailing comma or semicolon was removed."]),
        (f"'{KEY}',", ["A trailing comma or semicolon was removed.", "Surrounding quotes were removed."]),
        (f"\n\n{KEY}\n\n", []),
    ],
)
def test_what_stands_around_a_key_is_dropped_and_told(pasted: str, told: list[str]) -> None:
    secret, notes = clean_key(pasted)
    assert secret.reveal() == KEY
    assert notes == told


@pytest.mark.parametrize(
    ("pasted", "reason"),
    [
        ("", pasted_key.EMPTY),
        (" \n\t\u200b ", pasted_key.EMPTY),
        ("''", pasted_key.EMPTY),
        ("sk-••••••••wxyz", pasted_key.MASKED),
        ("sk-****wxyz", pasted_key.MASKED),
        ("sk-abc…wxyz", pasted_key.MASKED),
        ("sk-abc...wxyz", pasted_key.MASKED),
        (f"Bearer {KEY}", pasted_key.HEADER),
        (f"bearer\t{KEY}", pasted_key.HEADER),
        (f"Authorization: Bearer {KEY}", pasted_key.HEADER),
        (f"x-api-key:{KEY}", pasted_key.HEADER),
        (f"ANTHROPIC_AUTH_TOKEN={KEY}", pasted_key.ASSIGNMENT),
        (f"export ANTHROPIC_API_KEY={KEY}", pasted_key.ASSIGNMENT),
        (f'$env:ANTHROPIC_AUTH_TOKEN="{KEY}"', pasted_key.ASSIGNMENT),
        (f'$env:X = "{KEY}";', pasted_key.ASSIGNMENT),
        (f"$X='{KEY}'", pasted_key.ASSIGNMENT),
        (f'set "ANTHROPIC_API_KEY={KEY}"', pasted_key.ASSIGNMENT),
        (f"setx TOKEN {KEY}", pasted_key.ASSIGNMENT),
        (f"export {KEY}", pasted_key.ASSIGNMENT),
        (f"api_key={KEY}", pasted_key.ASSIGNMENT),
        ("$ANTHROPIC_AUTH_TOKEN", pasted_key.REFERENCE),
        ("${ANTHROPIC_AUTH_TOKEN}", pasted_key.REFERENCE),
        ('"${TOKEN:-x}"', pasted_key.REFERENCE),
        ("$(pass show gateway)", pasted_key.REFERENCE),
        ("$env:ANTHROPIC_AUTH_TOKEN", pasted_key.REFERENCE),
        ("%ANTHROPIC_AUTH_TOKEN%", pasted_key.REFERENCE),
        ("{env:ANTHROPIC_API_KEY}", pasted_key.REFERENCE),
        ("op://vault/gateway/key", pasted_key.REFERENCE),
        ("~/key.txt", pasted_key.REFERENCE),
        ("./keys/gateway.txt", pasted_key.REFERENCE),
        ("/home/me/keys/gateway.txt", pasted_key.REFERENCE),
        ("keychain:gateway", pasted_key.REFERENCE),
        ("process.env.GATEWAY_KEY", pasted_key.REFERENCE),
        ("claude-sonnet-4-6", pasted_key.MODEL),
        ("gpt-5.4-low", pasted_key.MODEL),
        ("undefined", pasted_key.PLACEHOLDER),
        ("https://api.example/v1", pasted_key.ADDRESS),
        ("<your-key>", pasted_key.PLACEHOLDER),
        ("[key]", pasted_key.PLACEHOLDER),
        ("{{ api_key }}", pasted_key.PLACEHOLDER),
        ("‹YOUR_API_KEY›", pasted_key.PLACEHOLDER),
        ("YOUR_API_KEY", pasted_key.PLACEHOLDER),
        ("sk-your-key-here", pasted_key.PLACEHOLDER),
        ("sk-ant-api03-your-key-1", pasted_key.PLACEHOLDER),
        ("yourApiKey", pasted_key.PLACEHOLDER),
        ("ANTHROPIC_AUTH_TOKEN", pasted_key.PLACEHOLDER),
        ("sk-xxxxxxxxxxxxxxxx", pasted_key.PLACEHOLDER),
        ("sk-xxxx", pasted_key.PLACEHOLDER),
        ("sk-ant-api03-XXXX", pasted_key.PLACEHOLDER),
        ("xxxxxx", pasted_key.PLACEHOLDER),
        ("00000000", pasted_key.PLACEHOLDER),
        ("PROXY_MANAGED", pasted_key.PLACEHOLDER),
        ("PASTE-THE-KEY-HERE", pasted_key.PLACEHOLDER),
        ("changeme", pasted_key.PLACEHOLDER),
        (f'"key":"{KEY}"', pasted_key.FOREIGN_LINE),
        (f'{{"key":"{KEY}"', pasted_key.FOREIGN_LINE),
        (f"--api-key={KEY}", pasted_key.FOREIGN_LINE),
        (f"please put my key here: {KEY}", pasted_key.BLANK),
        ("I paste the key here", pasted_key.BLANK),
        ('{"key": "abcdefgh"}', pasted_key.FOREIGN_LINE),
        ("{key: abcdefgh}", pasted_key.FOREIGN_LINE),
        (f"{KEY}\nsecond\n", pasted_key.SEVERAL_LINES),
        ("sk-made-up-0123456789abcdef\n0123456789abcdef", pasted_key.SEVERAL_LINES),
        (f"{KEY}\n{KEY}\n", pasted_key.SEVERAL_LINES),
        (f"{KEY},sk-other-0123456789", pasted_key.SEVERAL_KEYS),
        (f"{KEY};sk-other-0123456789", pasted_key.SEVERAL_KEYS),
        (f"{KEY}, sk-other-0123456789", pasted_key.BLANK),
        ("sk-ant-api03-0a1b2c3d4e5fsk-ant-api03-5f4e3d", pasted_key.SEVERAL_KEYS),
        ("sk-0a1b2c3d4e5f6a7bsk-7b6a5f4e3d2c1b0a", pasted_key.SEVERAL_KEYS),
        ("0a1b2c3d4e5f6a7b.8c9d0e1f2a3b4c5d" * 2, pasted_key.SEVERAL_KEYS),
        ("sk-1", pasted_key.TOO_SHORT),
        (f"my key {KEY}", pasted_key.BLANK),
        ("sk-schlüssel-0123", pasted_key.NOT_ASCII),
        ("sk-ｆｕｌｌｗｉｄｔｈ", pasted_key.NOT_ASCII),
        (f"\x1b[31m{KEY}", pasted_key.CONTROL),
        (f"{KEY}\x00", pasted_key.CONTROL),
        ("x" * 8193, pasted_key.TOO_LONG),
    ],
)
def test_what_cannot_be_a_key_is_refused_with_its_reason(pasted: str, reason: tuple[str, str]) -> None:
    with pytest.raises(BadInput) as caught:
        clean_key(pasted)
    assert (caught.value.message, caught.value.hint) == reason


@pytest.mark.parametrize(
    "key",
    ["any", "dummy", "ollama", "sk-1234", "EMPTY", "none", "lm-studio", "not-needed", "sk-no-key-required", "123456"],
)
def test_the_short_keys_that_local_gateways_document_are_accepted(key: str) -> None:
    secret, notes = clean_key(f"{key}\n")
    assert secret.reveal() == key and not notes


@pytest.mark.parametrize(
    "key",
    [
        "0e7f0000-1111-4a2b-8c3d-aaaabbbbcccc",
        "c2stbWFkZS11cDEyMzQ=",
        "user:0a1b2c3d4e5f",
        "AbCdEfGhIjKlMnOpQrSt",
        "team-gateway-key",
        "tokenizer-9f8e7d6c5b4a",
        "a/b+c0123456789==",
        "wrong-key-9999",
        "12|0a1b2c3d4e5f6a7b8c9d",
        "0123456789abcdef0123456789abcdef",
        "sk-proj-0a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d",
    ],
)
def test_a_key_of_an_unusual_shape_is_accepted(key: str) -> None:
    assert clean_key(key)[0].reveal() == key


def test_the_longest_key_is_taken() -> None:
    assert clean_key("xy" * 4095 + "xz")[0].reveal() == "xy" * 4095 + "xz"


@given(st.text() | st.text(st.sampled_from("ab -•*.\"'\u200b\n\r\t\x00é"), max_size=30))
def test_any_paste_is_a_clean_key_or_refused_without_quoting_it(pasted: str) -> None:
    try:
        secret, notes = clean_key(pasted)
    except BadInput as refusal:
        assert (refusal.message, refusal.hint) in REASONS
        assert refusal.__cause__ is None
        return
    key = secret.reveal()
    assert key
    assert key.isascii()
    assert key.isprintable()
    assert " " not in key
    assert clean_key(key) == (secret, [])
    assert notes or pasted.strip("\r\n \t\u3000") == key


@given(KEYS, st.lists(st.sampled_from([*INVISIBLE, " ", "\t"]), max_size=4), st.sampled_from(INVISIBLE))
def test_a_key_comes_out_of_its_invisible_company(key: str, around: list[str], inside: str) -> None:
    middle = len(key) // 2
    pasted = "".join(around) + key[:middle] + inside + key[middle:] + "".join(reversed(around))
    secret, notes = clean_key(pasted)
    assert secret.reveal() == key
    assert "invisible character" in notes[0]


@given(st.text(st.sampled_from("ab0-_. =:*\"'\u00e9bearer"), max_size=80))
def test_the_short_way_and_the_long_one_agree(pasted: str) -> None:
    assert outcome(pasted) == outcome(f"\n{pasted}")


def outcome(pasted: str) -> str:
    try:
        return clean_key(pasted)[0].reveal()
    except BadInput as refusal:
        return refusal.message
