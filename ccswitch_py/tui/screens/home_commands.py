"""What can be done with the profiles."""

from __future__ import annotations

from ccswitch_py.language import later
from ccswitch_py.tui.commands import Command

COMMANDS = [
    Command(
        "enter",
        "use",
        later("Use"),
        later("Write the profile into the settings, after showing the change"),
        "ccswitch use NAME",
    ),
    Command("t", "test", later("Test"), later("Ask the gateway what Claude Code will ask"), "ccswitch test NAME"),
    Command("a", "test_all", later("Test all"), later("Ask the gateways of all profiles"), "ccswitch test --all"),
    Command("e", "edit", later("Edit"), later("Change the profile"), "ccswitch edit NAME ..."),
    Command("n", "new", later("New"), later("Set up another gateway"), "ccswitch add NAME ..."),
    Command(
        "r",
        "run",
        later("Run"),
        later("Run Claude Code with the profile in this terminal, and come back"),
        "ccswitch run NAME",
    ),
    Command("u", "undo", later("Undo"), later("Take the last change of the settings back"), "ccswitch undo"),
    Command("slash", "filter", later("Filter"), later("Show only what has a text in name, provider or models")),
    Command("escape", "leave_filter", later("All"), later("Show all profiles again")),
    Command(
        "d", "duplicate", later("Duplicate"), later("Copy the profile with its key"), "ccswitch duplicate NAME NEW"
    ),
    Command(
        "x", "export", later("Export"), later("Write the profile to a file, without its key"), "ccswitch export NAME"
    ),
    Command("f2", "rename", later("Rename"), later("Give the profile another name"), "ccswitch rename NAME NEW"),
    Command(
        "delete",
        "remove",
        later("Remove"),
        later("Remove the profile, and its key unless another one uses it"),
        "ccswitch remove NAME",
    ),
    Command("o", "off", later("Off"), later("Give the settings back as they were before ccswitch"), "ccswitch off"),
    Command("q", "app.quit", later("Quit"), later("Leave ccswitch")),
]

NEED_A_PROFILE = frozenset(("use", "test", "test_all", "edit", "run", "duplicate", "export", "rename", "remove"))
