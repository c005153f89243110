"""Black, white and few strong colours, for eyes and screens that need them."""

from __future__ import annotations

from textual.theme import Theme

from ccswitch_py.tui.theme import HIGH_CONTRAST

THEME = Theme(
    name=HIGH_CONTRAST,
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
