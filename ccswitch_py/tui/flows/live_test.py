"""Questions that come before a live test."""

from __future__ import annotations

from typing import Any

from textual.app import App

from ccswitch_py.core.language import _, join_sentences
from ccswitch_py.services.live_test.tool import find_real_client
from ccswitch_py.tui.background import in_background
from ccswitch_py.tui.screens.question import confirm


async def confirm_real_client(app: App[Any], remark: str = "") -> bool:
    """Ask whether the user's own client may be run: it finds out what no test of ours can. Raises ``NotFound``."""
    await in_background(find_real_client)
    notice = _(
        "This runs your own Claude Code once with this profile, in an empty folder, and asks it for one word. "
        "That is a full Claude Code request: about 20,000 tokens, which the gateway may charge for."
    )
    return await confirm(app, _("Ask Claude Code"), join_sentences(notice, remark), _("Ask"))
