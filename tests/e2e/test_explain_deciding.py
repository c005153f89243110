"""What decides for Claude Code beside a profile, singly and in pairs: said by ccswitch, and seen on the wire."""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from ccswitch_py.targets.claude_code.deciding import deciding, is_setting
from tests.support.layer_scene import HELPER, MODEL, URL, More, Scene, can_manage, wire_of, wire_sent
from tests.support.programs import QUIET, claude_code, run_program
from tests.support.sampling import sample
from tests.support.settings_types import RIGHT, WRONG

pytestmark = pytest.mark.real

FULL = os.environ.get("CCSWITCH_ABUSE") == "full"
LOCAL = "settings.local.json"
PROFILE = (URL, MODEL, HELPER)
OTHER_MODEL = "gpt-5.4-hc"
VALUES: dict[str, Any] = {
    "ANTHROPIC_UNIX_SOCKET": "/no-such.socket",
    "CLAUDE_CODE_EXTRA_BODY": f'{{"model": "{OTHER_MODEL}"}}',
    "CLAUDE_CODE_CLIENT_DATA_URL": "https://gateway.invalid/x",
    "CLAUDE_CODE_MAX_TURNS": "none",
    "CLAUDE_CONFIG_DIR": "/no-such-folder",
    "ANTHROPIC_BETAS": "made-up-beta",
    **dict.fromkeys(("https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"), "none"),
    "availableModels": [OTHER_MODEL],
    "availableModelsMatch": "exact",
    "enforceAvailableModels": True,
    "deniedModels": ["gpt-5.4-official"],
    "fallbackModel": [OTHER_MODEL],
    "modelOverrides": {"gpt-5.4-official": OTHER_MODEL},
    "agent": "reviewer",
    "forceLoginMethod": "claudeai",
    "forceLoginOrgUUID": "00000000-0000-4000-8000-000000000000",
    "allowedProviders": ["anthropic"],
    "policyHelper": {"path": "/bin/false"},
    "requiredMinimumVersion": "99.0.0",
    "requiredMaximumVersion": "1.0.0",
}
"""What a name is set to; a switch is on."""
WITHOUT_EFFECT = (
    *("CLAUDE_API_KEY", "CLAUDE_CODE_SESSION_ACCESS_TOKEN", "CLAUDE_CODE_GATEWAY_TOKEN", "CLAUDE_CODE_HOST_CREDS_FILE"),
    *("CLAUDE_CODE_LAUNCHER_RUNS_API_KEY_HELPER", "CLAUDE_CODE_API_BASE_URL", "CLAUDE_CODE_RUNNER_MODEL_SOCKET"),
    *("SESSION_INGRESS_URL", "CLAUDE_CODE_CUSTOM_OAUTH_URL", "CLAUDE_CODE_HTTP_PROXY", "CLAUDE_CODE_HTTPS_PROXY"),
    *("CLAUDE_CODE_MANAGED_SETTINGS_PATH", "CLAUDE_CODE_MODEL_CATALOG", "CLAUDE_CODE_NO_MODEL_FALLBACK", "AI_AGENT"),
    *("ANTHROPIC_BEDROCK_BASE_URL", "ANTHROPIC_VERTEX_BASE_URL", "ANTHROPIC_FOUNDRY_BASE_URL", "ANTHROPIC_PROFILE"),
)
AGENT = f"---\nname: reviewer\ndescription: made up\nmodel: {OTHER_MODEL}\n---\nAnswer.\n"
OFFLINE = {"HTTPS_PROXY": "http://127.0.0.1:9", "NO_PROXY": "127.0.0.1"}
"""Whatever would call Anthropic itself gets no further than this."""
LAYERS = ("process", "user", LOCAL, "project", "--settings", "managed")
COUNTS = {
    "process": ("process",),
    "files": ("user", "--settings"),
    "own": ("process", "user", "--settings"),
    "managed": ("managed",),
    "foreign": ("process", LOCAL, "project"),
    "all": LAYERS[:-1],
}
"""Where a row says that its name is read."""


@pytest.fixture
def disagreements(tmp_path: Path) -> Iterator[Callable[[Iterable[More]], list[str]]]:
    """Where ccswitch says something else than what Claude Code does, for each of many settings beside a profile."""
    claude_code()
    free: SimpleQueue[Scene] = SimpleQueue()

    def one(more: More) -> str | None:
        scene = free.get()
        try:
            facts = scene.play(_sets(more), _merged({"process": {"env": OFFLINE}}, more))
            found = _disagreement(facts, scene)
        finally:
            free.put(scene)
        return f"{more}: {found}" if found else None

    def many(cases: Iterable[More]) -> list[str]:
        with ThreadPoolExecutor(2) as threads:
            return [found for found in threads.map(one, cases) if found]

    with Scene(tmp_path / "0") as first, Scene(tmp_path / "1") as second:
        for scene in (first, second):
            scene.files[".claude/agents/reviewer.md"] = AGENT
            free.put(scene)
        yield many


def _merged(*settings: More) -> More:
    """The same layers with the entries of all."""
    merged: dict[str, Any] = {}
    for layer, own in (pair for one in settings for pair in one.items()):
        before = merged.get(layer, {})
        merged[layer] = before | own | {"env": before.get("env", {}) | own.get("env", {})}
    return merged


def _sets(more: More) -> dict[str, tuple[str, ...]]:
    return {"user": PROFILE} | dict.fromkeys((layer for layer in more if layer in ("--settings", "managed")), ())


def _disagreement(facts: dict[str, Any], scene: Scene) -> str | None:
    """None where they agree, or ccswitch says that it does not know, and names what decides."""
    said, told = wire_of(facts), " ".join((*facts["faults"], *facts["notes"]))
    if not scene.asked:
        return None if told else f"nothing is wrong, says ccswitch, and Claude Code: {scene.printed[:300]}"
    sent = wire_sent(scene.asked[0])
    parts = {part["part"]: part for part in facts["parts"]}
    names = {"address": "address", "authorization": "Authorization", "x_api_key": "x-api-key", "model": "main"}
    for name, part in names.items():
        is_known = not parts[part]["not_known"]
        if is_known and getattr(said, name) != getattr(sent, name) and "can override" not in told:
            return f"{name} is {getattr(said, name)}, says ccswitch, but {getattr(sent, name)} on the wire"
        if not is_known and not facts["faults"]:
            return f"{name} is not known, and ccswitch does not say why"
    return None


def _setting(name: str, layer: str) -> More:
    value = VALUES.get(name, "1")
    own: dict[str, Any] = {name: value} if is_setting(name) else {"env": {name: value}}
    return {layer: own}


def _layers(name: str, *, every: bool) -> list[str]:
    """The layers in which to try a name: where it counts, or all that can have it."""
    wanted = LAYERS if every else COUNTS[deciding()[name].layers]
    possible = [layer for layer in wanted if layer != ("process" if is_setting(name) else "") and _can(layer)]
    return possible if every else possible[:1]


def _can(layer: str) -> bool:
    return layer != "managed" or can_manage()


def test_what_decides_beside_a_profile_is_said_or_named_as_not_known(disagreements) -> None:
    assert not disagreements(_setting(name, layer) for name in deciding() for layer in _layers(name, every=FULL))


def test_what_has_no_effect_is_not_said_to_have_one(disagreements) -> None:
    env = dict.fromkeys(WITHOUT_EFFECT, "made-up")
    assert not disagreements([{layer: {"env": env}} for layer in ("process", "user")])


PAIRS = [
    ("agent", "availableModels"),
    ("CLAUDE_CODE_EXTRA_BODY", "agent"),
    ("CLAUDE_CODE_SIMPLE", "CLAUDE_CODE_EXTRA_BODY"),
    ("CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST", "agent"),
    ("CLAUDE_CODE_USE_GATEWAY", "ANTHROPIC_BETAS"),
]


def test_two_that_decide_at_once(disagreements) -> None:
    pairs = combinations(deciding(), 2) if FULL else PAIRS
    assert not disagreements(
        _merged(*(_setting(name, _layers(name, every=False)[0]) for name in pair)) for pair in pairs
    )


@pytest.mark.parametrize(
    ("cases", "is_skipped"), [(sample(WRONG, 4), True), (sample(RIGHT, 4), False)], ids=["wrong", "right"]
)
def test_a_settings_file_is_skipped_where_ccswitch_says_so(tmp_path: Path, cases: list[Any], is_skipped: bool) -> None:
    program = claude_code()

    def skips(numbered: tuple[int, Any]) -> bool:
        number, settings = numbered
        home = tmp_path / str(number)
        (home / ".claude").mkdir(parents=True)
        (home / ".claude" / "settings.json").write_text(json.dumps(settings))
        environ = {"PATH": os.environ["PATH"], "HOME": str(home), **QUIET}
        return "did not load" in run_program(environ, program, "-p", "hello", folder=home, code=1).stderr

    with ThreadPoolExecutor(2) as threads:
        skipped = list(threads.map(skips, enumerate(cases)))
    assert [case for case, found in zip(cases, skipped, strict=True) if found != is_skipped] == []
