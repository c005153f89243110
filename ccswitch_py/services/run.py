"""Using a profile for one program only: nothing is written for others to see, several terminals do not disturb."""

from __future__ import annotations

import json
import os

from ccswitch_py.core.errors import BadInput, NotFound
from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.language import _, quoted
from ccswitch_py.core.lock import state_lock
from ccswitch_py.live_files.live_state import display_address, read_live_state
from ccswitch_py.live_files.secret_placeholders import is_placeholder
from ccswitch_py.services.launches import load_launch, load_record
from ccswitch_py.targets.registry import find_target

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ccswitch_py.core.paths import Paths
    from ccswitch_py.model.launch import LaunchRecord
    from ccswitch_py.targets.base import Target


class Prepared:
    """A command ready to be started: arguments, and the environment of that one process."""

    def __init__(self, argv: list[str], env: dict[str, str]) -> None:
        self.argv = argv
        self.env = env

    def __repr__(self) -> str:
        return f"Prepared({self.argv!r}, env of {len(self.env)} variables)"


def prepare_run(paths: Paths, name: str, command: list[str], target_id: str = "claude-code") -> Prepared:
    """What to start so that ``command`` uses the profile.

    The target's own program gets the launch file and fetches the key itself. Any other program gets the address, the
    key and the models as environment variables.
    """
    target = find_target(target_id)
    record = load_record(paths, name)
    launch = load_launch(paths, record, target_id)
    argv = command or [target.program]
    env = {key: value for key, value in os.environ.items() if key not in target.own_variables}
    if os.path.basename(argv[0]).removesuffix(".exe").removesuffix(".cmd") != target.program:
        _require_no_other_address(paths, target, record)
        _require_own_project(record)
        return Prepared(argv, env | process_variables(launch) | {target.token_variable: _key(paths, record)})
    if any(argument == "--settings" or argument.startswith("--settings=") for argument in argv):
        raise BadInput(
            _("`ccswitch run` adds --settings by itself."),
            _("Leave yours out, or start the program directly."),
        )
    return Prepared([argv[0], "--settings", _settings_file(paths, target, record, launch), *argv[1:]], env)


def run_here(prepared: Prepared) -> int:
    """Start it on this terminal, wait for its end, and return its exit code."""
    import subprocess

    return subprocess.run(prepared.argv, env=prepared.env, check=False).returncode


def require_program(prepared: Prepared) -> None:
    """Put the full path of the program into the command; raises ``NotFound``."""
    import shutil

    program = shutil.which(prepared.argv[0])
    if program is None:
        raise NotFound(
            _("There is no program '{program}' on the PATH.", program=quoted(prepared.argv[0])),
            _("Install it, or give its full path."),
        )
    prepared.argv[0] = program


def process_variables(launch: dict[str, Any]) -> dict[str, str]:
    """The environment variables of a launch file that are not empty."""
    return {name: value for name, value in launch["env"].items() if value}


def _settings_file(paths: Paths, target: Target, record: LaunchRecord, launch: dict[str, Any]) -> str:
    """The launch file, or a variant of it where the user's own settings or another applied profile need an answer.

    The program merges its settings files, so what another profile has put into the user's file is overridden here.
    """
    situation = read_live_state(paths, target)
    found = [*situation.before.entries.items(), *situation.own.entries.items()]
    sealed = {path for path, raw in found if is_placeholder(raw)}
    own = {path: raw for path, raw in situation.own.entries.items() if path not in sealed}
    settings = json.loads(json.dumps(launch))
    for path, raw in target.wanted(launch, own.get, None):
        if raw is not None and len(path) > 1:
            settings["env"][path[1]] = json.loads(raw)
    for path in sealed - set(own):
        # A launch file holds no secret; what cannot be written there is cancelled for this one session.
        if len(path) > 1 and path[1] not in settings["env"]:
            settings["env"][path[1]] = ""
    for path, raw in situation.before.entries.items():
        if len(path) > 1 and path[1] not in settings["env"] and raw != situation.own.entries.get(path):
            settings["env"][path[1]] = json.loads(own.get(path, '""'))
    if settings == launch:
        return paths.launch_file(target.id, record.profile)
    path = paths.launch_file(target.id, f"{record.profile}@{situation.journal.profile or ''}")
    with state_lock(paths):
        write_own_file(path, json.dumps(settings, ensure_ascii=False, indent=2).encode())
    return path


def _require_no_other_address(paths: Paths, target: Target, record: LaunchRecord) -> None:
    """A wrapper that starts the target after all would send the key where the target's own settings say.

    Unless these name a token as well, be it an empty one, as those of a profile in use do: that beats the key.
    """
    situation = read_live_state(paths, target)
    address = situation.address
    has_token = ("env", target.token_variable) in situation.before.entries
    if address and address != record.base_url and not has_token:
        raise BadInput(
            _(
                "{file} sends {program} to {address}, which would beat the variables of this profile.",
                file=target.live_path(),
                program=target.name,
                address=display_address(target, address),
            ),
            _(
                "Start `{program}` itself (`ccswitch run {profile}`), or `ccswitch off` first.",
                program=target.program,
                profile=record.profile,
            ),
        )


def _require_own_project(record: LaunchRecord) -> None:
    """The same for the project in the folder: a wrapper starts the target there, with the key in its environment."""
    from ccswitch_py.targets.claude_code.key_guard import check_project

    check_project(record)


def _key(paths: Paths, record: LaunchRecord) -> str:
    from ccswitch_py.vault.reference import resolve_key

    return resolve_key(record.key, paths).reveal()
