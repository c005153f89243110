"""Titles of borders: what stands in them is no markup."""

from __future__ import annotations

from textual.content import Content

from ccswitch_py.redact.printable import printable


def titled(text: str) -> Content:
    """A title or subtitle of a border, which would take brackets in it for markup."""
    return Content(printable(text))
