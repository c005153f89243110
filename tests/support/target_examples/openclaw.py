"""OpenClaw's openclaw.json."""

from ccswitch_py.targets.openclaw import OpenClaw
from tests.support.target_examples import Example

EXAMPLE = Example(
    OpenClaw(),
    (
        "",
        "{\n  // mine\n"
        "  agents: {defaults: {model: {primary: 'own/m', fallbacks: ['own/n']}, workspace: '~/c'}},  // odd\n"
        "  models: {mode: 'merge', providers: {own: {baseUrl: 'https://own.example/v1', apiKey: '${OWN_KEY}',\n"
        "    api: 'openai-responses', models: [{id: 'm', name: 'M'}]},}},\n}\n",
        '{"gateway":{"port":18789},\r\n\t"secrets" : {"providers": {"default": {"source": "env"}}} }\r\n',
        '{"agents": {"defaults": {"model": "ccswitch/m"}}, "models": {"providers": {"ccswitch": {"baseUrl": '
        '"https://mine.example", "apiKey": "sk-made-up", "headers": {"x-key": "sk-made-up"}, "models": []}}},\n'
        '"secrets": {"providers": {"ccswitch": {"source": "exec", "command": "/usr/bin/op", '
        '"env": {"OP_TOKEN": "sk-made-u"}}}}}',
    ),
    "{\n  a: 1,\n  b: [1,\n",
    4,
    """\
{
  "models": {
    "providers": {
      "ccswitch": {
        "baseUrl": "https://a.example/gw",
        "apiKey": {"source": "exec", "provider": "ccswitch", "id": "key"},
        "api": "anthropic-messages",
        "authHeader": true,
        "models": [{"id": "a-main", "name": "a (ccswitch)"}, {"id": "a-haiku", "name": "a-haiku"}, {"id": \
"a-sonnet", "name": "a-sonnet"}, {"id": "a-opus", "name": "a-opus"}]
      }
    }
  },
  "secrets": {
    "providers": {
      "ccswitch": {"source": "exec", "command": "KEY_PROGRAM", "args": ["--state", "STATE", "a"], "passEnv": \
["HOME", "PATH", "USER", "LANG", "TMPDIR", "CCSWITCH_HOME", "CCSWITCH_KEYRING", "CCSWITCH_KEYRING_TIMEOUT", \
"CCSWITCH_LANG", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_STATE_HOME", \
"XDG_DATA_HOME", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "GNUPGHOME", "GPG_TTY", "PASSWORD_STORE_DIR", \
"BW_SESSION", "OP_SERVICE_ACCOUNT_TOKEN", "VAULT_ADDR", "VAULT_TOKEN", "VAULT_NAMESPACE", "SYSTEMROOT", \
"USERPROFILE", "APPDATA", "LOCALAPPDATA", "TEMP", "TEST_GATEWAY_KEY"], "jsonOnly": false, "timeoutMs": 60000}
    }
  },
  "agents": {
    "defaults": {
      "model": {"primary": "ccswitch/a-main"},
      "utilityModel": "ccswitch/a-haiku"
    }
  }
}
""",
)
