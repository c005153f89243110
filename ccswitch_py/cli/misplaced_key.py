"""A key does not belong into a command line: others on the machine can read those."""

from __future__ import annotations

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import _

_SHORTEST_KEY = 9


def refuse_key(text: str, *, may_be_wild: bool = False) -> None:
    """Raise ``BadInput``, which does not quote it, for text from a command line that looks like a key.

    A header, the path of an address (an account's number) and that of a file ``may_be_wild`` without being a key; then
    only what is marked as one is refused.
    """
    if len(text) < _SHORTEST_KEY or not (" " in text or any(map(str.isdigit, text))):
        return
    from ccswitch_py.redact.key_patterns import contains_key, looks_like_key

    if contains_key(text) if may_be_wild else looks_like_key(text):
        raise BadInput(
            _("One of the arguments looks like a key; others on this machine can read those, so nothing was done."),
            _("Give a key on standard input (--key-stdin, `ccswitch keys set NAME`), or paste it into the screen."),
        )
