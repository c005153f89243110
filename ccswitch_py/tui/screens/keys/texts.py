"""Texts of the keys screen: the state of a key, its details, and the question before it is deleted."""

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
    Presence.THERE: ("✓", "good", N_("there")),
    Presence.ABSENT: ("✗", "bad", N_("not there")),
    Presence.UNKNOWN: ("?", "warning", N_("not known")),
}
_MAX_NAMES = 12
_LABEL_WIDTH = 11


def key_status(key: ListedKey, state: KeyState | None) -> tuple[str, str, str]:
    """Return a sign, a style of ``Table`` (empty: neutral) and the words for the state of a key."""
    match key.kept_in:
        case KeyLocation.NOWHERE:
            return "✗", "bad", _("not stored")
        case KeyLocation.VARIABLE:
            return ("✓", "good", _("set here")) if key.is_set else ("!", "warning", _("not set here"))
        case KeyLocation.COMMAND:
            return " ", "", _("not run")
        case KeyLocation.KEYRING:
            if state is None:
                return " ", "", _("not asked")
            sign, style, words = _PRESENCE[state.presence]
            return sign, style, _(words)


def user_names(key: ListedKey) -> str:
    """Name the profiles that use a key."""
    if key.is_unused:
        return _("unused")
    perhaps = [_("{name} (cannot be read)", name=name) for name in key.may_be_used_by]
    return join_list([*key.profiles, *perhaps])


def key_details(key: ListedKey, state: KeyState | None) -> str:
    """Describe a key, one fact a line."""
    facts = [
        (_("kept in"), _location(key)),
        (_("may go to"), printable(join_list(display_hosts(key.hosts))) or _("nowhere")),
        (_("used by"), user_names(key)),
    ]
    if key.stored:
        facts.append((_("stored"), f"{key.stored.astimezone():%Y-%m-%d}"))
    if key.kept_in is KeyLocation.KEYRING:
        facts.append((_("keyring"), _presence(state)))
    return "\n".join(f"{set_cell_size(label, _LABEL_WIDTH)}{words}" for label, words in facts)


def unmanaged_hint(key: ListedKey) -> str:
    """Say why a key that is not in the keyring can be neither replaced nor deleted here."""
    name = printable(key.name)
    if key.kept_in is KeyLocation.VARIABLE:
        return _(
            "{name} is a variable: set it in the shell that starts the tool, or give its profiles another key.",
            name=name,
        )
    if key.kept_in is KeyLocation.COMMAND:
        return _("{name} is a command that prints the key: change the key where the command gets it from.", name=name)
    return _("{name} is not stored, so there is nothing to delete: press Enter to store it.", name=name)


def deletion_question(name: str, dependents: KeyDependents) -> str:
    """Say what deleting a key would break, and that it cannot be undone."""
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
    lines.append(_("ccswitch keeps no copy of a key: once deleted, only the gateway's page can give it to you again."))
    return "\n\n".join(lines)


def deleted_sentence(name: str, broken: Sequence[str]) -> str:
    """Say which key was deleted, and which profiles are ``broken`` now."""
    said = _("The key {name} is deleted.", name=name)
    return join_sentences(said, _("The key is missing now in: {names}.", names=_names(broken))) if broken else said


def check_summary(states: Sequence[KeyState]) -> str:
    """Sum up what the keyring said of all keys."""
    trouble = next((state for state in states if state.presence is Presence.UNKNOWN), None)
    if trouble:
        return join_sentences(trouble.trouble, trouble.hint)
    absent = [state.name for state in states if state.presence is Presence.ABSENT]
    if absent:
        return _("Not in the keyring: {names}. Press Enter on one to store it again.", names=_names(absent))
    return ngettext("The key is in the keyring.", "All {count} keys are in the keyring.", len(states))


def _location(key: ListedKey) -> str:
    match key.kept_in:
        case KeyLocation.NOWHERE:
            return _("nowhere: a profile names it, and it is not stored (Enter stores it)")
        case KeyLocation.VARIABLE if key.is_set:
            return _("the variable {name}, which is set here", name=key.name)
        case KeyLocation.VARIABLE:
            return _("the variable {name}, which is not set here", name=key.name)
        case KeyLocation.COMMAND:
            return _("what `{name}` prints; it is not run here", name=printable(key.name))
        case KeyLocation.KEYRING:
            return _("the keyring")


def _presence(state: KeyState | None) -> str:
    if state is None:
        return _("not asked yet (s asks it)")
    sign, _unused, words = _PRESENCE[state.presence]
    known = f"{sign} {_(words)}"
    return join_sentences(_("{words}.", words=known), state.trouble) if state.trouble else known


def _dependents(dependents: KeyDependents) -> str:
    names = [_with_targets(name, dependents.in_use.get(name, [])) for name in dependents.profiles]
    return ngettext(
        "{count} profile uses it and cannot be used without it: {names}.",
        "{count} profiles use it and cannot be used without it: {names}.",
        len(names),
        names=_names(names),
    )


def _with_targets(name: str, tools: Sequence[str]) -> str:
    return _("{name} (in use in {tools})", name=name, tools=join_list(tools)) if tools else name


def _names(names: Sequence[str]) -> str:
    shown, rest = names[:_MAX_NAMES], len(names) - _MAX_NAMES
    more = [ngettext("{count} more", "{count} more", rest)] if rest > 0 else []
    return join_list([*shown, *more])
