from pathlib import Path
from traceback import walk_tb

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import Input

from ccswitch_py.core.errors import BadInput
from ccswitch_py.redact.secret import Secret
from ccswitch_py.tui.widgets.inputs import NOT_FOR_COPYING, KeyField
from ccswitch_py.vault.pasted_key import MASKED, NOT_ASCII, clean_key

CANARY = "sk-made-up-canary-0123456789abcdefghijklmnop-q7w8"
TAIL = CANARY[-4:]


class Form(App[None]):
    """A key field before another field; it keeps what the key field says."""

    def __init__(self) -> None:
        super().__init__()
        self.field = KeyField(clean=clean_key, id="key")
        self.said: list[KeyField.Cleaned | KeyField.Refused] = []

    def compose(self) -> ComposeResult:
        yield self.field
        yield Input(id="next")

    def on_mount(self) -> None:
        self.field.focus()

    def on_key_field_cleaned(self, event: KeyField.Cleaned) -> None:
        self.said.append(event)

    def on_key_field_refused(self, event: KeyField.Refused) -> None:
        self.said.append(event)

    @property
    def refusals(self) -> list[tuple[str, str]]:
        return [(event.message, event.hint) for event in self.said if isinstance(event, KeyField.Refused)]

    @property
    def row(self) -> str:
        return self.screen._compositor.render_strips()[0].text


async def paste(pilot: Pilot[None], text: str) -> None:
    pilot.app.post_message(events.Paste(text))
    await pilot.pause()
    await pilot.pause()


async def test_a_pasted_key_is_cleaned_and_shown_as_dots_with_its_length_and_end():
    app = Form()
    async with app.run_test() as pilot:
        await paste(pilot, f"\n\n  \u200b{CANARY}\r\n\n")
        assert app.field.secret == Secret(CANARY)
        assert app.row.lstrip().startswith("•" * 20)
        assert f"{len(CANARY)} characters, ends …{TAIL}" in app.row
        [cleaned] = app.said
        assert isinstance(cleaned, KeyField.Cleaned)
        assert cleaned.notes == clean_key(f"\n\n  \u200b{CANARY}\r\n\n")[1]


async def test_another_paste_replaces_the_key():
    app = Form()
    async with app.run_test() as pilot:
        await paste(pilot, CANARY)
        await paste(pilot, "sk-made-up-other")
        assert app.field.secret == Secret("sk-made-up-other")


async def test_a_refused_paste_says_why_and_leaves_the_key_that_was_there():
    app = Form()
    async with app.run_test() as pilot:
        await paste(pilot, CANARY)
        await paste(pilot, "sk-••••••••")
        assert app.refusals == [MASKED]
        assert app.field.secret == Secret(CANARY)


async def test_a_key_can_be_typed_and_corrected():
    app = Form()
    async with app.run_test() as pilot:
        await pilot.press(
            *"xk-long-abd", "backspace", "c", "home", "delete", "s", "end", "left", "left", "right", "right", "d"
        )
        assert app.field.secret == Secret("sk-long-abcd")
        await pilot.press("home", "left", "backspace", "end", "right", "delete")
        assert app.field.secret == Secret("sk-long-abcd")
        await pilot.press("ctrl+u")
        assert app.field.text_is_empty
        assert app.field.secret is None


async def test_leaving_the_field_tells_whether_the_typed_text_can_be_a_key():
    app = Form()
    async with app.run_test() as pilot:
        await pilot.press(*"sk-é", "tab")
        await pilot.pause()
        assert app.refusals == [NOT_ASCII]
        with pytest.raises(BadInput):
            _ = app.field.secret


async def test_leaving_an_empty_field_says_nothing():
    app = Form()
    async with app.run_test() as pilot:
        await pilot.press("tab")
        await pilot.pause()
        assert app.said == []
        assert app.field.secret is None


async def test_the_end_of_a_key_is_not_shown_while_it_is_typed():
    app = Form()
    async with app.run_test() as pilot:
        for char in CANARY:
            await pilot.press(char)
            assert "ends" not in app.row
        await pilot.press("enter")
        await pilot.pause()
        assert f"ends …{TAIL}" in app.row


async def test_the_end_of_a_short_key_is_never_shown():
    app = Form()
    async with app.run_test() as pilot:
        await paste(pilot, "sk-short-key1")
        assert "13 characters" in app.row
        assert "key1" not in app.row


@pytest.mark.parametrize("key", ["ctrl+c", "super+c", "ctrl+x", "ctrl+insert", "shift+delete"])
async def test_copying_and_cutting_are_refused_with_the_reason(key: str):
    app = Form()
    async with app.run_test() as pilot:
        app.copy_to_clipboard("as it was")
        await paste(pilot, CANARY)
        await pilot.press("ctrl+shift+a", "home", "shift+end", key)
        await pilot.pause()
        assert app.clipboard == "as it was"
        assert app.refusals == [NOT_FOR_COPYING]
        assert app.field.secret == Secret(CANARY)


async def test_selecting_the_screen_with_the_mouse_gets_nothing_of_the_field():
    app = Form()
    async with app.run_test() as pilot:
        await paste(pilot, CANARY)
        await pilot.mouse_down("#key", offset=(0, 0))
        await pilot.hover("#next", offset=(60, 1))
        await pilot.mouse_up("#next", offset=(60, 1))
        app.screen.text_select_all()
        assert TAIL not in (app.screen.get_selected_text() or "")


async def test_a_key_copied_elsewhere_in_the_program_can_be_pasted():
    app = Form()
    async with app.run_test() as pilot:
        app.copy_to_clipboard(CANARY)
        await pilot.press("ctrl+v")
        assert app.field.secret == Secret(CANARY)


async def test_the_key_is_in_no_picture_repr_or_clipboard():
    app = Form()
    async with app.run_test() as pilot:
        pasted = events.Paste(CANARY)
        app.post_message(pasted)
        await pilot.pause()
        await pilot.press("ctrl+c", "ctrl+x", "left", "right", "tab")
        await pilot.pause()
        told = [
            app.export_screenshot(),
            repr(list(app.query("*"))),
            repr(vars(app.field)),
            repr(app.said),
            repr(pasted),
            app.clipboard,
        ]
        assert app.field.secret == Secret(CANARY)
        assert not [text for text in told if CANARY[:-4] in text or CANARY[3:20] in text]


async def test_neither_a_pasted_nor_a_typed_key_is_in_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    log = tmp_path / "textual.log"
    monkeypatch.setattr("textual.constants.LOG_FILE", str(log))
    app = Form()
    async with app.run_test() as pilot:
        await paste(pilot, CANARY)
        await pilot.press("ctrl+u", *"äöü", "left", "tab")
        await pilot.pause()
        assert app.refusals == [NOT_ASCII]
    logged = log.read_text(encoding="utf-8")
    assert "Refused" in logged
    assert CANARY not in logged
    assert not set("äöü") & set(logged)


@pytest.mark.parametrize("width", [24, 80, 140])
async def test_a_key_of_any_length_stays_on_one_row_with_the_cursor_in_view(width: int):
    app = Form()
    async with app.run_test(size=(width, 24)) as pilot:
        key = "ky" * 3999 + "kz"
        await paste(pilot, key)
        assert app.field.size.height == 1
        assert "8000 characters" in app.row
        await pilot.press("home", "right", "delete", "enter")
        assert app.field.secret == Secret(key[0] + key[2:])


async def test_a_click_puts_the_cursor_there():
    app = Form()
    async with app.run_test() as pilot:
        await paste(pilot, "sk-abc-def-1")
        await pilot.click("#key", offset=(3, 0))
        await pilot.press("X")
        assert app.field.secret == Secret("sk-Xabc-def-1")
        await pilot.click("#key", offset=(70, 0))
        await pilot.press("Y")
        assert app.field.secret == Secret("sk-Xabc-def-1Y")


async def test_a_crash_while_the_key_is_cleaned_shows_it_in_no_frame_of_the_program():
    class Broken(Exception):
        """What a fault in the cleaning would raise."""

    def fail(text: str) -> tuple[Secret, list[str]]:
        del text
        raise Broken

    app = Form()
    app.field = KeyField(clean=fail)
    with pytest.raises(Broken) as crash:
        async with app.run_test() as pilot:
            await paste(pilot, CANARY)
    frames = [frame for frame, _ in walk_tb(crash.value.__traceback__)]
    assert any(frame.f_code.co_name == "paste" for frame in frames)
    assert not [frame for frame in frames if CANARY in repr(frame.f_locals)]
