"""The part More of the setup form: fable and subagent models, limits, headers, how the key is sent, switches."""

# Textual types the app of a widget only in part:
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Grid, Vertical
from textual.widgets import Checkbox, Label, Static, TextArea

from ccswitch_py.core.language import _
from ccswitch_py.model.role import Role
from ccswitch_py.redact.key_patterns import contains_key
from ccswitch_py.targets.claude_code.switches import COMPATIBILITY_SWITCHES
from ccswitch_py.tui.screens.setup.options import MoreChanged, MoreTexts
from ccswitch_py.tui.widgets.model_select import ModelChoice, ModelSelect
from ccswitch_py.tui.widgets.plain_input import PlainInput


class HeaderLines(TextArea):
    """One header a line; a line with a key in it is not shown, and goes at once."""

    _drops = False

    async def on_event(self, event: events.Event) -> None:
        """Look at a pasted text before Textual writes the event to its log; the rest of a typed key is not taken."""
        if isinstance(event, events.Paste) and contains_key(event.text):
            event.stop()
            event.text = ""
            self.post_message(PlainInput.KeyRefused(self))
            return
        if isinstance(event, events.Key):
            self._drops = self._drops and event.is_printable
            if self._drops:
                event.stop()
                return
        await super().on_event(event)

    def action_paste(self) -> None:
        """Paste what was copied in another field of this program."""
        if contains_key(self.app.clipboard):
            self.post_message(PlainInput.KeyRefused(self))
        else:
            super().action_paste()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Drop a line as soon as a key is in it; its history goes, too."""
        lines = self.text.split("\n")
        if not any(map(contains_key, lines)):
            return
        event.stop()
        with self.prevent(TextArea.Changed):
            self.load_text("\n".join(line for line in lines if not contains_key(line)))
        self.move_cursor(self.document.end)
        self._drops = True
        self.post_message(PlainInput.KeyRefused(self))


class Tick(Checkbox):
    """A checkbox that says by a sign, and not by a colour alone, whether it is on."""

    @property
    def BUTTON_INNER(self) -> str:  # noqa: N802 # pyright: ignore[reportIncompatibleVariableOverride]
        """The sign."""
        return "✓" if self.value else " "


class MoreFields(Vertical):
    """The fields from top to bottom; ``texts`` is what they say."""

    def __init__(self, texts: MoreTexts, choices: Sequence[ModelChoice]) -> None:
        super().__init__(id="more-fields")
        inherit, same = _("not set: Claude Code's default"), _("not set: the model of the session")
        self._fable = ModelSelect(choices, texts.fable, placeholder=inherit, id="fable")
        self._subagent = ModelSelect(choices, texts.subagent, placeholder=same, id="subagent")
        hint = _("the models' context window, in tokens")
        self._window = PlainInput(texts.context_window, placeholder=hint, id="context-window", compact=True)
        hint = _("the most tokens that one answer may have")
        self._answer_limit = PlainInput(texts.max_output_tokens, placeholder=hint, id="max-output-tokens", compact=True)
        hint = _("Name: value, one a line; no credential")
        self.headers = HeaderLines(texts.headers, placeholder=hint, id="headers", compact=True)
        label = _("Send the key as Authorization only, never as x-api-key")
        self._bearer_only = Tick(label, texts.bearer_only, id="bearer-only", compact=True)
        label = _("Write the key into settings.json in clear text")
        self._plaintext = Tick(label, texts.plaintext, id="plaintext", compact=True)
        self._plaintext_hint = Static(self._warning(texts.plaintext), id="plaintext-hint", classes="hint", markup=False)
        self._switches = dict(self._make_switches(dict(texts.switches)))

    def _make_switches(self, values: dict[str, str]) -> Iterator[tuple[str, PlainInput]]:
        for name, (usual, _unused) in COMPATIBILITY_SWITCHES.items():
            hint = _("not set; {value} is usual", value=usual)
            yield name, PlainInput(values.get(name, ""), placeholder=hint, id=f"switch-{name}", compact=True)

    @property
    def inputs(self) -> Mapping[str, PlainInput | ModelSelect]:
        """The fields of one line by their ids; they are here before they are on the screen."""
        return {
            "fable": self._fable,
            "subagent": self._subagent,
            "context-window": self._window,
            "max-output-tokens": self._answer_limit,
            **{f"switch-{name}": field for name, field in self._switches.items()},
        }

    def compose(self) -> ComposeResult:
        """What is asked for most stands first."""
        with Grid(id="more-grid"):
            yield Label(Role.FABLE.value.capitalize())
            yield self._fable
            yield Label(Role.SUBAGENT.value.capitalize())
            yield self._subagent
            yield Label(_("Context"))
            yield self._window
            yield Label(_("Output"))
            yield self._answer_limit
            yield Label(_("Headers"))
            yield self.headers
            yield self._bearer_only
            yield self._plaintext
            yield self._plaintext_hint
        yield Static(_("For a gateway that refuses a part of Claude Code's requests:"), classes="whole", markup=False)
        with Grid(id="switches"):
            for name, (_unused, does) in COMPATIBILITY_SWITCHES.items():
                yield Label(name)
                yield self._switches[name]
                # Without a cell of its own beside it, a text that spans both columns gets the height for one of them.
                yield Label()
                yield Static(_(does), classes="about", markup=False)

    @property
    def texts(self) -> MoreTexts:
        """What the fields say now."""
        return MoreTexts(
            fable=self._fable.value,
            subagent=self._subagent.value,
            context_window=self._window.value.strip(),
            max_output_tokens=self._answer_limit.value.strip(),
            headers=self.headers.text.strip(),
            bearer_only=self._bearer_only.value,
            plaintext=self._plaintext.value,
        ).with_switches({name: field.value.strip() for name, field in self._switches.items()})

    def show(self, texts: MoreTexts) -> None:
        """Show other texts; what stays the same is left alone."""
        now, switches = self.texts, dict(texts.switches)
        if now == texts:
            return
        self._fable.value = texts.fable
        self._subagent.value = texts.subagent
        self._window.value = texts.context_window
        self._answer_limit.value = texts.max_output_tokens
        if now.headers != texts.headers:
            self.headers.load_text(texts.headers)
        self._bearer_only.value = texts.bearer_only
        self._plaintext.value = texts.plaintext
        for name, field in self._switches.items():
            field.value = switches.get(name, "")

    def offer(self, choices: Sequence[ModelChoice]) -> None:
        """Offer other models."""
        self._fable.set_choices(choices)
        self._subagent.set_choices(choices)

    @on(Checkbox.Changed, "#plaintext")
    def _plaintext_changed(self, event: Checkbox.Changed) -> None:
        self._plaintext_hint.update(self._warning(event.value))
        self._plaintext_hint.set_class(event.value, "warning")

    @on(Checkbox.Changed)
    @on(TextArea.Changed)
    def _changed(self) -> None:
        self.post_message(MoreChanged())

    def _warning(self, plaintext: bool) -> str:
        if not plaintext:
            return _("Else Claude Code fetches the key from the keyring, and no file holds it.")
        return _("! Every program and every backup that reads this file gets the key. Only for who needs it.")
