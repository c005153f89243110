"""The questions of the setup form: about plain http, and about a profile that another program has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccswitch_py.core.language import _
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.services.live_test.draft import find_https_equivalent
from ccswitch_py.services.profiles.editing import EditedMeanwhile, Opened
from ccswitch_py.services.profiles.setup import save_draft
from ccswitch_py.tui.screens.question import QuestionScreen

if TYPE_CHECKING:
    from ccswitch_py.model.launch import LaunchRecord
    from ccswitch_py.services.profiles.setup import Draft
    from ccswitch_py.tui.flows.flow import FlowContext


async def agree_on_scheme(context: FlowContext, url: BaseUrl) -> str | None:
    """Return the address to use (None: none): https where the host answers it, or http after an explicit yes.

    Raises ``Interrupted``.
    """
    searching = _("Trying https on {host} …", host=url.host)
    equivalent = await context.busy.run(searching, find_https_equivalent, url)
    answers = {"back": _("Cancel")}
    texts = [
        _(
            "{address} is not encrypted: anyone on the way to {host} can read the key and everything you send. "
            "Use it only with a key that you can afford to lose.",
            address=url,
            host=url.host,
        )
    ]
    if equivalent is not None:
        answers["https"] = _("Use https")
        texts.append(_("The host also supports https: {address}", address=equivalent))
    answers["http"] = _("Use http")
    question = QuestionScreen(_("The key would be sent unencrypted"), "\n\n".join(texts), answers)
    chosen = {"https": equivalent, "http": url}.get(await context.app.push_screen_wait(question) or "")
    return str(chosen) if chosen else None


async def save(
    context: FlowContext, draft: Draft, opened: Opened | None, *, is_new: bool
) -> LaunchRecord | Opened | None:
    """Save a draft; return its record, the profile to load instead, or None to go on editing.

    ``opened`` is the profile as it was when it was opened. Raises as ``save_draft`` does.
    """
    while True:
        try:
            return await context.busy.run(
                _("Saving …"), save_draft, context.paths, draft, replace_existing=not is_new, opened=opened
            )
        except EditedMeanwhile as conflict:
            answer = await _resolve(context, conflict)
            if answer != "mine":
                return conflict.now if answer == "theirs" else None
            opened, is_new = conflict.now, conflict.is_gone


async def _resolve(context: FlowContext, conflict: EditedMeanwhile) -> str | None:
    answers = {"back": _("Keep editing")}
    if conflict.is_gone:
        title = _("The profile was removed")
        answers["mine"] = _("Save anyway")
    else:
        title = _("The profile was changed")
        answers["mine"] = _("Keep mine")
        if conflict.now is not None:
            answers["theirs"] = _("Load theirs")
    return await context.app.push_screen_wait(QuestionScreen(title, str(conflict), answers))
