"""Check Claude Code's own files: readable, and sending neither a login nor an alias of a model to a gateway."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any, cast

from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.core.files import UnreadableFile, read_text
from ccswitch_py.core.language import N_, _
from ccswitch_py.live_files.content import FileContent
from ccswitch_py.model.doctor_finding import Finding, broken, host, ok, open_to_all, warning, words
from ccswitch_py.targets.claude_code.inspection import ClaudeCodeInspection, finding_at
from ccswitch_py.targets.claude_code.settings import find_login_file, state_file, user_settings_file
from ccswitch_py.targets.claude_code.sources.layer import LayerKind
from ccswitch_py.targets.claude_code.sources.precedence import (
    AUTHORIZATION,
    X_API_KEY,
    is_first_party,
    resolve_header,
    uses_login,
)
from ccswitch_py.targets.claude_code.variables import (
    API_KEY,
    AUTH_TOKEN,
    BASE_URL,
    HELPER,
    MAIN_MODEL,
    MODEL,
    OAUTH_TOKEN,
    PRIMARY_KEY,
)

READY = ok("settings_ready", N_("{file} can be read."))
UNREADABLE = broken(
    "settings_unreadable",
    N_("{file} cannot be used: {detail}"),
    N_("Mend that place in {file}; ccswitch leaves the file alone until then."),
)
UNUSABLE = broken("settings_unusable", N_("{file} cannot be used: {detail}"), "{hint}")
OF_ADMINISTRATOR = warning(
    "managed_settings_decide",
    N_("{entry} is set by the administrator in {file}, which no profile can overrule."),
    N_("Ask whoever looks after this machine."),
)
LOGIN = broken(
    "login_to_gateway",
    N_("Claude Code would send your Claude login to {host}: {entry} is set, and no key."),
    N_("Put a profile in use with `ccswitch use NAME`, or remove {entry}."),
    N_("Make a profile with `ccswitch add`, or with the form of `ccswitch`, and put it in use; or remove {entry}."),
)
KEY_OF_LOGIN = broken(
    "login_key_to_gateway",
    N_("Claude Code would send the API key of your Claude login to {host}: it stands in {file} as primaryApiKey."),
    N_("Take it away with /logout in Claude Code, or use a profile whose key does not stand in a file."),
)
NO_KEY = broken(
    "gateway_without_key",
    N_("Claude Code would call {host} without a key; once you log in, it would send that login there."),
    N_("Put a profile in use with `ccswitch use NAME`, or remove {entry}."),
    N_("Make a profile with `ccswitch add`, or with the form of `ccswitch`, and put it in use; or remove {entry}."),
)
MODEL_DEFAULT = broken(
    "model_default",
    N_('{file} has "model": "default", which Claude Code sends as it stands, so that the gateway knows no such model.'),
    N_("Remove that line, or choose a model with /model in Claude Code."),
)
MODEL_DEFAULT_IDLE = warning(
    "model_default_without_effect",
    N_('{file} has "model": "default"; {entry} overrules it, but wherever that is not set it counts again.'),
    N_("Remove that line, or choose a model with /model in Claude Code."),
)
FIRST_RUN = warning(
    "onboarding_missing",
    N_("Claude Code has not finished its first start here, so it will ask for a theme and show its notes."),
    N_("Start `claude` once and answer; ccswitch never writes {file}."),
)
STATE = broken(
    "claude_state_unreadable",
    N_("{file} is damaged, and Claude Code does not start with it."),
    N_("Start `claude` once: it offers the last of its own backups."),
)
REJECTED = broken(
    "api_key_rejected",
    N_(
        "Claude Code was once told No about the key in {entry}: in its own screen it does not use it, "
        "while `claude -p` does."
    ),
    N_('Turn "Use custom API key" on in /config of Claude Code, or put a profile in use with `ccswitch use NAME`.'),
    N_('Turn "Use custom API key" on in /config of Claude Code, or make a profile with `ccswitch add` and use that.'),
)

_TAIL = 20
"""Claude Code remembers a key by so many of its last characters (seen with 2.1.330)."""


def examine(inspection: ClaudeCodeInspection) -> Iterator[Finding]:
    """Whether the files can be read, then what they would do."""
    yield from _readable(inspection)
    yield from _managed(inspection)
    yield from _login(inspection)
    yield from _model(inspection)
    yield from _state(inspection)


def _readable(inspection: ClaudeCodeInspection) -> Iterator[Finding]:
    for layer in inspection.layers:
        of_all = layer.kind in (LayerKind.MANAGED, LayerKind.USER)
        if of_all and layer.path and layer.problem:
            yield _unreadable(layer.path, layer.problem)
    if inspection.user and inspection.user.problem:
        return
    path = user_settings_file(inspection.environ)
    try:
        if FileContent(path).data is not None:
            yield Finding(READY, path=path)
    except CcswitchError as problem:  # we are stricter than Claude Code about bytes that are no text
        yield _unreadable(path, problem.message)


def _unreadable(path: str, problem: str) -> Finding:
    hint = whole_file_fix(path)
    told = {"detail": words(problem, "damaged"), "hint": words(hint)}
    return Finding(UNUSABLE if hint else UNREADABLE, told, path)


def _managed(inspection: ClaudeCodeInspection) -> Iterator[Finding]:
    for layer in inspection.layers:
        for name in (BASE_URL, HELPER, AUTH_TOKEN, API_KEY) if layer.kind is LayerKind.MANAGED else ():
            entry = layer.last(name)
            if entry and layer.path:
                yield Finding(OF_ADMINISTRATOR, {"entry": open_to_all(name)}, layer.path, entry.line)


def _login(inspection: ClaudeCodeInspection) -> Iterator[Finding]:
    address = inspection.winner(BASE_URL)
    if address is None or is_first_party(address.text):
        return
    has_login = find_login_file(inspection.environ) is not None
    key = resolve_header(inspection.layers, X_API_KEY, has_login=has_login).winner
    if key and key.entry.name == PRIMARY_KEY:
        yield finding_at(KEY_OF_LOGIN, key, {"host": host(address.text)})
        return
    credential = resolve_header(inspection.layers, AUTHORIZATION).winner
    is_token_of_login = credential is not None and credential.entry.name == OAUTH_TOKEN
    if is_token_of_login or uses_login(inspection.layers):
        told = {"host": host(address.text), "entry": open_to_all(BASE_URL)}
        kind = LOGIN if is_token_of_login or has_login else NO_KEY
        yield finding_at(kind, address, told)


def _model(inspection: ClaudeCodeInspection) -> Iterator[Finding]:
    place = inspection.winner(MODEL)
    if place and place.text == "default":
        kind = MODEL_DEFAULT_IDLE if inspection.winner(MAIN_MODEL) else MODEL_DEFAULT
        yield finding_at(kind, place, {"entry": open_to_all(MAIN_MODEL)})


def _state(inspection: ClaudeCodeInspection) -> Iterator[Finding]:
    path = state_file(inspection.environ)
    if inspection.state is None and os.path.exists(path):
        yield Finding(STATE, path=path)
        return
    state = inspection.state or {}
    is_wanted = bool(inspection.in_use or shutil.which("claude", path=inspection.environ.get("PATH")))
    if is_wanted and state.get("hasCompletedOnboarding") is not True:
        yield Finding(FIRST_RUN, path=path)
    key = inspection.winner(API_KEY)
    has_another = any(inspection.winner(name) for name in (AUTH_TOKEN, HELPER))
    if key and not has_another and was_answered(state, key.text, "rejected"):
        yield Finding(REJECTED, {"entry": open_to_all(API_KEY)}, path)


def was_answered(state: dict[str, Any] | None, key: str, answer: str) -> bool:
    """Whether Claude Code was told about this key; ``answer`` is ``approved`` or ``rejected``."""
    responses: object = (state or {}).get("customApiKeyResponses")
    keys: object = cast("dict[str, Any]", responses).get(answer) if isinstance(responses, dict) else None
    return isinstance(keys, list) and key[-_TAIL:] in map(str, cast("list[Any]", keys))


def whole_file_fix(path: str) -> str:
    """The advice for a file that is unusable as a whole; empty for a text in which a place can be mended."""
    try:
        read_text(path)
    except UnreadableFile:
        pass
    else:
        return ""
    if not os.path.isfile(path):
        return _("Move it away.")
    if not os.access(path, os.R_OK):
        return _("Check its permissions.")
    return _("Move it away, or take out what does not belong there.")
