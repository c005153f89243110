"""What the setup form says about an address, a keyring, and what the live test found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ccswitch_py.errors import BadInput, CcswitchError
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.paths import Paths
from ccswitch_py.store.profile_files import profile_names
from ccswitch_py.tui.widgets.check_list import CheckRow

if TYPE_CHECKING:
    from ccswitch_py.model.profile import CommandKey, EnvKey
    from ccswitch_py.probe.report import CheckResult

_BUTTONS = {
    re.compile(r"ccswitch test \S+ --fix"): "Fix",
    re.compile(r"ccswitch test \S+ --with-claude"): "Ask Claude Code",
}
"""Where the advice of a check names a command, the form has a button."""

WHOLE_REQUEST = (
    "Your own Claude Code will be started once with this profile, in an empty folder, and asked for one word. "
    "That is a whole request of Claude Code: about 20,000 tokens, which the gateway may charge."
)
ASK_AFTER_SAVING = (
    "Claude Code can only be asked with a saved profile: save this one, then test it in the list of profiles (t)."
)


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


def kept_key_sentence(key: str | EnvKey | CommandKey) -> str:
    """How the key of a profile that is edited stays what it is."""
    if isinstance(key, str):
        return f"Leave the field empty to keep the stored key {key!r}."
    from ccswitch_py.jobs.status import key_words

    return f"Leave the field empty to keep the key {key_words(key.model_dump())}."


def free_name(paths: Paths, wish: str) -> str:
    """A name for a new profile that is not taken."""
    taken = {name.casefold() for name in profile_names(paths)}
    name, number = wish, 2
    while name and name.casefold() in taken:
        name, number = f"{wish}-{number}", number + 1
    return name


def check_row(result: CheckResult) -> CheckRow:
    """The row for a check that has ended."""
    # The address that is called stands in the form already, right above.
    detail = "" if (result.check, result.status) == ("url", "pass") else result.detail
    advice = result.advice
    for command, button in _BUTTONS.items():
        advice = command.sub(button, advice)
    return CheckRow(result.check, result.model or "", result.status, detail, advice, result.elapsed_ms or None)


def remedy_sentence(fix: Mapping[str, str], *, needs_claude_code: bool) -> str:
    """What can be done in the form about what the test found."""
    if fix:
        return f"Fix (ctrl+f) sets {switches_words(fix)}."
    return "Ask Claude Code (ctrl+g) finds out." if needs_claude_code else ""


def switches_words(switches: Mapping[str, str]) -> str:
    """``A=1 and B=2``."""
    return " and ".join(f"{name}={value}" for name, value in switches.items())


def fixed_sentence(switches: Mapping[str, str], name: str, targets: list[str]) -> str:
    """What a fix has done to a saved profile."""
    applied = f" and written to {' and '.join(targets)}" if targets else ""
    return f"{switches_words(switches)} {_is(switches)} saved in {name}{applied}."


def fixed_in_form_sentence(switches: Mapping[str, str]) -> str:
    """What a fix has done to a profile that is not saved yet."""
    return f"{switches_words(switches)} {_is(switches)} set here; saving keeps {_it(switches)}."


def _is(switches: Mapping[str, str]) -> str:
    return "is" if len(switches) == 1 else "are"


def _it(switches: Mapping[str, str]) -> str:
    return "it" if len(switches) == 1 else "them"
