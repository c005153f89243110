"""Droid's settings.json."""

from ccswitch_py.targets.droid import Droid
from tests.support.target_examples import Example

ITEM = (
    '    {{"id": "custom:ccswitch-{number}","model": "{model}","index": {number},"baseUrl": "https://a.example/gw",'
    '"apiKey": "${{CCSWITCH_API_KEY_1A2B3C4D}}","displayName": "{name}","provider": "anthropic"}}'
)
ITEMS = [
    ITEM.format(number=number, model=model, name="a (ccswitch)" if number == 0 else f"{model}, a (ccswitch)")
    for number, model in enumerate(["a-main", "a-haiku", "a-sonnet", "a-opus"])
]
EXAMPLE = Example(
    Droid(),
    (
        "",
        '{\n  // mine\n  "model": "opus",   // odd\n  "customModels": [\n    {"model": "m", "id": "custom:own-0", '
        '"index": 0, "baseUrl": "https://own.example/v1", "apiKey": "sk-made-up", "provider": "openai"}\n  ]\n}\n',
        '{"sessionDefaultSettings" : {"autonomyMode": "auto-low"},\r\n\t"customModels":[]}\r\n',
        '{"customModels": [{"id": "custom:x-0", "model": "x", "extraHeaders": {"X-Key": "sk-made"}}],'
        ' "enableHooks": true}',
    ),
    '{\n  "model": "opus",\n}\n',
    3,
    '{\n  "customModels": [\n' + ",\n".join(ITEMS) + '\n  ],\n  "sessionDefaultSettings": {\n'
    '    "model": "custom:ccswitch-0"\n  },\n  "model": "custom:ccswitch-0"\n}\n',
)
