"""The advice for a settings file that cannot be used as a whole, where no single line is to blame."""

from __future__ import annotations

import os

from ccswitch_py.core.language import _
from ccswitch_py.core.reading import UnreadableFile, read_text


def whole_file_fix(path: str) -> str:
    """One sentence for the user; empty for a text in which a place can be mended."""
    try:
        read_text(path)
    except UnreadableFile:
        pass
    else:
        return ""
    if not os.path.isfile(path):
        return _("Move it away.")
    if not os.access(path, os.R_OK):
        return _("Check its permissions.")
    return _("Move it away, or take out what does not belong there.")
