"""Claude Code's settings.json."""

from ccswitch_py.targets.claude_code.target import ClaudeCode
from tests.support.target_examples import Example

EXAMPLE = Example(
    ClaudeCode(),
    (
        "",
        "{}",
        '{\r\n\t"theme" : "dark",\r\n\t"env" : {"MINE": "1", "ANTHROPIC_MODEL": "opus"},"hooks":{}\r\n}',
        '{"env": {"ANTHROPIC_BASE_URL": "https://other.example", "ANTHROPIC_CUSTOM_HEADERS": "x-team: 7"}}\n\n',
    ),
    '{\n "a": 1,\n}',
    3,
)
