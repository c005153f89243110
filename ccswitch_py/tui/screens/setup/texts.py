"""Texts of the setup form: about its fields, and about the results of its test."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import N_, _
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.role import MAIN_ROLES
from ccswitch_py.tui.screens.texts import format_switches
from ccswitch_py.tui.widgets.model_select.catalog import ModelChoice

if TYPE_CHECKING:
    from ccswitch_py.model.key_ref import KeyRef
    from ccswitch_py.model.provider import Provider
    from ccswitch_py.services.profiles.setup import Draft

_BUTTONS = {
    re.compile(r"ccswitch test \S+ --fix"): N_("Fix"),
    re.compile(r"ccswitch test \S+ --with-claude"): N_("Ask Claude Code"),
}
"""Commands in the advice of a check, each with the equal button of the form."""

_LABELS = {
    "provider": N_("Provider"),
    "name": N_("Name"),
    "base-url": N_("Base URL"),
    "key": N_("Key"),
    "context-window": N_("Context"),
    "max-output-tokens": N_("Output"),
    "headers": N_("Headers"),
}
"""The label of a field for a role is the name of the role."""

SAVE_BEFORE_ASKING = N_(
    "Claude Code can only be asked with a saved profile: save this one, then test it from the list of profiles (t)."
)


def request_url_hint(text: str) -> tuple[str, bool]:
    """Return the URL that a base URL leads to, and whether it has to be corrected."""
    if not text.strip():
        return "", False
    try:
        url = BaseUrl(text)
    except BadInput as error:
        return f"✗ {error}", True
    if url.without_tail is not None:
        return _("! Claude Code adds /v1/messages itself. Press Enter to use {url}", url=url.without_tail), True
    if url.is_plain_http:
        return _("Not encrypted. Claude Code will call {url}", url=url.messages_url), False
    return _("Claude Code will call {url}", url=url.messages_url), False


def field_error(field_id: str, text: str, names: frozenset[str]) -> str:
    """Validate a field as saving will, and return the error; ``names`` are taken."""
    from ccswitch_py.model.names import check_model_id, check_name
    from ccswitch_py.services.profiles.options import typed_headers, typed_tokens

    try:
        match field_id:
            case "name":
                check_name(text)
                if text.casefold() in {name.casefold() for name in names}:
                    return _("A profile of that name already exists.")
            case "base-url":
                BaseUrl(text)
            case "context-window" | "max-output-tokens":
                typed_tokens(text)
            case "headers":
                typed_headers(text.splitlines())
            case "fable" | "subagent" if not text:
                return ""
            case "main" | "haiku" | "sonnet" | "opus" if not text:
                return _("Choose a model or type its id.")
            case "main" | "haiku" | "sonnet" | "opus" | "fable" | "subagent":
                check_model_id(text)
            case _:
                return ""
    except BadInput as error:
        return error.message if field_id == "headers" else str(error)
    return ""


def field_label(field_id: str) -> str:
    label = _LABELS.get(field_id)
    return _(label) if label else field_id.capitalize()


def normalized_address(text: str) -> str:
    """Return the address as a profile has it; any other text as it is."""
    try:
        url = BaseUrl(text)
    except BadInput:
        return text
    return str(url.without_tail or url)


def model_choices(provider: Provider | None, listed: list[str] | None) -> list[ModelChoice]:
    """Return the models of the catalogue and, if the gateway was asked, those that it lists."""
    from ccswitch_py.model.model_choices import model_choices

    other, notes = _("listed by the gateway only"), {True: "", None: "", False: _("not listed")}
    return [
        ModelChoice(
            one.id,
            one.family or other,
            one.version_label,
            one.images,
            notes[one.is_listed] if one.in_catalogue else _("from the gateway"),
        )
        for one in model_choices(provider, listed)
    ]


def suggestions(base: Draft | None, provider: Provider | None, provider_id: str) -> dict[str, str]:
    """Return address and models of a provider, or those of the draft ``base`` if it has that provider."""
    if base and (base.provider or "") == provider_id:
        return {"base-url": base.base_url, **{role.value: base.models.get(role, "") for role in MAIN_ROLES}}
    models = {role.value: (provider and provider.default(role)) or "" for role in MAIN_ROLES}
    return {"base-url": provider.base_url if provider else "", **models}


def kept_key_sentence(key: KeyRef) -> str:
    if key.name:
        return _("Leave the field empty to keep the stored key {name}.", name=repr(key.name))
    return _("Leave the field empty to keep the key {key}.", key=key.describe())


def advice_for_form(advice: str) -> str:
    """Name a button of the form in place of the equal command."""
    for command, button in _BUTTONS.items():
        advice = command.sub(_(button), advice)
    return advice


def remedy_sentence(fix: Mapping[str, str], *, needs_real_client: bool) -> str:
    if fix:
        return _("Fix (ctrl+f) sets {switches}.", switches=format_switches(fix))
    return _("Ask Claude Code (ctrl+g) can tell.") if needs_real_client else ""
