"""What explain and the doctor's findings look at, read once: the layers of settings, and Claude Code's own files."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from ccswitch_py.core.paths import Paths, find_paths
from ccswitch_py.core.reading import UnreadableFile
from ccswitch_py.live_files.live_file import LiveFile
from ccswitch_py.live_files.live_state import LiveState
from ccswitch_py.model.doctor_finding import ApplyAgain
from ccswitch_py.model.launch import LaunchRecord
from ccswitch_py.model.profile import Profile
from ccswitch_py.store.launch_records import stored_record
from ccswitch_py.targets.base import Target
from ccswitch_py.targets.claude_code.settings import home_folder, read_settings, state_file
from ccswitch_py.targets.claude_code.sources.discovery import find_layers
from ccswitch_py.targets.claude_code.sources.layer import OF_PROJECT, LayerKind
from ccswitch_py.targets.claude_code.sources.precedence import effective
from ccswitch_py.targets.explanation import Layer, Setting
from ccswitch_py.targets.inspection import Inspection
from ccswitch_py.vault.key_command_line import KeyCommand


class ClaudeCodeInspection:
    """``general`` is what all targets share, ``settings_file`` the file that Claude Code gets with ``--settings``."""

    def __init__(self, target: Target, general: Inspection, settings_file: str | None = None) -> None:
        self.target = target
        self.settings_file = settings_file
        self.paths = general.paths
        self.folder = general.folder
        self.environ = general.environ
        self.home = home_folder(general.environ)
        self._general = general

    @property
    def profiles(self) -> dict[str, Profile]:
        """The profiles that can be read."""
        return self._general.profiles

    @property
    def live_file(self) -> LiveFile:
        """The user's settings."""
        return self.target.live_files(self.environ)[0]

    @property
    def live_state(self) -> LiveState | None:
        """The user's settings with their journal; None where one of them cannot be read."""
        return self._general.live_state(self.target)

    @property
    def in_use(self) -> str | None:
        """The profile that Claude Code uses."""
        return self._general.in_use(self.target)

    @property
    def apply_again(self) -> ApplyAgain | None:
        """The repair that writes the profile in use again, where that loses nothing."""
        return self._general.apply_again(self.target)

    def record_of(self, command: KeyCommand) -> LaunchRecord | None:
        """What a key command of ours knows of its profile; it may name another state folder than today's."""
        state = command.state or find_paths(self.environ).state
        return stored_record(Paths(self.paths.config, state), command.profile)

    @cached_property
    def layers(self) -> list[Layer]:
        """All that can set something for Claude Code, the strongest first."""
        return find_layers(self.folder, self.environ, self.settings_file)

    @property
    def user(self) -> Layer | None:
        """The user's own settings, which ccswitch patches."""
        return next((layer for layer in self.layers if layer.kind is LayerKind.USER), None)

    @property
    def projects(self) -> list[Layer]:
        """The settings of the folder's project."""
        return [layer for layer in self.layers if layer.kind in OF_PROJECT]

    def winner(self, name: str) -> Setting | None:
        """What counts of a setting for Claude Code started here."""
        return next(effective(self.layers, name), None)

    @property
    def state_path(self) -> str:
        """Claude Code's file about itself, which nobody but Claude Code should write."""
        return state_file(self.environ)

    @cached_property
    def state(self) -> dict[str, Any] | None:
        """What Claude Code keeps about itself; None where there is nothing that can be read."""
        try:
            return read_settings(self.state_path)
        except UnreadableFile:
            return None
