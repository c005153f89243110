"""Refuses a key on the command line: other users of the machine can read those."""

from __future__ import annotations

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import _
from ccswitch_py.redact.key_patterns import SHORTEST_KEY, contains_key, looks_like_key


def refuse_key(text: str, *, may_be_wild: bool = False) -> None:
    """Raise ``BadInput``, which does not quote it, for an argument that looks like a key.

    A header, a path or an address with an account's number ``may_be_wild`` without being a key: of these only what is
    marked as one is refused.
    """
    if len(text) < SHORTEST_KEY or not (" " in text or any(map(str.isdigit, text))):
        return  # without importing re
    if contains_key(text) if may_be_wild else looks_like_key(text):
        raise BadInput(
            _("One of the arguments looks like a key; others on this machine can read those, so nothing was done."),
            _("Give a key on standard input (--key-stdin, `ccswitch keys set NAME`), or paste it into the screen."),
        )
