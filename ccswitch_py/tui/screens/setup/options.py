"""What the part More of the setup form shows of a profile, as texts, and what a profile becomes by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.message import Message

from ccswitch_py.model.role import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ccswitch_py.services.profiles.setup import Draft

MORE_ROLES = (Role.FABLE, Role.SUBAGENT)


class MoreChanged(Message):
    """Something in the part More is not what it was."""


class MoreTexts(NamedTuple):
    """The fields of the part More; an empty text is what a profile does not say."""

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
        """Whether a profile uses any of it."""
        return self != MoreTexts()

    def with_switches(self, switches: Mapping[str, str]) -> MoreTexts:
        """The same with these switches set as well; an empty value takes one out."""
        values = {**dict(self.switches), **switches}
        return self._replace(switches=_set(values))


def more_texts_of(draft: Draft) -> MoreTexts:
    """The texts for what a draft says."""
    from ccswitch_py.model.protocol import Delivery
    from ccswitch_py.targets.claude_code.target import ClaudeCode
    from ccswitch_py.targets.claude_code.typed_options import checked_options

    options = checked_options(draft.options_for(ClaudeCode.id))
    return MoreTexts(
        fable=draft.models.get(Role.FABLE, ""),
        subagent=draft.models.get(Role.SUBAGENT, ""),
        context_window=str(options.context_window or ""),
        max_output_tokens=str(options.max_output_tokens or ""),
        headers="\n".join(f"{name}: {value}" for name, value in options.headers.items()),
        bearer_only=options.bearer_only,
        plaintext=draft.delivery is Delivery.PLAINTEXT,
        switches=_set(options.switches),
    )


def with_more(draft: Draft, texts: MoreTexts) -> Draft:
    """The draft with what the texts say; raises ``BadInput``."""
    from dataclasses import replace

    from ccswitch_py.model.protocol import Delivery
    from ccswitch_py.targets.claude_code.target import ClaudeCode
    from ccswitch_py.targets.claude_code.typed_options import checked_options, typed_headers, typed_tokens

    models = {**draft.models, Role.FABLE: texts.fable, Role.SUBAGENT: texts.subagent}
    options = checked_options(
        {
            "bearer_only": texts.bearer_only,
            "context_window": typed_tokens(texts.context_window),
            "max_output_tokens": typed_tokens(texts.max_output_tokens),
            "headers": typed_headers(texts.headers.splitlines()),
            "switches": dict(texts.switches),
        }
    )
    changed = replace(
        draft,
        models={role: model for role, model in models.items() if model},
        delivery=Delivery.PLAINTEXT if texts.plaintext else Delivery.COMMAND,
    )
    return changed.with_options_for(ClaudeCode.id, options)


def _set(switches: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    from ccswitch_py.targets.claude_code.switches import COMPATIBILITY_SWITCHES

    return tuple((name, value) for name in COMPATIBILITY_SWITCHES if (value := switches.get(name, "").strip()))
