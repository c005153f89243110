import tomllib
from pathlib import Path

import pytest

from ccswitch_py.redact.key_patterns import contains_key, looks_like_key, may_contain_key

PROVIDERS = Path(__file__).parents[2] / "profiles"
IDS = [
    *(model["id"] for file in PROVIDERS.glob("*.toml") for model in tomllib.loads(file.read_text()).get("models", [])),
    "us.anthropic.claude-sonnet-4-20250514-v1:0",
    "accounts/fireworks/models/deepseek-v3-0324",
    "Qwen3-235B-A22B-Instruct-2507",
    "ft:gpt-4o-mini-2024-07-18:org::9ABCdefG",
    "claude-haiku-4-5-20251001",
]


@pytest.mark.parametrize(
    "key",
    [
        "sk-ant-api03-made-up-0123456789",
        "1f6be27c90a4d3580123456789abcdef.made1up2",
        "demo-canary-1f6be27c90a4d358",
        "eyJhbGciOiJIUzI1NiJ9",
        "Bearer made-up-key",
    ],
)
def test_keys_of_many_makers_are_recognised(key: str) -> None:
    assert looks_like_key(key) and looks_like_key(f"x {key} y")


@pytest.mark.parametrize("model_id", IDS)
def test_no_model_id_is_taken_for_a_key(model_id: str) -> None:
    assert not looks_like_key(model_id)


def test_an_address_with_an_account_in_its_path_carries_no_key() -> None:
    assert not contains_key("https://gateway.example/v1/0123456789abcdef0123456789abcdef/anthropic")


def test_a_long_text_that_only_begins_like_a_key_again_and_again_keeps_nobody_waiting() -> None:
    assert not looks_like_key("sk-" * 400_000)  # took minutes when every beginning was followed to the end
    assert not may_contain_key("-" * 400_000)
