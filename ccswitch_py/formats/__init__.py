"""Entries of other programs' texts, and edits of them that leave every other byte alone.

``base`` has the paths, the edits and the interface; each format is one module, which ``find_format`` loads on first
use; ``entries`` handles all owned entries of a text at once. Pure: texts in, edits out.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ccswitch_py.formats.base import Format

_FORMATS = {
    "json": "json_text.JsonText",
    "json-comments": "json_dialects.JsonDialect",
    "jsonc": "json_dialects.JsonDialect",
    "json5": "json_dialects.JsonDialect",
    "toml": "toml_text.TomlText",
    "yaml": "yaml_text.YamlText",
    "dotenv": "dotenv_text.DotenvText",
}
"""The one place to name a new one. ``json-comments`` is JSON with comments; ``jsonc`` allows trailing commas too."""
_loaded: dict[tuple[str, str], Format] = {}


def find_format(format_id: str, empty: str = "") -> Format:
    """Return the format with this id; raise ``KeyError`` for an unknown one.

    ``empty`` is what a new file begins with, where the tool needs more than the format.
    """
    if (format_id, empty) not in _loaded:
        module, _dot, name = _FORMATS[format_id].partition(".")
        made = getattr(__import__(f"ccswitch_py.formats.{module}", fromlist=[name]), name)(format_id)
        made.empty = empty or made.empty
        _loaded[format_id, empty] = made
    return _loaded[format_id, empty]
