"""Settings that Claude Code takes, and those of a wrong type for which it skips the whole file."""

from __future__ import annotations

from typing import Any

RIGHT: list[dict[str, Any]] = [
    {"anything": {"of": ["no", "concern"]}},
    {"env": {"A": "text", "B": 5, "C": None, "D": [1], "E": {}}},
    {"hooks": []},
    {"hooks": {"PostToolUse": {"matcher": "Bash"}, "NoSuchEvent": []}},
    {"permissions": {"allow": ["Bash(", 5], "defaultMode": "plan"}},
    {"theme": 5},
    {"effortLevel": "zzz"},
    {"modelPicker": "x"},
    {"deniedModels": "x"},
    {"statusLine": {"type": "command", "command": "echo"}},
    {"cleanupPeriodDays": 30},
    {"includeCoAuthoredBy": False},
]
WRONG: list[dict[str, Any]] = [
    {"model": 5},
    {"apiKeyHelper": None},
    {"env": []},
    {"env": "A=1"},
    {"cleanupPeriodDays": "30"},
    {"cleanupPeriodDays": 0},
    {"cleanupPeriodDays": 1.5},
    {"permissions": []},
    {"permissions": {"allow": "Read"}},
    {"permissions": {"defaultMode": "yolo"}},
    {"permissions": {"additionalDirectories": [5]}},
    {"statusLine": "echo"},
    {"statusLine": {"type": "command"}},
    {"statusLine": {"command": "echo"}},
    {"outputStyle": 5},
    {"includeCoAuthoredBy": "yes"},
    {"alwaysThinkingEnabled": "no"},
    {"enabledPlugins": []},
    {"availableModels": "x"},
    {"availableModels": [5]},
    {"fallbackModel": "x"},
    {"modelOverrides": {"a": 5}},
    {"sandbox": {"network": {"allowedDomains": "x"}}},
    {"disableAllHooks": "true"},
    {"language": 5},
    {"spinnerVerbs": {}},
    {"hooks": {"PreToolUse": {"matcher": "Bash"}}},
    {"hooks": {"PreToolUse": [{"matcher": 5, "hooks": []}]}},
    {"hooks": {"PermissionRequest": [{"hooks": [{"type": "zz"}]}]}},
]
