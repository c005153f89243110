from collections.abc import Iterable
from typing import ClassVar

import pytest
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Footer, Input

from ccswitch_py.tui.widgets.model_select.catalog import ModelChoice
from ccswitch_py.tui.widgets.model_select.field import MAX_LENGTH, ModelSelect
from ccswitch_py.tui.widgets.model_select.overlay import FreeText, Heading, ModelList
from tests.support.form import typed

CHOICES = [
    ModelChoice("gpt-5.4-low", "GPT", "low-cost", images=False),
    ModelChoice("gpt-5.5", "GPT", "official", images=False),
    ModelChoice("claude-haiku-4-5", "Claude", "official", images=True),
    ModelChoice("claude-opus-4-7", "Claude", "official", images=True),
    ModelChoice("claude-opus-5[1m]", "Claude", "AWS", images=True),
]


class Form(App[None]):
    """A field between two others, low on the screen if wanted."""

    CSS = "#above { height: auto; }"
    BINDINGS: ClassVar[list[BindingType]] = [("escape", "leave", "Leave")]

    def __init__(self, *, choices: Iterable[ModelChoice] = CHOICES, value: str = "gpt-5.4-low", rows_above: int = 0):
        super().__init__()
        self.field = ModelSelect(list(choices), value, id="main")
        self.rows_above = rows_above
        self.values: list[str] = []
        self.left = 0

    def compose(self) -> ComposeResult:
        with Vertical(id="above"):
            for _ in range(self.rows_above):
                yield Input(compact=True)
        yield self.field
        yield Input(id="next", compact=True)
        yield Footer()

    def on_mount(self) -> None:
        self.field.focus()

    def on_model_select_model_changed(self, event: ModelSelect.ModelChanged) -> None:
        assert event.select is self.field
        self.values.append(event.value)

    def action_leave(self) -> None:
        self.left += 1

    @property
    def rows(self) -> list[Heading | ModelChoice | FreeText]:
        return list(self.query_one(ModelList).rows)

    @property
    def screen_lines(self) -> list[str]:
        return [strip.text for strip in self.screen._compositor.render_strips()]


async def test_the_list_is_not_built_before_it_is_opened():
    app = Form()
    async with app.run_test() as pilot:
        await pilot.pause()
        assert not app.query(ModelList)
        assert app.values == []


@pytest.mark.parametrize("key", ["down", "alt+down", "up", "enter"])
async def test_opening_lists_all_models_by_family_with_the_present_one_highlighted(key: str):
    app = Form(value="claude-opus-4-7")
    async with app.run_test() as pilot:
        await pilot.press(key)
        assert [row.text for row in app.rows if isinstance(row, Heading)] == ["GPT", "Claude"]
        assert [row for row in app.rows if isinstance(row, ModelChoice)] == CHOICES
        assert app.query_one(ModelList).choice == CHOICES[3]


async def test_a_model_without_images_is_marked_by_a_sign_and_words():
    app = Form()
    async with app.run_test() as pilot:
        await pilot.press("down")
        await pilot.pause()
        lines = app.screen_lines
        assert any("gpt-5.5" in line and "⊘ no images · official" in line for line in lines)
        assert any("claude-haiku-4-5" in line and "no images" not in line for line in lines)


async def test_typing_replaces_the_text_and_finds_models():
    app = Form()
    async with app.run_test() as pilot:
        await typed(pilot, "opus 7")
        assert [row for row in app.rows if isinstance(row, ModelChoice)] == [CHOICES[3]]
        await pilot.press("enter")
        assert app.field.value == "claude-opus-4-7"
        assert app.values == ["claude-opus-4-7"]
        assert not app.field.is_open


async def test_the_arrows_step_over_headings():
    app = Form(value="gpt-5.5")
    async with app.run_test() as pilot:
        await pilot.press("down", "down", "enter")
        assert app.field.value == "claude-haiku-4-5"
        await pilot.press("down", "up", "enter")
        assert app.field.value == "gpt-5.5"


async def test_home_and_end_and_the_pages_move_in_the_list():
    app = Form(value="gpt-5.5")
    async with app.run_test() as pilot:
        for keys, value in (
            (("end",), "claude-opus-5[1m]"),
            (("home",), "gpt-5.4-low"),
            (("pagedown",), "claude-opus-5[1m]"),
            (("pageup",), "gpt-5.4-low"),
            (("home", "up", "up"), "gpt-5.4-low"),
        ):
            await pilot.press("down", *keys, "enter")
            assert app.field.value == value


async def test_escape_closes_the_list_and_gives_the_value_back():
    app = Form()
    async with app.run_test() as pilot:
        await typed(pilot, "opus")
        await pilot.press("down", "escape")
        assert app.field.value == "gpt-5.4-low"
        assert app.field.query_one(Input).value == "gpt-5.4-low"
        assert (app.values, app.left) == ([], 0)
        assert app.screen.active_bindings["escape"].binding.action == "leave"
        await pilot.press("escape")
        assert app.left == 1


async def test_the_footer_tells_what_escape_does_before_and_after_the_list_was_open():
    app = Form()
    async with app.run_test() as pilot:
        await pilot.pause()
        assert any("Leave" in line for line in app.screen_lines)
        await pilot.press("down")
        await pilot.pause()
        assert not any("Leave" in line for line in app.screen_lines)
        await pilot.press("escape")
        await pilot.pause()
        assert any("Leave" in line for line in app.screen_lines)


async def test_an_id_that_is_not_listed_can_be_used_as_typed():
    app = Form()
    async with app.run_test() as pilot:
        await typed(pilot, "claude-opus-6[1m]")
        assert app.rows[-1] == FreeText("claude-opus-6[1m]")
        assert any("use 'claude-opus-6[1m]' as typed" in line for line in app.screen_lines)
        await pilot.press("enter")
        await pilot.pause()
        assert app.field.value == "claude-opus-6[1m]"
        assert any("claude-opus-6[1m]" in line and "not listed" in line for line in app.screen_lines)


async def test_a_free_id_is_offered_below_the_models_that_contain_it():
    app = Form()
    async with app.run_test() as pilot:
        await typed(pilot, "opus")
        assert app.query_one(ModelList).choice == CHOICES[3]
        assert app.rows[-1] == FreeText("opus")
        await pilot.press("end", "enter")
        assert app.field.value == "opus"


async def test_a_listed_id_is_not_offered_as_free_text():
    app = Form()
    async with app.run_test() as pilot:
        await typed(pilot, "GPT-5.5")
        assert not [row for row in app.rows if isinstance(row, FreeText)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("gpt-5.5", "gpt-5.5"),
        ("GPT-5.5", "gpt-5.5"),
        ("opus 7", "claude-opus-4-7"),
        ("opus", "opus"),
        ("g55", "g55"),
        ("my-own/model", "my-own/model"),
    ],
)
async def test_tab_takes_an_exact_id_or_the_only_fit_and_keeps_any_other_text(text: str, value: str):
    app = Form()
    async with app.run_test() as pilot:
        await typed(pilot, text)
        await pilot.press("tab")
        assert app.field.value == value
        assert app.focused is app.query_one("#next")
        assert not app.field.is_open


async def test_tab_takes_what_the_arrows_picked():
    app = Form()
    async with app.run_test() as pilot:
        await typed(pilot, "opus")
        await pilot.press("down", "tab")
        assert app.field.value == "claude-opus-5[1m]"


async def test_shift_tab_takes_the_text_and_goes_back():
    app = Form(rows_above=1)
    async with app.run_test() as pilot:
        await typed(pilot, "own")
        await pilot.press("shift+tab")
        assert app.field.value == "own"
        assert app.focused is app.query("#above Input").first()


async def test_tab_without_typing_changes_nothing():
    app = Form()
    async with app.run_test() as pilot:
        await pilot.press("tab")
        assert (app.field.value, app.values) == ("gpt-5.4-low", [])
        assert app.focused is app.query_one("#next")


async def test_leaving_by_mouse_keeps_typed_text_and_chooses_nothing_for_the_user():
    app = Form(rows_above=1)
    async with app.run_test() as pilot:
        await typed(pilot, "opus 7")
        await pilot.click("#above Input")
        await pilot.pause()
        assert app.field.value == "opus 7"
        assert not app.field.is_open


async def test_the_value_is_what_is_on_the_screen_while_one_types():
    app = Form()
    async with app.run_test() as pilot:
        await typed(pilot, "GPT-5.5")
        assert app.field.is_open
        assert app.field.value == "gpt-5.5"


async def test_looking_at_another_window_leaves_the_list_open():
    app = Form()
    async with app.run_test() as pilot:
        await typed(pilot, "opus")
        app.app_focus = False
        await pilot.pause()
        assert app.field.is_open
        app.app_focus = True
        await pilot.pause()
        await pilot.press("enter")
        assert app.field.value == "claude-opus-4-7"


async def test_a_click_opens_the_list_and_a_click_on_a_row_takes_it():
    app = Form()
    async with app.run_test() as pilot:
        await pilot.click("#main Input")
        await pilot.pause()
        assert app.field.is_open
        row = app.rows.index(CHOICES[1])
        await pilot.click(ModelList, offset=(3, row))
        await pilot.pause()
        assert app.field.value == "gpt-5.5"
        assert app.focused is app.field.query_one(Input)


async def test_a_click_on_a_heading_takes_nothing():
    app = Form()
    async with app.run_test() as pilot:
        await pilot.press("down")
        await pilot.pause()
        await pilot.click(ModelList, offset=(3, 0))
        assert app.field.is_open
        assert app.field.value == "gpt-5.4-low"


async def test_the_arrow_beside_the_text_opens_and_closes_the_list():
    app = Form()
    async with app.run_test() as pilot:
        arrow = (app.field.size.width - 1, 0)
        await pilot.click(ModelSelect, offset=arrow)
        await pilot.pause()
        assert app.field.is_open
        await pilot.click(ModelSelect, offset=arrow)
        await pilot.pause()
        assert not app.field.is_open


@pytest.mark.parametrize("size", [(80, 24), (140, 45)])
@pytest.mark.parametrize("rows_above", [0, 11, 20])
async def test_the_list_is_wholly_on_the_screen_and_leaves_the_field_free(size: tuple[int, int], rows_above: int):
    many = [ModelChoice(f"model-{number}", "", "", images=True) for number in range(100)]
    app = Form(choices=many, value="model-50", rows_above=rows_above)
    async with app.run_test(size=size) as pilot:
        await pilot.press("down")
        await pilot.pause()
        shown = app.query_one(ModelList).region
        assert app.screen.region.contains_region(shown)
        assert not shown.overlaps(app.field.region)
        assert app.field.region.y in (shown.bottom, shown.y - 1)
        assert any("● model-50" in line for line in app.screen_lines[shown.y : shown.bottom])


async def test_ten_thousand_models_are_all_there_and_only_the_rows_in_view_are_drawn():
    many = [ModelChoice(f"model-{number}", f"family {number % 7}", "", images=True) for number in range(10_000)]
    app = Form(choices=many, value="model-9999")
    async with app.run_test() as pilot:
        await pilot.press("down")
        await pilot.pause()
        assert len(app.rows) == 10_007
        assert not app.query_one(ModelList).children
        await pilot.press("ctrl+u")
        await typed(pilot, "model-12")
        await pilot.press("enter")
        assert app.field.value == "model-12"


async def test_other_choices_leave_the_value_and_show_that_it_is_not_listed():
    app = Form()
    async with app.run_test() as pilot:
        app.field.set_choices(CHOICES[2:])
        await pilot.pause()
        assert app.field.value == "gpt-5.4-low"
        assert any("gpt-5.4-low" in line and "not listed" in line for line in app.screen_lines)


async def test_a_value_set_by_the_program_is_announced_once_and_opens_nothing():
    app = Form()
    async with app.run_test() as pilot:
        app.field.value = "gpt-5.5"
        app.field.value = "gpt-5.5"
        await pilot.pause()
        assert app.values == ["gpt-5.5"]
        assert not app.field.is_open


async def test_without_a_list_of_models_any_id_can_be_typed():
    app = Form(choices=[], value="")
    async with app.run_test() as pilot:
        await pilot.press("down")
        assert [type(row) for row in app.rows] == [Heading]
        await pilot.press("enter")
        assert (app.field.value, app.field.is_open) == ("", False)
        await typed(pilot, "glm-6")
        await pilot.press("enter")
        assert app.field.value == "glm-6"


async def test_an_emptied_field_is_empty():
    app = Form()
    async with app.run_test() as pilot:
        await pilot.press("backspace", "tab")
        assert app.field.value == ""


async def test_hostile_ids_are_drawn_as_plain_text_on_one_row():
    app = Form(choices=[ModelChoice("[red]x[/red]\x1b[2J\n\u202ey", "[b]f", "[/]", images=True)], value="")
    async with app.run_test() as pilot:
        await pilot.press("down")
        await pilot.pause()
        drawn = "\n".join(app.screen_lines)
        assert "[red]x[/red]" in drawn
        assert "[b]f" in drawn
        assert "\x1b" not in drawn
        assert "\u202e" not in drawn


async def test_a_longer_text_than_any_id_is_cut():
    app = Form(value="x" * (MAX_LENGTH + 1))
    async with app.run_test() as pilot:
        assert app.field.value == "x" * MAX_LENGTH
        await typed(pilot, "y" * (MAX_LENGTH + 1))
        assert app.field.value == "y" * MAX_LENGTH
