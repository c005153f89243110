"""The colours: one accent, a theme for the terminal's background, one of high contrast; the choice is remembered."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping

from textual.color import Color
from textual.theme import Theme

from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.core.files import read_bytes, write_own_file
from ccswitch_py.core.paths import Paths

_DARK, _LIGHT = "textual-dark", "textual-light"
_LIGHT_BACKGROUNDS = ("7", "15")
_MAX_LENGTH = 64
MIN_CONTRAST = 4.5

HIGH_CONTRAST = Theme(
    name="high-contrast",
    primary="#ffff00",
    secondary="#00ffff",
    accent="#ffff00",
    warning="#ffaa00",
    error="#ff6666",
    success="#66ff66",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#222222",
    dark=True,
    variables={
        "text-muted": "#ffffff",
        "text-primary": "#ffff00",
        "text-success": "#66ff66",
        "text-warning": "#ffaa00",
        "text-error": "#ff6666",
        "block-cursor-background": "#ffff00",
        "block-cursor-foreground": "#000000",
        "border": "#ffffff",
        "footer-background": "#000000",
    },
)


def single_accent(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of a theme with the primary colour as the accent, for ``App.get_css_variables``.

    Where a theme's footer is hard to read, it gets the theme's own colours for text.
    """
    background = variables["footer-background"]
    if not background.startswith("#"):
        return {**variables, "accent": variables["primary"], "footer-key-foreground": variables["text-primary"]}

    def legible(*names: str) -> str:
        preferred = [variables[name] for name in (*names, "foreground", "background")]
        colours = [colour for colour in (*preferred, "#000000", "#ffffff") if colour.startswith("#")]
        return max(colours, key=lambda colour: min(contrast(colour, background), MIN_CONTRAST))

    return {
        **variables,
        "accent": variables["primary"],
        "footer-foreground": legible("footer-foreground"),
        "footer-key-foreground": legible("text-primary", "footer-foreground"),
    }


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21, as https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio defines it."""
    darker, lighter = sorted(map(_luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    def linear(share: float) -> float:
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, Color.parse(colour).normalized)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def initial_theme(paths: Paths, environ: Mapping[str, str]) -> str:
    """Return the theme that was chosen last, else one for the background in ``COLORFGBG``.

    rxvt, Konsole and others set that to ``foreground;background``, each a number of the 16 colours.
    """
    with contextlib.suppress(OSError, UnicodeDecodeError):
        if chosen := (read_bytes(paths.theme) or b"")[:_MAX_LENGTH].decode().strip():
            return chosen
    background = environ.get("COLORFGBG", "").rpartition(";")[2]
    return _LIGHT if background in _LIGHT_BACKGROUNDS else _DARK


def remember_theme(paths: Paths, name: str) -> None:
    """Start with this theme the next time; ignore a failing disk."""
    with contextlib.suppress(CcswitchError, OSError):
        if name != initial_theme(paths, os.environ):
            write_own_file(paths.theme, name.encode(), durable=False)
