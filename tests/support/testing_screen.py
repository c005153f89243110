"""A program with nothing but the test screen, and what is seen on it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Static

from ccswitch_py.core.paths import Paths
from ccswitch_py.model.diagnosis import Diagnosis, Status, Verdict
from ccswitch_py.probe.client.request import post
from ccswitch_py.probe.client.response import Response
from ccswitch_py.probe.describe import describe
from ccswitch_py.probe.judge.observation import Observation
from ccswitch_py.probe.plan import ProbePlan
from ccswitch_py.probe.report import CheckResult, ProfileReport
from ccswitch_py.probe.stages import MODEL, PASSED, STAGES
from ccswitch_py.redact.secret import Secret
from ccswitch_py.services.live_test.batch import Outcome, Tested
from ccswitch_py.services.live_test.plans import CheckPlan
from ccswitch_py.tui.screens.live_test.results import CheckNode, Node
from ccswitch_py.tui.screens.live_test.screen import CheckTable
from ccswitch_py.tui.screens.live_test.screen import LiveTestScreen as Screen
from ccswitch_py.tui.screens.live_test.texts import details
from ccswitch_py.tui.theme import single_accent
from tests.support.form import lines, until

KEY = "made-up-canary-0123456789-wxyz"


class ScreenApp(App[None]):
    """Shows the test screen; ``is_left`` once the user has gone back."""

    def __init__(self, paths: Paths, names: Sequence[str], *, theme: str = "textual-dark") -> None:
        super().__init__()
        self.theme = theme
        self.animation_level = "none"
        self.test_screen = Screen(paths, names)
        self.is_left = False

    def get_css_variables(self) -> dict[str, str]:
        return single_accent(super().get_css_variables())

    def on_mount(self) -> None:
        self.push_screen(self.test_screen, self._left)

    def _left(self, _answer: None) -> None:
        self.is_left = True

    @property
    def table(self) -> CheckTable:
        return self.test_screen.query_one(CheckTable)

    @property
    def rows(self) -> list[tuple[str, str]]:
        """The title and the status of each row."""
        return [
            (f"{row.check} {row.model}".strip() if isinstance(row, CheckNode) else row.name, row.status)
            for row in self.all_rows
        ]

    @property
    def all_rows(self) -> list[Node]:
        return list(self.table.rows)

    @property
    def said(self) -> str:
        return str(self.test_screen.query_one("#status", Static).content)

    @property
    def details(self) -> str:
        return str(self.test_screen.query_one("#whole", Static).content)

    @property
    def seen(self) -> str:
        """The screen as it is seen."""
        return "\n".join(lines(self))  # type: ignore[arg-type]

    @property
    def everything(self) -> str:
        """All that the screen can show of all rows, and what is seen now."""
        return "\n".join(
            [self.seen, self.said, self.export_screenshot(), *(details(row).plain for row in self.all_rows)]
        )


@asynccontextmanager
async def opened(
    paths: Paths, *names: str, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[ScreenApp, Pilot[None]]]:
    """The screen, whose test has begun or asks whether it may."""
    app = ScreenApp(paths, names)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.is_mounted and (app.said or app.screen is not app.test_screen))
        yield app, pilot


async def done(app: ScreenApp, pilot: Pilot[None], times: int = 1) -> None:
    """Wait until so many tests are over."""
    await until(pilot, lambda: app.screen is app.test_screen and app.test_screen.finished == times)


async def go_to(app: ScreenApp, pilot: Pilot[None], title: str) -> None:
    """Move the highlight to the row of this title."""
    await pilot.press("home")
    for _ in range(app.rows.index(next(row for row in app.rows if row[0] == title))):
        await pilot.press("down")
    await pilot.pause()


def show_two_profiles(app: ScreenApp) -> None:
    """What tests of two profiles have found, with addresses and times that are always the same."""
    base_url = "https://gateway.example/anthropic"
    models = {"main": "gpt-5.4-low", "opus": "claude-opus-4-7"}
    plan = ProbePlan("work", base_url, (("x-api-key", KEY),), Secret(KEY), models)
    outlines = [
        CheckPlan(
            name, base_url, (*((stage, None) for stage in STAGES[:4]), *((MODEL, one) for one in models.values())), 2, 4
        )
        for name in ("work", "智谱")
    ]
    asked = post(f"{base_url}/v1/messages?beta=true", plan.headers, {"model": "claude-opus-4-7"})

    def result(check: str, model: str | None, elapsed_ms: int, *, is_served: bool = True) -> CheckResult:
        answer = Response(asked.url, status=404, connect_ms=12, first_byte_ms=95, elapsed_ms=elapsed_ms, request=asked)
        answer.status_line, answer.headers = "HTTP/1.1 404 Not Found", {"content-type": "application/json"}
        answer.body = bytearray(b'{"type": "error", "error": {"type": "not_found_error", "message": "no such model"}}')
        finding = Observation(
            Diagnosis.OK, Status.PASS, reason=PASSED.get(check, "").format(protocol=plan.protocol.name)
        )
        if not is_served:
            finding = Observation(Diagnosis.MODEL_NOT_FOUND, quote="no such model", http_status=404)
        return describe(plan, check, finding, answer, model=model, roles=("opus",) if model else ())

    stages = [result(check, None, 95) for check in STAGES[:4]]
    first = result(MODEL, "gpt-5.4-low", 1234)
    good = (*stages, first, result(MODEL, "claude-opus-4-7", 640))
    bad = (*stages, first, result(MODEL, "claude-opus-4-7", 102, is_served=False))
    tested = {
        "work": Tested(ProfileReport("work", Verdict.WORKS, 2, 1874, good)),
        "智谱": Tested(ProfileReport("智谱", Verdict.BROKEN, 2, 1336, bad)),
    }
    app.test_screen._results.begin(outlines)
    app.test_screen._conclude(Outcome(["work", "智谱"], tested), "")
