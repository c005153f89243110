import tomllib
from typing import Any

from ccswitch_py.model.launch import Launch
from ccswitch_py.targets.codex import Codex


def launch() -> Launch:
    models = {"main": "gpt-5.4-low"}
    where = ("work", "responses", "https://a.example/gw/v1", "a.example:443", "bearer", "command")
    return Launch(*where, models, {}, {}, {}, "/usr/bin/python3", None)


def test_a_run_passes_each_entry_as_a_value_of_toml() -> None:
    argv = Codex().run_spec(launch(), lambda *_: None, lambda *_: None, {"HOME": "/home/me"}).argv
    assert argv[:1] == ("codex",)
    values: dict[str, Any] = {}
    for flag, entry in zip(argv[1::2], argv[2::2], strict=True):
        assert flag == "-c"
        name, _equals, value = entry.partition("=")
        values[name] = tomllib.loads(f"it = {value}")["it"]
    provider = "model_providers.ccswitch"
    assert values["model_provider"] == "ccswitch"
    assert values[f"{provider}.base_url"] == "https://a.example/gw/v1"
    assert values[f"{provider}.auth.command"] == "/usr/bin/python3"
    assert values[f"{provider}.auth.args"][-1] == "work"
