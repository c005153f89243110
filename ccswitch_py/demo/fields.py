"""Reads the fields of a request one by one; what is missing or of the wrong kind is refused by its place."""

from __future__ import annotations

from ccswitch_py.demo.problem import Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_KINDS = {str: "a string", list: "an array", dict: "an object", bool: "true or false"}


def present(fields: dict[str, Any], name: str, place: str = "") -> Any:
    """The field's value, whatever it is; raises ``Problem`` (400)."""
    if name not in fields:
        raise Problem(400, f"{join(place, name)}: this field is required.")
    return fields[name]


def required(fields: dict[str, Any], name: str, kind: type, place: str = "") -> Any:
    """The field's value, which must be of the kind; raises ``Problem`` (400)."""
    return typed(present(fields, name, place), kind, join(place, name))


def typed(value: object, kind: type, place: str) -> Any:
    """``value``, if it is of the kind; raises ``Problem`` (400)."""
    if not isinstance(value, kind):
        raise Problem(400, f"{place}: must be {_KINDS[kind]}.")
    return value


def join(place: str, name: str) -> str:
    """Where a field is, such as ``messages.0.role``."""
    return f"{place}.{name}" if place else name
