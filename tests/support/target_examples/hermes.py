"""Hermes Agent's config.yaml."""

from ccswitch_py.targets.hermes import Hermes
from tests.support.target_examples import Example

EXAMPLE = Example(
    Hermes(),
    (
        "",
        "# mine\nmodel:\n  default: own/m   # odd\n  provider: openrouter\n  base_url: https://own.example/v1\n"
        "terminal: {backend: local}\n"
        "custom_providers:\n- {name: own, base_url: https://own.example/v1, key_env: OWN_KEY}\n",
        "display:\r\n  compact: true\r\nproviders: {}\r\n",
        "model: {default: m, provider: custom, api_key: sk-made-up}\n"
        "providers:\n  ccswitch:\n    api: https://mine.example\n    extra_headers: {X-Key: sk-made-up}\n"
        "    ssl_verify: true\n",
    ),
    "model:\n  default: [\n",
    3,
    """\
model:
  default: "a-main"
  provider: "ccswitch"
providers:
  ccswitch:
    name: "a (ccswitch)"
    base_url: "https://a.example/gw"
    api_mode: "anthropic_messages"
    key_env: "CCSWITCH_API_KEY_1A2B3C4D"
    default_model: "a-main"
    models: {a-main: {}, a-haiku: {}, a-sonnet: {}, a-opus: {}}
""",
)
