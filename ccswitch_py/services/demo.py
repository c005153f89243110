"""Run ccswitch in a throwaway home, against an embedded gateway."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.language import N_, _
from ccswitch_py.core.paths import Paths, find_paths
from ccswitch_py.demo.server import Gateway
from ccswitch_py.model.provider import Provider
from ccswitch_py.store.providers import load_provider
from ccswitch_py.vault.backend_policy import DEMO, DEMO_MARK

KEY_HINT = N_("The demo takes any key that starts with demo-, such as demo-key-1234.")
_KEPT_VARIABLES = (
    *("PATH", "USER", "LOGNAME", "SHELL", "EDITOR", "VISUAL", "TMP", "TEMP", "TZ", "LANG", "LC_", "CCSWITCH_"),
    *("TERM", "COLOR", "NO_COLOR", "LINES", "COLUMNS", "TMUX", "STY", "SSH_", "VTE_", "WT_", "KITTY_"),
    *("PYTHON", "TEXTUAL", "DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "SYSTEMROOT", "WINDIR", "COMSPEC"),
)
"""Prefixes of the inherited variables; any other could configure one of the user's tools."""
_TERMINATING_SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


@contextmanager
def demo_home() -> Generator[Paths]:
    """Create a home in which ``mingyan`` is an embedded gateway on 127.0.0.1; delete it after the block.

    SIGTERM and SIGHUP delete it too. Keys are stored in that home, not in the keyring.
    """
    home = tempfile.mkdtemp(prefix="ccswitch-demo-")
    environment, folder = dict(os.environ), os.getcwd()
    handlers = {number: signal.signal(number, _exit) for number in _TERMINATING_SIGNALS}
    try:
        os.environ.clear()
        os.environ.update({name: value for name, value in environment.items() if name.startswith(_KEPT_VARIABLES)})
        os.environ.update(HOME=home, CCSWITCH_HOME=os.path.join(home, "ccswitch"), CCSWITCH_KEYRING=DEMO)
        # The user's project must not apply, and relative paths belong to the home.
        os.chdir(home)
        paths = find_paths()
        write_own_file(os.path.join(paths.config, DEMO_MARK), b"")
        with Gateway() as gateway:
            write_own_file(os.path.join(paths.providers, "mingyan.toml"), _demo_provider(paths, gateway.base_url))
            yield paths
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        shutil.rmtree(home, ignore_errors=True)


def _demo_provider(paths: Paths, base_url: str) -> bytes:
    import tomlkit

    shipped: Provider = load_provider(paths, "mingyan")
    table = shipped.model_dump(mode="json", by_alias=True, exclude_none=True)
    table |= {"name": _("mingyan (local demo)"), "source": "ccswitch demo"}
    table["endpoints"]["messages"]["base_url"] = base_url
    table["checked"] = shipped.checked
    return tomlkit.dumps(table).encode()  # pyright: ignore[reportUnknownMemberType]


def _exit(number: int, _frame: FrameType | None) -> None:
    if hasattr(signal, "SIGCONT"):
        # A closing terminal sends it next, which would restart the screen on the deleted home.
        signal.signal(signal.SIGCONT, signal.SIG_IGN)
    raise SystemExit(128 + number)
