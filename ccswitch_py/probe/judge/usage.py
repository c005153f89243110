"""The token counts of an answer, and whether Claude Code can rely on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from ccswitch_py.core.language import _, join_sentences, ngettext
from ccswitch_py.model.diagnosis import Diagnosis

if TYPE_CHECKING:
    from collections.abc import Mapping

INPUT_COUNTS = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
COUNTS = (*INPUT_COUNTS, "output_tokens")
REQUIRED = ("input_tokens", "output_tokens")
MOST_CREDIBLE = 10_000_000
"""No context window is larger, so no count can be."""


class Usage(NamedTuple):
    """The counts that were reported as whole numbers, and what is wrong with them, if anything."""

    counts: dict[str, int]
    diagnosis: Diagnosis
    reason: str


def read_usage(reported: object, *, has_text: bool, most_input: int | None = None) -> Usage:
    """Judge the ``usage`` of an answer to a question whose input cannot be empty, nor longer than ``most_input``."""
    counts = _whole_numbers(reported)
    missing = [name for name in REQUIRED if name not in counts]
    if missing:
        return Usage(counts, Diagnosis.USAGE_MISSING, _no_number(missing))
    wrong = [_is_wrong(name, count) for name, count in counts.items() if not 0 <= count <= MOST_CREDIBLE]
    total = sum(counts.get(name, 0) for name in INPUT_COUNTS)
    if not wrong and not total:
        wrong.append(_is_wrong("input_tokens", 0))
    if not wrong and has_text and counts["output_tokens"] == 0:
        wrong.append(_is_wrong("output_tokens", 0))
    if not wrong and most_input is not None and total > most_input:
        many = ngettext(
            "It counts {count} token in for a question of about ten.",
            "It counts {count} tokens in for a question of about ten.",
            total,
        )
        return Usage(counts, Diagnosis.USAGE_WRONG, many)
    if wrong:
        return Usage(counts, Diagnosis.USAGE_WRONG, join_sentences(*wrong))
    return Usage(counts, Diagnosis.OK, "")


def merged_usage(start: object, end: object) -> dict[str, Any]:
    """The usage of a stream: what its end reports counts, but a 0 there does not erase what its start reported."""
    merged: dict[str, Any] = {}
    for part in (start, end):
        if isinstance(part, dict):
            for name, value in cast("dict[str, Any]", part).items():
                if value is not None and (value != 0 or name not in merged):
                    merged[name] = value
    return merged


def _whole_numbers(reported: object) -> dict[str, int]:
    if not isinstance(reported, dict):
        return {}
    values = cast("Mapping[str, Any]", reported)
    found = ((name, as_whole(values.get(name))) for name in COUNTS)
    return {name: count for name, count in found if count is not None}


def as_whole(value: object) -> int | None:
    """The value if it is a whole number: JSON knows one kind of number, so 5.0 is 5."""
    match value:
        case bool():
            return None
        case int():
            return value
        case float() if value.is_integer():
            return int(value)
        case _:
            return None


def _no_number(missing: list[str]) -> str:
    if len(missing) == 1:
        return _("There is no number for {name}.", name=missing[0])
    return _("There is no number for {first} and {second}.", first=missing[0], second=missing[1])


def _is_wrong(name: str, count: int) -> str:
    if abs(count) < 10**12:
        return _("Here {name} is {count}.", name=name, count=count)
    return _("Here {name} is a number beyond all measure.", name=name)
