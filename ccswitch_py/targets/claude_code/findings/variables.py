"""Find variables of an earlier setup that still take effect, or will in a new shell."""

from __future__ import annotations

from collections.abc import Iterator

from ccswitch_py.core.language import N_, join_list
from ccswitch_py.model.doctor_finding import Finding, FindingKind, broken, named, public, warning
from ccswitch_py.redact.plaintext_keys import stands_for_key
from ccswitch_py.targets.claude_code import variables
from ccswitch_py.targets.claude_code.findings import helper
from ccswitch_py.targets.claude_code.inspection import ClaudeCodeInspection, finding_at
from ccswitch_py.targets.claude_code.owned_entries import header_is_secret, is_secret, parse_headers
from ccswitch_py.targets.claude_code.sources.layer import LayerKind
from ccswitch_py.targets.claude_code.sources.precedence import possible_settings, settings_of
from ccswitch_py.targets.claude_code.variables import API_KEY, AUTH_TOKEN, CLOUDS, HELPER, is_off
from ccswitch_py.targets.explanation import Setting
from ccswitch_py.targets.file_findings import CHANGED, values_for

_UNSET = N_("If you do not want that, run `unset {entry}`, and remove it from where it is set.")
_NOT_NEEDED = N_("Unless another program needs it, remove it from where it is set.")

CREDENTIAL = broken(
    "credential_takes_part",
    N_("{entry} of this shell has a credential, which also goes to the gateway of the profile '{profile}'."),
    N_("Run `unset {entry}`, and remove it from where it is set."),
)
TAKES_PART = warning(
    "variable_takes_part",
    N_("{entry} of this shell changes what Claude Code sends for the profile '{profile}'."),
    _UNSET,
)
TAKES_PART_FROM_FILE = warning(
    "variable_in_start_file",
    N_("{file} sets {entry}, which will change what Claude Code sends for the profile '{profile}'."),
    N_("Remove it from {file}, and start a new shell."),
)
MAY_TAKE_PART_FROM_FILE = warning(
    "variable_possible_in_start_file",
    N_("{file} may set {entry}, which would change what Claude Code sends for the profile '{profile}'."),
    N_("It is in a function or under a condition, or is not exported: remove it from {file} if you do not need it."),
)
LATER = warning(
    "decided_in_new_terminals",
    N_("{file} sets {entry}, which changes what Claude Code does in new terminals."),
    N_("Remove it from {file}, unless you meant it."),
)
MAY_LATER = warning(
    "may_decide_in_new_terminals",
    N_("{file} may set {entry}, which would change what Claude Code does in new terminals."),
    N_("Remove it from {file}, unless you meant it."),
)
CREDENTIAL_IN_STATE = broken(
    "credential_in_claude_state",
    N_("{file} has a credential in {entry}, which also goes to the gateway of the profile '{profile}'."),
    N_("Quit Claude Code, then remove {entry} from env in {file}."),
)
TAKES_PART_FROM_STATE = warning(
    "variable_in_claude_state",
    N_("{file} sets {entry}, which changes what Claude Code sends for the profile '{profile}'."),
    N_("If you do not want that, quit Claude Code, then remove {entry} from env in {file}."),
)
OVERRULED = warning(
    "variable_overruled",
    N_("{entry} is set in this shell. Claude Code's settings override it, but other programs may use it."),
    _NOT_NEEDED,
)
OVERRULED_FROM_FILE = warning(
    "variable_overruled_in_start_file",
    N_("{file} sets {entry}. Claude Code's settings override it, but other programs may use it."),
    _NOT_NEEDED,
)
CLOUD = broken(
    "cloud_chosen",
    N_("{entry} makes Claude Code call a cloud service instead of the gateway of the profile '{profile}'."),
    N_("Remove {entry} where it is set, or run `ccswitch off`."),
)
TWO_CREDENTIALS = warning(
    "two_credentials",
    N_("{file} has more than one credential, {first} and {second}, and the gateway may use the wrong one."),
    N_("Keep the one that your gateway needs, or run `ccswitch use NAME`."),
)
_WITHOUT_EFFECT = (variables.OAUTH_TOKEN, variables.SMALL_FAST)
"""Claude Code sends no login beside another credential, and no longer uses the small model."""


def examine(inspection: ClaudeCodeInspection) -> Iterator[Finding]:
    """The environment first, then the user's settings."""
    profile = inspection.in_use
    if profile:
        yield from _clouds(inspection, profile)
        for name in variables.OF_GATEWAY:
            yield from _of_gateway(inspection, profile, name)
        yield from _possible(inspection, profile)
    for one in inspection.later_decisions:
        yield finding_at(LATER if sets_certainly(one.setting) else MAY_LATER, one.setting)
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


def _is_credential(name: str, text: str) -> bool:
    """Whether a variable has a credential, and not only a placeholder or a reference."""
    values = [text]
    if name == variables.CUSTOM_HEADERS:
        values = [value for header, value in parse_headers(text) if header_is_secret(header, value)]
    return is_secret(("env", name), text) and not all(map(stands_for_key, values))


def _possible(inspection: ClaudeCodeInspection, profile: str) -> Iterator[Finding]:
    """What a start file may set; one finding for each file."""
    names = [name for name in (*CLOUDS, *variables.OF_GATEWAY) if _takes_effect_from_shell(inspection, name)]
    by_file: dict[str, list[Setting]] = {}
    for place in possible_settings(inspection.layers, *names):
        if not place.entry.removes:
            by_file.setdefault(place.location.rpartition(":")[0], []).append(place)
    for places in by_file.values():
        entry = public(join_list(dict.fromkeys(place.entry.name for place in places)))
        yield finding_at(MAY_TAKE_PART_FROM_FILE, places[0], {"profile": named(profile), "entry": entry})


def new_in_later_terminals(inspection: ClaudeCodeInspection) -> Iterator[Setting]:
    """What start files set, or may set, that this terminal has not and no settings file overrides."""
    names = [
        name
        for name in (*CLOUDS, *variables.OF_GATEWAY, *variables.PROXIES)
        if _takes_effect_from_shell(inspection, name)
    ]
    places = (
        *(place for name in names for place in settings_of(inspection.layers, name, in_force=False)),
        *possible_settings(inspection.layers, *names),
        *(one.setting for one in inspection.later_decisions),
    )
    for place in {(place.location, place.entry.name): place for place in places}.values():
        is_off_cloud = place.entry.name in CLOUDS and place.entry.value is not None and is_off(place.text)
        is_here = place.text and inspection.environ.get(place.entry.name) == place.text
        if not (place.entry.removes or place.entry.is_empty or is_off_cloud or is_here):
            yield place


def sets_certainly(place: Setting) -> bool:
    """Whether a start file certainly sets this value."""
    return place.entry.certain and place.entry.value is not None


def _takes_effect_from_shell(inspection: ClaudeCodeInspection, name: str) -> bool:
    """Whether no settings file has the variable, so that one of a shell counts."""
    strongest = next(iter(settings_of(inspection.layers, name)), None)
    return name not in _WITHOUT_EFFECT and (strongest is None or strongest.layer.kind is LayerKind.PROCESS)


def _of_gateway(inspection: ClaudeCodeInspection, profile: str, name: str) -> Iterator[Finding]:
    """Whether a variable takes effect, and which start file will set it again."""
    strongest = next(iter(settings_of(inspection.layers, name)), None)
    counts = _takes_effect_from_shell(inspection, name)
    for place in filter(lambda place: place.text, settings_of(inspection.layers, name)):
        is_credential = _is_credential(name, place.text)
        if place.layer.kind is LayerKind.STATE and place == strongest and name not in _WITHOUT_EFFECT:
            yield _at(CREDENTIAL_IN_STATE if is_credential else TAKES_PART_FROM_STATE, place, profile)
        if place.layer.kind is LayerKind.PROCESS:
            yield _at(OVERRULED if not counts else CREDENTIAL if is_credential else TAKES_PART, place, profile)
    for place in settings_of(inspection.layers, name, in_force=False):
        is_reported_as_key = name in variables.SECRETS and not counts
        if not (place.entry.removes or place.entry.is_empty or is_reported_as_key):
            yield _at(TAKES_PART_FROM_FILE if counts else OVERRULED_FROM_FILE, place, profile)


def _credentials(inspection: ClaudeCodeInspection) -> Iterator[Finding]:
    user = inspection.user
    if user is None or user.path is None:
        return
    there = [name for name in (HELPER, AUTH_TOKEN, API_KEY) if (entry := user.last(name)) and not entry.is_empty]
    if len(there) > 1:
        yield Finding(TWO_CREDENTIALS, {"first": public(there[0]), "second": public(there[1])}, user.path)


def _changed(inspection: ClaudeCodeInspection, profile: str) -> Iterator[Finding]:
    state = inspection.general.live_state(inspection.target)
    if state is None:
        return
    changed = [str(path[-1]) for path in state.theirs()]
    if changed:
        values = values_for(inspection.target, profile) | {"entries": public(", ".join(changed))}
        # If only our key command was changed, what is wrong with that command says it all.
        yield Finding(CHANGED, values, state.file.path, unless=helper.CODES if changed == [HELPER] else ())


def _at(kind: FindingKind, place: Setting, profile: str) -> Finding:
    return finding_at(kind, place, {"profile": named(profile)})
