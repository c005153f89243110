"""The advanced part of a draft as values by field id (what is empty or off is left out), and labels of fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.message import Message

from ccswitch_py.core.language import N_, _

if TYPE_CHECKING:
    from ccswitch_py.services.profiles.setup import Draft
FieldValues = dict[str, str | bool]


SWITCH = "switch-"


class AdvancedChanged(Message):
    """An advanced field that is no single line of text has changed."""


def switch_values(switches: Mapping[str, str]) -> FieldValues:
    """Return the values of switches, and of the output limit that a test may set with them."""
    ids = {"max_output_tokens": "max-output-tokens"}
    return {ids.get(name, f"{SWITCH}{name}"): value for name, value in switches.items()}


def only_set(values: Mapping[str, str | bool]) -> FieldValues:
    return {field_id: value for field_id, value in values.items() if value}


def advanced_values(draft: Draft) -> FieldValues:
    from ccswitch_py.targets.claude_code.options import checked_options
    from ccswitch_py.targets.registry import DEFAULT_TARGET

    options = checked_options(draft.options_for(DEFAULT_TARGET))
    values: FieldValues = {
        "fable": draft.models.get("fable", ""),
        "subagent": draft.models.get("subagent", ""),
        "context-window": str(options.context_window or ""),
        "max-output-tokens": str(options.max_output_tokens or ""),
        "headers": "\n".join(f"{name}: {value}" for name, value in options.headers.items()),
        "bearer-only": options.bearer_only,
        "plaintext": draft.delivery == "plaintext",
    }
    return only_set({**values, **switch_values(options.switches)})


def with_advanced(draft: Draft, values: FieldValues) -> Draft:
    """Return the draft with these values in place of its own; raises ``BadInput``."""
    from dataclasses import replace

    from ccswitch_py.targets.claude_code.options import checked_options, typed_headers, typed_tokens
    from ccswitch_py.targets.registry import DEFAULT_TARGET

    def text(field_id: str) -> str:
        return str(values.get(field_id, ""))

    options = checked_options(
        {
            "bearer_only": bool(values.get("bearer-only")),
            "context_window": typed_tokens(text("context-window")),
            "max_output_tokens": typed_tokens(text("max-output-tokens")),
            "headers": typed_headers(text("headers").splitlines()),
            "switches": {one.removeprefix(SWITCH): text(one) for one in values if one.startswith(SWITCH)},
        }
    )
    models = {**draft.models, "fable": text("fable"), "subagent": text("subagent")}
    changed = replace(
        draft,
        models={role: model for role, model in models.items() if model},
        delivery="plaintext" if values.get("plaintext") else "command",
    )
    return changed.with_options_for(DEFAULT_TARGET, options)


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


def field_label(field_id: str) -> str:
    label = _LABELS.get(field_id)
    return _(label) if label else field_id.capitalize()
