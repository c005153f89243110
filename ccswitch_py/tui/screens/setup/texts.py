"""What the setup form says about an address, a keyring, and what the live test found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from ccswitch_py.core.errors import BadInput, CcswitchError
from ccswitch_py.core.language import N_, _, join_sentences, join_with_and
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.role import MAIN_ROLES
from ccswitch_py.tui.widgets.check_list import CheckRow
from ccswitch_py.tui.widgets.model_select import ModelChoice

if TYPE_CHECKING:
    from ccswitch_py.model.key_ref import KeyRef
    from ccswitch_py.model.model_choices import ModelChoices
    from ccswitch_py.model.provider import Provider
    from ccswitch_py.probe.report import CheckResult
    from ccswitch_py.services.profiles.setup import Draft

_BUTTONS = {
    re.compile(r"ccswitch test \S+ --fix"): N_("Fix"),
    re.compile(r"ccswitch test \S+ --with-claude"): N_("Ask Claude Code"),
}
"""Where the advice of a check names a command, the form has a button."""

_LABELS = {
    "name": N_("Name"),
    "base-url": N_("Base URL"),
    "context-window": N_("Context"),
    "max-output-tokens": N_("Output"),
    "headers": N_("Headers"),
}
"""How fields are called; a role is called by its name."""

WHOLE_REQUEST = N_(
    "Your own Claude Code will be started once with this profile, in an empty folder, and asked for one word. "
    "That is a whole request of Claude Code: about 20,000 tokens, which the gateway may charge."
)
ASK_AFTER_SAVING = N_(
    "Claude Code can only be asked with a saved profile: save this one, then test it in the list of profiles (t)."
)


def calls_sentence(text: str) -> tuple[str, bool]:
    """What Claude Code will call with this base URL, and whether something is wrong with it."""
    if not text.strip():
        return "", False
    try:
        url = BaseUrl(text)
    except BadInput as problem:
        return f"✗ {problem}", True
    if url.without_tail is not None:
        return _("! Claude Code adds /v1/messages itself; Enter takes {url}", url=url.without_tail), True
    if url.is_plain_http:
        return _("Not encrypted. Claude Code will call {url}", url=url.messages_url), False
    return _("Claude Code will call {url}", url=url.messages_url), False


def field_problem(field_id: str, text: str, names: frozenset[str]) -> str:
    """What is wrong with a field of the form, as the job that saves it will find it; ``names`` are taken."""
    from ccswitch_py.model.names import check_model_id, check_name
    from ccswitch_py.targets.claude_code.typed_options import typed_headers, typed_tokens

    try:
        match field_id:
            case "name":
                check_name(text)
                if text.casefold() in {name.casefold() for name in names}:
                    return _("There is a profile of that name already.")
            case "base-url":
                BaseUrl(text)
            case "context-window" | "max-output-tokens":
                typed_tokens(text)
            case "headers":
                typed_headers(text.splitlines())
            case "fable" | "subagent" if not text:
                return ""
            case "main" | "haiku" | "sonnet" | "opus" if not text:
                return _("Choose a model, or type its id.")
            case "main" | "haiku" | "sonnet" | "opus" | "fable" | "subagent":
                check_model_id(text)
            case _:
                return ""
    except BadInput as problem:
        return problem.message if field_id == "headers" else str(problem)
    return ""


def field_label(field_id: str) -> str:
    """How the form calls a field."""
    label = _LABELS.get(field_id)
    return _(label) if label else field_id.capitalize()


def bare_address(text: str) -> str:
    """The address as a profile has it, if it is one."""
    try:
        url = BaseUrl(text)
    except BadInput:
        return text
    return str(url.without_tail or url)


def model_choices(provider: Provider | None, listed: list[str] | None) -> list[ModelChoice]:
    """The models that can be chosen: those of the catalogue, and those that the gateway lists if it was asked."""
    from ccswitch_py.model.model_choices import model_choices

    other = _("only listed by the gateway")
    return [
        ModelChoice(one.id, one.family or other, one.version_label, one.images, _listed_note(one))
        for one in model_choices(provider, listed)
    ]


def suggested_values(base: Draft | None, provider: Provider | None, provider_id: str) -> dict[str, str]:
    """Address and models of a provider, or of the profile ``base`` if it has that provider."""
    if base and (base.provider or "") == provider_id:
        return {"base-url": base.base_url, **{role.value: base.models.get(role, "") for role in MAIN_ROLES}}
    models = {role.value: (provider and provider.default(role)) or "" for role in MAIN_ROLES}
    return {"base-url": provider.base_url if provider else "", **models}


def _listed_note(model: ModelChoices) -> str:
    """What the gateway says of a model, if it was asked."""
    if not model.in_catalogue:
        return _("from the gateway")
    return _("not in its list") if model.is_listed is False else ""


def store_sentence(paths: Paths, key_hint: str) -> str:
    """Where the key will be kept and whether that is ready; asks the keyring, so it may take seconds."""
    from ccswitch_py.vault.store import open_store

    try:
        status = open_store(paths, timeout_s=10.0).status()
    except CcswitchError as problem:
        return str(problem)
    if not status.ready:
        said = _("{store} is not ready.", store=status.name)
        return join_sentences(said, status.detail, status.hint)
    said = _("It will be kept in {store}: ready.", store=status.name)
    return join_sentences(said, key_hint)


def kept_key_sentence(key: KeyRef) -> str:
    """How the key of a profile that is edited stays what it is."""
    if key.name:
        return _("Leave the field empty to keep the stored key {name}.", name=repr(key.name))
    return _("Leave the field empty to keep the key {key}.", key=key.describe())


def free_name(names: Iterable[str], wish: str) -> str:
    """A name for a new profile that is not one of ``names``."""
    taken = {name.casefold() for name in names}
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
        advice = command.sub(_(button), advice)
    return CheckRow(result.check, result.model or "", result.status, detail, advice, result.elapsed_ms or None)


def remedy_sentence(fix: Mapping[str, str], *, needs_claude_code: bool) -> str:
    """What can be done in the form about what the test found."""
    if fix:
        return _("Fix (ctrl+f) sets {switches}.", switches=switches_words(fix))
    return _("Ask Claude Code (ctrl+g) finds out.") if needs_claude_code else ""


def switches_words(switches: Mapping[str, str]) -> str:
    """``A=1, B=2 and C=3``."""
    return join_with_and(f"{name}={value}" for name, value in switches.items())


def fixed_sentence(switches: Mapping[str, str], name: str, targets: list[str]) -> str:
    """What a fix has done to a saved profile."""
    words = switches_words(switches)
    if not targets:
        return _("Saved in {name}: {switches}.", name=name, switches=words)
    return _(
        "Saved in {name} and written to {targets}: {switches}.",
        name=name,
        targets=join_with_and(targets),
        switches=words,
    )


def fixed_in_form_sentence(switches: Mapping[str, str]) -> str:
    """What a fix has done to a profile that is not saved yet."""
    return _("Set here, and saving keeps it: {switches}.", switches=switches_words(switches))
