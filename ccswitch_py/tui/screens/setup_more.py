"""The part More of the setup form: fable and subagent models, limits, headers, how the key is sent, switches."""

# Textual types the app of a widget only in part:
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Grid, Vertical
from textual.widgets import Checkbox, Input, Label, Static, TextArea

from ccswitch_py.language import tr
from ccswitch_py.model.extras import COMPATIBILITY_SWITCHES
from ccswitch_py.model.key_like import carries_key
from ccswitch_py.model.role import Role
from ccswitch_py.tui.screens.setup_extras import MORE_ROLES, MoreChanged, MoreTexts
from ccswitch_py.tui.widgets.model_select import ModelChoice, ModelSelect
from ccswitch_py.tui.widgets.plain_input import PlainInput


class HeaderLines(TextArea):
    """One header a line; a line with a key in it is not shown, and goes at once."""

    _drops = False

    async def on_event(self, event: events.Event) -> None:
        """Look at a pasted text before Textual writes the event to its log; the rest of a typed key is not taken."""
        if isinstance(event, events.Paste) and carries_key(event.text):
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
        if carries_key(self.app.clipboard):
            self.post_message(PlainInput.KeyRefused(self))
        else:
            super().action_paste()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Drop a line as soon as a key is in it; its history goes, too."""
        lines = self.text.split("\n")
        if not any(map(carries_key, lines)):
            return
        event.stop()
        with self.prevent(TextArea.Changed):
            self.load_text("\n".join(line for line in lines if not carries_key(line)))
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
        self._first = texts
        self._choices = choices

    def compose(self) -> ComposeResult:
        """What is asked for most stands first."""
        with Grid(id="more-grid"):
            yield from self._fields(self._first)
        yield Static(tr("For a gateway that refuses a part of Claude Code's requests:"), classes="whole", markup=False)
        with Grid(id="switches"):
            yield from self._switches(dict(self._first.switches))

    def _fields(self, first: MoreTexts) -> ComposeResult:
        yield Label(Role.FABLE.value.capitalize())
        yield ModelSelect(self._choices, first.fable, placeholder=tr("not set: Claude Code's default"), id="fable")
        yield Label(Role.SUBAGENT.value.capitalize())
        yield ModelSelect(
            self._choices, first.subagent, placeholder=tr("not set: the model of the session"), id="subagent"
        )
        yield Label(tr("Context"))
        yield PlainInput(
            first.context_window,
            placeholder=tr("the models' context window, in tokens"),
            id="context-window",
            compact=True,
        )
        yield Label(tr("Output"))
        yield PlainInput(
            first.max_output_tokens,
            placeholder=tr("the most tokens that one answer may have"),
            id="max-output-tokens",
            compact=True,
        )
        yield Label(tr("Headers"))
        yield HeaderLines(
            first.headers, placeholder=tr("Name: value, one a line; no credential"), id="headers", compact=True
        )
        yield Tick(
            tr("Send the key as Authorization only, never as x-api-key"),
            first.bearer_only,
            id="bearer-only",
            compact=True,
        )
        yield Tick(tr("Write the key into settings.json in clear text"), first.plaintext, id="plaintext", compact=True)
        yield Static(self._warning(first.plaintext), id="plaintext-hint", classes="hint", markup=False)

    def _switches(self, values: dict[str, str]) -> ComposeResult:
        for name, (usual, does) in COMPATIBILITY_SWITCHES.items():
            yield Label(name)
            hint = tr("not set; {value} is usual", value=usual)
            yield PlainInput(values.get(name, ""), placeholder=hint, id=f"switch-{name}", compact=True)
            # Without a cell of its own beside it, a text that spans both columns gets the height for one of them.
            yield Label()
            yield Static(tr(does), classes="about", markup=False)

    @property
    def texts(self) -> MoreTexts:
        """What the fields say now."""
        switches = {name: self._input(f"switch-{name}") for name in COMPATIBILITY_SWITCHES}
        return MoreTexts(
            fable=self.query_one("#fable", ModelSelect).value,
            subagent=self.query_one("#subagent", ModelSelect).value,
            context_window=self._input("context-window"),
            max_output_tokens=self._input("max-output-tokens"),
            headers=self.query_one(HeaderLines).text.strip(),
            bearer_only=self.query_one("#bearer-only", Checkbox).value,
            plaintext=self.query_one("#plaintext", Checkbox).value,
        ).with_switches(switches)

    def show(self, texts: MoreTexts) -> None:
        """Show other texts; what stays the same is left alone."""
        now, switches = self.texts, dict(texts.switches)
        if now == texts:
            return
        self.query_one("#fable", ModelSelect).value = texts.fable
        self.query_one("#subagent", ModelSelect).value = texts.subagent
        self.query_one("#context-window", Input).value = texts.context_window
        self.query_one("#max-output-tokens", Input).value = texts.max_output_tokens
        if now.headers != texts.headers:
            self.query_one(HeaderLines).load_text(texts.headers)
        self.query_one("#bearer-only", Checkbox).value = texts.bearer_only
        self.query_one("#plaintext", Checkbox).value = texts.plaintext
        for name in COMPATIBILITY_SWITCHES:
            self.query_one(f"#switch-{name}", Input).value = switches.get(name, "")

    def offer(self, choices: Sequence[ModelChoice]) -> None:
        """Offer other models."""
        for role in MORE_ROLES:
            self.query_one(f"#{role.value}", ModelSelect).set_choices(choices)

    @on(Checkbox.Changed, "#plaintext")
    def _plaintext_changed(self, event: Checkbox.Changed) -> None:
        hint = self.query_one("#plaintext-hint", Static)
        hint.update(self._warning(event.value))
        hint.set_class(event.value, "warning")

    @on(Checkbox.Changed)
    @on(TextArea.Changed)
    def _changed(self) -> None:
        self.post_message(MoreChanged())

    def _warning(self, plaintext: bool) -> str:
        if not plaintext:
            return tr("Else Claude Code fetches the key from the keyring, and no file holds it.")
        return tr("! Every program and every backup that reads this file gets the key. Only for who needs it.")

    def _input(self, field_id: str) -> str:
        return self.query_one(f"#{field_id}", Input).value.strip()
