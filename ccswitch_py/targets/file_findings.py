"""The doctor's examination of a tool's own files: readable, as the profile wrote them, effective, no plaintext keys.

The kinds of findings that other examinations share are here too.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.core.files import UnreadableFile, read_text
from ccswitch_py.core.language import N_, _, join_list
from ccswitch_py.formats.base import path_text
from ccswitch_py.live_files.live_file import LiveFile, secret_entries
from ccswitch_py.live_files.live_state import LiveState, read_live_state
from ccswitch_py.model.doctor_finding import (
    Finding,
    FindingValue,
    broken,
    free_text,
    named,
    ok,
    problem_values,
    public,
    warning,
)
from ccswitch_py.redact.plaintext_keys import Certainty, PlaintextKey, keys_in_json, keys_in_shell
from ccswitch_py.targets.base import Target
from ccswitch_py.targets.inspection import Inspection
from ccswitch_py.targets.key_command_findings import HANGS, find_fault, target_values, values_of
from ccswitch_py.targets.key_command_findings import READY as COMMAND_READY
from ccswitch_py.vault.key_command_line import KeyCommand

READY = ok("settings_ready", N_("{file} can be read."))
UNUSABLE = broken("settings_unusable", N_("{file} cannot be used: {detail}"), "{hint}")
CHANGED = warning(
    "settings_changed_since",
    N_("{file} was changed after the profile '{profile}' was applied: {entries}."),
    N_("Run `ccswitch use {profile}{target_option}` to apply it again, unless you meant the change."),
)
OVERRIDDEN = warning("profile_overridden", "{detail}", "{hint}")
ASKED_FOR = warning(
    "plaintext_asked_for",
    N_("The key is in plaintext in {file}, as the profile '{profile}' requests."),
    N_("To keep it in the keyring, run `ccswitch edit {profile} --delivery {delivery}{target_option}`."),
)
NO_OTHER_WAY = warning(
    "plaintext_only",
    N_("The key is in plaintext in {file}, as the profile '{profile}' requests: {tool} accepts it in no other way."),
    N_("To remove it, run `ccswitch off{target_option}`."),
)
IN_FILE = warning(
    "plaintext_in_tool_file",
    N_("{entry} in {file} has a key in plaintext."),
    N_("Store it with `ccswitch add`, run `ccswitch use NAME{target_option}`, and remove it from {file}."),
)
POSSIBLE = warning(
    "plaintext_possible",
    N_("{entry} in {file} may have a key in plaintext."),
    N_("If it is a key, and the program that needs it can read it from a keyring, move it there."),
)
FOR_OTHERS = broken(
    "plaintext_readable_by_others",
    N_("Other users of this machine can read {file}, which contains a key in plaintext."),
    N_("Run `chmod 600 {file}`, then `ccswitch doctor`; if others may have read the key, replace it at the gateway."),
)

_JSON = ("json", "jsonc", "json5")


def examine(target: Target, inspection: Inspection, key_files: Sequence[str]) -> Iterator[Finding]:
    """Each live file that is there, then ``key_files``: further files in which the tool keeps keys."""
    for file in target.live_files(inspection.environ):
        yield from _of_live_file(target, inspection, file)
    for path in key_files:
        try:
            text = read_text(path) or ""
        except UnreadableFile:
            continue
        yield from _plaintext(target, path, list(_keys_in(text, is_json=path.endswith(".json"))))


def asks_for_plaintext(inspection: Inspection, target: Target, profile: str | None) -> bool:
    """Whether a profile has its key written in plaintext for this tool."""
    found = inspection.profiles.get(profile or "")
    return found is not None and (found.targets.get(target.id, {}).get("delivery") or found.delivery) == "plaintext"


def is_open(path: str) -> bool:
    """Whether file and folders let anybody read it, or a group other than the user's own."""
    if os.name != "posix":
        return False
    try:
        real = Path(os.path.realpath(path))
        found, around = real.stat(), [folder.stat().st_mode for folder in real.parents]
    except OSError:
        return False
    if found.st_mode & 0o004 and all(mode & 0o001 for mode in around):
        return True
    return bool(found.st_mode & 0o040 and found.st_gid != os.getgid() and all(mode & 0o011 for mode in around))


def _of_live_file(target: Target, inspection: Inspection, file: LiveFile) -> Iterator[Finding]:
    try:
        state = read_live_state(inspection.paths, target.id, file)
    except CcswitchError as problem:
        yield Finding(UNUSABLE, problem_values(problem.message, problem.hint, "damaged"), file.path)
        return
    text = state.content.text
    if text is None:
        return
    state.recognise(target.find_ours)
    yield Finding(READY, path=file.path)
    yield from _command(target, inspection, state)
    if state.profile:
        yield from _effect(target, inspection, state, state.profile)
    keys = list(_keys_in(text, is_json=file.format_id in _JSON))
    requested = _requested(inspection, target, state, text)
    if ours := [key for key in keys if key.line in requested]:
        kind = NO_OTHER_WAY if target.deliveries == ("plaintext",) else ASKED_FOR
        values = values_for(target, state.profile or "")
        yield Finding(kind, values, file.path, ours[0].line)
    yield from _plaintext(target, file.path, [key for key in keys if key not in ours])


def _command(target: Target, inspection: Inspection, state: LiveState) -> Iterator[Finding]:
    command = next(filter(None, (KeyCommand.find(state.value(path)) for path in state.file.owned)), None)
    if command:
        kind = find_fault(inspection, command, start=True)
        auto_fix = None if kind in (None, HANGS) else inspection.apply_again(target)
        yield Finding(kind or COMMAND_READY, values_of(target, command), state.file.path, auto_fix=auto_fix)


def _effect(target: Target, inspection: Inspection, state: LiveState, profile: str) -> Iterator[Finding]:
    if finding := changed_since(target, state, profile):
        yield finding
    for conflict in target.conflicts(inspection.environ, {state.file: state.content.text}):
        yield Finding(OVERRIDDEN, problem_values(conflict.message, conflict.hint), state.file.path)


def changed_since(target: Target, state: LiveState, profile: str) -> Finding | None:
    """What others have changed of a profile's entries."""
    if not (changed := state.theirs()):
        return None
    entries = {"entries": public(join_list(map(path_text, changed)))}
    return Finding(CHANGED, values_for(target, profile) | entries, state.file.path)


def _requested(inspection: Inspection, target: Target, state: LiveState, text: str) -> set[int]:
    """The lines of the key that the profile in use has written in plaintext."""
    if not asks_for_plaintext(inspection, target, state.profile):
        return set()
    spans = state.file.format.spans(text, secret_entries(state.file, text))
    return {
        line + 1
        for found in spans.values()
        for start, end in found
        for line in range(text.count("\n", 0, start), text.count("\n", 0, end) + 1)
    }


def _plaintext(target: Target, path: str, keys: list[PlaintextKey]) -> Iterator[Finding]:
    certain = [key for key in keys if key.certainty is Certainty.CERTAIN]
    if certain and is_open(path):
        yield Finding(FOR_OTHERS, path=path, line=certain[0].line)
        return
    for kind, of_kind in ((IN_FILE, certain), (POSSIBLE, [key for key in keys if key not in certain])):
        if of_kind:
            names = dict.fromkeys(key.name or _("line {line}", line=key.line) for key in of_kind)
            values = target_values(target) | {"entry": free_text(join_list(names))}
            yield Finding(kind, values, path, of_kind[0].line)


def _keys_in(text: str, *, is_json: bool) -> Iterator[PlaintextKey]:
    """The keys of a text; the lines of TOML, YAML and ``.env`` read like assignments of a shell."""
    return keys_in_json(text) if is_json else keys_in_shell(text)


def values_for(target: Target, profile: str) -> dict[str, FindingValue]:
    """The values in the sentences above."""
    return target_values(target) | {"profile": named(profile), "delivery": public(target.deliveries[0])}
