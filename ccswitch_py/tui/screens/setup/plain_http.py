"""The explicit yes that a key needs before it travels over plain http."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from textual.app import App

from ccswitch_py.core.language import _
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.tui.screens.question import QuestionScreen


async def agreed_base_url(app: App[Any], url: BaseUrl, wait_for: Callable[..., Awaitable[Any]]) -> str | None:
    """The address to use: https where the host answers it and the user takes it, http after a yes, or None.

    Raises ``Interrupted``.
    """
    twin: BaseUrl | None = await wait_for(_("Looking whether {host} answers https …", host=url.host), _find_twin, url)
    answers = {"back": _("Go back")}
    texts = [
        _(
            "{address} is not encrypted: everyone on the way to {host} could read the key and whatever you send. "
            "Use it only with a key that may be lost, or ask the gateway for an https address.",
            address=url,
            host=url.host,
        )
    ]
    if twin is not None:
        answers["https"] = _("Use https")
        texts.append(_("The host answers https too: {address}", address=twin))
    answers["http"] = _("Send it over http")
    question = QuestionScreen(_("The key would travel in clear text"), "\n\n".join(texts), answers)
    match await app.push_screen_wait(question):
        case "https":
            return str(twin)
        case "http":
            return str(url)
        case _:
            return None


def _find_twin(url: BaseUrl) -> BaseUrl | None:
    from ccswitch_py.services.live_test.draft import find_https_equivalent

    return find_https_equivalent(url)
