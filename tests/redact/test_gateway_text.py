import base64
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccswitch_py.redact.gateway_text import LIMIT, sanitize
from ccswitch_py.redact.key_patterns import DOTS
from ccswitch_py.redact.secret import Secret
from tests.support.probing import KEY

KEYS = st.text("abcdefghijkXYZ0123456789-_.", min_size=12, max_size=60)
NOISE = st.sampled_from(["", "\x1b[31m", "\u200b", "\u202e", "\x00", "\u2066", "\ufeff", "\x1b]8;;x\x07"])


@given(KEYS, st.text(max_size=400), st.text(max_size=50), NOISE, st.integers(0, 60))
def test_the_key_never_appears_even_with_invisible_characters_in_its_middle(
    key: str, before: str, after: str, noise: str, at: int
) -> None:
    text = before + key[:at] + noise + key[at:] + after
    assert key not in sanitize(text, Secret(key))


@given(st.text(max_size=2000))
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    line = sanitize(text, Secret(KEY))
    assert len(line) <= LIMIT
    assert all(unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in line)
    assert line.encode("utf-8") is not None


@pytest.mark.parametrize(
    "text",
    [
        f"key {KEY}!",
        f"key {KEY.upper()}!",
        f"key {base64.b64encode(KEY.encode()).decode()}!",
        f"key {KEY[:14]}********",
        f"key ...{KEY[-14:]}",
        "Bearer zzzzzzzzzzzz",
        "another sk-ant-api03-AAAA1111BBBB",
        "session eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
    ],
)
def test_a_key_in_other_clothes_is_hidden_too(text: str) -> None:
    line = sanitize(text, Secret(KEY))
    assert DOTS in line
    assert KEY[2:14] not in line.lower()


@pytest.mark.parametrize(
    "text",
    [
        "model: claude-opus-4-7[1m] not found",
        "无可用渠道 (request id: 20261124)",
        "[bold]max_tokens[/bold] must be > 0",
        "token_not_found",
        "naïve façade",
    ],
)
def test_plain_words_stay_as_they_are(text: str) -> None:
    assert sanitize(text, Secret(KEY)) == text


def test_a_key_that_begins_where_reading_ends_is_not_shown_in_part() -> None:
    text = "\u200b" * (16_384 - 20) + KEY + "x" * 1000
    assert KEY[:8] not in sanitize(text, Secret(KEY))


def test_the_name_of_a_beta_feature_is_not_taken_for_a_key() -> None:
    refusal = "Unexpected value(s) `thinking-token-count-2026-05-13` for the `anthropic-beta` header"
    assert sanitize(refusal, Secret("sk-test-3f9c1b7e5d2a4860f1e2")) == refusal


def test_a_key_that_is_spelled_letter_by_letter_is_hidden_too() -> None:
    key = "sk-test-3f9c1b7e5d2a4860f1e2"
    assert "3 f 9 c" not in sanitize(f"Your key is {' '.join(key)} and no other", Secret(key))
    assert "4860" not in sanitize(f"{key[:10]} {key[10:]}", Secret(key))
