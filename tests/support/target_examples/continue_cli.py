"""Continue's config.yaml."""

from ccswitch_py.targets.continue_cli import Continue
from tests.support.target_examples import Example

EXAMPLE = Example(
    Continue(),
    (
        "name: mine\nversion: 1.0.0\nschema: v1\n",
        "# mine\nname: mine   # odd\nversion: 0.0.1\nmodels:\n  - name: Own\n    provider: openai\n    model: m\n"
        "    apiKey: ${{ secrets.OWN_KEY }}\n    roles: [chat]\nrules:\n- uses: own/rules\n",
        "name: mine\r\nversion: 0.0.1\r\nmodels: []\r\n",
        "name: mine\nversion: 0.0.1\nmodels:\n- {name: Own, provider: openai, model: m, apiKey: sk-made-up}\n"
        "metadata: {author: me, ccswitch: x}\n",
    ),
    "name: mine\nmodels: [\n",
    3,
    """\
name: Local Config
version: 1.0.0
schema: v1
metadata:
  ccswitch: "a (ccswitch)"
models:
  - {name: "ccswitch main",provider: "anthropic",model: "a-main",apiBase: "https://a.example/gw/v1",apiKey: "${{ \
secrets.CCSWITCH_API_KEY_1A2B3C4D }}",roles: ["chat", "edit", "apply"]}
  - {name: "ccswitch haiku",provider: "anthropic",model: "a-haiku",apiBase: "https://a.example/gw/v1",apiKey: "${{ \
secrets.CCSWITCH_API_KEY_1A2B3C4D }}",roles: ["chat", "edit", "apply"]}
  - {name: "ccswitch sonnet",provider: "anthropic",model: "a-sonnet",apiBase: "https://a.example/gw/v1",apiKey: \
"${{ secrets.CCSWITCH_API_KEY_1A2B3C4D }}",roles: ["chat", "edit", "apply"]}
  - {name: "ccswitch opus",provider: "anthropic",model: "a-opus",apiBase: "https://a.example/gw/v1",apiKey: "${{ \
secrets.CCSWITCH_API_KEY_1A2B3C4D }}",roles: ["chat", "edit", "apply"]}
""",
    ('{\n  "cliSelectedModel": "ccswitch main"\n}\n',),
)
