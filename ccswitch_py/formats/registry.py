"""All formats by id, each imported on first use; add a new one here."""

from __future__ import annotations

from functools import cache

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
"""``json-comments`` is JSON with comments, ``jsonc`` allows trailing commas as well."""


@cache
def find_format(format_id: str) -> Format:
    """Return the format with this id; raise ``KeyError`` for an unknown one."""
    module, _dot, name = _FORMATS[format_id].partition(".")
    return getattr(__import__(f"ccswitch_py.formats.{module}", fromlist=[name]), name)(format_id)
