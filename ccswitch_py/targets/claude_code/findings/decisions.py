"""Find what decides beside a profile: switches of Claude Code, and what ccswitch does not know."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from ccswitch_py.core.language import N_, _
from ccswitch_py.formats.base import UnreadableText
from ccswitch_py.model.doctor_finding import (
    Finding,
    FindingValue,
    Level,
    broken,
    file,
    free_text,
    named,
    public,
    warning,
)
from ccswitch_py.targets.claude_code.deciding import deciding
from ccswitch_py.targets.claude_code.findings import settings
from ccswitch_py.targets.claude_code.inspection import ClaudeCodeInspection, finding_at, process_layer
from ccswitch_py.targets.claude_code.settings import CONFIG_DIR, config_folder, user_settings_file
from ccswitch_py.targets.claude_code.sources.decisions import Decision, find_decisions, unknown_settings
from ccswitch_py.targets.claude_code.sources.layer import OF_PROJECT, LayerKind, layer_of
from ccswitch_py.targets.claude_code.sources.precedence import settings_of
from ccswitch_py.targets.claude_code.sources.settings_files import entries_of, managed_layers
from ccswitch_py.targets.explanation import Setting

DECIDES = broken(
    "decided_elsewhere",
    N_("{entry} ({place}) overrides {what}; a profile cannot change that."),
    N_("Remove {entry} there, unless you meant it."),
)
REFUSES = broken(
    "claude_code_refuses",
    N_("With {entry} ({place}), Claude Code does not start or sends no requests."),
    N_("Remove {entry} there."),
)
MAY_DECIDE = warning(
    "may_decide",
    N_("{entry} ({place}) can override {what}; ccswitch does not check whether it does."),
    N_("Remove {entry} there if you do not need it."),
)
MAY_REFUSE = warning(
    "may_refuse",
    N_("{entry} ({place}) can keep Claude Code from starting; ccswitch does not check whether it does."),
    N_("Remove {entry} there if Claude Code does not start."),
)
HEADERS = warning(
    "headers_decided_elsewhere",
    N_("{entry} ({place}) changes the headers of Claude Code's requests."),
    N_("Remove {entry} there, unless you meant it."),
)
UNKNOWN = warning(
    "unknown_setting",
    N_("{entry} ({place}) is set, and not known to ccswitch; it may change what Claude Code sends."),
    N_("Remove {entry} there if you do not need it."),
)
BESIDE_ENV = warning(
    "variable_beside_env",
    N_("{entry} in {file} is not inside `env`, so Claude Code ignores it."),
    N_("Move it into `env`."),
)
CONFIG_FOLDER = broken(
    "config_folder_not_absolute",
    N_("{entry} ({place}) is not an absolute path: Claude Code resolves it in the folder where it is started."),
    N_("Write the full path: a quoted ~ is not expanded."),
)
CONFIG_FOLDER_LATER = warning(
    "config_folder_in_start_file",
    N_("{file} sets {entry}, so Claude Code may read other settings in new terminals."),
    N_("Run `ccswitch doctor` and `ccswitch use NAME` in a new terminal, or remove it from {file}."),
)
_WHAT = {
    "provider": N_("the address, the key and the models"),
    "settings": N_("the settings files that Claude Code reads"),
    "credential": N_("the key that Claude Code sends"),
    "model": N_("the main model"),
    "headers": N_("the headers of requests"),
}


def examine(inspection: ClaudeCodeInspection) -> Iterator[Finding]:
    """What decides, what can decide, and what nothing is known about."""
    for one in inspection.decisions:
        yield _of_decision(one)
    for place in unknown_settings(inspection.layers):
        yield finding_at(UNKNOWN, place, _values(place))
    yield from _unknown_keys(inspection)
    yield from _config_folder(inspection)
    for layer, keys in inspection.stray_keys:
        if layer.kind in (*OF_PROJECT, LayerKind.USER):
            for name, line in keys.variables:
                yield Finding(BESIDE_ENV, {"entry": public(name)}, layer.path or "", line)


def _unknown_keys(inspection: ClaudeCodeInspection) -> Iterator[Finding]:
    for layer, keys in inspection.stray_keys:
        path = layer.path or ""
        for name, line in keys.unknown:
            yield Finding(UNKNOWN, {"entry": named(name), "place": file(path)}, path, line)


def _config_folder(inspection: ClaudeCodeInspection) -> Iterator[Finding]:
    now = inspection.environ.get(CONFIG_DIR, "")
    for place in settings_of(inspection.layers, CONFIG_DIR):
        if place.text and not os.path.isabs(place.text) and place.layer.kind not in OF_PROJECT:
            yield finding_at(CONFIG_FOLDER, place, _values(place))
    for place in settings_of(inspection.layers, CONFIG_DIR, in_force=False):
        if not place.entry.removes and (place.entry.value is None or place.text != now):
            yield finding_at(CONFIG_FOLDER_LATER, place, _values(place))


def of_level(inspection: ClaudeCodeInspection, level: Level) -> list[Finding]:
    """Those findings of this area that are as bad as that."""
    return [finding for finding in examine(inspection) if finding.kind.level is level]


def has_unchecked(inspection: ClaudeCodeInspection) -> bool:
    """Whether something is set of which it is not known what comes of it."""
    unknown = bool(unknown_settings(inspection.layers)) or any(_unknown_keys(inspection))
    return unknown or not all(one.is_certain for one in inspection.decisions)


def overriding(text: str, environ: Mapping[str, str]) -> Iterator[Finding]:
    """What goes before the user's settings with this text, wherever Claude Code is started."""
    managed = managed_layers()
    yield from settings.of_administrator(managed)
    try:
        user = layer_of(LayerKind.USER, user_settings_file(environ), entries_of(text))
    except UnreadableText:  # as a whole it does not count
        return
    folder = os.path.join(os.path.abspath(config_folder(environ)), "agents")
    for one in find_decisions([*managed, user, process_layer(environ)], [folder]):
        finding = _of_decision(one)
        if finding.kind.level is Level.BROKEN:
            yield finding


def _of_decision(one: Decision) -> Finding:
    """What there is to say of a decision."""
    match one.row.decides, one.is_certain:
        case "start", certain:
            kind = REFUSES if certain else MAY_REFUSE
        case "headers", True:
            kind = HEADERS
        case _, certain:
            kind = DECIDES if certain else MAY_DECIDE
    told = _values(one.setting)
    if one.row.decides in _WHAT:
        told["what"] = free_text(_(_WHAT[one.row.decides]), one.row.decides)
    return finding_at(kind, one.setting, told)


def _values(place: Setting) -> dict[str, FindingValue]:
    name, path = place.entry.name, place.layer.path
    entry = public(name) if name in deciding() else named(name)
    return {"entry": entry, "place": file(path) if path else free_text(place.layer.title, place.layer.kind)}
