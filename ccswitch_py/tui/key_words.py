"""What the keys screen says about a key: in a row, in full, and before it is deleted."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import set_cell_size

from ccswitch_py.language import later, listed, together, tr, tr_count
from ccswitch_py.model.hosts import shown_hosts
from ccswitch_py.model.key import Breakage, KeptIn, KeyState, ListedKey, Presence
from ccswitch_py.printable import printable

KEPT_IN = {
    KeptIn.KEYRING: later("keyring"),
    KeptIn.NOWHERE: later("missing"),
    KeptIn.VARIABLE: later("variable"),
    KeptIn.COMMAND: later("command"),
}
_PRESENCE = {
    Presence.THERE: ("✓", "good", later("there")),
    Presence.ABSENT: ("✗", "bad", later("not there")),
    Presence.UNKNOWN: ("?", "unsure", later("not known")),
}
_MOST_NAMES = 12
_LABEL_WIDTH = 11


def state_of(key: ListedKey, state: KeyState | None) -> tuple[str, str, str]:
    """A sign, how good that is (``good``, ``bad``, ``unsure`` or nothing), and the words for it."""
    match key.kept_in:
        case KeptIn.NOWHERE:
            return "✗", "bad", tr("not stored")
        case KeptIn.VARIABLE:
            return ("✓", "good", tr("set here")) if key.is_set else ("!", "unsure", tr("not set here"))
        case KeptIn.COMMAND:
            return " ", "", tr("not run")
        case KeptIn.KEYRING:
            if state is None:
                return " ", "", tr("not asked")
            sign, how, words = _PRESENCE[state.presence]
            return sign, how, tr(words)


def users_of(key: ListedKey) -> str:
    """The profiles in a few words."""
    if key.is_unused:
        return tr("unused")
    perhaps = [tr("{name} (cannot be read)", name=name) for name in key.may_be_used_by]
    return listed([*key.profiles, *perhaps])


def in_full(key: ListedKey, state: KeyState | None) -> str:
    """All that is known about a key, line by line."""
    facts = [
        (tr("kept in"), _where(key)),
        (tr("may go to"), printable(listed(shown_hosts(key.hosts))) or tr("nowhere")),
        (tr("used by"), users_of(key)),
    ]
    if key.stored:
        facts.append((tr("stored"), f"{key.stored.astimezone():%Y-%m-%d}"))
    if key.kept_in is KeptIn.KEYRING:
        facts.append((tr("keyring"), _said(state)))
    return "\n".join(f"{set_cell_size(label, _LABEL_WIDTH)}{words}" for label, words in facts)


def elsewhere(key: ListedKey) -> str:
    """Why a key that we do not keep can be neither replaced nor deleted here."""
    name = printable(key.name)
    if key.kept_in is KeptIn.VARIABLE:
        return tr(
            "{name} is a variable: set it in the shell that starts the tool, or give its profiles another key.",
            name=name,
        )
    if key.kept_in is KeptIn.COMMAND:
        return tr("{name} is a command that prints the key: change the key where the command gets it from.", name=name)
    return tr("{name} is not stored, so there is nothing to delete: press Enter to store it.", name=name)


def deletion_question(name: str, breaks: Breakage) -> str:
    """What deleting a key would break, and that nothing brings it back."""
    lines = [_broken(breaks)] if breaks.profiles else []
    if breaks.perhaps:
        lines.append(
            tr_count(
                "{count} profile cannot be read and may use it: {names}.",
                "{count} profiles cannot be read and may use it: {names}.",
                len(breaks.perhaps),
                names=_names(breaks.perhaps),
            )
        )
    if not lines:
        lines.append(tr("No profile uses the key {name}.", name=name))
    lines.append(tr("ccswitch keeps no copy of a key: once deleted, only the gateway's page can give it to you again."))
    return "\n\n".join(lines)


def deleted_sentence(name: str, without: Sequence[str]) -> str:
    """What was deleted, and who is without a key now."""
    said = tr("The key {name} is deleted.", name=name)
    return together(said, tr("The key is missing now in: {names}.", names=_names(without))) if without else said


def asked_sentence(states: Sequence[KeyState]) -> str:
    """What the keyring has said of all keys together."""
    trouble = next((state for state in states if state.presence is Presence.UNKNOWN), None)
    if trouble:
        return together(trouble.trouble, trouble.hint)
    absent = [state.name for state in states if state.presence is Presence.ABSENT]
    if absent:
        return tr("Not in the keyring: {names}. Press Enter on one to store it again.", names=_names(absent))
    return tr_count("The key is in the keyring.", "All {count} keys are in the keyring.", len(states))


def _where(key: ListedKey) -> str:
    match key.kept_in:
        case KeptIn.NOWHERE:
            return tr("nowhere: a profile names it, and it is not stored (Enter stores it)")
        case KeptIn.VARIABLE if key.is_set:
            return tr("the variable {name}, which is set here", name=key.name)
        case KeptIn.VARIABLE:
            return tr("the variable {name}, which is not set here", name=key.name)
        case KeptIn.COMMAND:
            return tr("what `{name}` prints; it is not run here", name=printable(key.name))
        case KeptIn.KEYRING:
            return tr("the keyring")


def _said(state: KeyState | None) -> str:
    if state is None:
        return tr("not asked yet (s asks it)")
    sign, _, words = _PRESENCE[state.presence]
    known = f"{sign} {tr(words)}"
    return together(tr("{words}.", words=known), state.trouble) if state.trouble else known


def _broken(breaks: Breakage) -> str:
    names = [_with_tools(name, breaks.in_use.get(name, [])) for name in breaks.profiles]
    return tr_count(
        "{count} profile uses it and cannot be used without it: {names}.",
        "{count} profiles use it and cannot be used without it: {names}.",
        len(names),
        names=_names(names),
    )


def _with_tools(name: str, tools: Sequence[str]) -> str:
    return tr("{name} (in use in {tools})", name=name, tools=listed(tools)) if tools else name


def _names(names: Sequence[str]) -> str:
    shown, rest = names[:_MOST_NAMES], len(names) - _MOST_NAMES
    more = [tr_count("{count} more", "{count} more", rest)] if rest > 0 else []
    return listed([*shown, *more])
