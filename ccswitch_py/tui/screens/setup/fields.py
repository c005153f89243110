"""The fields of the setup form as one thing: suggestions, validation, and the draft that they make."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.widget import Widget
from textual.widgets import Button, Static

from ccswitch_py.core.errors import BadInput, KeyUnavailable
from ccswitch_py.core.language import _
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.role import MAIN_ROLES
from ccswitch_py.tui.screens.setup.advanced_values import (
    SWITCH,
    FieldValues,
    advanced_values,
    only_set,
    switch_values,
    with_advanced,
)
from ccswitch_py.tui.screens.setup.texts import field_error, field_label, model_choices, normalized_address, suggestions
from ccswitch_py.tui.screens.texts import free_name
from ccswitch_py.tui.widgets.key_field import KeyField
from ccswitch_py.tui.widgets.model_select.field import ModelSelect
from ccswitch_py.tui.widgets.plain_input import AddressInput, PlainInput, key_in_plain_field

if TYPE_CHECKING:
    from ccswitch_py.model.provider import Provider
    from ccswitch_py.redact.secret import Secret
    from ccswitch_py.services.profiles.setup import Draft
    from ccswitch_py.tui.screens.setup.advanced import AdvancedFields, HeaderLines, SignCheckbox
    from ccswitch_py.tui.widgets.model_select.catalog import ModelChoice

ROLES = tuple(role.value for role in MAIN_ROLES)
ADVANCED = ("fable", "subagent", "context-window", "max-output-tokens", "headers")


def _clean(text: str) -> tuple[Secret, list[str]]:
    from ccswitch_py.vault.pasted_key import clean_key

    return clean_key(text)


class SetupFields:
    """The fields of ``form``, which mounts them; ``base`` is the draft of the profile that is edited.

    A suggestion replaces only an earlier suggestion, never what the user typed.
    """

    def __init__(self, form: Widget, editing: str | None) -> None:
        # Kept here: a query would fail before the first paint, and for results that arrive while the form is left.
        self.name = PlainInput(editing or "", id="name", compact=True, disabled=editing is not None)
        self.address = AddressInput(placeholder=_("https://host/prefix, without /v1"), id="base-url", compact=True)
        # The focus of an edited profile is elsewhere, so that nothing typed blindly replaces its key.
        self.key = KeyField(clean=_clean, id="key", classes=None if editing else "first")
        self.roles = {role: ModelSelect([], id=role) for role in ROLES}
        self.roles[ROLES[0]].set_class(editing is not None, "first")
        self.advanced_button = Button(_("▸ More"), id="more", compact=True)
        self.base: Draft | None = None
        self.provider: str | None = None
        self.providers: dict[str, Provider] = {}
        self.names: frozenset[str] = frozenset()
        self._form = form
        self._plain: dict[str, PlainInput | ModelSelect] = {"name": self.name, "base-url": self.address, **self.roles}
        self._suggestable = ("base-url", *ROLES) if editing else ("name", "base-url", *ROLES)
        self._suggested: dict[str, str] = {}
        self._error_lines: dict[str, Static] = {}
        self._advanced_values: FieldValues = {}
        self._advanced: AdvancedFields | None = None
        self._fixed: Mapping[str, str] = {}
        self._fixed_for = ""
        self._listed: list[str] | None = None
        self._listed_for = ""
        self._clean_state: object = None

    def text(self, field_id: str) -> str:
        return str(self._inputs[field_id].value).strip()

    @property
    def advanced(self) -> FieldValues:
        return self._advanced.values if self._advanced else self._advanced_values

    @property
    def is_dirty(self) -> bool:
        return not self.key.text_is_empty or self._clean_state not in (None, self._state())

    def mark_clean(self) -> None:
        """Compare with the present state from now on."""
        self._clean_state = self._state()

    def show(self, draft: Draft) -> None:
        """Replace everything but the key by a draft."""
        self.base = draft
        self._suggested = {field_id: self.text(field_id) for field_id in self._suggestable}
        self._set_advanced(advanced_values(draft))
        self.choose_provider(draft.provider or "")
        self.mark_clean()

    def choose_provider(self, provider_id: str) -> list[str]:
        """Suggest the values of a provider; return the labels of the fields that keep what the user typed."""
        self.provider = provider_id
        values = suggestions(self.base, self.providers.get(provider_id), provider_id)
        if "name" in self._suggestable:
            values = {"name": free_name(self.names, provider_id), **values}
        kept: list[str] = []
        for field_id, value in values.items():
            now = self.text(field_id)
            before, self._suggested[field_id] = self._suggested.get(field_id, ""), value
            if now in ("", before):
                self._plain[field_id].value = value
            elif now != value:
                kept.append(field_label(field_id))
        self._update_choices()
        return kept

    def same_as_main(self) -> None:
        for role in ROLES[1:]:
            self.roles[role].value = self.text(ROLES[0])

    def set_switches(self, switches: Mapping[str, str]) -> None:
        """Set switches for as long as the address stays the same."""
        self._fixed = {**self._fixed, **switches}
        self._fixed_for = normalized_address(self.text("base-url"))
        self._set_advanced({**self.advanced, **switch_values(switches)})

    def offer_listed(self, base_url: str, ids: list[str]) -> bool:
        """Offer the models that a gateway lists; return False if the address is a different one by now."""
        if normalized_address(self.text("base-url")) != base_url:
            return False
        self._listed, self._listed_for = ids, base_url
        self._update_choices()
        return True

    def address_changed(self, address: str) -> Mapping[str, str]:
        """Drop what belongs to another address; return the switches that were unset."""
        normalized = normalized_address(address)
        if self._listed is not None and normalized != self._listed_for:
            self._listed = None
            self._update_choices()
        if not self._fixed or normalized == self._fixed_for:
            return {}
        dropped, self._fixed = self._fixed, {}
        self._set_advanced({**self.advanced, **switch_values(dict.fromkeys(dropped, ""))})
        return dropped

    async def open_advanced(self) -> None:
        """Show the advanced part, which is mounted when it is first opened."""
        from ccswitch_py.tui.screens.setup.advanced import AdvancedFields

        is_new = self._advanced is None
        self._advanced = self._advanced or AdvancedFields(self._advanced_values, self._choices())
        self._show_advanced(True)
        if is_new:
            await self._form.mount(self._advanced, after="#tools")

    def close_advanced(self) -> bool:
        if self._advanced is None or not self._advanced.display:
            return False
        self._show_advanced(False)
        return True

    def validate_edited(self, field_id: str) -> None:
        if field_id in self._suggestable:
            is_suggested = self.text(field_id) == self._suggested.get(field_id, "")
            self._show_field_error(field_id, "" if is_suggested else self._error(field_id))
        elif field_id in ADVANCED or field_id.startswith(SWITCH):
            self.show_error(field_id, self._error(field_id))

    def reject_key_in(self, field: Widget) -> None:
        field_id = next(one.id for one in field.ancestors_with_self if one.id)
        self.show_error(field_id, key_in_plain_field())

    def validate(self, *, with_models: bool = True) -> tuple[str, str] | None:
        """Show the errors of all fields; return the first invalid one and its error."""
        checked = [*self._suggestable, *(ADVANCED if self._advanced else ())] if with_models else ["base-url"]
        checked.insert(checked.index("base-url") + 1, "key")
        errors = {field_id: self._key_error() if field_id == "key" else self._error(field_id) for field_id in checked}
        for field_id, error in errors.items():
            self._show_field_error(field_id, error)
        return next(((field_id, error) for field_id, error in errors.items() if error), None)

    def show_error(self, field_id: str, error: str) -> None:
        """Show an error below its field, in a line that is mounted when it is first needed."""
        line = self._error_lines.get(field_id)
        if line is None and error:
            line = self._error_lines[field_id] = Static(classes="hint error", markup=False)
            field = self._form.query_one(f"#{field_id}")
            (field.parent if isinstance(field.parent, Widget) else self._form).mount(line, after=field)
        if line is not None:
            line.update(f"✗ {error}" if error else "")
            line.display = bool(error)

    def shown_error(self, field_id: str) -> str:
        line = self._error_lines.get(field_id)
        return str(line.content).removeprefix("✗ ") if line else ""

    def focus(self, field_id: str) -> None:
        """Focus a field; open the advanced part for one of its fields."""
        if field_id in ADVANCED:
            self._show_advanced(True)
        (self.key if field_id == "key" else self._inputs[field_id]).focus()

    def draft(self, http_agreed: str) -> Draft:
        """Make the draft; name and models may be missing. ``http_agreed`` is the http address the user agreed to.

        Raises ``BadInput`` and ``KeyUnavailable``.
        """
        from dataclasses import replace

        from ccswitch_py.services.profiles.setup import Draft, check_key_is_for

        base = self.base
        url = BaseUrl(self.text("base-url"))
        url = url.without_tail or url
        draft = base or Draft("", None, "", {})
        was_agreed = base is not None and base.allow_http and base.base_url == str(url)
        draft = replace(
            draft,
            name=self.text("name"),
            provider=self.provider or None,
            base_url=str(url),
            models={**draft.models, **{role: self.text(role.value) for role in MAIN_ROLES}},
            key=self.key.secret or draft.key,
            allow_http=was_agreed or http_agreed == str(url),
        )
        draft = with_advanced(draft, self.advanced)
        if draft.key is None:
            raise KeyUnavailable(_("There is no key yet."), _("Paste it into the key field."))
        if base:
            check_key_is_for(base, draft, self.providers, said_again=False)
        return draft

    def _choices(self) -> list[ModelChoice]:
        return model_choices(self.providers.get(self.provider or ""), self._listed)

    def _update_choices(self) -> None:
        choices = self._choices()
        for field in (*self.roles.values(), *([self._advanced] if self._advanced else [])):
            field.set_choices(choices)

    def _error(self, field_id: str) -> str:
        text, field = self.text(field_id), self._inputs[field_id]
        shows_dots = isinstance(field, PlainInput | ModelSelect) and field.shows_dots
        if shows_dots or self.key.occurs_in(text):
            return key_in_plain_field()
        return field_error(field_id, text, self.names)

    def _show_field_error(self, field_id: str, error: str) -> None:
        if field_id == "base-url" and self.text(field_id) and error != key_in_plain_field():
            error = ""  # the hint with the request URL has it
        self.show_error(field_id, error)

    def _key_error(self) -> str:
        try:
            key = self.key.secret
        except BadInput as error:
            return str(error)
        has_key = key is not None or (self.base is not None and self.base.key is not None)
        return "" if has_key else _("There is no key yet. Paste it here.")

    def _set_advanced(self, values: FieldValues) -> None:
        self._advanced_values = only_set(values)
        if self._advanced:
            self._advanced.show(values)

    def _show_advanced(self, is_open: bool) -> None:
        if self._advanced:
            self._advanced.display = is_open
        self.advanced_button.label = _("▾ More") if is_open else _("▸ More")

    @property
    def _inputs(self) -> Mapping[str, PlainInput | ModelSelect | HeaderLines | SignCheckbox]:
        return {**self._plain, **(self._advanced.fields if self._advanced else {})}

    def _state(self) -> tuple[object, ...]:
        return (self.provider, [self.text(field_id) for field_id in self._suggestable], self.advanced)
