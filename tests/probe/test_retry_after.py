import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.client.response import retry_after_s
from tests.support.good_gateway import GOOD
from tests.support.misbehaving import Misbehaving, Script, error
from tests.support.probing import plan_for, probe, row

NOW = "Wed, 25 Nov 2026 07:28:00 GMT"
LATER = "Wed, 25 Nov 2026 08:28:00 GMT"


@pytest.mark.parametrize(
    ("asked_for", "expected"),
    [
        ("2892", 2892),
        (" 0.5 ", 0.5),
        (LATER, 3600),
        ("Wednesday, 25-Nov-26 07:28:30 GMT", 30),
        ("Wed Nov 25 07:28:30 2026", 30),
        (NOW, 0),
        ("Wed, 25 Nov 2026 07:27:00 GMT", 0),
        ("Wed, 25 Nov 2099 07:28:00 GMT", None),
        ("Wed, 99 Nov 2026 07:28:00 GMT", None),
        ("-3", None),
        ("99999999999999999999", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_wait_is_read_as_seconds_or_as_a_date(asked_for: str, expected: float | None) -> None:
    assert retry_after_s({"retry-after": asked_for, "date": NOW}) == expected


def test_without_a_date_of_the_answer_its_wait_is_counted_from_now() -> None:
    assert retry_after_s({"retry-after": "Wed, 25 Nov 2020 07:28:00 GMT"}) == 0
    assert retry_after_s({"retry-after": "Wed, 25 Nov 2020 07:28:00 GMT", "date": "today"}) == 0
    assert retry_after_s({}) is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_stands_in_the_headers_raises_nothing(asked_for: str, date: str) -> None:
    wait_s = retry_after_s({"retry-after": asked_for, "date": date})
    assert wait_s is None or 0 <= wait_s < 1_000_000


def limited(until: str) -> Script:
    return error(429, "rate_limit_error", "Slow down", f"Date: {NOW}", f"Retry-After: {until}")


def test_a_wait_that_is_over_at_once_is_followed_by_a_second_request() -> None:
    with Misbehaving(limited(NOW), GOOD) as gateway:
        report = probe(plan_for(gateway.base_url))
    assert row(report, "model").status is Status.PASS


def test_a_wait_of_an_hour_is_shown_and_not_waited_for() -> None:
    with Misbehaving(limited(LATER), GOOD) as gateway:
        report = probe(plan_for(gateway.base_url))
        assert len(gateway.seen) == report.requests == 1
    assert row(report, "model").diagnosis is Diagnosis.RATE_LIMITED
    assert "It asks to wait 3600 seconds." in row(report, "model").detail
