"""Run one program with a profile, without touching live files or other terminals."""

from __future__ import annotations

import os

from ccswitch_py.core.errors import BadInput, NotFound
from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.language import _, quoted
from ccswitch_py.core.lock import state_lock
from ccswitch_py.live_files.live_state import read_live_state
from ccswitch_py.live_files.secret_placeholders import is_placeholder
from ccswitch_py.services.endpoints import launch_for
from ccswitch_py.services.launches import load_record, stored_launch_file
from ccswitch_py.targets.base import HIDDEN, LAUNCH_FILE
from ccswitch_py.targets.registry import DEFAULT_TARGET, find_target

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ccswitch_py.core.paths import Paths
    from ccswitch_py.formats.base import EntryPath, Value
    from ccswitch_py.live_files.live_file import LiveFile
    from ccswitch_py.live_files.live_state import LiveState
    from ccswitch_py.model.launch import LaunchRecord
    from ccswitch_py.targets.base import RunSpec, Target


class ProcessSpec:
    """A command ready to be started: arguments, and the environment of that one process."""

    def __init__(self, argv: list[str], env: dict[str, str]) -> None:
        self.argv = argv
        self.env = env

    def __repr__(self) -> str:
        return f"ProcessSpec({self.argv!r}, env of {len(self.env)} variables)"


def prepare_run(paths: Paths, name: str, command: list[str], target_id: str = DEFAULT_TARGET) -> ProcessSpec:
    """What to start so that ``command`` uses the profile.

    The target's own program gets the launch file and fetches the key itself. Any other program gets the address, the
    key and the models as environment variables.
    """
    target = find_target(target_id)
    record = load_record(paths, name)
    launch = launch_for(record, target_id)
    values = LiveValues(paths, target)
    spec = target.run_spec(launch, values.own, values.current, os.environ)
    argv = command or [target.program]
    env = {key: value for key, value in os.environ.items() if key not in spec.unset}
    is_own = os.path.basename(argv[0]).removesuffix(".exe").removesuffix(".cmd") == target.program
    if not is_own:
        target.check_run(launch, values.current, os.environ)
    if not is_own or spec.needs_environment:
        env |= {**spec.environment, spec.key_variable: _key(paths, record)}
    if not is_own:
        return ProcessSpec(argv, env)
    own_arguments = [
        _launch_file(paths, target, record, values, spec) if argument == LAUNCH_FILE else argument
        for argument in spec.argv[1:]
    ]
    for option in own_arguments:
        if option.startswith("--") and any(one == option or one.startswith(f"{option}=") for one in argv[1:]):
            raise BadInput(
                _("`ccswitch run` adds {option} by itself.", option=option),
                _("Remove yours, or start the program directly."),
            )
    return ProcessSpec([argv[0], *own_arguments, *argv[1:]], env)


class LiveValues:
    """Looks up owned entries in a target's live files: what they are now, and the user's own beneath a profile."""

    def __init__(self, paths: Paths, target: Target) -> None:
        files = target.live_files(os.environ)
        self.states: dict[LiveFile, LiveState] = {file: read_live_state(paths, target.id, file) for file in files}
        for state in self.states.values():
            state.recognise(target.find_ours)

    def own(self, file: LiveFile, path: EntryPath) -> Value:
        """The user's own value, without a profile; ``HIDDEN`` for a secret."""
        raw = self.states[file].own.entries.get(path)
        if raw is None:
            return None
        return HIDDEN if is_placeholder(raw) else file.format.load(path, raw)

    def current(self, file: LiveFile, path: EntryPath) -> Value:
        """The current value, which may be a secret."""
        return self.states[file].value(path)

    @property
    def profile(self) -> str | None:
        """The profile in use."""
        return next((state.profile for state in self.states.values() if state.profile), None)


def run_here(process: ProcessSpec) -> int:
    """Run it in this terminal, and return its exit code."""
    import subprocess

    return subprocess.run(process.argv, env=process.env, check=False).returncode


def require_program(process: ProcessSpec) -> None:
    """Put the full path of the program into the command; raises ``NotFound``."""
    import shutil

    program = shutil.which(process.argv[0])
    if program is None:
        raise NotFound(
            _("'{program}' was not found on the PATH.", program=quoted(process.argv[0])),
            _("Install it, or give its full path."),
        )
    process.argv[0] = program


def _launch_file(paths: Paths, target: Target, record: LaunchRecord, values: LiveValues, spec: RunSpec) -> str:
    if spec.launch_file is None:
        return stored_launch_file(paths, record, target.id)
    path = paths.launch_file(target.id, f"{record.profile}@{values.profile or ''}")
    with state_lock(paths):
        write_own_file(path, spec.launch_file.encode())
    return path


def _key(paths: Paths, record: LaunchRecord) -> str:
    from ccswitch_py.vault.reference import resolve_key

    return resolve_key(record.key, paths).reveal()
