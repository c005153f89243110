"""What the setup form says about an address and a keyring."""

from __future__ import annotations

from ccswitch_py.errors import BadInput, CcswitchError
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.paths import Paths
from ccswitch_py.store.profile_files import profile_names


def calls_sentence(text: str) -> tuple[str, bool]:
    """What Claude Code will call with this base URL, and whether something is wrong with it."""
    if not text.strip():
        return "", False
    try:
        url = BaseUrl(text)
    except BadInput as problem:
        return str(problem), True
    if url.without_tail is not None:
        return f"Claude Code adds /v1/messages itself; Enter takes {url.without_tail}", True
    warning = "Not encrypted. " if url.is_plain_http else ""
    return f"{warning}Claude Code will call {url.messages_url}", False


def store_sentence(paths: Paths, key_hint: str) -> str:
    """Where the key will be kept and whether that is ready; asks the keyring, so it may take seconds."""
    from ccswitch_py.vault.store import open_store

    try:
        status = open_store(paths, timeout_s=10.0).status()
    except CcswitchError as problem:
        return str(problem)
    if not status.ready:
        return " ".join(part for part in (f"{status.name} is not ready.", status.detail, status.hint) if part)
    return " ".join(part for part in (f"It will be kept in {status.name}: ready.", key_hint) if part)


def free_name(paths: Paths, wish: str) -> str:
    """A name for a new profile that is not taken."""
    taken = {name.casefold() for name in profile_names(paths)}
    name, number = wish, 2
    while name and name.casefold() in taken:
        name, number = f"{wish}-{number}", number + 1
    return name
