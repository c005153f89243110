"""The tool's own program, which the live test may ask where a gateway serves no other client."""

from __future__ import annotations


def require_real_client() -> None:
    """Raise ``NotFound`` where the tool is not installed."""
    from ccswitch_py.targets.claude_code.real_client import find_claude

    find_claude()
