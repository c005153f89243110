"""Warn of what makes Claude Code pass over a profile in use: the administrator's settings, a host, and switches.

On the path of ``ccswitch use``: what is not set costs a look at the environment and at the top of the settings.
"""

from __future__ import annotations

import os

from ccswitch_py.core.language import _
from ccswitch_py.core.paths import from_home
from ccswitch_py.formats.base import UnreadableText
from ccswitch_py.targets.base import Conflict
from ccswitch_py.targets.claude_code.deciding import deciding
from ccswitch_py.targets.claude_code.settings import managed_files, variables_of
from ccswitch_py.targets.claude_code.settings_schema import check_types

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from ccswitch_py.targets.base import Environment
    from ccswitch_py.targets.claude_code.settings import Settings


def overrides(file: str, text: str | None, settings: Settings | None, env: Environment) -> Iterator[Conflict]:
    """What would pass over a user's settings with this text, which parses to ``settings``."""
    if settings is None:
        return
    text = text or "{}"
    try:
        check_types(text)
    except UnreadableText as fault:
        yield Conflict(
            _(
                "Claude Code skips all of {file} because of line {line}: {reason}.",
                file=from_home(file),
                line=fault.line,
                reason=fault.reason,
            ),
            _("Fix that line."),
        )
    certain = {name for name, row in deciding().items() if row.when != "may" and row.decides != "headers"}
    if not certain.isdisjoint((*env, *settings, *variables_of(settings))) or any(map(os.path.exists, managed_files())):
        yield from _decided(text, env)


def _decided(text: str, env: Environment) -> Iterator[Conflict]:
    from ccswitch_py.targets.claude_code.findings.decisions import overriding

    for finding in overriding(text, env):
        yield Conflict(finding.sentence, finding.fix)
