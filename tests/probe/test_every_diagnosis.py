from collections.abc import Callable, Iterator

import pytest

from ccswitch_py.model.diagnosis import Diagnosis
from tests.probe import test_ways_to_a_gateway as ways
from tests.probe.test_advice import ADVISED, HEADERS
from tests.probe.test_first_requests import FIRST_REQUEST
from tests.probe.test_further_checks import CACHES, COUNTS, PICTURES, TOOLS
from tests.probe.test_kinds_of_real_gateways import TOO_MANY, TOOL_CALLS
from tests.probe.test_large_answers import LARGE
from tests.probe.test_misbehaving_gateways import PASTED, WAYS
from tests.probe.test_protocols import SITUATIONS
from tests.probe.test_streams import HELD_BACK, LOST_STREAMS, STREAMS
from tests.targets.claude_code.test_request_shape import REFUSED

TABLES: list[object] = [FIRST_REQUEST, STREAMS, LOST_STREAMS, HELD_BACK, WAYS, LARGE, PASTED, ways.NO_WAY]
TABLES += [ADVISED, HEADERS, TOOLS, PICTURES, COUNTS, CACHES, REFUSED, TOO_MANY, TOOL_CALLS, SITUATIONS]

BY_ITSELF: dict[Diagnosis, Callable[..., None]] = {
    Diagnosis.URL_INVALID: ways.test_an_address_that_claude_code_could_not_call_is_never_tried,
    Diagnosis.KEY_MALFORMED: ways.test_a_key_that_cannot_travel_is_never_sent,
    Diagnosis.PLAINTEXT_HTTP: ways.test_a_proxy_that_is_named_in_the_plan_gets_the_request,
}
"""What is found before anything is sent: the first two end the test, the third goes beyond this machine."""


def codes(expectations: object) -> Iterator[Diagnosis]:
    """The diagnoses that stand in a table of what is expected."""
    match expectations:
        case Diagnosis():
            yield expectations
        case dict():
            for row in expectations.values():
                yield from codes(row)
        case tuple():
            for part in expectations:
                yield from codes(part)
        case _:
            return


@pytest.mark.parametrize("code", Diagnosis)
def test_every_diagnosis_is_reached_over_a_real_socket(code: Diagnosis) -> None:
    reached = {found for table in TABLES for found in codes(table)}
    assert code in reached or code in BY_ITSELF, f"no row of a table expects {code}"


def test_what_needs_no_row_is_not_in_a_table() -> None:
    assert not BY_ITSELF.keys() & {found for table in TABLES for found in codes(table)}
