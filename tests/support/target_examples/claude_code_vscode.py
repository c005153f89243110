"""VS Code's settings.json, with the variables of the Claude Code extension as its documentation has them."""

from ccswitch_py.targets.claude_code.vs_code import ClaudeCodeInVsCode
from tests.support.target_examples import Example

EXAMPLE = Example(
    ClaudeCodeInVsCode(),
    (
        "",
        '{\n  // mine\n  "editor.fontSize": 13,   // odd\n  "claudeCode.environmentVariables": [\n    '
        '{"name": "MINE",  "value": "1"},\n    {"name": "MY_API_KEY", "value": "sk-made-up"},\n  ],\n}\n',
        '{\r\n\t"workbench.colorTheme" : "Solarized Dark",\r\n\t"claudeCode.preferredLocation":"panel"\r\n}\r\n',
        '{"claudeCode.environmentVariables": [], "claudeCode.disableLoginPrompt": false}\n\n',
    ),
    '{\n  "editor.fontSize": 13,\n  "files.eol" "x"\n}\n',
    3,
    """\
{
  "claudeCode.disableLoginPrompt": true,
  "claudeCode.environmentVariables": [
    {"name": "CCSWITCH_PROFILE","value": "a (ccswitch)"},
    {"name": "ANTHROPIC_BASE_URL","value": "https://a.example/gw"},
    {"name": "ANTHROPIC_AUTH_TOKEN","value": "KEY"},
    {"name": "ANTHROPIC_API_KEY","value": ""},
    {"name": "ANTHROPIC_MODEL","value": "a-main"},
    {"name": "ANTHROPIC_DEFAULT_HAIKU_MODEL","value": "a-haiku"},
    {"name": "ANTHROPIC_DEFAULT_SONNET_MODEL","value": "a-sonnet"},
    {"name": "ANTHROPIC_DEFAULT_OPUS_MODEL","value": "a-opus"},
    {"name": "ANTHROPIC_DEFAULT_FABLE_MODEL","value": ""},
    {"name": "CLAUDE_CODE_SUBAGENT_MODEL","value": ""},
    {"name": "ANTHROPIC_CUSTOM_HEADERS","value": ""},
    {"name": "CLAUDE_CODE_MAX_CONTEXT_TOKENS","value": "200000"}
  ]
}
""",
)
