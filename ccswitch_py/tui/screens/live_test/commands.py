"""What can be done with live tests."""

from __future__ import annotations

from ccswitch_py.core.language import N_
from ccswitch_py.tui.commands import Command

COMMANDS = (
    Command(
        "enter",
        "open",
        N_("Open"),
        N_("Show all of the selected row: what was sent, and what came back"),
        "ccswitch test NAME --verbose",
    ),
    Command("t", "again", N_("Test again"), N_("Test the selected profile again"), "ccswitch test NAME"),
    Command("r", "again", N_("Test again"), shown=False),
    Command(
        "f",
        "fix",
        N_("Fix"),
        N_("Set the switches that mend the selected profile, and test it again"),
        "ccswitch test NAME --fix",
    ),
    Command(
        "g",
        "ask_claude_code",
        N_("Ask Claude Code"),
        N_("Test again, and let your own Claude Code ask as well"),
        "ccswitch test NAME --with-claude",
    ),
    Command("a", "all", N_("Test all"), N_("Test all profiles"), "ccswitch test --all"),
    Command("escape", "leave", N_("Back"), N_("Stop the test that runs, or go back")),
)
