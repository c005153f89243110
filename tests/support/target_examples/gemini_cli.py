"""Gemini CLI's settings.json."""

from ccswitch_py.targets.gemini_cli import GeminiCli
from tests.support.target_examples import Example

EXAMPLE = Example(
    GeminiCli(),
    (
        "",
        '{\n  // mine\n  "ui": {"theme": "GitHub"},   // odd\n'
        '  "security": {"auth": {"selectedType": "oauth-personal"}}\n}\n',
        '{\r\n\t"model" : {"name": "gemini-3-pro", "maxSessionTurns": 9},\r\n\t"mcpServers":{}\r\n}',
        '{"security": {"folderTrust": {"enabled": true}}, "ccswitch": "mine"}\n\n',
    ),
    '{\n  "model": {},\n}\n',
    3,
    """\
{
  "ccswitch": "a (ccswitch)",
  "security": {
    "auth": {
      "selectedType": "gemini-api-key"
    }
  },
  "model": {
    "name": "a-main"
  }
}
""",
)
