"""Translate pydantic's validation errors into the user's language."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pydantic import ValidationError

from ccswitch_py.core.language import N_, _, join_with_or
from ccswitch_py.redact.key_patterns import redact_keys

_A_TABLE = N_("Should be a table")
_REASONS = {
    "missing": N_("Field required"),
    "extra_forbidden": N_("Extra inputs are not permitted"),
    "string_type": N_("Input should be a valid string"),
    "string_too_short": N_("String should have at least 1 character"),
    "string_too_long": N_("String should have at most {max_length} characters"),
    "string_pattern_mismatch": N_("String should match pattern '{pattern}'"),
    "int_type": N_("Input should be a valid integer"),
    "int_parsing": N_("Input should be a valid integer, unable to parse string as an integer"),
    "int_from_float": N_("Input should be a valid integer, got a number with a fractional part"),
    "greater_than": N_("Input should be greater than {gt}"),
    "greater_than_equal": N_("Input should be greater than or equal to {ge}"),
    "less_than_equal": N_("Input should be less than or equal to {le}"),
    "bool_type": N_("Input should be a valid boolean"),
    "bool_parsing": N_("Input should be a valid boolean, unable to interpret input"),
    "date_type": N_("Input should be a valid date"),
    "dict_type": _A_TABLE,
    "model_type": _A_TABLE,
    "list_type": N_("Input should be a valid list"),
    "too_short": N_("Should have at least 1 entry"),
    "literal_error": N_("Input should be {expected}"),
}
"""pydantic's messages by error type; a type that is missing here stays English."""


def error_reason(error: ValidationError) -> str:
    """The reason of the first error, as a phrase."""
    first = error.errors(include_url=False, include_input=False)[0]
    facts = first.get("ctx", {})
    if first["type"] == "value_error":
        return redact_keys(str(facts["error"]).rstrip(".。"))
    if first["type"] == "literal_error":
        facts = {"expected": join_with_or(re.findall(r"'[^']*'", str(facts["expected"])))}
    text = _REASONS.get(first["type"])
    return redact_keys(_(text, **facts) if text else first["msg"].rstrip("."))


def validation_reason(error: ValidationError, table: Iterable[str] = ()) -> str:
    """The reason after the entry's path; ``table`` is the path of the table that was validated."""
    named = [part for part in error_location(error) if not part[:1].isupper() and part != "[key]"]
    place = ".".join([*table, *named])
    reason = error_reason(error)
    return _("{entry}: {reason}", entry=redact_keys(place), reason=reason) if place else reason


def error_location(error: ValidationError) -> list[str]:
    """The path of the first error."""
    return [str(part) for part in error.errors(include_url=False, include_input=False)[0]["loc"]]
