"""Entry point: find the command, run it, print its result or its error."""

from __future__ import annotations

import gc
import os
import sys
from io import StringIO, TextIOWrapper

from ccswitch_py import __version__
from ccswitch_py.cli.parser import parse, refuse_key
from ccswitch_py.core.errors import BadInput, CcswitchError
from ccswitch_py.core.language import N_, _, as_sentence, quoted
from ccswitch_py.core.process_protection import protect_process
from ccswitch_py.redact.printable import escape_json, printable_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn, TextIO

    from ccswitch_py.cli.command import Result

COMMANDS = {
    "add": (
        N_("add a profile: provider, key and models"),
        "ccswitch add work --provider anthropic --key-stdin < key.txt",
    ),
    "list": (N_("list the profiles and where each is active"), "ccswitch list --json"),
    "show": (N_("show a profile: what it sends and where its key is"), "ccswitch show work"),
    "edit": (N_("edit a profile"), "ccswitch edit work --opus glm-5.1"),
    "rename": (N_("rename a profile"), "ccswitch rename work office"),
    "duplicate": (N_("copy a profile"), "ccswitch duplicate work experiment"),
    "remove": (N_("remove a profile, and its key unless another profile uses it"), "ccswitch remove work --keep-key"),
    "use": (N_("switch to a profile"), "ccswitch use work"),
    "off": (N_("restore the original settings"), "ccswitch off --dry-run"),
    "undo": (N_("undo the last use or off"), "ccswitch undo"),
    "status": (N_("show what is in use, and any changes since"), "ccswitch status"),
    "test": (N_("test a profile with real requests like the tool's"), "ccswitch test work --full"),
    "explain": (
        N_("explain which address, key and models a tool will use in a folder"),
        "ccswitch explain ~/src/project",
    ),
    "ask": (N_("send one prompt to a profile's model"), 'ccswitch ask work "What is a monad?"'),
    "run": (N_("run a program with a profile, for that program only"), "ccswitch run work -- claude --continue"),
    "launcher": (
        N_("install a command that starts a tool with a profile"),
        "ccswitch launcher opencode work",
    ),
    "env": (N_("print shell commands that set a profile's variables"), 'eval "$(ccswitch env work)"'),
    "export": (N_("export a profile for another machine or a colleague"), "ccswitch export work -o work.toml"),
    "keys": (N_("manage keys: list, set, remove, status"), "ccswitch keys list"),
    "providers": (N_("list and search the known providers, or add one"), "ccswitch providers --search glm"),
    "models": (N_("list the models of a provider or profile"), "ccswitch models work --refresh"),
    "targets": (N_("list the tools that can be set up"), "ccswitch targets"),
    "doctor": (N_("check the setup and fix what can be fixed safely"), "ccswitch doctor --fix"),
    "completion": (N_("print the completion script for a shell"), 'eval "$(ccswitch completion bash)"'),
    "demo": (N_("try everything against a local gateway, in a throwaway home"), "ccswitch demo"),
}
"""Each command's summary and an example."""

ALIASES = {
    **dict.fromkeys(("ls", "profiles"), "list"),
    **dict.fromkeys(("new", "create", "init", "import", "setup"), "add"),
    **dict.fromkeys(("rm", "delete", "del", "uninstall"), "remove"),
    **dict.fromkeys(("switch", "select", "activate", "enable", "on"), "use"),
    **dict.fromkeys(("disable", "deactivate", "reset", "restore", "stop"), "off"),
    **dict.fromkeys(("revert", "back", "rollback"), "undo"),
    **dict.fromkeys(("current", "whoami", "which", "active"), "status"),
    **dict.fromkeys(("get", "info", "cat", "view", "describe"), "show"),
    **dict.fromkeys(("set", "update", "modify", "config"), "edit"),
    **dict.fromkeys(("mv", "move"), "rename"),
    **dict.fromkeys(("cp", "copy", "clone"), "duplicate"),
    **dict.fromkeys(("check", "ping", "verify"), "test"),
    **dict.fromkeys(("exec", "start", "launch", "claude"), "run"),
    **dict.fromkeys(("chat", "prompt"), "ask"),
    **dict.fromkeys(("fix", "diagnose", "repair"), "doctor"),
    **dict.fromkeys(("login", "auth"), "keys set"),
    **dict.fromkeys(("logout",), "keys remove"),
    "version": "--version",
    "why": "explain",
    "shell": "env",
    "tools": "targets",
}
"""What users of other programs type; suggested, not run."""


def entry() -> NoReturn:
    """The console script ``ccswitch``."""
    protect_process()
    # Collections while modules load would free nothing.
    gc.set_threshold(100_000)
    code = main(sys.argv[1:])
    _write(sys.stderr)
    # Finalizing the interpreter would cost a fifth of a quick command, and wait for threads that hang.
    os._exit(code)


def main(argv: list[str]) -> int:
    """Run one command line and return its exit code; raises nothing."""
    as_json = "--json" in argv
    _prepare_streams()
    try:
        code = _run(argv)
        sys.stdout.flush()
    except CcswitchError as error:
        _print_error(error, as_json)
        return error.exit_code
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        return 130
    except BrokenPipeError:
        return 0  # the reader has gone
    except Exception as error:  # its text may contain anything, so only its type is shown
        from ccswitch_py.core.crash_report import as_error

        problem = as_error(error)
        _print_error(problem, as_json)
        return problem.exit_code
    return code


def _prepare_streams() -> None:
    # A stream that the caller has closed is None.
    if sys.stdout is None:  # pyright: ignore[reportUnnecessaryComparison]
        sys.stdout = StringIO()
    if sys.stderr is None:  # pyright: ignore[reportUnnecessaryComparison]
        sys.stderr = StringIO()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and stream.encoding.lower() != "utf-8":
            stream.reconfigure(errors="replace")


def _run(argv: list[str]) -> int:
    if not argv:
        return _open_screen()
    command = argv[0]
    if command == "help" and argv[1:] and argv[1] != "help":
        command, argv = argv[1], [argv[1], "--help"]
    if command in ("-h", "--help", "help"):
        print(_overview())
        return 0
    if command in ("-V", "--version"):
        print(f"ccswitch {__version__}")
        return 0
    if command not in COMMANDS:
        refuse_key(command)
        if command.startswith("-") and (after := next((one for one in argv if one in COMMANDS), None)):
            hint = _("Run `ccswitch {command} {option}`.", command=after, option=quoted(command))
            raise BadInput(_("Options go after the command."), hint)
        raise BadInput(_("There is no command '{command}'.", command=quoted(command)), _suggestion(command))
    module = __import__(f"ccswitch_py.cli.commands.{command}", fromlist=["run"])
    summary, example = COMMANDS[command]
    try:
        args = parse(command, as_sentence(_(summary)), example, module.add_arguments, argv[1:])
    except SystemExit as end:  # the help is printed
        return end.code if isinstance(end.code, int) else 0
    result: Result = module.run(args)
    for note in result.notes:
        print(_wrapped(printable_lines(note)), file=sys.stderr)
    if getattr(args, "json", False):
        import json

        print(escape_json(json.dumps(result.data, ensure_ascii=False, indent=2)))
    elif result.text:
        as_it_is = result.for_programs and not sys.stdout.isatty()
        print(result.text if as_it_is else printable_lines(result.text, painted=result.painted))
    return result.exit_code


def _open_screen() -> int:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print(_overview())
        return 0
    from ccswitch_py.tui.app import run_app

    return run_app()


def _overview() -> str:
    from ccswitch_py.cli.output.terminal import Terminal

    terminal = Terminal(sys.stdout)
    return "\n".join(
        [
            _("usage: ccswitch [COMMAND ...]"),
            "",
            terminal.wrapped(
                _("Without a command the screen opens: pick a provider, paste a key, choose models, test, use.")
            ),
            "",
            _("commands:"),
            terminal.table([[f"  {command}", _(summary)] for command, (summary, _example) in COMMANDS.items()]),
            "",
            terminal.wrapped(
                _(
                    "Run `ccswitch COMMAND --help` for help on a command. Query commands take --json. "
                    "`ccswitch --version` prints the version."
                )
            ),
        ]
    )


def _suggestion(command: str) -> str:
    import difflib

    from ccswitch_py.targets.registry import TARGETS, similar_target

    if command not in ALIASES and (target := similar_target(command)) and command in (target, TARGETS[target].program):
        return _(
            "Use a profile in {tool} with `ccswitch use NAME --target {target}`.",
            tool=TARGETS[target].name,
            target=target,
        )
    near = [ALIASES[command]] if command in ALIASES else difflib.get_close_matches(command, COMMANDS, 1)
    return _("Did you mean '{name}'?", name=near[0]) if near else _("See `ccswitch --help`.")


def _print_error(error: CcswitchError, as_json: bool) -> None:
    text = printable_lines(f"ccswitch: {error}")
    if as_json:
        import json

        facts = {"message": error.message, "hint": error.hint, "exit_code": error.exit_code}
        text = escape_json(json.dumps({"error": facts}, ensure_ascii=False))
    else:
        text = _wrapped(text)
    _write(sys.stdout)
    _write(sys.stderr, f"{text}\n")


def _wrapped(text: str) -> str:
    """Wrap prose for stderr where that is a terminal."""
    from ccswitch_py.cli.output.terminal import Terminal

    terminal = Terminal(sys.stderr)
    return "\n".join(map(terminal.wrapped, text.split("\n")))


def _write(stream: TextIO, text: str = "") -> None:
    """Write and flush; ignore a failure, which could not be reported either."""
    try:
        stream.write(text)
        stream.flush()
    except OSError:
        pass
