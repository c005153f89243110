"""Makes untrusted text, such as names, paths and gateways' answers, safe for a terminal or a widget."""

from __future__ import annotations

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_OWN_CONTROLS = r"((?:\x1b\[(?:0|2|31|32|33)m|\n)+)"
"""Line ends, and the colours in which the command line paints."""


def printable(text: str) -> str:
    """Return one line without control, direction and invisible characters."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else " " if char.isspace() else _REPLACEMENT for char in text)


def printable_lines(text: str, *, painted: bool = False) -> str:
    """Do the same for each line; the colours of a ``painted`` text stay."""
    if text.replace("\n", "").isprintable():
        return text
    if not painted:
        return "\n".join(map(printable, text.split("\n")))
    import re

    return "".join(part if at % 2 else printable(part) for at, part in enumerate(re.split(_OWN_CONTROLS, text)))


def escape_json(json_text: str) -> str:
    r"""Return the same JSON with ``\u`` escapes in place of what ``printable`` would replace."""
    if json_text.replace("\n", "").isprintable():
        return json_text
    return "".join(char if char.isprintable() or char == "\n" else _escape(char) for char in json_text)


def _escape(char: str) -> str:
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
