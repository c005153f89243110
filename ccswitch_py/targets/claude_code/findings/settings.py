"""Check Claude Code's own files: readable, and sending neither a login nor an alias of a model to a gateway."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from typing import Any, cast

from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.core.files import UnreadableFile, read_text
from ccswitch_py.core.language import N_, _
from ccswitch_py.live_files.content import FileContent
from ccswitch_py.model.doctor_finding import Finding, broken, host, problem_values, public, warning
from ccswitch_py.targets.claude_code import variables
from ccswitch_py.targets.claude_code.inspection import ClaudeCodeInspection, finding_at
from ccswitch_py.targets.claude_code.settings import find_login_file, state_file, user_settings_file
from ccswitch_py.targets.claude_code.sources import precedence
from ccswitch_py.targets.claude_code.sources.layer import LayerKind
from ccswitch_py.targets.claude_code.variables import API_KEY, AUTH_TOKEN, BASE_URL, HELPER
from ccswitch_py.targets.explanation import Layer
from ccswitch_py.targets.file_findings import READY, UNUSABLE

UNREADABLE = broken(
    "settings_unreadable",
    N_("{file} cannot be used: {detail}"),
    N_("Fix {file} there."),
)
OF_ADMINISTRATOR = warning(
    "managed_settings_decide",
    N_("The administrator sets {entry} in {file}, which no profile can override."),
    N_("Ask the administrator of this machine."),
)
_USE_OR_REMOVE = N_("Run `ccswitch use NAME`, or remove {entry}.")
LOGIN = broken(
    "login_to_gateway",
    N_("Claude Code would send your Claude login to {host}: {entry} is set, and no key."),
    _USE_OR_REMOVE,
)
KEY_OF_LOGIN = broken(
    "login_key_to_gateway",
    N_("Claude Code would send the API key of your Claude login, primaryApiKey in {file}, to {host}."),
    N_("Run /logout in Claude Code, or use a profile whose key is not stored in a file."),
)
NO_KEY = broken(
    "gateway_without_key",
    N_("Claude Code would call {host} without a key; once you log in, it would send that login there."),
    _USE_OR_REMOVE,
)
_CHOOSE_A_MODEL = N_("Remove that line, or choose a model with /model in Claude Code.")
MODEL_DEFAULT = broken(
    "model_default",
    N_('{entry} is "default" in {file}. Claude Code sends that as it is, and gateways know no such model.'),
    _CHOOSE_A_MODEL,
)
MODEL_DEFAULT_IDLE = warning(
    "model_default_without_effect",
    N_('{entry} is "default" in {file}, which breaks gateways wherever ANTHROPIC_MODEL does not override it.'),
    _CHOOSE_A_MODEL,
)
FIRST_RUN = warning(
    "onboarding_missing",
    N_("Claude Code's first-run setup is incomplete, so it will ask for a theme first."),
    N_("Run `claude` once and answer its questions; ccswitch never writes {file}."),
)
STATE = broken(
    "claude_state_unreadable",
    N_("{file} is damaged, so Claude Code does not start."),
    N_("Run `claude` once: it offers to restore its last backup."),
)
REJECTED = broken(
    "api_key_rejected",
    N_("You once rejected the key in {entry}, so interactive Claude Code does not use it, but `claude -p` does."),
    N_('Turn on "Use custom API key" in /config of Claude Code, or run `ccswitch use NAME`.'),
)

_TAIL = 20
"""Claude Code remembers a key by this many of its last characters (seen with 2.1.330)."""


def examine(inspection: ClaudeCodeInspection) -> Iterator[Finding]:
    """Whether the files can be read, then their effect."""
    yield from _readable(inspection)
    yield from _managed(inspection)
    yield from login_to_gateway(inspection)
    yield from default_model(inspection)
    yield from _state(inspection)


def _readable(inspection: ClaudeCodeInspection) -> Iterator[Finding]:
    for layer in inspection.layers:
        if layer.kind in (LayerKind.MANAGED, LayerKind.USER) and layer.path and layer.problem:
            yield _unreadable(layer.path, layer.problem)
    if inspection.user and inspection.user.problem:
        return
    path = user_settings_file(inspection.environ)
    try:
        if FileContent(path).data is not None:
            yield Finding(READY, path=path)
    except CcswitchError as problem:  # we are stricter than Claude Code about invalid UTF-8
        yield _unreadable(path, problem.message)


def _unreadable(path: str, problem: str) -> Finding:
    hint = whole_file_fix(path)
    return Finding(UNUSABLE if hint else UNREADABLE, problem_values(problem, hint, "damaged"), path)


def _managed(inspection: ClaudeCodeInspection) -> Iterator[Finding]:
    return of_administrator([layer for layer in inspection.layers if layer.kind is LayerKind.MANAGED])


def of_administrator(managed: Sequence[Layer]) -> Iterator[Finding]:
    """Report what an administrator sets of what a profile sets too; ``model`` yields to its ANTHROPIC_MODEL."""
    places = precedence.settings_of(managed, HELPER, *variables.OF_GATEWAY, *variables.CLOUDS)
    return (finding_at(OF_ADMINISTRATOR, place) for place in places)


def login_to_gateway(inspection: ClaudeCodeInspection) -> Iterator[Finding]:
    """Report a gateway that gets Claude's own login, or would once the user logs in."""
    address = inspection.winner(BASE_URL)
    if address is None or precedence.is_first_party(address.text):
        return
    has_login = find_login_file(inspection.environ) is not None
    key = precedence.resolve_header(inspection.layers, precedence.X_API_KEY, has_login=has_login).winner
    if key and key.entry.name == variables.PRIMARY_KEY:
        yield finding_at(KEY_OF_LOGIN, key, {"host": host(address.text)})
        return
    credential = precedence.resolve_header(inspection.layers, precedence.AUTHORIZATION).winner
    sends_token = credential is not None and credential.entry.name == variables.OAUTH_TOKEN
    if sends_token or precedence.uses_login(inspection.layers):
        yield finding_at(LOGIN if sends_token or has_login else NO_KEY, address, {"host": host(address.text)})


def default_model(inspection: ClaudeCodeInspection) -> Iterator[Finding]:
    """Report "default" as the main model, or where it would be without ``ANTHROPIC_MODEL``."""
    used = precedence.resolve_model(inspection.layers, "main").winner
    idle = inspection.winner(variables.MODEL)
    if used and used.text == "default":
        yield finding_at(MODEL_DEFAULT, used)
    elif idle and idle.text == "default":
        yield finding_at(MODEL_DEFAULT_IDLE, idle)


def _state(inspection: ClaudeCodeInspection) -> Iterator[Finding]:
    path = state_file(inspection.environ)
    if inspection.state is None and os.path.exists(path):
        yield Finding(STATE, path=path)
        return
    is_wanted = bool(inspection.in_use or shutil.which("claude", path=inspection.environ.get("PATH")))
    if is_wanted and (inspection.state or {}).get("hasCompletedOnboarding") is not True:
        yield Finding(FIRST_RUN, path=path)
    yield from rejected_key(inspection)


def rejected_key(inspection: ClaudeCodeInspection) -> Iterator[Finding]:
    """Report an API key that the user rejected in Claude Code, where it is the only credential."""
    key = inspection.winner(API_KEY)
    has_another = any(inspection.winner(name) for name in (AUTH_TOKEN, HELPER))
    if key and not has_another and was_answered(inspection.state, key.text, "rejected"):
        yield Finding(REJECTED, {"entry": public(API_KEY)}, state_file(inspection.environ))


def was_answered(state: dict[str, Any] | None, key: str, answer: str) -> bool:
    """Whether the user gave this ``answer`` (``approved`` or ``rejected``) when Claude Code asked about the key."""
    responses: object = (state or {}).get("customApiKeyResponses")
    keys: object = cast("dict[str, Any]", responses).get(answer) if isinstance(responses, dict) else None
    return isinstance(keys, list) and key[-_TAIL:] in map(str, cast("list[Any]", keys))


def whole_file_fix(path: str) -> str:
    """The advice for a file that is unusable as a whole; empty for a text that can be fixed at one place."""
    try:
        text = read_text(path)
    except UnreadableFile:
        pass
    else:
        return _("Remove it, or run `ccswitch use NAME`.") if text is not None and not text.strip() else ""
    if not os.path.isfile(path):
        return _("Move it away.")
    if not os.access(path, os.R_OK):
        return _("Check its permissions.")
    return _("Move it away, or remove what does not belong there.")
