"""claude-code-router's config.json, which it reads as JSON5."""

from ccswitch_py.targets.claude_code_router import ClaudeCodeRouter
from tests.support.target_examples import Example

EXAMPLE = Example(
    ClaudeCodeRouter(),
    (
        "",
        "{\n  // mine\n  LOG: true,   // odd\n  Providers: [\n    {name: 'own', api_base_url: 'https://own.example/v1/"
        "chat/completions', api_key: 'sk-made-up', models: ['m'],},\n  ],\n  Router: {default: 'own,m'},\n}\n",
        '{\r\n\t"PORT" : 3457,\r\n\t"Providers":[],"Router": {"longContextThreshold": 60000}\r\n}\r\n',
        '{"Providers": [{"name": "mine", "api_key": "sk-made-up", "transformer": {"use": ["openrouter"]}}],'
        ' "Router": {"think": "a,b", "webSearch": "a,c"}}\n\n',
    ),
    '{\n  "LOG": true,\n  "PORT" 1\n}\n',
    3,
    """\
{
  "Providers": [
    {"name": "ccswitch","ccswitch": "a (ccswitch)","api_base_url": "https://a.example/gw/v1/messages",\
"api_key": "$CCSWITCH_API_KEY_1A2B3C4D","models": ["a-main", "a-haiku", "a-sonnet", "a-opus"],\
"transformer": {"use": ["Anthropic"]}}
  ],
  "Router": {
    "default": "ccswitch,a-main",
    "background": "ccswitch,a-haiku",
    "think": "ccswitch,a-opus"
  }
}
""",
)
