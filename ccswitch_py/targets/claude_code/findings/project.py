"""Find project settings that redirect requests or run a program."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.files import UnreadableFile, read_data, read_text
from ccswitch_py.core.language import N_
from ccswitch_py.core.paths import upwards
from ccswitch_py.formats import find_format
from ccswitch_py.formats.base import UnreadableText
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.doctor_finding import (
    Finding,
    broken,
    free_text,
    host,
    problem_values,
    public,
    warning,
)
from ccswitch_py.targets.claude_code.findings.settings import whole_file_fix
from ccswitch_py.targets.claude_code.inspection import ClaudeCodeInspection
from ccswitch_py.targets.claude_code.key_guard import ON_THE_WAY as VARIABLES_ON_THE_WAY
from ccswitch_py.targets.claude_code.owned_entries import routing_headers
from ccswitch_py.targets.claude_code.settings import as_text, parse_settings, variables_of
from ccswitch_py.targets.claude_code.sources.precedence import effective
from ccswitch_py.targets.claude_code.variables import BASE_URL, CLOUDS, CUSTOM_HEADERS, UNCHECKED, is_off
from ccswitch_py.targets.explanation import Layer

REDIRECTS = broken(
    "project_redirects",
    N_("{file}, which is part of the project, sends Claude Code's requests to {host}."),
    N_("If you did not write that, remove {entry} there before you start Claude Code in this folder."),
)
OWN_REDIRECTS = warning(
    "own_project_redirects",
    N_("{file}, which git does not track, sends Claude Code's requests to {host}."),
    N_("If you did not write that, remove {entry} there."),
)
RUNS = broken(
    "project_runs_helper",
    N_("{entry} in {file}, which is part of the project, runs a command when Claude Code starts."),
    N_("Read that command; if you did not write it, remove it before you start Claude Code in this folder."),
)
OWN_RUNS = warning(
    "own_project_runs_helper",
    N_("{entry} in {file}, which git does not track, runs a command when Claude Code starts."),
    N_("If you did not write it, remove it."),
)
LETS_RUN = warning(
    "project_lets_programs_run",
    N_("{entry} in {file}, which is part of the project, can start programs while Claude Code runs."),
    N_("Read what it starts before you trust this folder in Claude Code."),
)
ON_THE_WAY = broken(
    "project_on_the_way",
    N_("{entry} in {file} routes Claude Code's requests through a third party, or weakens TLS checks."),
    N_("If it is yours, set it in your shell; remove it from the project's settings."),
)
ROUTES = broken(
    "project_routes_by_header",
    N_("{entry} in {file} sets the header {header}, which could send Claude Code's requests, and a key, elsewhere."),
    N_("If you did not write that, remove it before you start Claude Code in this folder."),
)
UNREADABLE = warning("project_settings_unreadable", N_("{file} cannot be used: {detail}"), N_("Fix {file} there."))
UNUSABLE = warning("project_settings_unusable", N_("{file} cannot be used: {detail}"), "{hint}")

_COMMANDS = ("apiKeyHelper", "awsAuthRefresh", "awsCredentialExport", "otelHeadersHelper")
_LATER_COMMANDS = ("hooks", "statusLine", "enableAllProjectMcpServers", "enabledMcpjsonServers")
_INDEX_LIMIT_BYTES = 256 * 1024 * 1024
_SHORTENED_NAMES = (4).to_bytes(4)
"""The version of an index that shortens names by what they share with the previous one."""


def examine(inspection: ClaudeCodeInspection) -> Iterator[Finding]:
    """Each settings file of the project around the folder."""
    wanted = _wanted(inspection)
    # Seen with 2.1.330: without its switch, a cloud's address has no effect.
    clouds = (place.entry.name for place in effective(inspection.layers, *CLOUDS) if not is_off(place.text))
    addresses = (BASE_URL, *(CLOUDS[name] for name in clouds))
    for layer in inspection.projects:
        if layer.path:
            yield from _file(layer, layer.path, wanted, addresses)


def _file(layer: Layer, path: str, wanted: str | None, addresses: Sequence[str]) -> Iterator[Finding]:
    if layer.problem:
        hint = whole_file_fix(path)
        yield Finding(UNUSABLE if hint else UNREADABLE, problem_values(layer.problem, hint, "damaged"), path)
    try:
        text = read_text(path) or ""
        top = parse_settings(text) or {}
    except UnreadableFile:
        return
    own = is_kept_out_of_git(path)
    for name, value in variables_of(top).items():
        values, at = {"entry": public(name)}, ("env", name)
        if is_on_the_way(name, as_text(value)):
            yield Finding(ON_THE_WAY, values, path, _line(text, at))
        elif name == CUSTOM_HEADERS and (headers := routing_headers(as_text(value))):
            yield Finding(ROUTES, {**values, "header": free_text(headers[0])}, path, _line(text, at))
        elif name in addresses and (name != BASE_URL or _key_host(str(value)) != wanted or wanted is None):
            values["host"] = host(str(value))
            yield Finding(OWN_REDIRECTS if own else REDIRECTS, values, path, _line(text, at))
    for name in (*_COMMANDS, *_LATER_COMMANDS):
        kind = LETS_RUN if name in _LATER_COMMANDS else OWN_RUNS if own else RUNS
        if top.get(name) and not (own and kind is LETS_RUN):
            yield Finding(kind, {"entry": public(name)}, path, _line(text, (name,)))


def is_on_the_way(name: str, value: str) -> bool:
    """Whether a variable routes requests through a third party or weakens TLS checks; empty or 1 (checks on), not."""
    harmless = ("", "1") if name.upper() == UNCHECKED else ("",)
    return name.upper() in VARIABLES_ON_THE_WAY and value.strip() not in harmless


def _wanted(inspection: ClaudeCodeInspection) -> str | None:
    """The host of the user's own settings."""
    place = next(effective([inspection.user], BASE_URL), None) if inspection.user else None
    return _key_host(place.text) if place else None


def _key_host(address: str) -> str | None:
    try:
        return BaseUrl(address).key_host
    except BadInput:
        return None


def _line(text: str, path: tuple[str, ...]) -> int | None:
    try:
        spans = find_format("json").spans(text, [path]).get(path)
    except UnreadableText:
        return None
    return text.count("\n", 0, spans[-1][0]) + 1 if spans else None


def is_kept_out_of_git(path: str) -> bool:
    """Whether a file in a repository is not in its index, so that it did not come with the repository.

    False behind a link, where it may be tracked under another name, and where the index is missing or of version 4,
    which shortens names.
    """
    repositories = (above for above in upwards(os.path.dirname(path)) if os.path.exists(os.path.join(above, ".git")))
    folder = next(repositories, None)
    if folder is None or not os.path.isdir(git := os.path.join(folder, ".git")):
        return False  # the index of a worktree or submodule is elsewhere
    name = os.path.relpath(path, folder)
    if os.path.realpath(path) != os.path.join(os.path.realpath(folder), name):
        return False
    try:
        names = read_data(os.path.join(git, "index"), _INDEX_LIMIT_BYTES)
    except UnreadableFile:
        return False
    if names is None or names[4:8] == _SHORTENED_NAMES:
        return False
    return os.fsencode(name.replace(os.sep, "/")) not in names
