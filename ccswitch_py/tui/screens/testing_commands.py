"""What can be done with live tests."""

from __future__ import annotations

from ccswitch_py.language import later
from ccswitch_py.tui.commands import Command

COMMANDS = (
    Command(
        "enter",
        "open",
        later("Open"),
        later("Show all of the selected row: what was sent, and what came back"),
        "ccswitch test NAME --verbose",
    ),
    Command("t", "again", later("Test again"), later("Test the selected profile again"), "ccswitch test NAME"),
    Command("r", "again", later("Test again"), shown=False),
    Command(
        "f",
        "fix",
        later("Fix"),
        later("Set the switches that mend the selected profile, and test it again"),
        "ccswitch test NAME --fix",
    ),
    Command(
        "g",
        "ask_claude_code",
        later("Ask Claude Code"),
        later("Test again, and let your own Claude Code ask as well"),
        "ccswitch test NAME --with-claude",
    ),
    Command("a", "all", later("Test all"), later("Test all profiles"), "ccswitch test --all"),
    Command("escape", "leave", later("Back"), later("Stop the test that runs, or go back")),
)
