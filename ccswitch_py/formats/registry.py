"""The formats by id; the one place to name a new one. Each is loaded when it is first asked for."""

from __future__ import annotations

from functools import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ccswitch_py.formats.base import Format

FORMATS = ("json", "json-comments", "jsonc", "json5", "toml", "yaml", "dotenv")
"""``json-comments`` is JSON with comments, ``jsonc`` allows trailing commas as well."""


@cache
def find_format(format_id: str) -> Format:
    """Return the format with this id; raise ``KeyError`` for an unknown one."""
    match format_id:
        case "json":
            from ccswitch_py.formats.json_text import JsonText

            return JsonText()
        case "json-comments" | "jsonc" | "json5":
            from ccswitch_py.formats.json_dialects import JsonDialect

            return JsonDialect(format_id)
        case "toml":
            from ccswitch_py.formats.toml_text import TomlText

            return TomlText()
        case "yaml":
            from ccswitch_py.formats.yaml_text import YamlText

            return YamlText()
        case "dotenv":
            from ccswitch_py.formats.dotenv_text import DotenvText

            return DotenvText()
        case _:
            raise KeyError(format_id)
