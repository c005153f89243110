"""The targets by id; the one place to name a new one."""

from __future__ import annotations

from ccswitch_py.errors import NotFound
from ccswitch_py.language import listed, plain, tr
from ccswitch_py.targets.claude_code import ClaudeCode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ccswitch_py.targets.base import Target

TARGETS: dict[str, Target] = {target.id: target for target in (ClaudeCode(),)}


def find_target(target_id: str) -> Target:
    """The target with this id; raises ``NotFound`` naming those there are."""
    if target_id not in TARGETS:
        raise NotFound(
            tr("There is no target '{target_id}'.", target_id=plain(target_id)),
            tr("Choose one of: {names}.", names=listed(TARGETS)),
        )
    return TARGETS[target_id]
