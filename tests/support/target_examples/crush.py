"""Crush's crush.json, of the form that its schema.json describes."""

from ccswitch_py.targets.crush import Crush
from tests.support.target_examples import Example

EXAMPLE = Example(
    Crush(),
    (
        "",
        '{\n  "$schema": "https://charm.land/crush.json",\n  "providers": {\n    "own": {"type": "openai-compat",  '
        '"base_url": "https://own.example/v1", "api_key": "sk-made-up", "models": [{"id": "m"}]}\n  }\n}\n',
        '{"models" : {"large": {"model": "m", "provider": "own", "think": true}},\r\n\t"lsp":{}\r\n}\r\n',
        '{"providers": {"ccswitch": {"name": "mine", "api_key": "sk-made-up", "disable": true}}, "options": {}}\n\n',
    ),
    '{\n  "options": {\n    "debug": true,\n  }\n}\n',
    4,
    """\
{
  "providers": {
    "ccswitch": {
      "name": "a (ccswitch)",
      "type": "anthropic",
      "base_url": "https://a.example/gw",
      "api_key": "$(KEY_COMMAND -I -m ccswitch_py.key_command --state STATE a)",
      "models": [{"id": "a-main", "name": "a-main"}, {"id": "a-haiku", "name": "a-haiku"}, \
{"id": "a-sonnet", "name": "a-sonnet"}, {"id": "a-opus", "name": "a-opus"}]
    }
  },
  "models": {
    "large": {
      "model": "a-main",
      "provider": "ccswitch"
    },
    "small": {
      "model": "a-haiku",
      "provider": "ccswitch"
    }
  }
}
""",
)
