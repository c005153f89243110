"""The repair that writes the profile in use again: for what ccswitch itself put into Claude Code's settings."""

from __future__ import annotations

from ccswitch_py.core.language import _
from ccswitch_py.model.doctor_finding import Repair
from ccswitch_py.services.apply.apply import ChangeSet, use
from ccswitch_py.services.apply.preview import diff_lines
from ccswitch_py.targets.claude_code.inspection import Inspection


def use_again(scene: Inspection) -> Repair | None:
    """None where no profile is in use, or others have changed what it wrote: that would then count as the user's.

    What was previewed is what is written, or nothing.
    """
    situation, profile = scene.situation, scene.in_use
    if situation is None or profile not in scene.profiles or situation.theirs():
        return None
    seen: list[ChangeSet] = []

    def preview() -> list[str]:
        seen[:] = [use(scene.paths, profile, dry_run=True)]
        return [
            _("ccswitch use {profile}", profile=profile),
            *(line for change in seen[0].changes for line in diff_lines(change)),
        ]

    def run() -> None:
        use(scene.paths, profile, agreed=seen[0] if seen else None)

    return Repair(f"use {profile}", preview, run)
