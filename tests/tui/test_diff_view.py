import pytest
from textual.app import App, ComposeResult
from textual.widgets import Static

from ccswitch_py.tui.screens.preview import NO_CHANGE, DiffView

LINES = [
    " {",
    '-  "model": "old",',
    '+  "model": "claude-opus-5[1m]"',
    '--- "a line of the file"',
    " }",
]


class Screenful(App[None]):
    def __init__(self, lines: list[str]) -> None:
        super().__init__()
        self.lines = lines

    def compose(self) -> ComposeResult:
        yield DiffView(self.lines)

    @property
    def drawn(self) -> list[str]:
        return [strip.text.strip() for strip in self.screen._compositor.render_strips()]


async def test_every_line_keeps_its_sign_and_its_brackets():
    app = Screenful(LINES)
    async with app.run_test():
        assert [line for line in app.drawn if line] == [line.strip() for line in LINES]


async def test_what_comes_goes_and_stays_are_told_apart_by_colour_too():
    app = Screenful(LINES)
    async with app.run_test():
        kinds = [(sorted(part.classes)[0], str(part.content)) for part in app.query(Static)]
        assert kinds == [
            ("same", LINES[0]),
            ("removed", LINES[1]),
            ("added", LINES[2]),
            ("removed", LINES[3]),
            ("same", LINES[4]),
        ]
        colours = {part.styles.color.rgb for part in app.query(".added, .removed, .same")}
        assert len(colours) == 3


async def test_an_empty_diff_says_so():
    app = Screenful([])
    async with app.run_test():
        assert app.drawn[0] == NO_CHANGE


@pytest.mark.parametrize("key", ["end", "pagedown"])
async def test_a_long_diff_can_be_scrolled_by_keyboard(key: str):
    app = Screenful([f" line {number}" for number in range(40)])
    async with app.run_test(size=(80, 24)) as pilot:
        assert "line 39" not in app.drawn
        app.query_one(DiffView).focus()
        await pilot.press(key, key)
        app.query_one(DiffView).scroll_end(animate=False)
        await pilot.pause()
        assert "line 39" in app.drawn


async def test_control_characters_of_the_file_are_not_drawn():
    app = Screenful(["+\x1b[2J\u202eabc"])
    async with app.run_test():
        assert "\x1b" not in app.drawn[0]
        assert app.drawn[0].endswith("abc")
