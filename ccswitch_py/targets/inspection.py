"""The doctor's input, read once: profiles, keys, and the state of each tool's live files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from ccswitch_py.core.errors import BadInput, CcswitchError, reason_of
from ccswitch_py.core.language import _
from ccswitch_py.core.paths import Paths, absolute, find_paths
from ccswitch_py.live_files.live_state import LiveState, read_live_state
from ccswitch_py.model.doctor_finding import ApplyAgain
from ccswitch_py.model.launch import LaunchRecord
from ccswitch_py.model.profile import Profile
from ccswitch_py.store.keys import KeyEntry, load_keys
from ccswitch_py.store.profile_files import profile_names, stored_record
from ccswitch_py.store.profiles import load_profile
from ccswitch_py.targets.base import Target
from ccswitch_py.vault.key_command_line import KeyCommand


class Inspection:
    """``folder`` is where the tools would be started, and ``environ`` what they would be started with."""

    def __init__(self, paths: Paths, folder: str, environ: Mapping[str, str]) -> None:
        self.paths = paths
        self.folder = absolute(folder)
        self.environ = environ
        self._live_states: dict[str, LiveState | None] = {}

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

    def live_state(self, target: Target) -> LiveState | None:
        """The live file of a target with its journal; None without one, or where one of them cannot be read."""
        files = target.live_files(self.environ)
        if not files:
            return None
        if target.id not in self._live_states:
            try:
                state = read_live_state(self.paths, target.id, files[0])
                state.recognise(target.find_ours)
                self._live_states[target.id] = state
            except CcswitchError:
                self._live_states[target.id] = None
        return self._live_states[target.id]

    def record_of(self, command: KeyCommand) -> LaunchRecord | None:
        """The launch record that a key command of ours reads, which may be in another state folder."""
        state = command.state or find_paths(self.environ).state
        return stored_record(Paths(self.paths.config, state), command.profile)

    def in_use(self, target: Target) -> str | None:
        """The profile that a target uses."""
        state = self.live_state(target)
        return state.profile if state else None

    def apply_again(self, target: Target) -> ApplyAgain | None:
        """The auto_fix that writes the profile in use again.

        None where no profile is in use, or others have changed what it wrote: that would then count as the user's.
        """
        state = self.live_state(target)
        profile = state.profile if state else None
        if state is None or profile not in self.profiles or state.theirs():
            return None
        return ApplyAgain(profile, target.id)


def cannot_be_read(path: str, error: OSError) -> BadInput:
    """The error for a file that cannot be read."""
    return BadInput(
        _("{file} cannot be read ({reason}).", file=path, reason=reason_of(error)), _("Check its permissions.")
    )
