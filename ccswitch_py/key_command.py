"""Prints the key of a profile: what a tool calls to fetch it, also known as ``ccswitch-key``.

Claude Code waits for this at each start, and shows what it says on stderr word for word. So everything here is
imported late, and every failure is one line.
"""

from __future__ import annotations

import os
import sys

from ccswitch_py.core.errors import BadInput, CcswitchError, Interrupted, KeyUnavailable, NotFound
from ccswitch_py.core.language import _, join_sentences, quoted
from ccswitch_py.core.process_protection import protect_process
from ccswitch_py.redact.printable import printable
from ccswitch_py.vault.key_command_line import USAGE, KeyCommand

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from ccswitch_py.core.paths import Paths
    from ccswitch_py.model.launch import LaunchRecord

TIMEOUT_S = 60.0


def main(argv: list[str]) -> int:
    """Print the key of the profile that ``argv`` names, and return the exit code; on failure stdout stays empty."""
    try:
        if argv in (["-h"], ["--help"]):
            print(_(USAGE), _("Prints the key of the profile."), sep="\n")
            return 0
        key = _key(argv)
        sys.stdout.write(key + "\n")
        sys.stdout.flush()
    except CcswitchError as error:
        return _fail(_without_keys(argv, str(error)), error.exit_code)
    except KeyboardInterrupt:
        return _fail(_("Interrupted."), Interrupted.exit_code)
    except BaseException as error:
        from ccswitch_py.core.crash_report import as_error

        # Its text could contain a part of the key, so only its type and place are reported.
        return _fail(join_sentences(_("The key could not be fetched."), str(as_error(error))), KeyUnavailable.exit_code)
    return 0


def entry() -> NoReturn:
    """The program ``ccswitch-key``."""
    protect_process()
    code = main(sys.argv[1:])
    # All is written; taking the interpreter apart would cost a third of Python's own start.
    os._exit(code)


def _key(argv: list[str]) -> str:
    command = KeyCommand.from_arguments(argv)
    paths = _paths(command.state)
    record = _record(paths, command.profile)
    if command.claude_code or command.project:
        from ccswitch_py.targets.claude_code.key_guard import check_key_destination

        check_key_destination(record, os.environ, of_settings=command.project)
    from ccswitch_py.vault.reference import resolve_key

    return resolve_key(record.key, paths, TIMEOUT_S).reveal()


def _paths(state: str | None) -> Paths:
    from ccswitch_py.core.paths import Paths, find_paths

    paths = find_paths()
    if state is None or state == paths.state:
        return paths
    # The argument `--state` is there if CCSWITCH_HOME was set when the profile was applied.
    beside = os.path.join(os.path.dirname(os.path.abspath(state)), "config")
    return Paths(beside if os.path.isdir(beside) else paths.config, os.path.abspath(state))


def _record(paths: Paths, profile: str) -> LaunchRecord:
    from ccswitch_py.core.files import read_own_json
    from ccswitch_py.model.launch import KEY_COMMAND_SCHEMAS, LaunchRecord

    if not profile or profile.startswith(".") or os.path.basename(profile) != profile or "\0" in profile:
        raise NotFound(
            _("There is no profile '{profile}'.", profile=quoted(profile)), _("`ccswitch list` shows the names.")
        )
    try:
        values = read_own_json(paths.launch_record(profile))
        if values is None:
            raise _not_used_yet(profile)
        if values["schema"] not in KEY_COMMAND_SCHEMAS:
            raise BadInput(
                _("The launch record of '{profile}' was written by another version.", profile=quoted(profile)),
                _("Run `{command}` once.", command=_use_again(profile)),
            )
        return LaunchRecord(values)
    except NotADirectoryError:
        raise _not_used_yet(profile) from None
    except (OSError, ValueError, KeyError, TypeError):
        raise BadInput(
            _("The launch record of '{profile}' cannot be read.", profile=quoted(profile)),
            _("Run `{command}` once.", command=_use_again(profile)),
        ) from None


def _not_used_yet(profile: str) -> NotFound:
    return NotFound(
        _("The profile '{profile}' has never been used.", profile=quoted(profile)),
        _("Run `{command}` once; `ccswitch list` shows the names.", command=_use_again(profile)),
    )


def _use_again(profile: str) -> str:
    from ccswitch_py.core.quoting import command_line

    return command_line(["ccswitch", "use", profile])


def _without_keys(argv: list[str], sentence: str) -> str:
    """Do not repeat a key that was given as an argument by mistake."""
    from ccswitch_py.redact.key_patterns import looks_like_key, redact_keys

    return redact_keys(sentence) if any(map(looks_like_key, argv)) else sentence


def _fail(sentence: str, code: int) -> int:
    try:
        sys.stderr.write(f"ccswitch: {printable(sentence).strip()}\n")
        sys.stderr.flush()
    except (OSError, AttributeError):  # full, or closed before we were started
        return code
    return code


if __name__ == "__main__":
    entry()
