from collections.abc import Callable

import pytest
from textual.widgets import Input

from ccswitch_py.core.paths import Paths
from ccswitch_py.demo.server import Gateway
from ccswitch_py.tui.app import CcswitchApp
from ccswitch_py.tui.screens.setup.screen import SetupScreen
from ccswitch_py.tui.widgets.model_select.field import ModelSelect
from ccswitch_py.tui.widgets.model_select.overlay import ModelList
from tests.support.form import footer, lines, opened, paste, press, said, settled, until
from tests.support.misbehaving import Misbehaving, Script, error, html, json_reply
from tests.support.strict_gateways import Held

KEY = "demo-canary-6a1e93c07d5b284f"
LIST = json_reply(200, {"data": [{"id": "gpt-5.4-low"}, {"id": "brand-new[1m]"}]})
Offer = Callable[[str], None]


def rows(app: CcswitchApp) -> str:
    """What the open list of the field Main shows."""
    shown = app.screen.query_one("#main ModelList", ModelList)
    lines = ["".join(span.text for span in shown.spans(row, 80)) for row in shown.rows]
    return "\n".join(" ".join(line.split()) for line in lines)


async def test_nothing_is_asked_before_somebody_asks_for_the_list(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths) as (app, pilot):
        await paste(app, pilot, KEY)
        await press(app, pilot, "tab", "down")
        assert "from the gateway" not in rows(app) and not gateway.requests


async def test_the_list_of_the_gateway_stands_beside_the_catalogue(paths: Paths, offer: Offer) -> None:
    with Misbehaving(LIST) as gateway:
        offer(gateway.base_url)
        async with opened(paths) as (app, pilot):
            await paste(app, pilot, KEY)
            await press(app, pilot, "ctrl+l")
            assert said(app).startswith("The gateway lists 2 models.")
            app.screen.query_one("#main", ModelSelect).focus()
            await press(app, pilot, "down")
            assert "listed by the gateway only" in rows(app) and "brand-new[1m] from the gateway" in rows(app)
            assert "claude-haiku-4-5" in rows(app) and "not listed" in rows(app)
            await press(app, pilot, *"haiku", "enter")
            assert app.screen.query_one("#main", ModelSelect).value == "claude-haiku-4-5", (
                "it can be chosen all the same"
            )
            app.screen.query_one("#base-url", Input).value = "https://other.example"
            await press(app, pilot, "down")
            assert "brand-new" not in rows(app), "the list was that of another address"
    assert [seen.method for seen in gateway.seen] == ["GET"]


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        (error(401, "authentication_error", "invalid x-api-key"), "key"),
        (error(404, "not_found_error", "nothing here"), "gives no list of its models"),
        (html(502), "down or too slow"),
    ],
)
async def test_why_there_is_no_list_is_said(paths: Paths, offer: Offer, script: Script, sentence: str) -> None:
    with Misbehaving(script) as gateway:
        offer(gateway.base_url)
        async with opened(paths) as (app, pilot):
            await paste(app, pilot, KEY)
            await press(app, pilot, "ctrl+l")
            assert sentence in said(app) and app.screen.query_one("#status").has_class("error")
            assert KEY not in app.export_screenshot()


async def test_a_gateway_that_is_not_there_is_said(paths: Paths, offer: Offer) -> None:
    with Misbehaving(LIST) as gateway:
        offer(gateway.base_url)
    async with opened(paths) as (app, pilot):
        await paste(app, pilot, KEY)
        await press(app, pilot, "ctrl+l")
        assert "Nothing accepts connections" in said(app)


async def test_without_a_key_the_list_is_not_asked_for(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths) as (app, pilot):
        await press(app, pilot, "ctrl+l")
        assert said(app) == "There is no key yet. Paste it here." and not gateway.requests


async def test_escape_stops_asking_for_the_list_and_the_key_bar_says_so(paths: Paths, offer: Offer) -> None:
    held = Held()
    with Misbehaving(held) as gateway:
        offer(gateway.base_url)
        async with opened(paths) as (app, pilot):
            await paste(app, pilot, KEY)
            assert "esc Back" in footer(app)
            await pilot.press("ctrl+l")
            await until(pilot, lambda: gateway.seen)
            assert "for its models" in "\n".join(lines(app)) and "esc Cancel" in footer(app)
            await pilot.press("escape")
            await settled(app, pilot)
            assert said(app) == "Stopped." and "esc Back" in footer(app)
            assert isinstance(app.screen, SetupScreen)
            held.let_go()


async def test_while_a_test_runs_the_key_bar_says_that_escape_stops_it(paths: Paths, offer: Offer) -> None:
    held = Held()
    with Misbehaving(held) as gateway:
        offer(gateway.base_url)
        async with opened(paths) as (app, pilot):
            await paste(app, pilot, KEY)
            await pilot.press("ctrl+t")
            await until(pilot, lambda: gateway.seen)
            assert "esc Cancel" in footer(app)
            await press(app, pilot, "escape")
            assert "esc Back" in footer(app) and said(app) == "The test was cancelled."
            held.let_go()
