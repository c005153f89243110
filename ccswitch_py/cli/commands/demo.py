"""``ccswitch demo``: try everything in a throwaway home, or serve the embedded gateway."""

from __future__ import annotations

import sys

from ccswitch_py.cli.command import ArgumentParser, Namespace, Result
from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import _, join_sentences


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--serve", action="store_true", help=_("only serve the gateway on 127.0.0.1 until Ctrl-C"))
    parser.add_argument("--port", type=int, default=0, help=_("with --serve: the port (default: a free one)"))


def run(args: Namespace) -> Result:
    """Open the screen in a throwaway home, or serve."""
    if args.serve:
        return _serve(args.port)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise BadInput(
            _("The demo needs a terminal."), _("Start it in one, or serve its gateway: ccswitch demo --serve.")
        )
    from ccswitch_py.services.demo import KEY_HINT, demo_home
    from ccswitch_py.tui.app import CcswitchApp

    with demo_home() as paths:
        app = CcswitchApp(paths, key_hint=_(KEY_HINT))
        app.run()
    return Result(_("The demo's home was deleted; your own files were not touched."), exit_code=app.return_code or 0)


def _serve(port: int) -> Result:
    import threading

    from ccswitch_py.demo.server import Gateway
    from ccswitch_py.services.demo import KEY_HINT

    with Gateway(port=port) as gateway:
        answers = _("The gateway answers at {address}.", address=gateway.base_url)
        print(join_sentences(answers, _(KEY_HINT), _("Ctrl-C ends it.")), flush=True)
        threading.Event().wait()
    return Result()
