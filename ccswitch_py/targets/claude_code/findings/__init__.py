"""The doctor's examinations of Claude Code: ``AREAS`` has one function for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ccswitch_py.model.doctor_finding import Finding
from ccswitch_py.targets.claude_code.findings import (
    decisions,
    definitions,
    helper,
    loopback,
    plaintext,
    project,
    settings,
    variables,
    versions,
)
from ccswitch_py.targets.claude_code.inspection import ClaudeCodeInspection

AREAS: Mapping[str, Callable[[ClaudeCodeInspection], Iterator[Finding]]] = {
    "settings": settings.examine,
    "decisions": decisions.examine,
    "definitions": definitions.examine,
    "variables": variables.examine,
    "helper": helper.examine,
    "loopback": loopback.examine,
    "project": project.examine,
    "plaintext": plaintext.examine,
    "versions": versions.examine,
}
PUBLIC_NAMES = frozenset(
    (
        *(".claude", ".claude.json", "settings.json", "settings.local.json", ".credentials.json", "claude"),
        *("claude-code", "ClaudeCode", "managed-settings.json", "managed-settings.d", "config.json", "claude.json"),
        *(".cc-switch", "cc-switch.db", "backups", ".claude-code-router", ".env", ".mcp.json"),
    )
)
"""Names of files and folders that are the same on every machine."""
