import json
from typing import Any

import pytest

from ccswitch_py.formats.base import UnreadableText
from ccswitch_py.targets.claude_code.deciding import deciding, is_setting, known_settings, known_variables
from ccswitch_py.targets.claude_code.settings_schema import check_types
from tests.support.settings_types import RIGHT, WRONG


@pytest.mark.parametrize("settings", RIGHT, ids=json.dumps)
def test_what_claude_code_takes_is_taken(settings: dict[str, Any]) -> None:
    check_types(json.dumps(settings))


@pytest.mark.parametrize("settings", WRONG, ids=json.dumps)
def test_what_makes_claude_code_skip_the_file_is_named(settings: dict[str, Any]) -> None:
    with pytest.raises(UnreadableText) as fault:
        check_types(json.dumps({"a": {}} | settings, indent=1))
    assert fault.value.line >= 3 and next(iter(settings)) in fault.value.reason


def test_the_reason_says_what_is_wanted() -> None:
    with pytest.raises(UnreadableText, match=r"cleanupPeriodDays is not a number \(integer, >0\)"):
        check_types('{"cleanupPeriodDays": 0}')
    with pytest.raises(UnreadableText, match=r"fallbackModel\.1 is not a string"):
        check_types('{"fallbackModel": ["m", 5]}')
    with pytest.raises(UnreadableText, match="statusLine has no command"):
        check_types('{"statusLine": {"type": "command"}}')


def test_a_number_of_any_length_is_a_number() -> None:
    check_types('{"autoCompactWindow": ' + "9" * 100_000 + "}")


def test_all_that_decides_is_among_what_the_measured_version_reads() -> None:
    for name in deciding():
        assert name in (known_settings() if is_setting(name) else known_variables())
