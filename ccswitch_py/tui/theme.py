"""Calm colours with one accent, for dark, light and high-contrast terminals; the user's choice is remembered."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping

from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.core.files import read_bytes, write_own_file
from ccswitch_py.core.paths import Paths

DARK, LIGHT, HIGH_CONTRAST = "textual-dark", "textual-light", "high-contrast"
_LIGHT_BACKGROUNDS = ("7", "15")
_LONGEST = 64


def with_one_accent(variables: Mapping[str, str]) -> dict[str, str]:
    """A theme's variables with the primary colour in place of the accent, and readable keys in the key bar.

    For ``App.get_css_variables``. NO_COLOR needs nothing here: Textual honours it itself.
    """
    return {
        **variables,
        "accent": variables["primary"],
        "footer-key-foreground": variables["text-primary"],
    }


def first_theme(paths: Paths, environ: Mapping[str, str]) -> str:
    """The theme that the user chose the last time, else one that fits the terminal's background as COLORFGBG tells it.

    rxvt, Konsole and others set that to ``foreground;background``, each a colour's number.
    """
    with contextlib.suppress(OSError, UnicodeDecodeError):
        if chosen := (read_bytes(paths.theme) or b"")[:_LONGEST].decode().strip():
            return chosen
    background = environ.get("COLORFGBG", "").rpartition(";")[2]
    return LIGHT if background in _LIGHT_BACKGROUNDS else DARK


def remember_theme(paths: Paths, name: str) -> None:
    """Begin with this theme the next time; a disk that does not let us is no error of the screen."""
    with contextlib.suppress(CcswitchError, OSError):
        if name != first_theme(paths, os.environ):
            write_own_file(paths.theme, name.encode(), durable=False)
