"""Find variables of an earlier setup that still take effect, or will in a new shell."""

from __future__ import annotations

from collections.abc import Iterator

from ccswitch_py.core.language import N_
from ccswitch_py.model.doctor_finding import Finding, FindingKind, broken, named, public, warning
from ccswitch_py.targets.claude_code.findings import helper
from ccswitch_py.targets.claude_code.inspection import ClaudeCodeInspection, finding_at
from ccswitch_py.targets.claude_code.owned_entries import is_secret
from ccswitch_py.targets.claude_code.sources.layer import LayerKind
from ccswitch_py.targets.claude_code.sources.precedence import settings_of
from ccswitch_py.targets.claude_code.variables import (
    API_KEY,
    AUTH_TOKEN,
    CLOUDS,
    HELPER,
    OAUTH_TOKEN,
    OF_GATEWAY,
    ROLE_VARIABLES,
    SECRETS,
    SMALL_FAST,
    is_off,
)
from ccswitch_py.targets.explanation import Setting

CREDENTIAL = broken(
    "credential_takes_part",
    N_("{variable} of this shell has a credential, which goes to the gateway of the profile '{profile}' as well."),
    N_("Run `unset {variable}`, and remove it from where it is set."),
)
TAKES_PART = warning(
    "variable_takes_part",
    N_("{variable} is set in this shell, and takes part in what Claude Code sends for the profile '{profile}'."),
    N_("If you do not want that, run `unset {variable}`, and remove it from where it is set."),
)
TAKES_PART_FROM_FILE = warning(
    "variable_in_start_file",
    N_("{file} sets {variable}, which will take part in what Claude Code sends for the profile '{profile}'."),
    N_("Remove it from {file}, and start a new shell."),
)
CREDENTIAL_IN_STATE = broken(
    "credential_in_claude_state",
    N_("{file} has a credential in {variable}, which goes to the gateway of the profile '{profile}' as well."),
    N_("Take {variable} out of the env of {file} while Claude Code does not run."),
)
TAKES_PART_FROM_STATE = warning(
    "variable_in_claude_state",
    N_("{file} sets {variable}, which takes part in what Claude Code sends for the profile '{profile}'."),
    N_("If you do not want that, take {variable} out of the env of {file} while Claude Code does not run."),
)
OVERRULED = warning(
    "variable_overruled",
    N_("{variable} is set in this shell; Claude Code's settings overrule it, but other programs may take it."),
    N_("If no program needs it, run `unset {variable}` and remove it from where it is set."),
)
OVERRULED_FROM_FILE = warning(
    "variable_overruled_in_start_file",
    N_("{file} sets {variable}; Claude Code's settings overrule it, but other programs may take it."),
    N_("If no program needs it, remove it from {file}."),
)
CLOUD = broken(
    "cloud_chosen",
    N_("{variable} makes Claude Code call a cloud's own service and not the gateway of the profile '{profile}'."),
    N_("Remove {variable} where it is set, or take the profile out of use with `ccswitch off`."),
)
LEFT_IN_SETTINGS = warning(
    "variable_left_in_settings",
    N_("{file} sets {variable}, which is not of the profile '{profile}' that is in use."),
    N_("Remove the line if it belongs to an earlier setup."),
)
TWO_CREDENTIALS = warning(
    "two_credentials",
    N_("{file} has more than one credential, {first} and {second}, and the gateway may get the wrong one."),
    N_("Keep the one that your gateway wants, or run `ccswitch use NAME`."),
    N_("Keep the one that your gateway wants, or make a profile with `ccswitch add` and put it in use."),
)
CHANGED = warning(
    "settings_changed_since",
    N_("{file} was changed since the profile '{profile}' was put in use: {entries}."),
    N_("Write it again with `ccswitch use {profile}`, unless you meant the change."),
)

_WITHOUT_EFFECT = (OAUTH_TOKEN, SMALL_FAST)
"""Claude Code takes no login where it has another credential, and has no use for the small model any more."""


def examine(inspection: ClaudeCodeInspection) -> Iterator[Finding]:
    """The shell first, then the user's settings."""
    profile = inspection.in_use
    if profile:
        yield from _clouds(inspection, profile)
        for name in OF_GATEWAY:
            yield from _around(inspection, profile, name)
    yield from _credentials(inspection)
    if profile:
        yield from _changed(inspection, profile)


def _clouds(inspection: ClaudeCodeInspection, profile: str) -> Iterator[Finding]:
    for name in CLOUDS:
        if (place := inspection.winner(name)) and not is_off(place.text):
            yield _at(CLOUD, place, profile)
            continue
        for later_on in settings_of(inspection.layers, name, in_force=False):
            if not later_on.entry.removes and not is_off(later_on.text):
                yield _at(TAKES_PART_FROM_FILE, later_on, profile)


def _around(inspection: ClaudeCodeInspection, profile: str, name: str) -> Iterator[Finding]:
    """Of a variable that the shell has: whether it counts, and which file will set it again."""
    strongest = next(iter(settings_of(inspection.layers, name)), None)
    counts = name not in _WITHOUT_EFFECT and (strongest is None or strongest.layer.kind is LayerKind.PROCESS)
    for place in settings_of(inspection.layers, name):
        if place.layer.kind is LayerKind.STATE and place == strongest and place.text and name not in _WITHOUT_EFFECT:
            kind = CREDENTIAL_IN_STATE if _is_credential(place) else TAKES_PART_FROM_STATE
            yield _at(kind, place, profile)
        if place.layer.kind is LayerKind.PROCESS and place.text:
            kind = OVERRULED if not counts else CREDENTIAL if _is_credential(place) else TAKES_PART
            yield _at(kind, place, profile)
    for place in settings_of(inspection.layers, name, in_force=False):
        is_told_as_key = name in SECRETS and not counts
        if not (place.entry.removes or place.entry.is_empty or is_told_as_key):
            yield _at(TAKES_PART_FROM_FILE if counts else OVERRULED_FROM_FILE, place, profile)


def _is_credential(place: Setting) -> bool:
    return is_secret(("env", place.entry.name), place.text)


def _credentials(inspection: ClaudeCodeInspection) -> Iterator[Finding]:
    user = inspection.user
    if user is None or user.path is None:
        return
    there = [name for name in (HELPER, AUTH_TOKEN, API_KEY) if (entry := user.last(name)) and not entry.is_empty]
    if len(there) > 1:
        told = {"first": public(there[0]), "second": public(there[1])}
        yield Finding(TWO_CREDENTIALS, told, user.path)


def _changed(inspection: ClaudeCodeInspection, profile: str) -> Iterator[Finding]:
    state = inspection.general.live_state(inspection.target)
    if state is None:
        return
    changed = [str(path[-1]) for path in state.theirs()]
    if changed:
        told = {"profile": named(profile), "entries": public(", ".join(changed))}
        # That only the way to our key command was changed is told by what is wrong with that command.
        yield Finding(CHANGED, told, state.file.path, unless=helper.CODES if changed == [HELPER] else ())
    user, of_profile = inspection.user, inspection.general.profiles.get(profile)
    if user is None or of_profile is None:
        return
    for role, name in ROLE_VARIABLES.items():
        entry = user.last(name)
        if entry and not entry.is_empty and role not in of_profile.models and name not in changed:
            yield _at(LEFT_IN_SETTINGS, Setting(user, entry), profile)


def _at(kind: FindingKind, place: Setting, profile: str) -> Finding:
    return finding_at(kind, place, {"variable": public(place.entry.name), "profile": named(profile)})
