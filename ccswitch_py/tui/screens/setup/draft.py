"""What stands in the fields of the setup form: what was suggested, what the user typed, and the draft that it makes."""

# Textual types the parent of a widget only in part:
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.widget import Widget
from textual.widgets import Button

from ccswitch_py.core.errors import BadInput, KeyUnavailable
from ccswitch_py.core.language import _
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.role import MAIN_ROLES
from ccswitch_py.tui.screens.setup.options import MoreTexts
from ccswitch_py.tui.widgets.key_field import KeyField
from ccswitch_py.tui.widgets.model_select import ModelChoice, ModelSelect
from ccswitch_py.tui.widgets.plain_input import AddressInput, PlainInput, key_in_plain_field
from ccswitch_py.tui.widgets.problem_lines import ProblemLines

if TYPE_CHECKING:
    from ccswitch_py.model.provider import Provider
    from ccswitch_py.redact.secret import Secret
    from ccswitch_py.services.profiles.setup import Draft
    from ccswitch_py.tui.screens.setup.more import MoreFields

ROLES = tuple(role.value for role in MAIN_ROLES)
MORE = ("fable", "subagent", "context-window", "max-output-tokens", "headers")


def _clean(text: str) -> tuple[Secret, list[str]]:
    from ccswitch_py.vault.pasted_key import clean_key

    return clean_key(text)


class SetupFields:
    """The fields of ``form`` as one thing; ``base`` is what a profile was before, if there was one.

    They and the button that opens the part More are made here, and mounted by the form.
    """

    def __init__(self, form: Widget, editing: str | None) -> None:
        # Looking one up would fail before the form is painted, and when what was waited for comes as it goes.
        self.name = PlainInput(editing or "", id="name", compact=True, disabled=editing is not None)
        self.address = AddressInput(placeholder=_("https://host/prefix, without /v1"), id="base-url", compact=True)
        # A stored key is not to be overwritten by whatever is typed first.
        self.key = KeyField(clean=_clean, id="key", classes=None if editing else "first")
        self.roles = {role: ModelSelect([], id=role) for role in ROLES}
        self.roles[ROLES[0]].set_class(editing is not None, "first")
        self.more_button = Button(_("▸ More"), id="more", compact=True)
        self.base: Draft | None = None
        self.provider: str | None = None
        self.providers: dict[str, Provider] = {}
        self.names: frozenset[str] = frozenset()
        self.problems = ProblemLines(form)
        self._form = form
        self._is_new = editing is None
        self._suggested: dict[str, str] = {}
        self._more_texts = MoreTexts()
        self._more_fields: MoreFields | None = None
        self._fixed: dict[str, str] = {}
        self._fixed_for = ""
        self._listed: list[str] | None = None
        self._listed_for = ""
        self._at_first: object = None

    def text(self, field_id: str) -> str:
        """What stands in a field."""
        if field_id == "headers":
            return self.more.headers
        return self._inputs[field_id].value.strip()

    @property
    def more(self) -> MoreTexts:
        """What the part More says, whether it is shown or not."""
        return self._more_fields.texts if self._more_fields else self._more_texts

    @property
    def is_dirty(self) -> bool:
        """Whether there is something that leaving would lose."""
        has_key = not self.key.text_is_empty
        return has_key or (self._at_first is not None and self._state() != self._at_first)

    def settle(self) -> None:
        """What stands here now is no loss."""
        self._at_first = self._state()

    def show(self, draft: Draft) -> None:
        """Show a draft in place of everything but the key."""
        from ccswitch_py.tui.screens.setup.options import more_texts_of

        self.base = draft
        self._suggested = {field_id: self.text(field_id) for field_id in self._suggestable}
        self.provider = draft.provider or ""
        self._suggest(self._suggestions(self.provider))
        self._put_more(more_texts_of(draft))
        self._show_choices()
        self.settle()

    def choose_provider(self, provider_id: str) -> list[str]:
        """Suggest what another provider has; returns the names of the fields that keep what the user typed."""
        from ccswitch_py.tui.screens.setup.texts import field_label

        self.provider = provider_id
        kept = self._suggest(self._suggestions(provider_id))
        self._show_choices()
        return [field_label(field_id) for field_id in kept]

    def same_as_main(self) -> None:
        """Give the other three roles the main model."""
        for role in ROLES[1:]:
            self.roles[role].value = self.text(ROLES[0])

    def take_switches(self, switches: Mapping[str, str]) -> None:
        """Set these in a new profile as well, for as long as it has this address."""
        from ccswitch_py.tui.screens.setup.texts import bare_address

        self._fixed |= switches
        self._fixed_for = bare_address(self.text("base-url"))
        self._put_more(self.more.with_switches(switches))

    def take_listed(self, base_url: str, ids: list[str]) -> bool:
        """Offer what a gateway lists, for as long as it is this one; False if it is another one already."""
        from ccswitch_py.tui.screens.setup.texts import bare_address

        if bare_address(self.text("base-url")) != base_url:
            return False
        self._listed, self._listed_for = ids, base_url
        self._show_choices()
        return True

    def address_changed(self, address: str) -> dict[str, str]:
        """Forget what belongs to another address; returns the switches that are not set any more."""
        from ccswitch_py.tui.screens.setup.texts import bare_address

        bare = bare_address(address)
        if self._listed is not None and bare != self._listed_for:
            self._listed = None
            self._show_choices()
        dropped = self._fixed if self._fixed and bare != self._fixed_for else {}
        if dropped:
            self._put_more(self.more.with_switches(dict.fromkeys(dropped, "")))
            self._fixed = {}
        return dropped

    async def open_more(self) -> None:
        """Show the part More, which is made when it is first shown."""
        from ccswitch_py.tui.screens.setup.more import MoreFields

        if self._more_fields is None:
            self._more_fields = MoreFields(self._more_texts, self._choices())
            self._label_more()
            await self._form.mount(self._more_fields, after="#tools")
        else:
            self._more_fields.display = True
            self._label_more()

    def close_more(self) -> bool:
        """Hide the part More if it is shown; what stands in it stays and holds."""
        if self._more_fields is None or not self._more_fields.display:
            return False
        self._more_fields.display = False
        self._label_more()
        return True

    def typed(self, field_id: str) -> None:
        """Say beside a field what is wrong with it, once the user has typed there."""
        if field_id in self._suggestable:
            is_suggested = self.text(field_id) == self._suggested.get(field_id, "")
            self._tell(field_id, "" if is_suggested else self._problem(field_id))
        elif field_id in MORE or field_id.startswith("switch-"):
            self._tell(field_id, self._problem(field_id))

    def refused_key(self, field: Widget) -> None:
        """Say that what was pasted into a field would be seen there."""
        known = next(one for one in field.ancestors_with_self if isinstance(one, Widget) and one.id)
        self.problems.show(known.id or "", key_in_plain_field())

    def first_problem(self, *, models_too: bool = True) -> tuple[str, str] | None:
        """The first field that must be mended and what is wrong with it; says so beside each that must."""
        wanted = [*self._suggestable, *(MORE if self._more_fields else ())]
        if not models_too:
            wanted = ["base-url"]
        found = {field_id: problem for field_id in wanted if (problem := self._problem(field_id))}
        if not found.get("key") and (problem := self._key_problem()):
            found["key"] = problem
        for field_id in (*wanted, "key"):
            self._tell(field_id, found.get(field_id, ""))
        order = [*wanted[: wanted.index("base-url") + 1], "key", *wanted[wanted.index("base-url") + 1 :]]
        return next(((field_id, found[field_id]) for field_id in order if field_id in found), None)

    def go_to(self, field_id: str) -> None:
        """Put the cursor into a field, and open the part More if it is there."""
        if self._more_fields and field_id in MORE:
            self._more_fields.display = True
            self._label_more()
        headers = self._more_fields.headers if self._more_fields else self.key
        {**self._inputs, "key": self.key, "headers": headers}[field_id].focus()

    def draft(self, http_agreed: str) -> Draft:
        """What the fields say; ``http_agreed`` is the plain address that the user has said yes to.

        Raises ``BadInput`` and ``KeyUnavailable`` for what is wrong; name and models may be missing.
        """
        from dataclasses import replace

        from ccswitch_py.services.profiles.setup import Draft, check_key_is_for
        from ccswitch_py.tui.screens.setup.options import with_more

        base = self.base
        url = BaseUrl(self.text("base-url"))
        url = url.without_tail or url
        draft = base or Draft("", None, "", {})
        known = base is not None and base.allow_http and base.base_url == str(url)
        draft = replace(
            draft,
            name=self.text("name"),
            provider=self.provider or None,
            base_url=str(url),
            models={**draft.models, **{role: self.text(role.value) for role in MAIN_ROLES}},
            key=self.key.secret or draft.key,
            allow_http=known or http_agreed == str(url),
        )
        draft = with_more(draft, self.more)
        if draft.key is None:
            raise KeyUnavailable(_("There is no key yet."), _("Paste it into the key field."))
        if base:
            check_key_is_for(base, draft, self.providers, said_again=False)
        return draft

    @property
    def _suggestable(self) -> tuple[str, ...]:
        return ("name", "base-url", *ROLES) if self._is_new else ("base-url", *ROLES)

    def _suggestions(self, provider_id: str) -> dict[str, str]:
        from ccswitch_py.tui.screens.setup.texts import free_name, suggested_values

        found = suggested_values(self.base, self.providers.get(provider_id), provider_id)
        return {"name": free_name(self.names, provider_id), **found} if self._is_new else found

    def _suggest(self, values: Mapping[str, str]) -> list[str]:
        """Put the values into the fields in which the user has typed nothing; returns the others."""
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
        from ccswitch_py.tui.screens.setup.texts import model_choices

        return model_choices(self.providers.get(self.provider or ""), self._listed)

    def _show_choices(self) -> None:
        choices = self._choices()
        for field in self.roles.values():
            field.set_choices(choices)
        if self._more_fields:
            self._more_fields.offer(choices)

    def _problem(self, field_id: str) -> str:
        from ccswitch_py.tui.screens.setup.texts import field_problem

        text, field = self.text(field_id), self._inputs.get(field_id)
        if (field is not None and field.shows_dots) or self.key.occurs_in(text):
            return key_in_plain_field()
        return field_problem(field_id, text, self.names)

    def _tell(self, field_id: str, problem: str) -> None:
        if field_id == "base-url" and self.text(field_id) and problem != key_in_plain_field():
            problem = ""  # the line about what will be called says it
        self.problems.show(field_id, problem)

    def _key_problem(self) -> str:
        try:
            key = self.key.secret
        except BadInput as problem:
            return str(problem)
        has_key = key is not None or (self.base is not None and self.base.key is not None)
        return "" if has_key else _("There is no key yet. Paste it here.")

    def _put_more(self, texts: MoreTexts) -> None:
        self._more_texts = texts
        if self._more_fields:
            self._more_fields.show(texts)

    def _label_more(self) -> None:
        is_open = self._more_fields is not None and self._more_fields.display
        self.more_button.label = _("▾ More") if is_open else _("▸ More")

    @property
    def _inputs(self) -> Mapping[str, PlainInput | ModelSelect]:
        own: dict[str, PlainInput | ModelSelect] = {"name": self.name, "base-url": self.address, **self.roles}
        return {**own, **self._more_fields.inputs} if self._more_fields else own

    def _state(self) -> tuple[object, ...]:
        return (self.provider, [self.text(field_id) for field_id in self._suggestable], self.more)
