import pytest
from rich.color_triplet import ColorTriplet
from textual.app import App, ComposeResult
from textual.widgets import Input

from ccswitch_py.tui.screens.setup.check_list import RUNNING, CheckList, CheckRow

ADVICE = "Choose another model, or ask the owner of the gateway to add this one to the group of your key."


class Screenful(App[None]):
    CSS = "CheckList { height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self.checks = CheckList()

    def compose(self) -> ComposeResult:
        yield Input()
        yield self.checks

    @property
    def lines(self) -> list[str]:
        return [strip.text.rstrip() for strip in self.screen._compositor.render_strips()]

    def colour_of(self, word: str) -> ColorTriplet | None:
        strips = self.screen._compositor.render_strips()
        [style] = [part.style for strip in strips for part in strip if word in part.text]
        return style.color.triplet if style and style.color else None


async def test_a_running_check_is_shown_and_replaced_by_how_it_ended():
    app = Screenful()
    async with app.run_test() as pilot:
        app.checks.start("model", "gpt-5.4-low")
        await pilot.pause()
        assert any("… running" in line and "model gpt-5.4-low" in line for line in app.lines)
        app.checks.finish(CheckRow("model", "gpt-5.4-low", "pass", "It answered.", elapsed_ms=1212.4))
        await pilot.pause()
        assert [row.status for row in app.checks.checks] == ["pass"]
        assert any("✓ passed" in line and "It answered." in line and line.endswith("1,212 ms") for line in app.lines)


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        ("pass", "✓ passed"),
        ("warn", "! warning"),
        ("fail", "✗ failed"),
        ("skip", "– skipped"),
        ("untestable", "? untestable"),
        (RUNNING, "… running"),
    ],
)
async def test_every_status_has_a_sign_and_a_word(status: str, shown: str):
    app = Screenful()
    async with app.run_test() as pilot:
        app.checks.finish(CheckRow("reach", "", status))
        await pilot.pause()
        assert any(shown in line for line in app.lines)


@pytest.mark.parametrize(("status", "advised"), [("fail", True), ("warn", True), ("untestable", True), ("pass", False)])
async def test_advice_stands_under_what_went_wrong_and_nowhere_else(status: str, advised: bool):
    app = Screenful()
    async with app.run_test() as pilot:
        app.checks.finish(CheckRow("model", "m", status, "What happened.", ADVICE))
        await pilot.pause()
        words = " ".join(" ".join(app.lines).split())
        assert ("→ Choose another model" in words) is advised
        assert ("of your key." in words) is advised


async def test_texts_of_a_gateway_are_never_markup_and_never_control_the_screen():
    app = Screenful()
    async with app.run_test() as pilot:
        app.checks.finish(CheckRow("model", "m[1m]", "fail", "[red]no[/red] \x1b[2J [/]", "[link=x]\u202eclick"))
        await pilot.pause()
        drawn = "\n".join(app.lines)
        assert "m[1m]" in drawn
        assert "[red]no[/red]" in drawn
        assert "[link=x]" in drawn
        assert "\x1b" not in drawn
        assert "\u202e" not in drawn


async def test_a_check_that_never_started_is_added():
    app = Screenful()
    async with app.run_test():
        app.checks.start("key")
        app.checks.finish(CheckRow("stream", "", "skip"))
        app.checks.finish(CheckRow("key", "", "pass"))
        assert [(row.check, row.status) for row in app.checks.checks] == [("key", "pass"), ("stream", "skip")]


async def test_the_first_failed_check_stays_in_view_with_its_advice_while_others_go_on():
    app = Screenful()
    async with app.run_test(size=(80, 7)) as pilot:
        for number in range(12):
            app.checks.start("model", f"m{number}")
            await pilot.pause()
            app.checks.finish(CheckRow("model", f"m{number}", "fail" if number == 4 else "pass", "Said.", ADVICE))
            await pilot.pause()
        await pilot.pause()
        drawn = " ".join(" ".join(app.lines).split())
        assert "✗ failed" in drawn
        assert "of your key." in drawn


async def test_the_arrows_walk_through_the_rows_and_new_rows_do_not_take_them_away():
    app = Screenful()
    async with app.run_test(size=(80, 10)) as pilot:
        for number in range(30):
            app.checks.finish(CheckRow("model", f"m{number}", "pass"))
        app.checks.focus()
        await pilot.press("home", "down", "down")
        app.checks.finish(CheckRow("model", "late", "fail"))
        await pilot.pause()
        assert app.checks.selected.check == 2
        assert any("model m2" in line for line in app.lines)


@pytest.mark.parametrize(("on", "back"), [("down", "up"), ("pagedown", "pageup")])
async def test_a_row_that_is_higher_than_the_list_is_walked_through_line_by_line(on: str, back: str):
    app = Screenful()
    words = [f"word{number}" for number in range(100)]
    async with app.run_test(size=(80, 8)) as pilot:
        app.checks.finish(CheckRow("key", "", "pass", "Before."))
        app.checks.finish(CheckRow("model", "m", "warn", " ".join(words), "Do this."))
        app.checks.finish(CheckRow("stream", "", "pass", "After."))
        app.checks.focus()
        for first, last, key in (("home", "After.", on), ("end", "Before.", back)):
            await pilot.press(first)
            seen = ""
            while last not in seen:
                await pilot.pause()
                seen += "\n".join(app.lines) + "\n"
                await pilot.press(key)
            assert all(word in seen for word in [*words, "Do this."])


async def test_an_empty_list_and_a_single_high_row_take_every_key():
    app = Screenful()
    async with app.run_test(size=(80, 8)) as pilot:
        app.checks.focus()
        await pilot.press("up", "down", "pageup", "pagedown", "home", "end", "enter")
        app.checks.finish(CheckRow("model", "m", "warn", "word " * 200, "Do this."))
        await pilot.press("home", "pageup")
        await pilot.pause()
        assert any("! warning" in line for line in app.lines)


async def test_a_detail_that_has_no_room_beside_its_check_gets_the_lines_below_it():
    app = Screenful()
    async with app.run_test() as pilot:
        app.checks.finish(CheckRow("model", "gpt-5.4-low", "pass", "It answers. 14 tokens in, 6 out. " * 3, "", 5))
        await pilot.pause()
        row = next(at for at, line in enumerate(app.lines) if "✓ passed" in line)
        assert app.lines[row].endswith("5 ms") and "It answers" not in app.lines[row]
        assert app.lines[row + 1].strip().startswith("It answers. 14 tokens in, 6 out. It answers.")


async def test_what_could_not_be_tested_stays_in_view_before_what_was_skipped_for_it():
    app = Screenful()
    async with app.run_test(size=(80, 6)) as pilot:
        app.checks.finish(CheckRow("key", "", "untestable", "It admits only chosen programs.", "Ask it."))
        for number in range(9):
            app.checks.finish(CheckRow("model", f"m{number}", "skip"))
        await pilot.pause()
        assert any("→ Ask it." in line for line in app.lines)
        app.checks.finish(CheckRow("with_claude", "", "pass", "It answered."))
        await pilot.pause()
        assert any("It answered." in line for line in app.lines)


async def test_a_check_that_will_not_end_is_dropped():
    app = Screenful()
    async with app.run_test():
        app.checks.finish(CheckRow("key", "", "pass"))
        app.checks.start("model", "m")
        app.checks.drop_running()
        assert [row.check for row in app.checks.checks] == ["key"]
        assert len(app.checks.rows) == 1


async def test_reset_forgets_the_last_test():
    app = Screenful()
    async with app.run_test() as pilot:
        app.checks.finish(CheckRow("key", "", "fail", "No.", ADVICE))
        app.checks.reset()
        app.checks.start("url")
        await pilot.pause()
        assert [row.check for row in app.checks.checks] == ["url"]
        assert not any("failed" in line for line in app.lines)


async def test_the_columns_follow_the_width_of_the_screen():
    app = Screenful()
    async with app.run_test(size=(80, 24)) as pilot:
        app.checks.finish(CheckRow("model", "gemini-3.1-pro-preview-customtools", "fail", "No.", ADVICE, 12))
        await pilot.pause()
        narrow = sum(bool(line) for line in app.lines)
        await pilot.resize_terminal(140, 45)
        await pilot.pause()
        await pilot.pause()
        assert sum(bool(line) for line in app.lines) < narrow
        assert any("model gemini-3.1-pro-preview-customtools" in line for line in app.lines)


async def test_another_theme_draws_the_rows_in_its_colours():
    app = Screenful()
    async with app.run_test() as pilot:
        app.checks.finish(CheckRow("key", "", "fail", "No."))
        await pilot.pause()
        dark = app.colour_of("failed")
        app.theme = "textual-light"
        await pilot.pause()
        await pilot.pause()
        light = app.checks.get_component_rich_style("table--bad").color
        assert light is not None
        assert app.colour_of("failed") == light.triplet != dark


async def test_a_test_that_is_over_stands_at_its_start_or_at_the_first_failure() -> None:
    app = Screenful()
    async with app.run_test(size=(80, 6)) as pilot:
        rows = [CheckRow(f"check-{number:02}", "", "pass") for number in range(20)]
        for row in rows:
            app.checks.finish(row)
        app.checks.show_checks(rows)
        await pilot.pause()
        assert any("check-00" in line for line in app.lines)
        app.checks.show_checks([*rows[:12], CheckRow("broken", "", "fail"), *rows[12:]])
        await pilot.pause()
        assert any("broken" in line for line in app.lines)
