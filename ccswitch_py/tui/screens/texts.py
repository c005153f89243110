"""Texts that several screens show: about keyrings and fixes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.core.language import _, join_sentences, join_with_and
from ccswitch_py.core.paths import Paths


def store_sentence(paths: Paths, key_hint: str = "", without_a_keyring: str = "") -> tuple[str, bool]:
    """Return where a key will be stored, and whether that is ready; asks the keyring, which may take seconds.

    ``without_a_keyring`` replaces the advice on the command line.
    """
    from ccswitch_py.vault.errors import WITHOUT_A_KEYRING
    from ccswitch_py.vault.store import open_store

    try:
        status = open_store(paths, timeout_s=10.0).status()
    except CcswitchError as error:
        return str(error), False
    if not status.ready:
        clause = _(WITHOUT_A_KEYRING)
        hint = status.hint.replace(clause, without_a_keyring or clause)
        return join_sentences(_("{store} is not ready.", store=status.name), status.detail, hint), False
    return join_sentences(_("The key will be stored in {store} (ready).", store=status.name), key_hint), True


def free_name(names: Iterable[str], wanted: str) -> str:
    """Return ``wanted`` or, where that is taken, ``wanted-2`` and so on."""
    taken = {name.casefold() for name in names}
    name, number = wanted, 2
    while name and name.casefold() in taken:
        name, number = f"{wanted}-{number}", number + 1
    return name


def format_switches(switches: Mapping[str, str]) -> str:
    return join_with_and(f"{name}={value}" for name, value in switches.items())


def fixed_sentence(switches: Mapping[str, str], name: str, targets: list[str]) -> str:
    values = format_switches(switches)
    if not targets:
        return _("Saved in {name}: {switches}.", name=name, switches=values)
    return _(
        "Saved in {name} and written to {targets}: {switches}.",
        name=name,
        targets=join_with_and(targets),
        switches=values,
    )
