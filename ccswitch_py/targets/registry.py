"""The targets by id; the one place to name a new one."""

from __future__ import annotations

from ccswitch_py.core.errors import NotFound
from ccswitch_py.core.language import N_, _, quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from ccswitch_py.targets.base import Target

DEFAULT_TARGET = "claude-code"
ALL_TARGETS = "all"
"""In the place of an id: every installed tool."""
_MODULES = {
    "claude-code": "claude_code.target.ClaudeCode",
    "codex": "codex.Codex",
    "opencode": "opencode.OpenCode",
    "kilo": "kilo.Kilo",
    "pi": "pi.Pi",
    "cline": "cline.Cline",
    "droid": "droid.Droid",
    "copilot": "copilot.Copilot",
    "gemini-cli": "gemini_cli.GeminiCli",
    "qwen-code": "qwen_code.QwenCode",
    "openclaw": "openclaw.OpenClaw",
    "aider": "aider.Aider",
    "continue": "continue_cli.Continue",
    "hermes": "hermes.Hermes",
    "claude-code-router": "claude_code_router.ClaudeCodeRouter",
    "crush": "crush.Crush",
    "claude-code-vscode": "claude_code.vs_code.ClaudeCodeInVsCode",
    "claude-desktop": "claude_desktop.ClaudeDesktop",
    "anthropic-sdk": "sdks.AnthropicSdk",
    "openai-sdk": "sdks.OpenAiSdk",
    "google-genai": "sdks.GoogleGenAiSdk",
}
"""Where each target's class is."""


UNSUPPORTED = {
    "amp": N_("It works only with its vendor's account and service."),
    "auggie": N_("It speaks its own protocol to its vendor's service."),
    "qoder": N_("Its custom models are set up in its account, not on this machine."),
}
"""Tools that users ask for, and why there is no target for them."""


class Targets:
    """The targets by id, each loaded when it is first asked for: a switch needs one of many."""

    def __init__(self) -> None:
        self._targets: dict[str, Target | None] = dict.fromkeys(_MODULES)

    def __getitem__(self, target_id: str) -> Target:
        target = self._targets[target_id]
        if target is None:
            module, _dot, name = _MODULES[target_id].rpartition(".")
            target = self._targets[target_id] = getattr(
                __import__(f"ccswitch_py.targets.{module}", fromlist=[name]), name
            )()
        return target

    def __setitem__(self, target_id: str, target: Target) -> None:
        self._targets[target_id] = target

    def __delitem__(self, target_id: str) -> None:
        del self._targets[target_id]

    def __contains__(self, target_id: object) -> bool:
        return target_id in self._targets

    def __iter__(self) -> Iterator[str]:
        return iter(self._targets)

    def __len__(self) -> int:
        return len(self._targets)

    def get(self, target_id: str, default: Any = None) -> Any:
        """The target with this id, or the default."""
        try:
            return self[target_id]
        except KeyError:
            return default

    def values(self) -> Iterator[Target]:
        """All of them."""
        return (self[target_id] for target_id in self)


TARGETS = Targets()


def find_target(target_id: str) -> Target:
    """The target with this id; raises ``NotFound`` suggesting what may be meant."""
    if target_id not in TARGETS:
        raise NotFound(_("There is no target '{target_id}'.", target_id=quoted(target_id)), _suggestion(target_id))
    return TARGETS[target_id]


def similar_target(text: str) -> str | None:
    """The target that a user may mean by its program, its name or a slip of the pen."""
    from difflib import get_close_matches

    ids = {word.lower(): one.id for one in reversed([*TARGETS.values()]) for word in (one.name, one.program) if word}
    ids |= {target_id: target_id for target_id in TARGETS}
    near = get_close_matches(text.lower(), ids, 1)
    return ids[near[0]] if near else None


def _suggestion(target_id: str) -> str:
    if "," in target_id:
        return _("Repeat --target for each tool.")
    if near := similar_target(target_id):
        return _("Did you mean '{name}'?", name=near)
    return _("See `ccswitch targets` for those there are.")
