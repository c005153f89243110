"""What can be done with the profiles."""

from __future__ import annotations

from ccswitch_py.core.language import N_
from ccswitch_py.tui.commands import Command

COMMANDS = [
    Command(
        "enter",
        "do('use')",
        N_("Use"),
        N_("Write the profile into the settings, after showing the change"),
        "ccswitch use NAME",
    ),
    Command("t", "do('test')", N_("Test"), N_("Ask the gateway what Claude Code will ask"), "ccswitch test NAME"),
    Command("a", "do('test_all')", N_("Test all"), N_("Ask the gateways of all profiles"), "ccswitch test --all"),
    Command("e", "do('edit')", N_("Edit"), N_("Change the profile"), "ccswitch edit NAME ..."),
    Command("n", "do('new')", N_("New"), N_("Set up another gateway"), "ccswitch add NAME ..."),
    Command(
        "r",
        "do('run')",
        N_("Run"),
        N_("Run Claude Code with the profile in this terminal, and come back"),
        "ccswitch run NAME",
    ),
    Command("u", "do('undo')", N_("Undo"), N_("Take the last change of the settings back"), "ccswitch undo"),
    Command("slash", "filter", N_("Filter"), N_("Show only what has a text in its row")),
    Command("escape", "stop", N_("Stop"), N_("Stop what is waited for")),
    Command("escape", "leave_filter", N_("All"), N_("Show all profiles again")),
    Command(
        "d", "do('duplicate')", N_("Duplicate"), N_("Copy the profile with its key"), "ccswitch duplicate NAME NEW"
    ),
    Command(
        "x", "do('export')", N_("Export"), N_("Write the profile to a file, without its key"), "ccswitch export NAME"
    ),
    Command("f2", "do('rename')", N_("Rename"), N_("Give the profile another name"), "ccswitch rename NAME NEW"),
    Command(
        "delete",
        "do('remove')",
        N_("Remove"),
        N_("Remove the profile, and its key unless another one uses it"),
        "ccswitch remove NAME",
    ),
    Command("o", "do('off')", N_("Off"), N_("Give the settings back as they were before ccswitch"), "ccswitch off"),
    Command("K", "do('keys')", N_("Keys"), N_("Where each key is kept, and who uses it"), "ccswitch keys"),
    Command(
        "w",
        "do('explain')",
        N_("Why"),
        N_("Which address, key and models Claude Code will use in this folder, and why"),
        "ccswitch explain",
    ),
    Command("y", "do('copy_command')", N_("Copy command"), N_("Copy what starts Claude Code with the profile")),
    Command("Y", "do('show_command')", N_("Show command"), N_("Show that command whole"), shown=False),
    Command("shift+up", "scroll_details(-1)", N_("Scroll up"), N_("Read the details back"), shown=False),
    Command("shift+down", "scroll_details(1)", N_("Scroll down"), N_("Read the details on"), shown=False),
    Command("q", "app.quit", N_("Quit"), N_("Leave ccswitch")),
]
