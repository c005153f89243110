"""Mask the value of a setting by its kind."""

from __future__ import annotations

from ccswitch_py.redact.masking import mask_command, mask_text, mask_url
from ccswitch_py.redact.secret import Secret
from ccswitch_py.targets.claude_code.owned_entries import header_is_secret, parse_headers
from ccswitch_py.targets.claude_code.variables import BASE_URL, CLOUDS, CUSTOM_HEADERS, HELPER, PROXIES, SECRETS
from ccswitch_py.vault.key_command_line import KeyCommand


def masked(name: str, value: str) -> str:
    """Return the value of the setting ``name`` with keys, and what looks like one, masked."""
    if not value:
        return ""
    if name in SECRETS:
        return Secret(value).masked
    if name == CUSTOM_HEADERS:
        return "\n".join(f"{header}: {_header(header, text)}" for header, text in parse_headers(value))
    if name == HELPER:
        return mask_text(value) if KeyCommand.parse(value) else mask_command(value)
    return mask_url(value) if name in (BASE_URL, *CLOUDS.values(), *PROXIES) else mask_text(value)


def _header(name: str, value: str) -> str:
    return Secret(value).masked if header_is_secret(name, value) else mask_text(value)
