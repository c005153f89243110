"""Find what to know about what Claude Code will use in a folder, though nothing is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ccswitch_py.core.language import _
from ccswitch_py.targets.claude_code.explain.faults import with_step
from ccswitch_py.targets.claude_code.findings.settings import was_answered
from ccswitch_py.targets.claude_code.inspection import ClaudeCodeInspection
from ccswitch_py.targets.claude_code.sources.layer import OF_PROJECT
from ccswitch_py.targets.claude_code.sources.precedence import AUTHORIZATION, X_API_KEY, active_cloud
from ccswitch_py.targets.claude_code.variables import API_KEY, SMALL_FAST, UNCHECKED
from ccswitch_py.targets.explanation import Setting


def find_notes(inspection: ClaudeCodeInspection, winners: Mapping[str, Setting | None]) -> list[str]:
    """What to know about the whole."""
    unread = (with_step(layer) for layer in inspection.layers if layer.problem and not layer.in_force and layer.path)
    return [
        *_of_address(inspection),
        *_of_credentials(inspection, winners),
        *_of_the_rest(inspection, winners),
        *unread,
    ]


def _of_address(inspection: ClaudeCodeInspection) -> Iterator[str]:
    if cloud := active_cloud(inspection.layers):
        yield _(
            "{name} is set ({place}): Claude Code calls that cloud and not ANTHROPIC_BASE_URL, and may send it the "
            "same key. ccswitch's own key command gives it none.",
            name=cloud.entry.name,
            place=cloud.location,
        )
    unchecked = inspection.winner(UNCHECKED)
    if unchecked and unchecked.text == "0":
        yield _(
            "{name} is 0 ({place}): certificates are not checked, so that anybody on the way can read the key.",
            name=UNCHECKED,
            place=unchecked.location,
        )


def _of_credentials(inspection: ClaudeCodeInspection, winners: Mapping[str, Setting | None]) -> Iterator[str]:
    bearer, key = winners[AUTHORIZATION], winners[X_API_KEY]
    is_rejected = key is not None and was_answered(inspection.state, key.text, "rejected")
    if bearer and key and bearer != key:
        yield _(
            "Two credentials are sent, {first} and {second}; which one counts is for the gateway to choose.",
            first=bearer.entry.name,
            second=key.entry.name,
        )
    if key is None or key.entry.name != API_KEY:
        return
    if is_rejected and bearer:
        yield _(
            "Claude Code was once told No about the key in {entry}: in its own screen it does not use it, while "
            "`claude -p` does.",
            entry=API_KEY,
        )
    elif not is_rejected and not was_answered(inspection.state, key.text, "approved"):
        yield _("Claude Code's screen asks before it uses ANTHROPIC_API_KEY for the first time; claude -p does not.")


def _of_the_rest(inspection: ClaudeCodeInspection, winners: Mapping[str, Setting | None]) -> Iterator[str]:
    small = inspection.winner(SMALL_FAST)
    if small:
        yield _(
            "{name} ({place}) has no effect any more; {variable} names the model of haiku.",
            name=SMALL_FAST,
            place=small.location,
            variable="ANTHROPIC_DEFAULT_HAIKU_MODEL",
        )
    if any(place and place.layer.kind in OF_PROJECT for place in winners.values()):
        yield _("Claude Code's screen takes the folder's settings once you trust the folder; claude -p at once.")
