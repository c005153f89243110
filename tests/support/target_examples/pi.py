"""pi's models.json."""

from ccswitch_py.targets.pi import Pi
from tests.support.target_examples import Example

EXAMPLE = Example(
    Pi(),
    (
        "",
        '{\n  // mine\n  "providers": {\n    "own": {"baseUrl": "https://own.example/v1", "api": "openai-responses",\n'
        '      "apiKey": "!pass show own", "models": [{"id": "m"}]},   // odd\n  },\n}\n',
        '{"$schema":"https://pi.dev/schemas/models.schema.json",\r\n\t"providers" : {} }\r\n',
        '{"providers": {"ccswitch": {"baseUrl": "https://mine.example", "apiKey": "sk-made-u", "models": [{"id": "m"}],'
        '"headers": {"x-key": "sk-made-up"}, "compat": {"supportsStore": false}}}}',
    ),
    '{\n  "a": 1,\n  "b": [1,\n',
    4,
    """\
{
  "providers": {
    "ccswitch": {
      "name": "a (ccswitch)",
      "baseUrl": "https://a.example/gw",
      "apiKey": "!KEY_COMMAND -I -m ccswitch_py.key_command --state STATE a",
      "api": "anthropic-messages",
      "authHeader": true,
      "models": [{"id": "a-main", "name": "a-main"}, {"id": "a-haiku", "name": "a-haiku"}, {"id": "a-sonnet", \
"name": "a-sonnet"}, {"id": "a-opus", "name": "a-opus"}]
    }
  }
}
""",
    ('{\n  "defaultProvider": "ccswitch",\n  "defaultModel": "a-main"\n}\n',),
)
