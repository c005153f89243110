"""What of the user's own would take a target away from the gateway of any profile, whatever address is written."""

from __future__ import annotations

import os

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import _, join_sentences
from ccswitch_py.targets.claude_code.settings import TooDeeplyNested, parse_settings, variables_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ccswitch_py.live_files.change import Change
    from ccswitch_py.live_files.live_state import LiveState
    from ccswitch_py.targets.base import Target


def check_no_cloud_override(situation: LiveState) -> None:
    """Raise ``BadInput`` for a live file that has one: "in use" would be untrue, and it is not ours to remove."""
    rivals = situation.target.rivals(_variables(situation.text))
    if rivals:
        raise BadInput(
            _(
                "{variable} in {file} makes {program} call a cloud and not the gateway, so no profile can be used.",
                variable=rivals[0],
                file=situation.live.path,
                program=situation.target.name,
            ),
            _("Remove {variable} there, then do this again.", variable=rivals[0]),
        )


def shell_cloud_overrides(target: Target, change: Change) -> list[str]:
    """What to say of those in this process's environment that the changed file does not overrule."""
    overruled = _variables(change.after)
    return [
        join_sentences(
            _(
                "{variable} of this shell makes {program} call a cloud and not the gateway, so it gets no key.",
                variable=variable,
                program=target.name,
            ),
            _("Run `unset {variable}`, and remove it from where it is set.", variable=variable),
        )
        for variable in target.rivals(os.environ)
        if variable not in overruled
    ]


def _variables(text: str | None) -> dict[str, Any]:
    try:
        return variables_of(parse_settings(text or ""))
    except TooDeeplyNested:
        return {}  # the key command gives no key then
