"""The way in: find the verb, run it, print its result or its error."""

from __future__ import annotations

import os
import sys
from io import StringIO, TextIOWrapper

from ccswitch_py import __version__
from ccswitch_py.core.errors import BadInput, CcswitchError
from ccswitch_py.core.language import N_, _, as_sentence, quoted
from ccswitch_py.redact.printable import escape_json, printable_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn, TextIO

    from ccswitch_py.cli.output.result import Result

VERBS = {
    "add": N_("make a profile: provider, key, four models"),
    "list": N_("the profiles, and which is in use where"),
    "show": N_("one profile: what it sends and where its key is"),
    "edit": N_("change a profile"),
    "rename": N_("give a profile another name"),
    "duplicate": N_("copy a profile"),
    "remove": N_("remove a profile, and its key if no other uses it"),
    "use": N_("write a profile into Claude Code's settings"),
    "off": N_("give the settings back as they were before ccswitch"),
    "undo": N_("take the last use or off back"),
    "status": N_("what is in use, and whether the file still says so"),
    "test": N_("send the gateway real requests like the tool's, and say what works"),
    "explain": N_("which address, key and models Claude Code will use in a folder, and why"),
    "ask": N_("ask a model of a profile one thing, and see the answer as it comes"),
    "run": N_("start a program with a profile, for that program only"),
    "env": N_("print the shell commands that set a profile's variables"),
    "export": N_("write a profile for another machine or a colleague"),
    "keys": N_("the keys: list, set, remove, status"),
    "providers": N_("the gateways that are known"),
    "models": N_("the models of a provider or profile"),
    "targets": N_("the tools that can be set up"),
    "doctor": N_("look whether everything is in order, and mend what can be mended safely"),
    "completion": N_("print the completion script for a shell"),
    "demo": N_("try everything against a gateway on this machine, in a throw-away home"),
}


def entry() -> NoReturn:
    """The console script ``ccswitch``."""
    code = main(sys.argv[1:])
    _say(sys.stderr)
    # All is written: taking the interpreter apart would cost a fifth of a quick verb, and wait for threads that hang.
    os._exit(code)


def main(argv: list[str]) -> int:
    """Run one command line and return its exit code; no exception leaves it."""
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
    except Exception as error:  # its text may hold anything, so only its kind is shown
        from ccswitch_py.core.crash_report import as_error

        problem = as_error(error)
        _print_error(problem, as_json)
        return problem.exit_code
    return code


def _prepare_streams() -> None:
    # A stream that the caller has closed is None: what is said there goes nowhere, as the caller wants it.
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
    verb = argv[0]
    if verb in ("-h", "--help", "help"):
        print(_overview())
        return 0
    if verb in ("-V", "--version"):
        print(f"ccswitch {__version__}")
        return 0
    if verb not in VERBS:
        from ccswitch_py.cli.misplaced_key import refuse_key

        refuse_key(verb)
        raise BadInput(_("There is no verb '{verb}'.", verb=quoted(verb)), _near_verb(verb))
    module = __import__(f"ccswitch_py.cli.commands.{verb}", fromlist=["run"])
    try:
        args = _arguments(verb, module, argv[1:])
    except SystemExit as end:  # the help was asked for, and is printed
        return end.code if isinstance(end.code, int) else 0
    result: Result = module.run(args)
    for note in result.notes:
        print(printable_lines(note), file=sys.stderr)
    if getattr(args, "json", False):
        import json

        print(escape_json(json.dumps(result.data, ensure_ascii=False, indent=2)))
    elif result.text:
        as_it_is = result.for_programs and not sys.stdout.isatty()
        print(result.text if as_it_is else printable_lines(result.text, painted=result.painted))
    return result.exit_code


def _arguments(verb: str, module: Any, argv: list[str]) -> Any:
    """With just a name there is nothing to do for argparse, which is a tenth of the quickest verb."""
    if len(argv) == 1 and argv[0][:1] not in ("", "-") and hasattr(module, "WITH_A_NAME_ALONE"):
        from types import SimpleNamespace

        from ccswitch_py.cli.misplaced_key import refuse_key

        refuse_key(argv[0])
        return SimpleNamespace(name=argv[0], **module.WITH_A_NAME_ALONE)
    from ccswitch_py.cli.parser import parse

    return parse(verb, as_sentence(_(VERBS[verb])), module.add_arguments, argv)


def _open_screen() -> int:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print(_overview())
        return 0
    from ccswitch_py.tui.app import run_app

    return run_app()


def _overview() -> str:
    from ccswitch_py.cli.output.terminal import Terminal

    terminal = Terminal(sys.stdout)
    indent = " " * (max(map(len, VERBS)) + 4)
    return "\n".join(
        [
            _("usage: ccswitch [VERB ...]"),
            "",
            terminal.wrapped(
                _("Without a verb the screen opens: pick a gateway, paste a key, choose four models, test, use."), ""
            ),
            "",
            _("verbs:"),
            *(
                f"  {verb}".ljust(len(indent)) + terminal.wrapped(_(text), indent).lstrip()
                for verb, text in VERBS.items()
            ),
            "",
            terminal.wrapped(
                _(
                    "`ccswitch VERB --help` says more; verbs that report take --json. "
                    "`ccswitch --version` prints the version."
                ),
                "",
            ),
        ]
    )


def _near_verb(verb: str) -> str:
    import difflib

    near = difflib.get_close_matches(verb, VERBS, 1)
    return _("Did you mean '{name}'?", name=near[0]) if near else _("See `ccswitch --help`.")


def _print_error(error: CcswitchError, as_json: bool) -> None:
    said = printable_lines(f"ccswitch: {error}")
    if as_json:
        import json

        facts = {"message": error.message, "hint": error.hint, "exit_code": error.exit_code}
        said = escape_json(json.dumps({"error": facts}, ensure_ascii=False))
    _say(sys.stdout)
    _say(sys.stderr, f"{said}\n")


def _say(stream: TextIO, text: str = "") -> None:
    """Write what is left to write; where that cannot be, there is nobody to tell it."""
    try:
        stream.write(text)
        stream.flush()
    except OSError:
        pass
