"""What stands in the advanced fields of the setup form, as texts, and what a draft becomes by it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from textual.message import Message

from ccswitch_py.model.role import Role

if TYPE_CHECKING:
    from ccswitch_py.services.profiles.setup import Draft


class AdvancedChanged(Message):
    """A field of the advanced part has another value."""


class AdvancedValues(NamedTuple):
    """The texts of the advanced fields; an empty one is what the profile leaves out."""

    fable: str = ""
    subagent: str = ""
    context_window: str = ""
    max_output_tokens: str = ""
    headers: str = ""
    bearer_only: bool = False
    plaintext: bool = False
    switches: tuple[tuple[str, str], ...] = ()

    @property
    def is_used(self) -> bool:
        return self != AdvancedValues()

    def with_switches(self, switches: Mapping[str, str]) -> AdvancedValues:
        """Set these switches (or output limit) as well; an empty value unsets one."""
        from ccswitch_py.services.profiles.options import SWITCHES

        values = {**dict(self.switches), **switches}
        known = ((name, values.get(name, "").strip()) for name in SWITCHES)
        limit = switches.get("max_output_tokens", self.max_output_tokens)
        chosen = tuple((name, value) for name, value in known if value)
        return self._replace(max_output_tokens=limit, switches=chosen)

    @classmethod
    def of(cls, draft: Draft) -> AdvancedValues:
        from ccswitch_py.model.protocol import Delivery
        from ccswitch_py.services.profiles.options import checked_options
        from ccswitch_py.targets.registry import DEFAULT_TARGET

        options = checked_options(draft.options_for(DEFAULT_TARGET))
        return cls(
            fable=draft.models.get(Role.FABLE, ""),
            subagent=draft.models.get(Role.SUBAGENT, ""),
            context_window=str(options.context_window or ""),
            max_output_tokens=str(options.max_output_tokens or ""),
            headers="\n".join(f"{name}: {value}" for name, value in options.headers.items()),
            bearer_only=options.bearer_only,
            plaintext=draft.delivery is Delivery.PLAINTEXT,
        ).with_switches(options.switches)

    def applied_to(self, draft: Draft) -> Draft:
        """Return the draft with what the texts say; raises ``BadInput``."""
        from dataclasses import replace

        from ccswitch_py.model.protocol import Delivery
        from ccswitch_py.services.profiles.options import checked_options, typed_headers, typed_tokens
        from ccswitch_py.targets.registry import DEFAULT_TARGET

        models = {**draft.models, Role.FABLE: self.fable, Role.SUBAGENT: self.subagent}
        options = checked_options(
            {
                "bearer_only": self.bearer_only,
                "context_window": typed_tokens(self.context_window),
                "max_output_tokens": typed_tokens(self.max_output_tokens),
                "headers": typed_headers(self.headers.splitlines()),
                "switches": dict(self.switches),
            }
        )
        changed = replace(
            draft,
            models={role: model for role, model in models.items() if model},
            delivery=Delivery.PLAINTEXT if self.plaintext else Delivery.COMMAND,
        )
        return changed.with_options_for(DEFAULT_TARGET, options)
