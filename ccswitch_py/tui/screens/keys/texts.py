"""What the keys screen says about a key: in a row, in full, and before it is deleted."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import set_cell_size

from ccswitch_py.core.language import N_, _, join_list, join_sentences, ngettext
from ccswitch_py.model.hosts import display_hosts
from ccswitch_py.model.listed_key import KeyDependents, KeyLocation, KeyState, ListedKey, Presence
from ccswitch_py.redact.printable import printable

KEPT_IN = {
    KeyLocation.KEYRING: N_("keyring"),
    KeyLocation.NOWHERE: N_("missing"),
    KeyLocation.VARIABLE: N_("variable"),
    KeyLocation.COMMAND: N_("command"),
}
_PRESENCE = {
    Presence.THERE: ("✓", "good", N_("there")),
    Presence.ABSENT: ("✗", "bad", N_("not there")),
    Presence.UNKNOWN: ("?", "unsure", N_("not known")),
}
_MOST_NAMES = 12
_LABEL_WIDTH = 11


def state_of(key: ListedKey, state: KeyState | None) -> tuple[str, str, str]:
    """A sign, how good that is (``good``, ``bad``, ``unsure`` or nothing), and the words for it."""
    match key.kept_in:
        case KeyLocation.NOWHERE:
            return "✗", "bad", _("not stored")
        case KeyLocation.VARIABLE:
            return ("✓", "good", _("set here")) if key.is_set else ("!", "unsure", _("not set here"))
        case KeyLocation.COMMAND:
            return " ", "", _("not run")
        case KeyLocation.KEYRING:
            if state is None:
                return " ", "", _("not asked")
            sign, how, words = _PRESENCE[state.presence]
            return sign, how, _(words)


def users_of(key: ListedKey) -> str:
    """The profiles in a few words."""
    if key.is_unused:
        return _("unused")
    perhaps = [_("{name} (cannot be read)", name=name) for name in key.may_be_used_by]
    return join_list([*key.profiles, *perhaps])


def in_full(key: ListedKey, state: KeyState | None) -> str:
    """All that is known about a key, line by line."""
    facts = [
        (_("kept in"), _where(key)),
        (_("may go to"), printable(join_list(display_hosts(key.hosts))) or _("nowhere")),
        (_("used by"), users_of(key)),
    ]
    if key.stored:
        facts.append((_("stored"), f"{key.stored.astimezone():%Y-%m-%d}"))
    if key.kept_in is KeyLocation.KEYRING:
        facts.append((_("keyring"), _said(state)))
    return "\n".join(f"{set_cell_size(label, _LABEL_WIDTH)}{words}" for label, words in facts)


def elsewhere(key: ListedKey) -> str:
    """Why a key that we do not keep can be neither replaced nor deleted here."""
    name = printable(key.name)
    if key.kept_in is KeyLocation.VARIABLE:
        return _(
            "{name} is a variable: set it in the shell that starts the tool, or give its profiles another key.",
            name=name,
        )
    if key.kept_in is KeyLocation.COMMAND:
        return _("{name} is a command that prints the key: change the key where the command gets it from.", name=name)
    return _("{name} is not stored, so there is nothing to delete: press Enter to store it.", name=name)


def deletion_question(name: str, breaks: KeyDependents) -> str:
    """What deleting a key would break, and that nothing brings it back."""
    lines = [_broken(breaks)] if breaks.profiles else []
    if breaks.perhaps:
        lines.append(
            ngettext(
                "{count} profile cannot be read and may use it: {names}.",
                "{count} profiles cannot be read and may use it: {names}.",
                len(breaks.perhaps),
                names=_names(breaks.perhaps),
            )
        )
    if not lines:
        lines.append(_("No profile uses the key {name}.", name=name))
    lines.append(_("ccswitch keeps no copy of a key: once deleted, only the gateway's page can give it to you again."))
    return "\n\n".join(lines)


def deleted_sentence(name: str, without: Sequence[str]) -> str:
    """What was deleted, and who is without a key now."""
    said = _("The key {name} is deleted.", name=name)
    return join_sentences(said, _("The key is missing now in: {names}.", names=_names(without))) if without else said


def asked_sentence(states: Sequence[KeyState]) -> str:
    """What the keyring has said of all keys together."""
    trouble = next((state for state in states if state.presence is Presence.UNKNOWN), None)
    if trouble:
        return join_sentences(trouble.trouble, trouble.hint)
    absent = [state.name for state in states if state.presence is Presence.ABSENT]
    if absent:
        return _("Not in the keyring: {names}. Press Enter on one to store it again.", names=_names(absent))
    return ngettext("The key is in the keyring.", "All {count} keys are in the keyring.", len(states))


def _where(key: ListedKey) -> str:
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


def _said(state: KeyState | None) -> str:
    if state is None:
        return _("not asked yet (s asks it)")
    sign, _unused, words = _PRESENCE[state.presence]
    known = f"{sign} {_(words)}"
    return join_sentences(_("{words}.", words=known), state.trouble) if state.trouble else known


def _broken(breaks: KeyDependents) -> str:
    names = [_with_tools(name, breaks.in_use.get(name, [])) for name in breaks.profiles]
    return ngettext(
        "{count} profile uses it and cannot be used without it: {names}.",
        "{count} profiles use it and cannot be used without it: {names}.",
        len(names),
        names=_names(names),
    )


def _with_tools(name: str, tools: Sequence[str]) -> str:
    return _("{name} (in use in {tools})", name=name, tools=join_list(tools)) if tools else name


def _names(names: Sequence[str]) -> str:
    shown, rest = names[:_MOST_NAMES], len(names) - _MOST_NAMES
    more = [ngettext("{count} more", "{count} more", rest)] if rest > 0 else []
    return join_list([*shown, *more])
