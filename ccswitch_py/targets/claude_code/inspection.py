"""What the doctor looks at, read once: the profiles, the layers of settings, and Claude Code's own files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from ccswitch_py.core.errors import BadInput, CcswitchError, reason_of
from ccswitch_py.core.language import _
from ccswitch_py.core.paths import Paths, absolute, find_paths
from ccswitch_py.core.reading import UnreadableFile
from ccswitch_py.live_files.live_file import LiveFile
from ccswitch_py.live_files.live_state import LiveState
from ccswitch_py.model.profile import Profile
from ccswitch_py.store.keys import KeyEntry, load_keys
from ccswitch_py.store.profile_files import profile_names
from ccswitch_py.store.profiles import load_profile
from ccswitch_py.targets.claude_code.settings import home_folder, read_settings, state_file
from ccswitch_py.targets.claude_code.sources.discovery import find_layers
from ccswitch_py.targets.claude_code.sources.layer import Layer, LayerKind
from ccswitch_py.targets.claude_code.sources.precedence import Place, effective
from ccswitch_py.targets.registry import DEFAULT_TARGET, TARGETS
from ccswitch_py.vault.key_command_line import KeyCommand


class Inspection:
    """``folder`` is where Claude Code would be started, ``environ`` what it would be started with.

    ``settings_file`` is the one that it would get with ``--settings``.
    """

    def __init__(self, paths: Paths, folder: str, environ: Mapping[str, str], settings_file: str | None = None) -> None:
        self.settings_file = settings_file
        self.paths = paths
        self.folder = absolute(folder)
        self.environ = environ
        self.home = home_folder(environ)
        self.target = TARGETS[DEFAULT_TARGET]

    @cached_property
    def profiles(self) -> dict[str, Profile]:
        """The profiles that can be read."""
        found: dict[str, Profile] = {}
        for name in profile_names(self.paths):
            try:
                found[name] = load_profile(self.paths, name)
            except CcswitchError:
                continue  # own_files tells what is wrong with it
        return found

    @cached_property
    def keys(self) -> dict[str, KeyEntry] | CcswitchError:
        """The keys that are listed as stored, or why their file cannot be used."""
        try:
            return load_keys(self.paths)
        except CcswitchError as problem:
            return problem
        except OSError as error:
            return cannot_be_read(self.paths.keys, error)

    @property
    def live_file(self) -> LiveFile:
        """The user's settings."""
        return self.target.live_files(self.environ)[0]

    @cached_property
    def situation(self) -> LiveState | None:
        """The live file with its journal; None where one of them cannot be read."""
        try:
            return LiveState(self.paths, self.target.id, self.live_file)
        except CcswitchError:
            return None

    @property
    def in_use(self) -> str | None:
        """The profile that is applied."""
        return self.situation.journal.profile if self.situation else None

    def paths_of(self, command: KeyCommand) -> Paths:
        """Where a key command of ours looks: it may name another state folder than today's."""
        return Paths(self.paths.config, command.state or find_paths(self.environ).state)

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
        return [layer for layer in self.layers if layer.kind in (LayerKind.LOCAL, LayerKind.PROJECT)]

    def winner(self, name: str) -> Place | None:
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


def cannot_be_read(path: str, error: OSError) -> BadInput:
    """What is told of a file that the system does not let us read."""
    return BadInput(
        _("{file} cannot be read ({reason}).", file=path, reason=reason_of(error)), _("Check its permissions.")
    )
