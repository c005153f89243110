"""Texts of the keys screen: the state of a key, its details, and the question before deleting it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import set_cell_size

from ccswitch_py.core.language import N_, _, join_list, join_sentences, ngettext
from ccswitch_py.model.key_ref import display_hosts
from ccswitch_py.model.listed_key import KeyDependents, KeyLocation, KeyState, ListedKey, Presence
from ccswitch_py.redact.printable import printable

LOCATIONS = {
    KeyLocation.KEYRING: N_("keyring"),
    KeyLocation.NOWHERE: N_("missing"),
    KeyLocation.VARIABLE: N_("variable"),
    KeyLocation.COMMAND: N_("command"),
}
_PRESENCE = {
    Presence.THERE: ("✓", "good", N_("found")),
    Presence.ABSENT: ("✗", "bad", N_("not found")),
    Presence.UNKNOWN: ("?", "warning", N_("unknown")),
}
_MAX_NAMES = 12
_LABEL_WIDTH = 15


def key_status(key: ListedKey, state: KeyState | None) -> tuple[str, str, str]:
    """Return a sign, a style of ``Table`` (empty: neutral) and a word for the state of a key."""
    match key.kept_in:
        case KeyLocation.NOWHERE:
            return "✗", "bad", _("not stored")
        case KeyLocation.VARIABLE:
            return ("✓", "good", _("set")) if key.is_set else ("!", "warning", _("not set"))
        case KeyLocation.COMMAND:
            return " ", "", _("not run")
        case KeyLocation.KEYRING:
            if state is None:
                return " ", "", _("not checked")
            sign, style, words = _PRESENCE[state.presence]
            return sign, style, _(words)


def user_names(key: ListedKey) -> str:
    if key.is_unused:
        return _("unused")
    perhaps = [_("{name} (cannot be read)", name=name) for name in key.may_be_used_by]
    return join_list([*key.profiles, *perhaps])


def key_details(key: ListedKey, state: KeyState | None) -> str:
    facts = [
        (_("stored in"), _location(key)),
        (_("allowed hosts"), printable(join_list(display_hosts(key.hosts))) or _("none")),
        (_("used by"), user_names(key)),
    ]
    if key.stored:
        facts.append((_("stored"), f"{key.stored.astimezone():%Y-%m-%d}"))
    if key.kept_in is KeyLocation.KEYRING:
        facts.append((_("keyring"), _presence(state)))
    return "\n".join(f"{set_cell_size(label, _LABEL_WIDTH)}{words}" for label, words in facts)


def unmanaged_hint(key: ListedKey) -> str:
    """Explain why a key outside the keyring can be neither replaced nor deleted here."""
    name = printable(key.name)
    if key.kept_in is KeyLocation.VARIABLE:
        return _(
            "{name} is a variable. Set it in the shell that starts the tool, or choose another key for its profiles.",
            name=name,
        )
    if key.kept_in is KeyLocation.COMMAND:
        return _("{name} is a command that prints the key. Change the key where the command reads it.", name=name)
    return _("{name} is not stored. Press Enter to store it.", name=name)


def deletion_question(name: str, dependents: KeyDependents) -> str:
    """Ask for a yes: what deleting a key would break, and that it cannot be undone."""
    lines = [_dependents(dependents)] if dependents.profiles else []
    if dependents.perhaps:
        lines.append(
            ngettext(
                "{count} profile cannot be read and may use it: {names}.",
                "{count} profiles cannot be read and may use it: {names}.",
                len(dependents.perhaps),
                names=_names(dependents.perhaps),
            )
        )
    if not lines:
        lines.append(_("No profile uses the key {name}.", name=name))
    lines.append(_("This cannot be undone: you would have to get the key from the gateway again."))
    return "\n\n".join(lines)


def deleted_sentence(name: str, broken: Sequence[str]) -> str:
    deleted = _("Deleted the key {name}.", name=name)
    return join_sentences(deleted, _("Profiles without a key: {names}.", names=_names(broken))) if broken else deleted


def check_summary(states: Sequence[KeyState]) -> str:
    failed = next((state for state in states if state.presence is Presence.UNKNOWN), None)
    if failed:
        return join_sentences(failed.trouble, failed.hint)
    absent = [state.name for state in states if state.presence is Presence.ABSENT]
    if absent:
        return _("Not in the keyring: {names}. Select one and press Enter to store it again.", names=_names(absent))
    return ngettext("The key is in the keyring.", "All {count} keys are in the keyring.", len(states))


def _location(key: ListedKey) -> str:
    match key.kept_in:
        case KeyLocation.NOWHERE:
            return _("not stored, but a profile uses it (press Enter to store it)")
        case KeyLocation.VARIABLE if key.is_set:
            return _("the variable {name}, which is set", name=key.name)
        case KeyLocation.VARIABLE:
            return _("the variable {name}, which is not set", name=key.name)
        case KeyLocation.COMMAND:
            return _("the output of `{name}`, which is not run here", name=printable(key.name))
        case KeyLocation.KEYRING:
            return _("the keyring")


def _presence(state: KeyState | None) -> str:
    if state is None:
        return _("not checked yet (press s)")
    sign, _unused, words = _PRESENCE[state.presence]
    result = f"{sign} {_(words)}"
    return join_sentences(_("{words}.", words=result), state.trouble) if state.trouble else result


def _dependents(dependents: KeyDependents) -> str:
    names = [
        _("{name} (in use in {tools})", name=name, tools=join_list(tools)) if tools else name
        for name in dependents.profiles
        for tools in [dependents.in_use.get(name, [])]
    ]
    return ngettext(
        "{count} profile uses it and cannot be used without it: {names}.",
        "{count} profiles use it and cannot be used without it: {names}.",
        len(names),
        names=_names(names),
    )


def _names(names: Sequence[str]) -> str:
    shown, rest = names[:_MAX_NAMES], len(names) - _MAX_NAMES
    more = [ngettext("{count} more", "{count} more", rest)] if rest > 0 else []
    return join_list([*shown, *more])
