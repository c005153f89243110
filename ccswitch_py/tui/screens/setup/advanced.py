"""The advanced part of the setup form: further models, limits, headers, how the key is sent, switches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Grid, Vertical
from textual.widgets import Checkbox, Label, Static, TextArea

from ccswitch_py.core.language import _
from ccswitch_py.model.role import Role
from ccswitch_py.redact.key_patterns import contains_key
from ccswitch_py.services.profiles.options import SWITCHES, settings_file_name
from ccswitch_py.tui.screens.setup.advanced_values import AdvancedChanged, AdvancedValues
from ccswitch_py.tui.widgets.model_select.catalog import ModelChoice
from ccswitch_py.tui.widgets.model_select.field import ModelSelect
from ccswitch_py.tui.widgets.plain_input import PlainInput


class HeaderLines(TextArea):
    """One header a line; a line that holds a key is removed before it is painted."""

    _ignores_typing = False

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
    """The advanced fields; ``values`` is what they say."""

    def __init__(self, values: AdvancedValues, choices: Sequence[ModelChoice]) -> None:
        super().__init__(id="more-fields")
        inherit, same = _("not set: Claude Code's default"), _("not set: the model of the session")
        self._fable = ModelSelect(choices, values.fable, placeholder=inherit, id="fable")
        self._subagent = ModelSelect(choices, values.subagent, placeholder=same, id="subagent")
        hint = _("the models' context window, in tokens")
        self._window = PlainInput(values.context_window, placeholder=hint, id="context-window", compact=True)
        hint = _("the most tokens that one answer may have")
        self._max_output = PlainInput(values.max_output_tokens, placeholder=hint, id="max-output-tokens", compact=True)
        hint = _("Name: value, one a line; no credential")
        self.headers = HeaderLines(values.headers, placeholder=hint, id="headers", compact=True)
        label = _("Send the key as Authorization only, never as x-api-key")
        self._bearer_only = SignCheckbox(label, values.bearer_only, id="bearer-only", compact=True)
        label = _("Write the key into {file} in clear text", file=settings_file_name())
        self._plaintext = SignCheckbox(label, values.plaintext, id="plaintext", compact=True)
        self._plaintext_hint = Static(
            self._warning(values.plaintext), id="plaintext-hint", classes="hint", markup=False
        )
        self._switches = dict(self._make_switches(dict(values.switches)))

    def _make_switches(self, values: dict[str, str]) -> Iterator[tuple[str, PlainInput]]:
        for name, (usual, _unused) in SWITCHES.items():
            hint = _("not set; {value} is usual", value=usual)
            yield name, PlainInput(values.get(name, ""), placeholder=hint, id=f"switch-{name}", compact=True)

    @property
    def inputs(self) -> Mapping[str, PlainInput | ModelSelect]:
        """The single-line fields by id, also before they are mounted."""
        return {
            "fable": self._fable,
            "subagent": self._subagent,
            "context-window": self._window,
            "max-output-tokens": self._max_output,
            **{f"switch-{name}": field for name, field in self._switches.items()},
        }

    def compose(self) -> ComposeResult:
        with Grid(id="more-grid"):
            yield Label(Role.FABLE.value.capitalize())
            yield self._fable
            yield Label(Role.SUBAGENT.value.capitalize())
            yield self._subagent
            yield Label(_("Context"))
            yield self._window
            yield Label(_("Output"))
            yield self._max_output
            yield Label(_("Headers"))
            yield self.headers
            yield self._bearer_only
            yield self._plaintext
            yield self._plaintext_hint
        yield Static(_("For a gateway that refuses a part of Claude Code's requests:"), classes="whole", markup=False)
        with Grid(id="switches"):
            for name, (_unused, does) in SWITCHES.items():
                yield Label(name)
                yield self._switches[name]
                # A text that spans both columns would get the height that it needs in one.
                yield Label()
                yield Static(_(does), classes="about", markup=False)

    @property
    def values(self) -> AdvancedValues:
        return AdvancedValues(
            fable=self._fable.value,
            subagent=self._subagent.value,
            context_window=self._window.value.strip(),
            max_output_tokens=self._max_output.value.strip(),
            headers=self.headers.text.strip(),
            bearer_only=self._bearer_only.value,
            plaintext=self._plaintext.value,
        ).with_switches({name: field.value.strip() for name, field in self._switches.items()})

    def show(self, values: AdvancedValues) -> None:
        """Replace the values; leave a field alone whose value stays the same."""
        now, switches = self.values, dict(values.switches)
        if now == values:
            return
        self._fable.value = values.fable
        self._subagent.value = values.subagent
        self._window.value = values.context_window
        self._max_output.value = values.max_output_tokens
        if now.headers != values.headers:
            self.headers.load_text(values.headers)
        self._bearer_only.value = values.bearer_only
        self._plaintext.value = values.plaintext
        for name, field in self._switches.items():
            field.value = switches.get(name, "")

    def set_choices(self, choices: Sequence[ModelChoice]) -> None:
        self._fable.set_choices(choices)
        self._subagent.set_choices(choices)

    @on(Checkbox.Changed, "#plaintext")
    def _plaintext_changed(self, event: Checkbox.Changed) -> None:
        self._plaintext_hint.update(self._warning(event.value))
        self._plaintext_hint.set_class(event.value, "warning")

    @on(Checkbox.Changed)
    @on(TextArea.Changed)
    def _changed(self) -> None:
        self.post_message(AdvancedChanged())

    def _warning(self, plaintext: bool) -> str:
        if not plaintext:
            return _("Else Claude Code fetches the key from the keyring, and no file holds it.")
        return _("! Every program and every backup that reads this file gets the key. Only for who needs it.")
