import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.diagnosis import Diagnosis, Status, Verdict
from ccswitch_py.probe.client.proxy import proxy_for
from ccswitch_py.probe.judge.message import judge_message, read_usage
from ccswitch_py.probe.judge.observation import Observation, Question
from ccswitch_py.probe.protocols.messages import merged_usage, read_message
from ccswitch_py.probe.protocols.values import read_json
from ccswitch_py.probe.report import CheckResult, verdict_of
from ccswitch_py.targets.claude_code.request_shape import ClaudeCodeShape
from tests.support.misbehaving import MESSAGE


def judged(answered: str, requested: str, **changes: object) -> Observation:
    message = read_message({**MESSAGE, "model": answered, **changes})
    assert message is not None
    return judge_message(message, Question(BaseUrl("https://gateway.example"), requested, ClaudeCodeShape({})))


@pytest.mark.parametrize(
    ("requested", "answered"),
    [
        ("claude-opus-4-7", "claude-opus-4-7"),
        ("claude-opus-4-7[1m]", "claude-opus-4-7"),
        ("claude-haiku-4-5", "claude-haiku-4-5-20251001"),
        ("claude-haiku-4-5", "anthropic/claude-haiku-4-5"),
        ("claude-haiku-4-5", "us.anthropic.claude-haiku-4-5-20251001-v1:0"),
        ("claude-haiku-4-5", "claude-haiku-4-5@20251001"),
        ("GPT-5.4", "gpt-5.4"),
    ],
)
def test_two_spellings_of_one_model_are_no_substitution(requested: str, answered: str) -> None:
    assert judged(answered, requested).diagnosis is Diagnosis.OK


@pytest.mark.parametrize(
    ("requested", "answered"),
    [("gpt-5.4", "gpt-5.4-mini"), ("claude-opus-4-7", "claude-haiku-4-5"), ("gpt-5.4-low", "gpt-5.4")],
)
def test_another_name_is_shown_as_another_model(requested: str, answered: str) -> None:
    assert judged(answered, requested).diagnosis is Diagnosis.MODEL_SUBSTITUTED


def test_the_gravest_finding_comes_first_and_the_others_are_kept() -> None:
    finding = judged("other", "good-model", usage=None, content=[])
    assert finding.diagnosis is Diagnosis.EMPTY_ANSWER
    assert finding.secondary == (Diagnosis.USAGE_MISSING, Diagnosis.MODEL_SUBSTITUTED)


def test_a_message_without_its_type_is_one_for_claude_code() -> None:
    assert read_message({name: value for name, value in MESSAGE.items() if name != "type"}) is not None


@pytest.mark.parametrize("value", [None, [], "text", {"content": "text"}, {"type": "error", "content": []}])
def test_what_has_no_blocks_is_no_message(value: object) -> None:
    assert read_message(value) is None


@pytest.mark.parametrize("text", ["", "{", "NaN", '{"a": Infinity}', "[" * 100_000])
def test_what_javascript_or_python_cannot_read_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):
        read_json(text)


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        ({"input_tokens": 9, "output_tokens": 3}, Diagnosis.OK),
        ({"input_tokens": 9.0, "output_tokens": 3}, Diagnosis.OK),
        ({"input_tokens": 0, "cache_read_input_tokens": 9, "output_tokens": 3}, Diagnosis.OK),
        ({"input_tokens": 0, "output_tokens": 3}, Diagnosis.USAGE_WRONG),
        ({"input_tokens": 9, "output_tokens": 0}, Diagnosis.USAGE_WRONG),
        ({"input_tokens": -1, "output_tokens": 3}, Diagnosis.USAGE_WRONG),
        ({"input_tokens": 10**30, "output_tokens": 3}, Diagnosis.USAGE_WRONG),
        ({"input_tokens": "9", "output_tokens": 3}, Diagnosis.USAGE_MISSING),
        ({"input_tokens": True, "output_tokens": 3}, Diagnosis.USAGE_MISSING),
        ({"prompt_tokens": 9, "completion_tokens": 3}, Diagnosis.USAGE_MISSING),
        (None, Diagnosis.USAGE_MISSING),
        ([], Diagnosis.USAGE_MISSING),
    ],
)
def test_token_counts_are_believed_only_when_they_can_be_true(usage: object, expected: Diagnosis) -> None:
    assert read_usage(usage, has_text=True).diagnosis is expected


def test_the_end_of_a_stream_does_not_erase_what_its_beginning_counted() -> None:
    merged = merged_usage({"input_tokens": 9, "output_tokens": 1}, {"input_tokens": 0, "output_tokens": 5})
    assert merged == {"input_tokens": 9, "output_tokens": 5}


def result(status: Status, diagnosis: Diagnosis | None = None) -> CheckResult:
    return CheckResult("model", status, diagnosis)


@given(st.lists(st.sampled_from(Status)))
def test_a_profile_works_only_if_nothing_failed_was_skipped_or_could_not_be_tested(found: list[Status]) -> None:
    verdict = verdict_of(map(result, found))
    assert (verdict is Verdict.WORKS) == (set(found) <= {Status.PASS})
    assert (verdict is Verdict.BROKEN) == (Status.FAIL in found)


@pytest.mark.parametrize("known", [Diagnosis.PLAINTEXT_HTTP, Diagnosis.MODEL_SUBSTITUTED])
def test_what_is_only_worth_knowing_does_not_lower_the_verdict(known: Diagnosis) -> None:
    assert verdict_of([result(Status.WARN, known), result(Status.PASS)]) is Verdict.WORKS


A, B = "http://a.invalid:1", "http://b.invalid:2"


@pytest.mark.parametrize(
    ("url", "environ", "expected"),
    [
        ("https://gw.example", {}, None),
        ("https://gw.example", {"HTTPS_PROXY": A}, A),
        ("http://gw.example", {"HTTPS_PROXY": A}, A),
        ("https://gw.example", {"HTTP_PROXY": A}, A),
        ("http://127.0.0.1:8080", {"HTTPS_PROXY": A}, A),
        ("http://gw.example", {"HTTPS_PROXY": A, "http_proxy": B}, A),
        ("http://gw.example", {"https_proxy": A, "HTTPS_PROXY": B}, A),
        ("http://gw.example", {"HTTPS_PROXY": "", "http_proxy": B}, B),
        ("http://gw.example", {"ALL_PROXY": A, "HTTP_PROXY": B}, B),
        ("http://gw.example", {"ALL_PROXY": A}, A),
        ("http://gw.example", {"HTTPS_PROXY": "a.invalid:1"}, A),
        ("http://gw.example", {"HTTPS_PROXY": A, "NO_PROXY": "*"}, None),
        ("http://gw.example", {"HTTPS_PROXY": A, "NO_PROXY": "x.y, gw.example"}, None),
        ("http://gw.example", {"HTTPS_PROXY": A, "NO_PROXY": "x.y gw.example"}, None),
        ("http://gw.example:81", {"HTTPS_PROXY": A, "NO_PROXY": "gw.example:81"}, None),
        ("http://gw.example:81", {"HTTPS_PROXY": A, "NO_PROXY": "gw.example:82"}, A),
        ("http://gw.example", {"HTTPS_PROXY": A, "NO_PROXY": ".example"}, None),
        ("http://gw.example", {"HTTPS_PROXY": A, "NO_PROXY": "*.example"}, None),
        ("http://gw.example", {"HTTPS_PROXY": A, "NO_PROXY": "w.example"}, A),
        ("http://127.0.0.1:8080", {"HTTPS_PROXY": A, "no_proxy": "127.0.0.0/8"}, None),
        ("http://[::1]:8080", {"HTTPS_PROXY": A, "no_proxy": "::1"}, None),
        ("http://[::1]:8080", {"HTTPS_PROXY": A, "no_proxy": "[::1]:8080"}, None),
        ("not a url", {"HTTPS_PROXY": A}, None),
    ],
)
def test_the_proxy_is_the_one_that_claude_code_would_take(
    url: str, environ: dict[str, str], expected: str | None
) -> None:
    assert proxy_for(url, environ) == expected
