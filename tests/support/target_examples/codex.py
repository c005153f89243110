"""Codex's config.toml."""

from ccswitch_py.targets.codex import Codex
from tests.support.target_examples import Example

EXAMPLE = Example(
    Codex(),
    (
        "",
        '# mine\nmodel = "gpt-5"   # odd\n\n[model_providers.own]\nname = "Own"\nbase_url = "https://own.example/v1"\n',
        'approval_policy = "never"\r\n\r\n[projects."/src"]\r\ntrust_level = "trusted"\r\n',
        'model_provider = "own"\n[model_providers.ccswitch]\nname = "mine"\nexperimental_bearer_token = "sk-made-up"\n',
    ),
    "a = 1\nb = [1,\n",
    2,
    """\
model = "a-main"
model_provider = "ccswitch"

[model_providers.ccswitch]
name = "a (ccswitch)"
base_url = "https://a.example/gw/v1"
wire_api = "responses"

[model_providers.ccswitch.auth]
command = "KEY_COMMAND"
args = ["-I", "-m", "ccswitch_py.key_command", "--state", "STATE", "a"]
""",
)
