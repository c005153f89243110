"""Where Claude Code keeps what it knows about itself: its first start, its folders, and also variables and a key."""

from __future__ import annotations

import os

from ccswitch_py.targets.claude_code.sources.variables import CONFIG_DIR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def config_folder(home: str, environ: Mapping[str, str]) -> str:
    """The folder of the user's own settings."""
    return os.path.abspath(environ.get(CONFIG_DIR) or os.path.join(home, ".claude"))


def state_file(home: str, environ: Mapping[str, str]) -> str:
    """The file of Claude Code's own state; it need not be there.

    Seen with 2.1.330: where the old ``.config.json`` has anything in it, that is used, and ``.claude.json`` is not.
    """
    old = os.path.join(config_folder(home, environ), ".config.json")
    try:
        if os.path.isfile(old) and os.path.getsize(old):
            return old
    except OSError:
        pass
    return os.path.join(environ.get(CONFIG_DIR) or home, ".claude.json")
