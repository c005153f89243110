"""The input of explain and the doctor's findings, read once: the layers of settings, and Claude Code's own files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from ccswitch_py.core.files import UnreadableFile
from ccswitch_py.core.paths import home_folder
from ccswitch_py.model.doctor_finding import Finding, FindingKind, FindingValue, Fix, free_text, public
from ccswitch_py.targets.base import Target
from ccswitch_py.targets.claude_code.deciding import looked_for
from ccswitch_py.targets.claude_code.settings import (
    PROJECT_FOLDER,
    config_folder,
    read_settings,
    state_file,
)
from ccswitch_py.targets.claude_code.sources.decisions import Decision, find_decisions, later_decisions
from ccswitch_py.targets.claude_code.sources.layer import OF_PROJECT, SETTINGS_KINDS, LayerKind, entry_of, layer_of
from ccswitch_py.targets.claude_code.sources.precedence import effective
from ccswitch_py.targets.claude_code.sources.settings_files import StrayKeys, settings_layers, stray_keys
from ccswitch_py.targets.claude_code.sources.start_files import start_layers
from ccswitch_py.targets.claude_code.variables import VARIABLES
from ccswitch_py.targets.explanation import Layer, Setting
from ccswitch_py.targets.inspection import Inspection


class ClaudeCodeInspection:
    """``general`` is what all targets share, ``settings_file`` the file of Claude Code's option ``--settings``."""

    def __init__(self, target: Target, general: Inspection, settings_file: str | None = None) -> None:
        self.target = target
        self.settings_file = settings_file
        self.paths = general.paths
        self.folder = general.folder
        self.environ = general.environ
        self.general = general

    @property
    def in_use(self) -> str | None:
        """The profile that Claude Code uses."""
        return self.general.in_use(self.target)

    @cached_property
    def layers(self) -> list[Layer]:
        """All sources of settings, the strongest first."""
        return find_layers(self.folder, self.environ, self.settings_file)

    @property
    def user(self) -> Layer | None:
        """The user's settings, which ccswitch edits."""
        return next((layer for layer in self.layers if layer.kind is LayerKind.USER), None)

    @property
    def projects(self) -> list[Layer]:
        """The settings of the folder's project."""
        return [layer for layer in self.layers if layer.kind in OF_PROJECT]

    @cached_property
    def decisions(self) -> list[Decision]:
        """What decides beside the settings that ``precedence`` follows."""
        return find_decisions(self.layers, self.folders("agents"))

    @cached_property
    def later_decisions(self) -> list[Decision]:
        """The same of start files, for terminals that are opened later."""
        return list(later_decisions(self.layers, self.folders("agents")))

    @cached_property
    def stray_keys(self) -> list[tuple[Layer, StrayKeys]]:
        """What stands in each settings file without being one of Claude Code's settings."""
        layers = (layer for layer in self.layers if layer.path and layer.kind in SETTINGS_KINDS)
        return [(layer, stray_keys(layer.path or "")) for layer in layers]

    def folders(self, kind: str) -> list[str]:
        """The folders with definitions of this kind, such as ``agents``: the project's, those above it, the user's."""
        user = os.path.abspath(config_folder(self.environ))
        above = [self.folder]
        while (parent := os.path.dirname(above[-1])) != above[-1]:
            above.append(parent)
        found = [*(os.path.join(one, PROJECT_FOLDER, kind) for one in above), os.path.join(user, kind)]
        return list(dict.fromkeys(found))

    def winner(self, name: str) -> Setting | None:
        """The value of a setting that takes effect in this folder."""
        return next(effective(self.layers, name), None)

    @cached_property
    def state(self) -> dict[str, Any] | None:
        """Claude Code's own state; None without a readable file."""
        try:
            return read_settings(state_file(self.environ))
        except UnreadableFile:
            return None


def finding_at(
    kind: FindingKind, place: Setting, values: dict[str, FindingValue] | None = None, auto_fix: Fix | None = None
) -> Finding:
    """Make a finding about a setting, at its file and line; its sentences may use ``{entry}`` and ``{file}``."""
    known = {"entry": public(place.entry.name)}
    if place.layer.path is None:
        known["file"] = free_text(place.layer.title, "this shell")
    return Finding(kind, known | (values or {}), place.layer.path or "", place.entry.line, auto_fix)


def find_layers(folder: str, environ: Mapping[str, str], settings_file: str | None = None) -> list[Layer]:
    """Read the sources of Claude Code's settings, the strongest first, then the start files of later shells.

    Nothing is run, and it never fails: a layer's ``problem`` says why it cannot be read.
    """
    folder = os.path.abspath(folder)
    return [
        *settings_layers(folder, environ, settings_file),
        process_layer(environ),
        *start_layers(folder, home_folder(environ), environ),
    ]


def process_layer(environ: Mapping[str, str]) -> Layer:
    """What this environment sets."""
    names = dict.fromkeys((*(name for name in VARIABLES if name in environ), *looked_for(environ)))
    return layer_of(LayerKind.PROCESS, entries=[entry_of(name, environ[name]) for name in names])
