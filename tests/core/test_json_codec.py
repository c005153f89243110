"""The codec of the quick commands does what ``json`` does."""

import json
import math
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ccswitch_py.core.json_codec import Decoder, dumps, loads

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@given(VALUES)
def test_a_value_is_written_as_json_writes_it(value: Any) -> None:
    assert dumps(value) == json.dumps(value)
    assert dumps(value, ascii_only=False) == json.dumps(value, ensure_ascii=False)


@given(VALUES, st.text(" \t\r\n"))
def test_a_value_is_read_as_json_reads_it(value: Any, blanks: str) -> None:
    text = f"{blanks}{json.dumps(value)}{blanks}"
    assert loads(text.encode()) == json.loads(text) == value


@given(st.text(alphabet='{}[]:,"\\ 0123456789.-+eEtrufalsn\n') | st.text())
def test_a_broken_text_is_refused_as_json_refuses_it(text: str) -> None:
    assume(not any(name in text for name in ("NaN", "Infinity")))
    try:
        expected: object = json.loads(text)
    except json.JSONDecodeError as error:
        with pytest.raises(json.JSONDecodeError) as refused:
            Decoder().decode(text)
        assert (refused.value.msg, refused.value.pos) == (error.msg, error.pos)
    else:
        assert Decoder().decode(text) == expected


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", '{"a": -Infinity}'])
def test_what_json_does_not_have_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"NaN|Infinity"):
        loads(text.encode())
    with pytest.raises(ValueError, match="not JSON compliant"):
        dumps(math.nan)
    assert dumps(math.inf, allow_nan=True) == "Infinity"


def test_levels_without_end_are_an_error_and_not_a_crash() -> None:
    with pytest.raises(RecursionError):
        loads(b"[" * 100_000)
    with pytest.raises(TypeError, match="JSON has no set"):
        dumps({"a": set[str]()})


@pytest.mark.parametrize("text", ['{"a":{"b":1,}}', '{"a":"x}', '{"a": 1,}', '{"a":"\t"}', "[1 2]", "", "{}x"])
def test_a_broken_text_is_refused_before_json_is_imported_too(text: str) -> None:
    script = (
        "import sys; from ccswitch_py.core.json_codec import loads; assert 'json' not in sys.modules\n"
        "try: loads(sys.argv[1].encode())\n"
        "except ValueError as error: print(type(error).__name__)"
    )
    done = subprocess.run([sys.executable, "-c", script, text], capture_output=True, text=True, check=True)
    assert done.stdout == "JSONDecodeError\n"
