"""Qwen Code's settings.json."""

from ccswitch_py.targets.qwen_code import QwenCode
from tests.support.target_examples import Example

EXAMPLE = Example(
    QwenCode(),
    (
        "",
        '{\n  // mine\n  "$version": 4,\n  "security": {"auth": {"selectedType": "openai"}},   // odd\n'
        '  "modelProviders": {"openai": [{"id": "m", "envKey": "OWN_KEY", "baseUrl": "https://own.example/v1"}]}\n}\n',
        '{"ui":{"theme":"GitHub"},\r\n\t"model" : {"name": "m", "maxSessionTurns": 9} }\r\n',
        '{"security": {"auth": {"selectedType": "openai", "apiKey": "sk-made-up", "baseUrl": "https://own.example"}},\n'
        ' "env": {"OTHER": "x", "CCSWITCH_API_KEY": "sk-made-up"}, "modelProviders": {"ccswitch": [{"id": "m"}]}}',
    ),
    '{\n  "a": 1,\n  "b": [1,\n',
    4,
    """\
{
  "security": {
    "auth": {
      "selectedType": "anthropic"
    }
  },
  "model": {
    "name": "a-main",
    "baseUrl": "https://a.example/gw"
  },
  "fastModel": "a-haiku",
  "modelProviders": {
    "ccswitch": [{"id": "a-main", "name": "a-main", "description": "a (ccswitch)", "envKey": \
"CCSWITCH_API_KEY", "baseUrl": "https://a.example/gw"}, {"id": "a-haiku", "name": "a-haiku", "description": \
"a (ccswitch)", "envKey": "CCSWITCH_API_KEY", "baseUrl": "https://a.example/gw"}, {"id": "a-sonnet", "name": \
"a-sonnet", "description": "a (ccswitch)", "envKey": "CCSWITCH_API_KEY", "baseUrl": "https://a.example/gw"}, \
{"id": "a-opus", "name": "a-opus", "description": "a (ccswitch)", "envKey": "CCSWITCH_API_KEY", "baseUrl": \
"https://a.example/gw"}]
  },
  "providerProtocol": {
    "ccswitch": "anthropic"
  },
  "env": {
    "CCSWITCH_API_KEY": "${CCSWITCH_API_KEY_1A2B3C4D}"
  }
}
""",
)
