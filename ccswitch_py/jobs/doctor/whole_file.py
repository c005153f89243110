"""What to do about a settings file that cannot be used as a whole, where there is no place in it to mend."""

from __future__ import annotations

import os

from ccswitch_py.language import tr
from ccswitch_py.reading import Unreadable, read_text


def whole_file_fix(path: str) -> str:
    """One sentence for the user; empty for a text in which a place can be mended."""
    try:
        read_text(path)
    except Unreadable:
        pass
    else:
        return ""
    if not os.path.isfile(path):
        return tr("Move it away.")
    if not os.access(path, os.R_OK):
        return tr("Check its permissions.")
    return tr("Move it away, or take out what does not belong there.")
