"""opencode's opencode.json."""

from ccswitch_py.targets.opencode import OpenCode
from tests.support.target_examples import Example

EXAMPLE = Example(
    OpenCode(),
    (
        "",
        '{\n  // mine\n  "$schema": "https://opencode.ai/config.json",\n  "model": "own/m",   // odd\n  "provider": {\n'
        '    "own": {"npm": "@ai-sdk/openai", "options": {"baseURL": "https://own.example/v1"}, "models": {"m": {}}},\n'
        "  },\n}\n",
        '{"permission":{"bash":"ask"},\r\n\t"theme" : "system" }\r\n',
        '{"provider": {"ccswitch": {"name": "mine", "options": {"apiKey": "sk-made-up", "headers": {"X-Key": "sk-made"}'
        ', "timeout": 1}, "models": {"m": {"headers": {"Authorization": "sk-made-up"}}}}}}',
    ),
    '{\n  "a": 1,\n  "b": [1,\n',
    4,
    """\
{
  "model": "ccswitch/a-main",
  "small_model": "ccswitch/a-haiku",
  "provider": {
    "ccswitch": {
      "npm": "@ai-sdk/anthropic",
      "name": "a (ccswitch)",
      "options": {
        "baseURL": "https://a.example/gw/v1",
        "apiKey": "{env:CCSWITCH_API_KEY_1A2B3C4D}",
        "authToken": ""
      },
      "models": {"a-main": {"name": "a-main"}, "a-haiku": {"name": "a-haiku"}, \
"a-sonnet": {"name": "a-sonnet"}, "a-opus": {"name": "a-opus"}}
    }
  }
}
""",
)
