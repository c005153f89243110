"""The questions of the setup form: about plain http, and about a profile that was changed meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from ccswitch_py.core.language import _
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.services.live_test.draft import find_https_equivalent
from ccswitch_py.services.profiles.editing import EditedMeanwhile
from ccswitch_py.services.profiles.setup import save_draft
from ccswitch_py.tui.screens.question import QuestionScreen

if TYPE_CHECKING:
    from ccswitch_py.model.launch import LaunchRecord
    from ccswitch_py.services.profiles.editing import Opened
    from ccswitch_py.services.profiles.setup import Draft
    from ccswitch_py.tui.flows.flow import FlowContext


async def agree_on_scheme(context: FlowContext, url: BaseUrl) -> str | None:
    """Return the address to use (None: none): https where the host answers it, or http after an explicit yes.

    Raises ``Interrupted``.
    """
    searching = _("Looking whether {host} answers https …", host=url.host)
    equivalent = await context.run(searching, find_https_equivalent, url)
    answers = {"back": _("Go back")}
    texts = [
        _(
            "{address} is not encrypted: everyone on the way to {host} could read the key and whatever you send. "
            "Use it only with a key that may be lost, or ask the gateway for an https address.",
            address=url,
            host=url.host,
        )
    ]
    if equivalent is not None:
        answers["https"] = _("Use https")
        texts.append(_("The host answers https too: {address}", address=equivalent))
    answers["http"] = _("Send it over http")
    question = QuestionScreen(_("The key would travel in clear text"), "\n\n".join(texts), answers)
    chosen = {"https": equivalent, "http": url}.get(await context.app.push_screen_wait(question) or "")
    return str(chosen) if chosen else None


@dataclass(frozen=True)
class SaveRequest:
    """A draft to save, and the profile as it was when it was opened."""

    draft: Draft
    opened: Opened | None
    is_new: bool


class SaveResult(NamedTuple):
    """The record of what was saved, or the profile to load instead, or neither."""

    record: LaunchRecord | None = None
    loaded: Opened | None = None


async def save(context: FlowContext, request: SaveRequest) -> SaveResult:
    """Save a draft; if the profile was changed meanwhile, ask whose version is kept. Raises as ``save_draft`` does."""
    while True:
        try:
            record = await context.run(
                _("Saving …"),
                save_draft,
                context.paths,
                request.draft,
                replace_existing=not request.is_new,
                opened=request.opened,
            )
        except EditedMeanwhile as conflict:
            match await _resolve(context, conflict):
                case "mine":
                    request = replace(request, opened=conflict.now, is_new=conflict.is_gone)
                case "theirs":
                    return SaveResult(loaded=conflict.now)
                case _:
                    return SaveResult()
        else:
            return SaveResult(record)


async def _resolve(context: FlowContext, conflict: EditedMeanwhile) -> str | None:
    answers = {"back": _("Keep editing")}
    if conflict.is_gone:
        title = _("Removed meanwhile")
        answers["mine"] = _("Save it again")
    else:
        title = _("Changed meanwhile")
        answers["mine"] = _("Keep mine")
        if conflict.now is not None:
            answers["theirs"] = _("Load theirs")
    return await context.app.push_screen_wait(QuestionScreen(title, str(conflict), answers))
