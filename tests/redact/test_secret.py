from __future__ import annotations

import base64
import copy
import json
import logging
import math
import pickle
import traceback
import urllib.parse

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ccswitch_py.redact.key_patterns import DOTS
from ccswitch_py.redact.secret import Secret, scrub


@pytest.fixture
def canary() -> str:
    return "sk-made-up-canary-0123456789-wxyz"


KEYS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=60)
TEXTS = st.text(max_size=40)


@given(KEYS)
def test_no_way_of_showing_a_secret_shows_it(key: str) -> None:
    secret = Secret(key)
    shown = [str(secret), repr(secret), f"{secret}", f"{secret:>40}", f"{secret!r}", "%s" % secret, repr([secret])]  # noqa: UP031
    assert all(key not in text for text in shown)
    assert secret.reveal() == key


@pytest.mark.parametrize("key", ["", "a", "abcd", "short-key-15chr"])
def test_a_short_key_shows_none_of_its_characters(key: str) -> None:
    assert Secret(key).masked == DOTS


def test_a_long_key_shows_its_last_four_characters_but_not_its_length() -> None:
    assert Secret("sk-made-up-0123456789").masked == DOTS + "6789"
    assert len(Secret("x" * 16).masked) == len(Secret("x" * 160).masked)


def test_a_secret_cannot_be_pickled(canary: str) -> None:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError) as caught:
            pickle.dumps(Secret(canary), protocol)
        assert canary not in str(caught.value)


def test_a_copy_is_the_same_secret(canary: str) -> None:
    secret = Secret(canary)
    assert copy.copy(secret) is secret
    assert copy.deepcopy([secret])[0] is secret


def test_a_secret_has_no_dictionary_to_print(canary: str) -> None:
    with pytest.raises(TypeError):
        vars(Secret(canary))
    with pytest.raises(TypeError):
        json.dumps({"key": Secret(canary)})


def test_a_log_and_a_traceback_with_locals_hide_it(canary: str, caplog: pytest.LogCaptureFixture) -> None:
    secret = Secret(canary)
    logging.getLogger("made-up").warning("with %s and %r", secret, secret)
    with pytest.raises(TypeError) as caught:
        int(secret)  # pyright: ignore[reportArgumentType]
    report = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    lines = [line for line in report.format() if "canary =" not in line]
    assert canary not in caplog.text
    assert canary not in "".join(lines)


@given(KEYS, KEYS)
def test_secrets_are_equal_when_their_keys_are(one: str, other: str) -> None:
    assert (Secret(one) == Secret(other)) is (one == other)
    assert hash(Secret(one)) == hash(Secret(one))
    assert Secret(one) != one


@given(KEYS, TEXTS, TEXTS)
@example("aaaaaaaa", "aaaa", "aaaa")
def test_a_scrubbed_text_does_not_hold_the_key(key: str, before: str, after: str) -> None:
    assert key.lower() not in scrub(before + key + after, Secret(key)).lower()


@given(st.text(st.sampled_from('abcXYZ019-_./+=&%"\\'), min_size=14, max_size=60), TEXTS)
def test_a_key_is_found_in_the_encodings_that_gateways_use(key: str, around: str) -> None:
    data = key.encode()
    for form in (data.hex(), data.hex().upper(), urllib.parse.quote(key, safe=""), json.dumps(key)):
        assert form.strip('"') not in scrub(f"{around} {form} {around}", Secret(key))


@given(KEYS.filter(lambda key: len(key) >= 12), st.binary(max_size=9), st.binary(max_size=9))
def test_a_key_is_found_inside_of_base64_wherever_it_begins(key: str, before: bytes, after: bytes) -> None:
    characters_of_others = math.ceil(len(before) * 8 / 6) + math.ceil(len(after) * 8 / 6)
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        scrubbed = scrub(encode(before + key.encode() + after).decode(), Secret(key))
        assert DOTS in scrubbed
        assert len(scrubbed.replace(DOTS, "").rstrip("=")) <= characters_of_others + 1


@given(TEXTS)
def test_a_text_without_the_key_stays_as_it_is(text: str) -> None:
    assert scrub(text, Secret("sk-made-up-key-that-no-text-holds")) == text
    assert scrub(text, Secret("")) == text
