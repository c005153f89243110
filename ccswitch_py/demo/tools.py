"""The tools that a request offers, and the call of the one that the user names in backquotes, such as `` `Read` ``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ccswitch_py.demo.fields import required, typed
from ccswitch_py.demo.problem import Problem, new_id

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ccswitch_py.demo.request import MessagesRequest

_NUMBER = re.compile(r"(?<![A-Za-z0-9_.-])-?[0-9]{1,15}(?:\.[0-9]{1,15})?(?![A-Za-z0-9_])")


@dataclass(frozen=True, slots=True)
class DemoToolCall:
    """A call of a tool that the client is to make."""

    id: str
    name: str
    input: dict[str, Any]


def read_tools(value: object) -> list[dict[str, Any]]:
    """Check the tools as far as a call needs them; raises ``Problem`` (400) naming the field at fault."""
    return [_tool(tool, f"tools.{index}") for index, tool in enumerate(typed(value, list, "tools"))]


def tool_call(request: MessagesRequest) -> DemoToolCall | None:
    """The call that answers the request, if what was said last names a tool on offer.

    What a tool found is answered with words: a call would lead to the next, for ever.
    """
    if any(block["type"] == "tool_result" for block in request.last_user_blocks):
        return None
    said = request.last_user_text
    named = [tool for tool in request.tools if _quoted(tool) in said]
    if not named:
        return None
    tool = min(named, key=lambda tool: said.index(_quoted(tool)))
    return DemoToolCall(new_id("toolu"), tool["name"], fill_required(tool.get("input_schema", {}), said))


def fill_required(schema: dict[str, Any], said: str) -> dict[str, Any]:
    """An input with what the schema requires and no more: the first number that was said, and empty values."""
    properties = schema.get("properties", {})
    return {name: _value(properties.get(name), said) for name in schema.get("required", [])}


def _tool(value: object, place: str) -> dict[str, Any]:
    tool = typed(value, dict, place)
    if not required(tool, "name", str, place):
        raise Problem(400, f"{place}.name: must not be empty.")
    schema = typed(tool.get("input_schema", {}), dict, f"{place}.input_schema")
    typed(schema.get("properties", {}), dict, f"{place}.input_schema.properties")
    for index, name in enumerate(typed(schema.get("required", []), list, f"{place}.input_schema.required")):
        typed(name, str, f"{place}.input_schema.required.{index}")
    return tool


def _quoted(tool: dict[str, Any]) -> str:
    return f"`{tool['name']}`"


def _value(wanted: Any, said: str) -> Any:
    match wanted:
        case {"type": "integer"}:
            return int(_first_number(said))
        case {"type": "number"}:
            return _first_number(said)
        case {"type": "boolean"}:
            return False
        case {"type": "array"}:
            return []
        case {"type": "object"}:
            return {}
        case _:
            return ""


def _first_number(said: str) -> float:
    found = _NUMBER.search(said)
    if found is None:
        return 0
    return float(found[0]) if "." in found[0] else int(found[0])
