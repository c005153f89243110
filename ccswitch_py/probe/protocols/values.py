"""Read the JSON of a gateway: bounded in depth, and no more lenient than JavaScript."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn, cast

MAX_DEPTH = 100
"""Nesting of arrays and objects; an answer has about five levels."""

_STRING = re.compile(r'"(?:[^"\\]+|\\(?:.|\Z))*(?:"|\Z)', re.DOTALL)
_BRACKET = re.compile(r"[\[\]{}]")


def read_json(text: str) -> object:
    """The JSON value of a gateway's text; raises ``ValueError`` for what JavaScript refuses, and deep nesting."""
    if text.count("[") + text.count("{") > MAX_DEPTH and _is_deeper(text, MAX_DEPTH):
        raise ValueError("nested too deeply")
    return json.loads(text, parse_constant=_refuse_constant, parse_int=_parse_int)


def _is_deeper(text: str, limit: int) -> bool:
    depth = 0
    for bracket in _BRACKET.finditer(_STRING.sub("", text)):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > limit:
            return True
    return False


def _parse_int(digits: str) -> int | float:
    """Python refuses numbers of more than 4,300 digits, which JavaScript reads as best it can."""
    return int(digits) if len(digits) < 400 else float(digits)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def read_object(text: str) -> dict[str, Any] | None:
    """The JSON object in a gateway's text; None for anything else."""
    try:
        return as_object(read_json(text)) if text else None
    except ValueError:
        return None


def as_object(value: object) -> dict[str, Any] | None:
    """The value if it is a JSON object."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def as_list(value: object) -> list[object]:
    """The value if it is a JSON array, else an empty one."""
    return cast("list[object]", value) if isinstance(value, list) else []


def as_text(value: object) -> str | None:
    """The value if it is a string that is not blank."""
    return value if isinstance(value, str) and value.strip() else None


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
