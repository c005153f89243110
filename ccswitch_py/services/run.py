"""Run one program with a profile, without touching live files or other terminals."""

from __future__ import annotations

import os

from ccswitch_py.core.errors import BadInput, FileNotChanged, NotFound
from ccswitch_py.core.files import read_bytes, remove_file, write_own_file
from ccswitch_py.core.language import _, join_list, join_sentences, quoted
from ccswitch_py.core.lock import state_lock
from ccswitch_py.core.paths import from_home
from ccswitch_py.live_files.live_state import read_live_state
from ccswitch_py.live_files.secret_placeholders import is_placeholder
from ccswitch_py.services.endpoints import launch_for
from ccswitch_py.services.environment_loss import find_losses
from ccswitch_py.services.launches import load_record, stored_launch_file
from ccswitch_py.services.tool_notes import target_of
from ccswitch_py.targets.base import HIDDEN, LAUNCH_FILE
from ccswitch_py.targets.registry import find_target

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from ccswitch_py.core.paths import Paths
    from ccswitch_py.formats.base import EntryPath, Value
    from ccswitch_py.live_files.live_file import LiveFile
    from ccswitch_py.live_files.live_state import LiveState
    from ccswitch_py.model.launch import Launch, LaunchRecord
    from ccswitch_py.targets.base import RunSpec, Target


_LAUNCHERS = "@ccswitch"
"""How the folders of our launchers end, so that they are recognised on a PATH."""


class ProcessSpec:
    """A command ready to be started: arguments, and the environment of that one process.

    ``notes`` are for the user. ``temporary`` is a file that it reads and that ``run_here`` removes at the end.
    """

    def __init__(self, argv: list[str], env: dict[str, str], notes: list[str], temporary: str | None = None) -> None:
        self.argv = argv
        self.env = env
        self.notes = notes
        self.temporary = temporary

    def __repr__(self) -> str:
        return f"ProcessSpec({self.argv!r}, env of {len(self.env)} variables)"


def prepare_run(paths: Paths, name: str, command: list[str], target_id: str | None = None) -> ProcessSpec:
    """What to start so that ``command`` uses the profile; without a target, it is the one that the program belongs to.

    The target's own program gets the launch file and fetches the key itself. Any other program gets the address, the
    key and the models as environment variables, and a PATH on which the target's program is a launcher of ours. Raises
    ``BadInput`` for what overrides even a launch file.
    """
    target = find_target(target_id or target_of(_program_name(command[0]) if command else ""))
    record = load_record(paths, name)
    launch = launch_for(record, target.id)
    values = LiveValues(paths, target)
    spec = target.run_spec(launch, values.own, values.current, os.environ)
    conflicts = target.run_conflicts(launch, os.environ)
    if blocking := [conflict for conflict in conflicts if conflict.blocking]:
        raise BadInput(blocking[0].message, blocking[0].hint)
    notes = [join_sentences(conflict.message, conflict.hint) for conflict in conflicts]
    argv = command or [require_command(target, name)]
    env = {key: value for key, value in os.environ.items() if key not in spec.unset and not launch.is_stale(key)}
    env["PATH"] = _search_path()
    is_own = _program_name(argv[0]) == target.program
    if not is_own or spec.needs_environment:
        env |= spec.environment
        if spec.key_variable:
            env[spec.key_variable] = _key(paths, record)
    if (LAUNCH_FILE in spec.argv or spec.needs_environment) and (launcher := _launcher_folder(paths, launch, target)):
        env["PATH"] = launcher + os.pathsep + env["PATH"]
    if not is_own and not conflicts:
        env |= spec.enforcing
    if not is_own:
        target.check_run(launch)
        notes += _notes_on_losses(argv, target, values)
        return ProcessSpec(argv, env, notes)
    if LAUNCH_FILE not in spec.argv:
        return ProcessSpec([argv[0], *spec.argv[1:], *argv[1:]], env, notes)
    option = spec.argv[spec.argv.index(LAUNCH_FILE) - 1]
    arguments, given = _without_option(argv[1:], option)
    if given is None:
        file, temporary = _launch_file(paths, target, record, values, spec), None
    else:
        ours = spec.launch_file or target.launch_file(launch) or ""
        file = temporary = paths.launch_file(target.id, f"{name}@{os.getpid()}")
        write_own_file(file, target.merged_launch_file(ours, given).encode(), durable=False)
    own_arguments = [file if argument == LAUNCH_FILE else argument for argument in spec.argv[1:]]
    return ProcessSpec([argv[0], *own_arguments, *arguments], env, notes, temporary)


def _program_name(path: str) -> str:
    return os.path.basename(path).removesuffix(".exe").removesuffix(".cmd")


def require_command(target: Target, name: str) -> str:
    """The target's own program; raises ``BadInput`` for a library, which has none."""
    if not target.program:
        raise BadInput(
            _("{tool} is a library, without a program of its own.", tool=target.name),
            _("Name yours: `ccswitch run {name} --target {target} -- PROGRAM`.", name=name, target=target.id),
        )
    return target.program


def launcher_argv(launch: Launch, target: Target) -> list[str]:
    """The command that starts the target's program with the profile; arguments may follow."""
    command = [launch.python, "-I", "-m", "ccswitch_py", "run", launch.profile]
    return [*command, "--target", target.id, "--", target.program]


def launcher_script(launch: Launch, target: Target, *comments: str) -> bytes:
    """The text of a shell script that starts the target's program with the profile, in this home of ccswitch."""
    from ccswitch_py.core.quoting import command_line, posix

    home = os.environ.get("CCSWITCH_HOME")
    lines = [
        "#!/bin/sh",
        *comments,
        *([f"export CCSWITCH_HOME={posix(os.path.abspath(os.path.expanduser(home)))}"] if home else []),
        f'exec {command_line(launcher_argv(launch, target))} "$@"\n',
    ]
    return "\n".join(lines).encode()


def _launcher_folder(paths: Paths, launch: Launch, target: Target) -> str | None:
    """A folder for the PATH with a launcher of the target's program; None where it cannot be written.

    It stays there: an editor that was started with the profile outlives the command.
    """
    if os.name == "nt":
        return None
    folder = paths.launch_file(target.id, launch.profile).removesuffix(".json") + _LAUNCHERS
    script = launcher_script(launch, target)
    path = os.path.join(folder, target.program)
    try:
        if read_bytes(path) != script:
            write_own_file(path, script, durable=False, mode=0o700)
    except (FileNotChanged, OSError):
        return None
    return folder


def _search_path() -> str:
    """The PATH without our launchers, which may be of another profile."""
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return os.pathsep.join(folder for folder in folders if not folder.endswith(_LAUNCHERS))


def _without_option(arguments: list[str], option: str) -> tuple[list[str], str | None]:
    """The arguments without an option of the tool, and its last value (None: not given)."""
    rest: list[str] = []
    value = None
    words = iter(arguments)
    for word in words:
        if word == "--":
            rest += [word, *words]
        elif word == option:
            value = next(words, "")
        elif word.startswith(f"{option}="):
            value = word.partition("=")[2]
        else:
            rest.append(word)
    return rest, value


def _notes_on_losses(argv: list[str], target: Target, values: LiveValues) -> Iterator[str]:
    """What may not reach the profile, and what wins there."""
    losses = find_losses(argv, target.program)
    texts = [_("{program} may drop this environment, and the profile with it.", program=one) for one in losses.dropping]
    texts += [
        _("If {program} is already running, what it opens has the environment of that one, not this.", program=one)
        for one in losses.servers
    ]
    file = join_list(from_home(file.path) for file in values.states)
    wins = _("Then {tool} uses {file}.", tool=target.name, file=file) if file else ""
    in_use = (values.profile and _("In use there: {profile}.", profile=values.profile)) or ""
    return (join_sentences(text, wins, in_use) for text in texts)


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
    """Run it in this terminal, and return its exit code.

    What the terminal sends (Ctrl-C) reaches the program too, which decides what to do.
    """
    import signal
    import subprocess

    child: subprocess.Popen[bytes] | None = None

    def pass_on(number: int, _frame: object) -> None:
        if child and number != signal.SIGINT:
            child.send_signal(number)

    previous = {number: signal.signal(number, pass_on) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        child = subprocess.Popen(process.argv, env=process.env)
        code = child.wait()
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
        if process.temporary:
            remove_file(process.temporary)
    return code if code >= 0 else 128 - code


def require_program(process: ProcessSpec) -> None:
    """Put the full path of the program into the command; raises ``NotFound``."""
    import shutil

    program = shutil.which(process.argv[0], path=_search_path())
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
