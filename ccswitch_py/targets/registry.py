"""The targets by id; the one place to name a new one."""

from __future__ import annotations

from ccswitch_py.core.errors import NotFound
from ccswitch_py.core.language import _, join_list, quoted
from ccswitch_py.targets.claude_code.target import ClaudeCode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ccswitch_py.targets.base import Target

DEFAULT_TARGET = ClaudeCode.id
TARGETS: dict[str, Target] = {target.id: target for target in (ClaudeCode(),)}


def find_target(target_id: str) -> Target:
    """The target with this id; raises ``NotFound`` naming those there are."""
    if target_id not in TARGETS:
        raise NotFound(
            _("There is no target '{target_id}'.", target_id=quoted(target_id)),
            _("Choose one of: {names}.", names=join_list(TARGETS)),
        )
    return TARGETS[target_id]
