"""What a profile may say to its target beyond address, key and models, for forms and options.

The names, values and checks are the target's; ``SWITCHES`` has for each compatibility switch the usual value and what
it does (marked for translation).
"""

from __future__ import annotations

from ccswitch_py.targets.claude_code.options import checked_options, typed_headers, typed_tokens
from ccswitch_py.targets.claude_code.switches import COMPATIBILITY_SWITCHES as SWITCHES
from ccswitch_py.targets.registry import DEFAULT_TARGET, find_target

__all__ = ["SWITCHES", "checked_options", "settings_file_name", "typed_headers", "typed_tokens"]


def settings_file_name() -> str:
    """What users call the file that the target reads."""
    return find_target(DEFAULT_TARGET).settings_name
