"""The way in: find the verb, run it, print its result or its error."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper

from ccswitch_py import __version__
from ccswitch_py.errors import BadInput, CcswitchError
from ccswitch_py.language import later, plain, sentence, tr
from ccswitch_py.printable import escaped, printable_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from ccswitch_py.cli.result import Result

VERBS = {
    "add": later("make a profile: provider, key, four models"),
    "list": later("the profiles, and which is in use where"),
    "show": later("one profile: what it sends and where its key is"),
    "edit": later("change a profile"),
    "rename": later("give a profile another name"),
    "duplicate": later("copy a profile"),
    "remove": later("remove a profile, and its key if no other uses it"),
    "use": later("write a profile into Claude Code's settings"),
    "off": later("give the settings back as they were before ccswitch"),
    "undo": later("take the last use or off back"),
    "status": later("what is in use, and whether the file still says so"),
    "test": later("send the gateway real requests like the tool's, and say what works"),
    "explain": later("which address, key and models Claude Code will use in a folder, and why"),
    "ask": later("ask a model of a profile one thing, and see the answer as it comes"),
    "run": later("start a program with a profile, for that program only"),
    "env": later("print the shell commands that set a profile's variables"),
    "export": later("write a profile for another machine or a colleague"),
    "keys": later("the keys: list, set, remove, status"),
    "providers": later("the gateways that are known"),
    "models": later("the models of a provider or profile"),
    "targets": later("the tools that can be set up"),
    "doctor": later("look whether everything is in order, and mend what can be mended safely"),
    "completion": later("print the completion script for a shell"),
    "demo": later("try everything against a gateway on this machine, in a throw-away home"),
}


def entry() -> NoReturn:
    """The console script ``ccswitch``."""
    if sys.stderr is None:  # pyright: ignore[reportUnnecessaryComparison] (it was closed before we were started)
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115 (as long as the process)
    code = main(sys.argv[1:])
    sys.stderr.flush()
    # All is written: taking the interpreter apart would cost a fifth of a quick verb, and wait for threads that hang.
    os._exit(code)


def main(argv: list[str]) -> int:
    """Run one command line and return its exit code; no exception leaves it."""
    as_json = "--json" in argv
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and stream.encoding.lower() != "utf-8":
            stream.reconfigure(errors="replace")
    try:
        return _run(argv)
    except CcswitchError as error:
        _print_error(error, as_json)
        return error.exit_code
    except SystemExit as end:  # argparse has printed its help
        sys.stdout.flush()
        return end.code if isinstance(end.code, int) else 0
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        return 130
    except BrokenPipeError:
        return 0  # the reader has gone
    except Exception as error:  # its text may hold anything, so only its kind is shown
        from ccswitch_py.crash import explained

        problem = explained(error)
        _print_error(problem, as_json)
        return problem.exit_code


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
        from ccswitch_py.cli.parser import refuse_key

        refuse_key(verb)
        raise BadInput(tr("There is no verb '{verb}'.", verb=plain(verb)), _near_verb(verb))
    module = __import__(f"ccswitch_py.cli.verbs.{verb}", fromlist=["run"])
    from ccswitch_py.cli.parser import parse

    args = parse(verb, sentence(tr(VERBS[verb])), module.add_arguments, argv[1:])
    result: Result = module.run(args)
    for note in result.notes:
        print(printable_lines(note), file=sys.stderr)
    if getattr(args, "json", False):
        import json

        print(escaped(json.dumps(result.data, ensure_ascii=False, indent=2)))
    elif result.text:
        as_it_is = result.for_programs and not sys.stdout.isatty()
        print(result.text if as_it_is else printable_lines(result.text, painted=result.painted))
    sys.stdout.flush()
    return result.exit_code


def _open_screen() -> int:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print(_overview())
        return 0
    from ccswitch_py.tui.app import run_app

    return run_app()


def _overview() -> str:
    width = max(map(len, VERBS))
    return "\n".join(
        [
            tr("usage: ccswitch [VERB ...]"),
            "",
            tr("Without a verb the screen opens: pick a gateway, paste a key, choose four models, test, use."),
            "",
            tr("verbs:"),
            *(f"  {verb:<{width}}  {tr(text)}" for verb, text in VERBS.items()),
            "",
            tr(
                "`ccswitch VERB --help` says more; verbs that report take --json. "
                "`ccswitch --version` prints the version."
            ),
        ]
    )


def _near_verb(verb: str) -> str:
    import difflib

    near = difflib.get_close_matches(verb, VERBS, 1)
    return tr("Did you mean '{name}'?", name=near[0]) if near else tr("See `ccswitch --help`.")


def _print_error(error: CcswitchError, as_json: bool) -> None:
    sys.stdout.flush()
    if as_json:
        import json

        facts = {"message": error.message, "hint": error.hint, "exit_code": error.exit_code}
        print(escaped(json.dumps({"error": facts}, ensure_ascii=False)), file=sys.stderr)
    else:
        print(printable_lines(f"ccswitch: {error}"), file=sys.stderr)
