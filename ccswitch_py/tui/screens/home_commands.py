"""What can be done with the profiles."""

from __future__ import annotations

from ccswitch_py.language import later
from ccswitch_py.tui.commands import Command

COMMANDS = [
    Command(
        "enter",
        "do('use')",
        later("Use"),
        later("Write the profile into the settings, after showing the change"),
        "ccswitch use NAME",
    ),
    Command("t", "do('test')", later("Test"), later("Ask the gateway what Claude Code will ask"), "ccswitch test NAME"),
    Command("a", "do('test_all')", later("Test all"), later("Ask the gateways of all profiles"), "ccswitch test --all"),
    Command("e", "do('edit')", later("Edit"), later("Change the profile"), "ccswitch edit NAME ..."),
    Command("n", "do('new')", later("New"), later("Set up another gateway"), "ccswitch add NAME ..."),
    Command(
        "r",
        "do('run')",
        later("Run"),
        later("Run Claude Code with the profile in this terminal, and come back"),
        "ccswitch run NAME",
    ),
    Command("u", "do('undo')", later("Undo"), later("Take the last change of the settings back"), "ccswitch undo"),
    Command("slash", "filter", later("Filter"), later("Show only what has a text in its row")),
    Command("escape", "stop", later("Stop"), later("Stop what is waited for")),
    Command("escape", "leave_filter", later("All"), later("Show all profiles again")),
    Command(
        "d",
        "do('duplicate')",
        later("Duplicate"),
        later("Copy the profile with its key"),
        "ccswitch duplicate NAME NEW",
    ),
    Command(
        "x",
        "do('export')",
        later("Export"),
        later("Write the profile to a file, without its key"),
        "ccswitch export NAME",
    ),
    Command("f2", "do('rename')", later("Rename"), later("Give the profile another name"), "ccswitch rename NAME NEW"),
    Command(
        "delete",
        "do('remove')",
        later("Remove"),
        later("Remove the profile, and its key unless another one uses it"),
        "ccswitch remove NAME",
    ),
    Command(
        "o", "do('off')", later("Off"), later("Give the settings back as they were before ccswitch"), "ccswitch off"
    ),
    Command("K", "do('keys')", later("Keys"), later("Where each key is kept, and who uses it"), "ccswitch keys"),
    Command(
        "w",
        "do('explain')",
        later("Why"),
        later("Which address, key and models Claude Code will use in this folder, and why"),
        "ccswitch explain",
    ),
    Command("y", "do('copy_command')", later("Copy command"), later("Copy what starts Claude Code with the profile")),
    Command("Y", "do('show_command')", later("Show command"), later("Show that command whole"), shown=False),
    Command("shift+up", "scroll_details(-1)", later("Scroll up"), later("Read the details back"), shown=False),
    Command("shift+down", "scroll_details(1)", later("Scroll down"), later("Read the details on"), shown=False),
    Command("q", "app.quit", later("Quit"), later("Leave ccswitch")),
]
