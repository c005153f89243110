"""``ccswitch demo``: try everything in a throw-away home, or serve the embedded gateway."""

from __future__ import annotations

import argparse
import sys

from ccswitch_py.cli.result import Result
from ccswitch_py.errors import BadInput
from ccswitch_py.language import together, tr


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``demo``."""
    parser.add_argument("--serve", action="store_true", help=tr("only serve the gateway on 127.0.0.1 until Ctrl-C"))
    parser.add_argument("--port", type=int, default=0, help=tr("with --serve: the port (default: a free one)"))


def run(args: argparse.Namespace) -> Result:
    """Open the screen in a home of its own, or serve."""
    if args.serve:
        return _serve(args.port)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise BadInput(
            tr("The demo needs a terminal."), tr("Start it in one, or serve its gateway: ccswitch demo --serve.")
        )
    from ccswitch_py.jobs.demo import KEY_HINT, demo_home
    from ccswitch_py.tui.app import CcswitchApp

    with demo_home() as paths:
        app = CcswitchApp(paths, key_hint=tr(KEY_HINT))
        app.run()
    return Result(tr("The demo's home is gone; nothing of yours was touched."), exit_code=app.return_code or 0)


def _serve(port: int) -> Result:
    import threading

    from ccswitch_py.gateway.server import Gateway
    from ccswitch_py.jobs.demo import KEY_HINT

    with Gateway(port=port) as gateway:
        answers = tr("The gateway answers at {address}.", address=gateway.base_url)
        print(together(answers, tr(KEY_HINT), tr("Ctrl-C ends it.")), flush=True)
        threading.Event().wait()
    return Result()
