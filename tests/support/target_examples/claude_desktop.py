"""Claude Desktop's configuration of ours, the file that names it, and those that turn the mode on."""

from ccswitch_py.targets.claude_desktop import CONFIGURATION, ClaudeDesktop
from tests.support.target_examples import Example

MODE = '{\n  "deploymentMode": "3p",\n  "ccswitch": "a (ccswitch)"\n}\n'
EXAMPLE = Example(
    ClaudeDesktop("darwin"),
    (
        "",
        "{}",
        '{\r\n\t"coworkEgressAllowedHosts" : ["*"],\r\n\t"disableDeploymentModeChooser":true\r\n}\r\n',
        '{"inferenceProvider": "gateway", "inferenceGatewayApiKey": "sk-made-up",'
        ' "inferenceModels": ["claude-opus-5-5"]}',
    ),
    '{\n "isClaudeCodeForDesktopEnabled": true,\n}',
    3,
    """\
{
  "inferenceProvider": "gateway",
  "inferenceGatewayBaseUrl": "https://a.example/gw",
  "inferenceGatewayAuthScheme": "bearer",
  "inferenceCredentialKind": "helper-script",
  "inferenceCredentialHelper": "STATE/launch/claude-desktop/a-key",
  "inferenceCredentialHelperTtlSec": 300
}
""",
    (
        f"""\
{{
  "entries": [
    {{"id": "{CONFIGURATION}","name": "a (ccswitch)"}}
  ],
  "appliedId": "{CONFIGURATION}"
}}
""",
        MODE,
        MODE,
    ),
)
