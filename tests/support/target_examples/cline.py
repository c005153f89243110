"""Cline's providers.json, as Cline writes it."""

from ccswitch_py.targets.cline import Cline
from tests.support.target_examples import Example

EXAMPLE = Example(
    Cline(),
    (
        '{"version":1,"modes":{},"providers":{}}',
        """\
{
  "version": 1,
  "lastUsedProvider": "anthropic",
  "modes": {},
  "providers": {
    "anthropic": {
      "settings": {
        "provider": "anthropic",
        "apiKey": "sk-made-up-of-the-user",
        "model": "claude-sonnet-4-6",
        "headers": {"X-Team": "7"}
      },
      "updatedAt": "2026-10-01T08:00:00.000Z",
      "tokenSource": "manual"
    },
    "ollama": {
      "settings": {"provider": "ollama", "baseUrl": "http://127.0.0.1:11434"},
      "updatedAt": "2026-10-02T08:00:00.000Z",
      "tokenSource": "manual"
    }
  }
}
""",
        '{\r\n\t"version": 1,\r\n\t"providers": {\r\n\t\t"cline": {"settings": {"provider": "cline"}, '
        '"updatedAt": "2026-10-02T08:00:00.000Z", "tokenSource": "oauth"}\r\n\t}\r\n}',
    ),
    '{\n  "version": 1,\n  // mine\n  "providers": {}\n}\n',
    3,
    """\
{
  "version": 1,
  "lastUsedProvider": "anthropic",
  "providers": {
    "anthropic": {
      "settings": {
        "provider": "anthropic",
        "apiKey": "KEY",
        "model": "a-main",
        "baseUrl": "https://a.example/gw/v1",
        "auth": {
          "metadata": {
            "name": "a (ccswitch)"
          }
        }
      },
      "updatedAt": "2026-01-01T00:00:00.000Z",
      "tokenSource": "manual"
    }
  }
}
""",
)
