import pytest

from ccswitch_py.core.errors import BadInput
from ccswitch_py.targets.claude_code.options import checked_options, typed_headers, typed_tokens


def test_headers_stand_one_a_line() -> None:
    assert typed_headers(["X-Team: blue", "", "  X-Empty:  "]) == {"X-Team": "blue", "X-Empty": ""}


@pytest.mark.parametrize(
    "line", ["no colon", ": value", "X Team: blue", "X-Team: blau\u00fc", "X-Team: a\x1b[2J", "X-A: b\rX-B: c"]
)
def test_a_line_that_is_no_header_is_refused(line: str) -> None:
    with pytest.raises(BadInput):
        typed_headers([line])


@pytest.mark.parametrize(
    "line", ["Authorization: x", "x-api-key: x", "X-Team: Bearer made-up-key", "X-Team: sk-made-up-0123456789"]
)
def test_a_header_that_carries_a_credential_is_refused_without_quoting_it(line: str) -> None:
    with pytest.raises(BadInput, match="credential") as caught:
        typed_headers([line])
    assert "made-up" not in str(caught.value)


@pytest.mark.parametrize("name", ["Host", "te", "Content-Length", "X-Forwarded-Host", "x_original_url", "Proxy-Foo"])
def test_a_header_that_could_send_the_key_to_another_host_is_refused_with_the_reason(name: str) -> None:
    with pytest.raises(BadInput, match=f"{name} could send the key to another host"):
        typed_headers([f"{name}: other.example"])


def test_tokens_are_digits_and_nothing_means_none() -> None:
    assert typed_tokens(" ") is None
    assert typed_tokens("200,000") == 200_000
    for text in ("0", "-5", "many", "2e5", "\u0662"):
        with pytest.raises(BadInput):
            typed_tokens(text)


@pytest.mark.parametrize("value", ["high\u2019; Start-Process calc; \u2019", "a\nb", "a\x1b", "\x7f", "é", "\0"])
def test_a_switch_value_is_printable_ascii(value: str) -> None:
    with pytest.raises(BadInput, match="not printable ASCII: MAX_THINKING_TOKENS"):
        checked_options({"switches": {"MAX_THINKING_TOKENS": value}})
    assert checked_options({"switches": {"MAX_THINKING_TOKENS": 'it\'s "1"'}})
