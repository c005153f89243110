"""What is wrong with an entry of a file or a form, in the user's language: pydantic knows English only."""

from __future__ import annotations

import re

from pydantic import ValidationError

from ccswitch_py.language import later, one_of, tr
from ccswitch_py.model.key_like import without_keys

_A_TABLE = later("Should be a table")
_REASONS = {
    "missing": later("Field required"),
    "extra_forbidden": later("Extra inputs are not permitted"),
    "string_type": later("Input should be a valid string"),
    "string_too_short": later("String should have at least 1 character"),
    "string_too_long": later("String should have at most {max_length} characters"),
    "string_pattern_mismatch": later("String should match pattern '{pattern}'"),
    "int_type": later("Input should be a valid integer"),
    "int_parsing": later("Input should be a valid integer, unable to parse string as an integer"),
    "int_from_float": later("Input should be a valid integer, got a number with a fractional part"),
    "greater_than": later("Input should be greater than {gt}"),
    "greater_than_equal": later("Input should be greater than or equal to {ge}"),
    "less_than_equal": later("Input should be less than or equal to {le}"),
    "bool_type": later("Input should be a valid boolean"),
    "bool_parsing": later("Input should be a valid boolean, unable to interpret input"),
    "date_type": later("Input should be a valid date"),
    "dict_type": _A_TABLE,
    "model_type": _A_TABLE,
    "list_type": later("Input should be a valid list"),
    "too_short": later("List should have at least 1 item"),
    "enum": later("Input should be {expected}"),
}
"""By pydantic's names of them, in its own words; those that are not here stay English."""


def reason_of_refusal(error: ValidationError) -> str:
    """The first thing that is wrong, as a phrase."""
    first = error.errors(include_url=False, include_input=False)[0]
    facts = first.get("ctx", {})
    if first["type"] == "value_error":
        return without_keys(str(facts["error"]).rstrip(".。"))
    if first["type"] == "enum":
        facts = {"expected": one_of(re.findall(r"'[^']*'", str(facts["expected"])))}
    text = _REASONS.get(first["type"])
    return without_keys(tr(text, **facts) if text else first["msg"].rstrip("."))


def refusal(error: ValidationError) -> str:
    """The same with the entry's name, where it has one."""
    place = ".".join(str(part) for part in place_of(error) if not part[:1].isupper())
    reason = reason_of_refusal(error)
    return tr("{entry}: {reason}", entry=without_keys(place), reason=reason) if place else reason


def place_of(error: ValidationError) -> list[str]:
    """The names that lead to what is wrong."""
    return [str(part) for part in error.errors(include_url=False, include_input=False)[0]["loc"]]
