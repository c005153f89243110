from collections.abc import Sequence

import pytest
from textual.app import App, ComposeResult

from ccswitch_py.tui.widgets.table import FittedColumn, Span, Table, fit

MANY = [f"row {number}" for number in range(10_000)]


class Numbers(Table[str]):
    """Rows of one column; those that begin with # are headings. It counts what it draws."""

    DEFAULT_CSS = "Numbers { height: 1fr; }"

    def __init__(self, rows: Sequence[str], **options: str) -> None:
        super().__init__(rows, **options)
        self.drawn = 0
        self.title = "Title"

    def columns(self, width: int) -> Sequence[FittedColumn]:
        return [FittedColumn(self.title, width - 2)]

    def cells(self, row: str) -> Sequence[Span]:
        self.drawn += 1
        return [Span(row)]

    def is_heading(self, row: str) -> bool:
        return row.startswith("#")

    def heading_index(self, index: int) -> int:
        return index - 1 if index and self.is_heading(self.rows[index - 1]) else index


class Screenful(App[None]):
    def __init__(self, rows: Sequence[str], **options: str) -> None:
        super().__init__()
        self.table = Numbers(rows, **options)
        self.events: list[tuple[str, str | None]] = []

    def compose(self) -> ComposeResult:
        yield self.table

    def on_table_highlighted(self, event: Table.Highlighted) -> None:
        self.events.append(("highlighted", event.row))

    def on_table_picked(self, event: Table.Picked) -> None:
        self.events.append(("picked", event.row))

    @property
    def lines(self) -> list[str]:
        return [strip.text.rstrip() for strip in self.screen._compositor.render_strips()]


async def test_ten_thousand_rows_draw_no_more_than_a_screenful():
    app = Screenful(MANY)
    async with app.run_test(size=(40, 12)) as pilot:
        app.table.focus()
        for key in ("end", "pageup", "up", "home", "down"):
            app.table.drawn = 0
            await pilot.press(key)
            await pilot.pause()
            assert app.table.drawn <= 2 * 12


async def test_the_header_stays_while_the_rows_scroll_under_it():
    app = Screenful(MANY)
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.press("tab", "end")
        await pilot.pause()
        assert [app.lines[0], app.lines[1], app.lines[11]] == ["Title", "row 9989", "row 9999"]


async def test_without_a_title_there_is_no_header():
    app = Screenful(["a", "b"])
    app.table.title = ""
    async with app.run_test(size=(40, 12)):
        assert app.lines[:2] == ["a", "b"]


async def test_an_empty_table_shows_its_text_and_no_header():
    app = Screenful([], empty="\nThere is nothing.")
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.press("tab", "down", "end", "pageup")
        await pilot.click(app.table, offset=(3, 1))
        assert app.lines[:2] == ["", "There is nothing."]
        assert app.table.selected is None and app.events == []


@pytest.mark.parametrize(
    ("keys", "row"),
    [
        (["down"], "row 1"),
        (["j", "j", "k"], "row 1"),
        (["pagedown"], "row 10"),
        (["pagedown", "pagedown", "pageup"], "row 10"),
        (["end"], "row 9999"),
        (["end", "down"], "row 9999"),
        (["end", "home", "up"], "row 0"),
    ],
)
async def test_keys_move_the_cursor_and_stop_at_the_ends(keys: list[str], row: str):
    app = Screenful(MANY)
    async with app.run_test(size=(40, 12)) as pilot:
        app.table.focus()
        await pilot.press(*keys)
        assert app.table.selected == row
        assert row in app.table.in_view


async def test_the_cursor_skips_headings_and_keeps_theirs_in_view():
    app = Screenful(["#one", "a", "#two", "b", "#end"])
    app.table.title = ""
    async with app.run_test(size=(40, 2)) as pilot:
        app.table.focus()
        await pilot.press("down")
        assert app.table.selected == "a"
        await pilot.press("down")
        await pilot.pause()
        assert app.table.selected == "b" and [line.split()[0] for line in app.lines] == ["#two", "b"]
        await pilot.press("down", "end")
        assert app.table.selected == "b"


async def test_a_click_selects_and_a_double_click_picks():
    app = Screenful(["#one", "a", "b"])
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.click(app.table, offset=(3, 0))
        await pilot.click(app.table, offset=(3, 1))
        await pilot.click(app.table, offset=(3, 9))
        assert app.events == []
        await pilot.click(app.table, offset=(3, 2))
        assert app.events == [("highlighted", "a")] and app.table.moved_by_user
        await pilot.double_click(app.table, offset=(3, 3))
        assert app.events == [("highlighted", "a"), ("highlighted", "b"), ("picked", "b")]


async def test_other_rows_leave_the_cursor_on_its_row_or_at_its_place():
    app = Screenful(["a", "b", "c"])
    async with app.run_test(size=(40, 12)) as pilot:
        app.table.select("b")
        app.table.show(["new", "a", "b"])
        assert app.table.selected == "b"
        app.table.show(["new", "a"])
        assert app.table.selected == "a"
        app.table.show([])
        await pilot.pause()
        assert app.events == [("highlighted", "b"), ("highlighted", "a"), ("highlighted", None)]


async def test_a_hovered_row_has_another_background_and_the_same_text():
    app = Screenful(["a", "b", "c"])
    async with app.run_test(size=(40, 12)) as pilot:
        [plain] = {segment.style.bgcolor for segment in app.table.render_line(3) if segment.style}
        await pilot.hover(app.table, offset=(3, 3))
        [hovered] = {segment.style.bgcolor for segment in app.table.render_line(3) if segment.style}
        assert hovered != plain and app.table.render_line(3).text.rstrip() == "c"


@pytest.mark.parametrize(
    ("text", "width", "fitted"), [("ab", 4, "ab  "), ("abcd", 3, "ab…"), ("智谱智谱", 5, "智谱…"), ("ab", 0, "")]
)
def test_a_text_fits_its_cells_exactly(text: str, width: int, fitted: str):
    assert fit(text, width) == fitted
