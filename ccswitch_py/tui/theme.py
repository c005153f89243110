"""Calm colours: whichever of Textual's themes is chosen, the program has one accent instead of two."""

from __future__ import annotations

from collections.abc import Mapping


def with_one_accent(variables: Mapping[str, str]) -> dict[str, str]:
    """A theme's variables with the primary colour in place of the accent, and readable keys in the footer.

    For ``App.get_css_variables``. NO_COLOR needs nothing here: Textual honours it itself.
    """
    return {
        **variables,
        "accent": variables["primary"],
        "footer-key-foreground": variables["text-primary"],
    }
