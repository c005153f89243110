"""The advanced part of the setup form: further models, limits, headers, how the key is sent, switches."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Grid, Vertical
from textual.widgets import Checkbox, Label, Static, TextArea

from ccswitch_py.core.language import _
from ccswitch_py.model.key_ref import KeyRef
from ccswitch_py.redact.key_patterns import contains_key
from ccswitch_py.redact.secret import Secret
from ccswitch_py.targets.claude_code.owned_entries import COMPATIBILITY_SWITCHES
from ccswitch_py.targets.registry import DEFAULT_TARGET, find_target
from ccswitch_py.tui.screens.setup.values import SWITCH, AdvancedChanged, FieldValues, field_label, only_set
from ccswitch_py.tui.widgets.inputs import PlainInput
from ccswitch_py.tui.widgets.model_select.catalog import ModelChoice
from ccswitch_py.tui.widgets.model_select.field import ModelSelect


class HeaderLines(TextArea):
    """One header a line; a line that holds a key is removed before it is painted."""

    _ignores_typing = False

    @property
    def value(self) -> str:
        return self.text.strip()

    @value.setter
    def value(self, text: str) -> None:
        self.load_text(text)

    async def on_event(self, event: events.Event) -> None:
        """Refuse a pasted key before Textual logs the event, and ignore the rest of a typed one."""
        if isinstance(event, events.Paste) and contains_key(event.text):
            event.stop()
            event.text = ""
            self.post_message(PlainInput.KeyRefused(self))
            return
        if isinstance(event, events.Key):
            self._ignores_typing = self._ignores_typing and event.is_printable
            if self._ignores_typing:
                event.stop()
                return
        await super().on_event(event)

    def action_paste(self) -> None:
        if contains_key(self.app.clipboard):
            self.post_message(PlainInput.KeyRefused(self))
        else:
            super().action_paste()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Remove lines with a key, and the undo history with them."""
        lines = self.text.split("\n")
        if not any(map(contains_key, lines)):
            return
        event.stop()
        with self.prevent(TextArea.Changed):
            self.load_text("\n".join(line for line in lines if not contains_key(line)))
        self.move_cursor(self.document.end)
        self._ignores_typing = True
        self.post_message(PlainInput.KeyRefused(self))


class SignCheckbox(Checkbox):
    """A checkbox that shows its state by a sign, not by colour alone."""

    @property
    def BUTTON_INNER(self) -> str:  # noqa: N802 # pyright: ignore[reportIncompatibleVariableOverride]
        return "✓" if self.value else " "


class AdvancedFields(Vertical):
    """The advanced fields by id; an id is a key of ``FieldValues``."""

    def __init__(self, values: FieldValues, choices: Sequence[ModelChoice], key: Secret | KeyRef | None) -> None:
        super().__init__(id="more-fields")
        self._key = key

        def text(field_id: str) -> str:
            return str(values.get(field_id, ""))

        def line(field_id: str, hint: str) -> PlainInput:
            return PlainInput(text(field_id), placeholder=hint, id=field_id, compact=True)

        def model(field_id: str, hint: str) -> ModelSelect:
            return ModelSelect(choices, text(field_id), placeholder=hint, id=field_id)

        def option(field_id: str, label: str) -> SignCheckbox:
            return SignCheckbox(label, bool(values.get(field_id)), id=field_id, compact=True)

        file = find_target(DEFAULT_TARGET).settings_name
        hint = _("Name: value, one per line; no credentials")
        self._options: tuple[PlainInput | ModelSelect | HeaderLines | SignCheckbox, ...] = (
            model("fable", _("not set: Claude Code's default")),
            model("subagent", _("not set: the session's model")),
            line("context-window", _("context window of the models, in tokens")),
            line("max-output-tokens", _("maximum output tokens")),
            HeaderLines(text("headers"), placeholder=hint, id="headers", compact=True),
            option("bearer-only", _("Send the key as Authorization only, never as x-api-key")),
            option("plaintext", _("Write the key into {file} in plain text", file=file)),
        )
        self._switches = [
            line(f"{SWITCH}{name}", _("not set; usually {value}", value=usual))
            for name, (usual, _unused) in COMPATIBILITY_SWITCHES.items()
        ]
        self._plaintext_hint = Static(id="plaintext-hint", classes="hint", markup=False)
        self._warn_of_plaintext(bool(values.get("plaintext")))
        self.fields = {str(field.id): field for field in (*self._options, *self._switches)}

    def compose(self) -> ComposeResult:
        with Grid(id="more-grid"):
            for field in self._options:
                if not isinstance(field, Checkbox):
                    yield Label(field_label(str(field.id)))
                yield field
            yield self._plaintext_hint
        yield Static(_("For a gateway that refuses parts of Claude Code's requests:"), classes="whole", markup=False)
        with Grid(id="switches"):
            for field, (name, (_unused, effect)) in zip(self._switches, COMPATIBILITY_SWITCHES.items(), strict=True):
                yield Label(name)
                yield field
                # A text that spans both columns would get the height that it needs in one.
                yield Label()
                yield Static(_(effect), classes="about", markup=False)

    @property
    def values(self) -> FieldValues:
        return only_set(
            {
                field_id: field.value if isinstance(field, Checkbox) else field.value.strip()
                for field_id, field in self.fields.items()
            }
        )

    def show(self, values: FieldValues) -> None:
        """Replace the values; leave a field alone whose value stays the same."""
        for field_id, field in self.fields.items():
            value = values.get(field_id, "")
            if isinstance(field, Checkbox):
                field.value = bool(value)
            elif field.value != value:
                field.value = str(value)

    def set_choices(self, choices: Sequence[ModelChoice]) -> None:
        for field in self.fields.values():
            if isinstance(field, ModelSelect):
                field.set_choices(choices)

    def show_key_source(self, key: Secret | KeyRef | None) -> None:
        """Say where the key comes from unless it is written into the file; None: the keyring."""
        self._key = key
        self._warn_of_plaintext(bool(self.fields["plaintext"].value))

    @on(Checkbox.Changed, "#plaintext")
    def _plaintext_changed(self, event: Checkbox.Changed) -> None:
        self._warn_of_plaintext(event.value)

    @on(Checkbox.Changed)
    @on(TextArea.Changed)
    def _changed(self) -> None:
        self.post_message(AdvancedChanged())

    def _warn_of_plaintext(self, is_chosen: bool) -> None:
        match self._key:
            case KeyRef(env=source) if source:
                source = f"${source}"
            case KeyRef(command=(program, *_arguments)):
                source = f"`{program}`"
            case _:
                source = _("the keyring")
        text = _("Otherwise Claude Code reads the key from {source}, and no file contains it.", source=source)
        if is_chosen:
            text = _("! Every program and every backup that can read this file gets the key.")
        self._plaintext_hint.update(text)
        self._plaintext_hint.set_class(is_chosen, "warning")
