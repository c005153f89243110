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
from ccswitch_py.tui.screens.setup.advanced_values import AdvancedValues
from ccswitch_py.tui.screens.setup.texts import field_error, field_label, model_choices, normalized_address, suggestions
from ccswitch_py.tui.screens.texts import free_name
from ccswitch_py.tui.widgets.key_field import KeyField
from ccswitch_py.tui.widgets.model_select.field import ModelSelect
from ccswitch_py.tui.widgets.plain_input import AddressInput, PlainInput, key_in_plain_field

if TYPE_CHECKING:
    from ccswitch_py.model.provider import Provider
    from ccswitch_py.redact.secret import Secret
    from ccswitch_py.services.profiles.setup import Draft
    from ccswitch_py.tui.screens.setup.advanced import AdvancedFields
    from ccswitch_py.tui.widgets.model_select.catalog import ModelChoice

ROLES = tuple(role.value for role in MAIN_ROLES)
ADVANCED = ("fable", "subagent", "context-window", "max-output-tokens", "headers")


def _clean(text: str) -> tuple[Secret, list[str]]:
    from ccswitch_py.vault.pasted_key import clean_key

    return clean_key(text)


class FieldErrors:
    """The messages of a form; a line is mounted when it is first needed, so that none delays the first paint."""

    def __init__(self, form: Widget) -> None:
        self._form = form
        self._lines: dict[str, Static] = {}

    def show(self, field_id: str, error: str) -> None:
        line = self._lines.get(field_id)
        if line is None:
            if not error:
                return
            line = self._lines[field_id] = Static(classes="hint error", markup=False)
            field = self._form.query_one(f"#{field_id}")
            (field.parent if isinstance(field.parent, Widget) else self._form).mount(line, after=field)
        line.update(f"✗ {error}" if error else "")
        line.display = bool(error)

    def text(self, field_id: str) -> str:
        line = self._lines.get(field_id)
        return str(line.content).removeprefix("✗ ") if line else ""


class SetupFields:
    """The fields of ``form``, which mounts them; ``base`` is the draft of the profile that is edited.

    A suggestion replaces only what was suggested before, never what the user typed.
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
        self.errors = FieldErrors(form)
        self._form = form
        self._is_new = editing is None
        self._suggested: dict[str, str] = {}
        self._advanced_values = AdvancedValues()
        self._advanced: AdvancedFields | None = None
        self._fixed: dict[str, str] = {}
        self._fixed_for = ""
        self._listed: list[str] | None = None
        self._listed_for = ""
        self._clean_state: object = None

    def text(self, field_id: str) -> str:
        if field_id == "headers":
            return self.advanced.headers
        return self._inputs[field_id].value.strip()

    @property
    def advanced(self) -> AdvancedValues:
        """The values of the advanced part, whether it is open or not."""
        return self._advanced.values if self._advanced else self._advanced_values

    @property
    def is_dirty(self) -> bool:
        """Whether leaving would lose something."""
        has_key = not self.key.text_is_empty
        return has_key or (self._clean_state is not None and self._state() != self._clean_state)

    def mark_clean(self) -> None:
        """Compare with the present state from now on."""
        self._clean_state = self._state()

    def show(self, draft: Draft) -> None:
        """Replace everything but the key by a draft."""
        self.base = draft
        self._suggested = {field_id: self.text(field_id) for field_id in self._suggestable}
        self.provider = draft.provider or ""
        self._suggest(self._suggestions(self.provider))
        self._set_advanced(AdvancedValues.of(draft))
        self._update_choices()
        self.mark_clean()

    def choose_provider(self, provider_id: str) -> list[str]:
        """Suggest what a provider has; return the labels of the fields that keep what the user typed."""
        self.provider = provider_id
        kept = self._suggest(self._suggestions(provider_id))
        self._update_choices()
        return [field_label(field_id) for field_id in kept]

    def same_as_main(self) -> None:
        for role in ROLES[1:]:
            self.roles[role].value = self.text(ROLES[0])

    def set_switches(self, switches: Mapping[str, str]) -> None:
        """Set switches for as long as the address stays the same."""
        self._fixed |= switches
        self._fixed_for = normalized_address(self.text("base-url"))
        self._set_advanced(self.advanced.with_switches(switches))

    def offer_listed(self, base_url: str, ids: list[str]) -> bool:
        """Offer the models that a gateway lists while the address is its own; return False if it is another one."""
        if normalized_address(self.text("base-url")) != base_url:
            return False
        self._listed, self._listed_for = ids, base_url
        self._update_choices()
        return True

    def address_changed(self, address: str) -> dict[str, str]:
        """Drop what belongs to another address; return the switches that were unset."""
        normalized = normalized_address(address)
        if self._listed is not None and normalized != self._listed_for:
            self._listed = None
            self._update_choices()
        dropped = self._fixed if self._fixed and normalized != self._fixed_for else {}
        if dropped:
            self._set_advanced(self.advanced.with_switches(dict.fromkeys(dropped, "")))
            self._fixed = {}
        return dropped

    async def open_advanced(self) -> None:
        """Show the advanced part, which is mounted when it is first opened."""
        from ccswitch_py.tui.screens.setup.advanced import AdvancedFields

        if self._advanced is None:
            self._advanced = AdvancedFields(self._advanced_values, self._choices())
            self._show_advanced(True)
            await self._form.mount(self._advanced, after="#tools")
        else:
            self._show_advanced(True)

    def close_advanced(self) -> bool:
        """Hide the advanced part, whose values stay; return False if it was hidden."""
        if self._advanced is None or not self._advanced.display:
            return False
        self._show_advanced(False)
        return True

    def validate_edited(self, field_id: str) -> None:
        """Show the error of a field in which the user has typed."""
        if field_id in self._suggestable:
            is_suggested = self.text(field_id) == self._suggested.get(field_id, "")
            self._show_error(field_id, "" if is_suggested else self._error(field_id))
        elif field_id in ADVANCED or field_id.startswith("switch-"):
            self._show_error(field_id, self._error(field_id))

    def reject_key_in(self, field: Widget) -> None:
        known = next(one for one in field.ancestors_with_self if isinstance(one, Widget) and one.id)
        self.errors.show(known.id or "", key_in_plain_field())

    def validate(self, *, with_models: bool = True) -> tuple[str, str] | None:
        """Show the errors of all fields; return the first invalid one and its error."""
        checked = [*self._suggestable, *(ADVANCED if self._advanced else ())] if with_models else ["base-url"]
        found = {field_id: error for field_id in checked if (error := self._error(field_id))}
        if error := self._key_error():
            found["key"] = error
        for field_id in (*checked, "key"):
            self._show_error(field_id, found.get(field_id, ""))
        after_address = checked.index("base-url") + 1
        order = [*checked[:after_address], "key", *checked[after_address:]]
        return next(((field_id, found[field_id]) for field_id in order if field_id in found), None)

    def focus(self, field_id: str) -> None:
        """Focus a field; open the advanced part for one of its fields."""
        if self._advanced and field_id in ADVANCED:
            self._show_advanced(True)
        headers = self._advanced.headers if self._advanced else self.key
        {**self._inputs, "key": self.key, "headers": headers}[field_id].focus()

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
        draft = self.advanced.applied_to(draft)
        if draft.key is None:
            raise KeyUnavailable(_("There is no key yet."), _("Paste it into the key field."))
        if base:
            check_key_is_for(base, draft, self.providers, said_again=False)
        return draft

    @property
    def _suggestable(self) -> tuple[str, ...]:
        return ("name", "base-url", *ROLES) if self._is_new else ("base-url", *ROLES)

    def _suggestions(self, provider_id: str) -> dict[str, str]:
        found = suggestions(self.base, self.providers.get(provider_id), provider_id)
        return {"name": free_name(self.names, provider_id), **found} if self._is_new else found

    def _suggest(self, values: Mapping[str, str]) -> list[str]:
        """Fill the fields in which the user has typed nothing; return the others."""
        kept: list[str] = []
        for field_id, value in values.items():
            now = self.text(field_id)
            before, self._suggested[field_id] = self._suggested.get(field_id, ""), value
            if now in ("", before):
                self._inputs[field_id].value = value
            elif now != value:
                kept.append(field_id)
        return kept

    def _choices(self) -> list[ModelChoice]:
        return model_choices(self.providers.get(self.provider or ""), self._listed)

    def _update_choices(self) -> None:
        choices = self._choices()
        for field in self.roles.values():
            field.set_choices(choices)
        if self._advanced:
            self._advanced.set_choices(choices)

    def _error(self, field_id: str) -> str:
        text, field = self.text(field_id), self._inputs.get(field_id)
        if (field is not None and field.shows_dots) or self.key.occurs_in(text):
            return key_in_plain_field()
        return field_error(field_id, text, self.names)

    def _show_error(self, field_id: str, error: str) -> None:
        if field_id == "base-url" and self.text(field_id) and error != key_in_plain_field():
            error = ""  # the hint with the request URL has it
        self.errors.show(field_id, error)

    def _key_error(self) -> str:
        try:
            key = self.key.secret
        except BadInput as error:
            return str(error)
        has_key = key is not None or (self.base is not None and self.base.key is not None)
        return "" if has_key else _("There is no key yet. Paste it here.")

    def _set_advanced(self, values: AdvancedValues) -> None:
        self._advanced_values = values
        if self._advanced:
            self._advanced.show(values)

    def _show_advanced(self, is_open: bool) -> None:
        if self._advanced:
            self._advanced.display = is_open
        self.advanced_button.label = _("▾ More") if is_open else _("▸ More")

    @property
    def _inputs(self) -> Mapping[str, PlainInput | ModelSelect]:
        own: dict[str, PlainInput | ModelSelect] = {"name": self.name, "base-url": self.address, **self.roles}
        return {**own, **self._advanced.inputs} if self._advanced else own

    def _state(self) -> tuple[object, ...]:
        return (self.provider, [self.text(field_id) for field_id in self._suggestable], self.advanced)
