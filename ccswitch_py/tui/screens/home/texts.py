"""What stands above the profiles: what is in use, and whether the live file still says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccswitch_py.core.language import _, labelled
from ccswitch_py.redact.printable import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ccswitch_py.services.status import TargetStatus


def state_sentence(targets: Sequence[TargetStatus]) -> tuple[str, bool]:
    """One line for all targets, and whether something is to be looked at."""
    told = [_target_sentence(target) for target in targets]
    return "  ".join(sentence for sentence, _ in told), any(wrong for _, wrong in told)


def _target_sentence(target: TargetStatus) -> tuple[str, bool]:
    if target.problem:
        return f"! {labelled(target.name, printable(target.problem))}", True
    profile = printable(target.profile or "")
    if not profile and target.base_url:
        url = printable(target.base_url)
        return _("○ {tool} uses no profile; its settings call {url}.", tool=target.name, url=url), False
    if not profile:
        return _("○ {tool} uses no profile.", tool=target.name), False
    if target.changed_by_others:
        return _(
            "! {tool} uses {profile}, but another program has changed it.", tool=target.name, profile=profile
        ), True
    if target.edited_since:
        return _("! {tool} uses {profile} as it was before it was edited.", tool=target.name, profile=profile), True
    return _("● {tool} uses {profile}.", tool=target.name, profile=profile), False
