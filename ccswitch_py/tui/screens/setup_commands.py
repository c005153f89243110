"""What can be done in the setup form."""

from __future__ import annotations

from ccswitch_py.language import later
from ccswitch_py.tui.commands import Command

COMMANDS = (
    Command("escape", "stop", later("Stop"), later("Stop the test, or whatever is waited for")),
    Command(
        "ctrl+t",
        "test",
        later("Test"),
        later("Ask the gateway what Claude Code will ask"),
        "ccswitch test NAME",
        priority=True,
    ),
    Command(
        "ctrl+f",
        "fix",
        later("Fix"),
        later("Set the switches that leave out what the gateway refuses"),
        "ccswitch test NAME --fix",
        priority=True,
    ),
    Command(
        "ctrl+g",
        "ask_claude_code",
        later("Ask Claude Code"),
        later("Let your own Claude Code ask a gateway that serves no other program"),
        "ccswitch test NAME --with-claude",
        priority=True,
    ),
    Command(
        "ctrl+o",
        "save",
        later("Save"),
        later("Put the key into the keyring and write the profile"),
        "ccswitch add NAME ...",
        priority=True,
    ),
    Command(
        "ctrl+r",
        "save_and_use",
        later("Save and use"),
        later("Save, show what changes in settings.json, and write it after a yes"),
        "ccswitch use NAME",
        priority=True,
    ),
    Command(
        "ctrl+l",
        "list_models",
        later("List models"),
        later("Ask the gateway which models it lists to this key"),
        "ccswitch models NAME --refresh",
        priority=True,
    ),
    Command(
        "f4",
        "more",
        later("More"),
        later("Fable and subagent models, limits, headers, how the key is sent, compatibility switches"),
        "ccswitch edit NAME --header NAME:VALUE --switch NAME=VALUE ...",
        priority=True,
    ),
    Command("escape", "leave", later("Back"), later("Go back; what is not saved is lost only after a yes")),
    Command(
        "ctrl+e",
        "same_as_main",
        later("Same as main"),
        later("Give the other three roles the main model"),
        "ccswitch edit NAME --same-as-main",
        shown=False,
        priority=True,
    ),
)
