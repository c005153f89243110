"""What can be done in the setup form."""

from __future__ import annotations

from ccswitch_py.core.language import N_
from ccswitch_py.tui.commands import Command

COMMANDS = (
    Command("escape", "stop", N_("Stop"), N_("Stop the test, or whatever is waited for")),
    Command(
        "ctrl+t",
        "test",
        N_("Test"),
        N_("Ask the gateway what Claude Code will ask"),
        "ccswitch test NAME",
        priority=True,
    ),
    Command(
        "ctrl+f",
        "fix",
        N_("Fix"),
        N_("Set the switches that leave out what the gateway refuses"),
        "ccswitch test NAME --fix",
        priority=True,
    ),
    Command(
        "ctrl+g",
        "ask_claude_code",
        N_("Ask Claude Code"),
        N_("Let your own Claude Code ask a gateway that serves no other program"),
        "ccswitch test NAME --with-claude",
        priority=True,
    ),
    Command(
        "ctrl+o",
        "save",
        N_("Save"),
        N_("Put the key into the keyring and write the profile"),
        "ccswitch add NAME ...",
        priority=True,
    ),
    Command(
        "ctrl+r",
        "save_and_use",
        N_("Save and use"),
        N_("Save, show what changes, and write it after a yes"),
        "ccswitch use NAME",
        priority=True,
    ),
    Command(
        "ctrl+l",
        "list_models",
        N_("List models"),
        N_("Ask the gateway which models it lists to this key"),
        "ccswitch models NAME --refresh",
        priority=True,
    ),
    Command(
        "f4",
        "more",
        N_("More"),
        N_("Fable and subagent models, limits, headers, how the key is sent, compatibility switches"),
        "ccswitch edit NAME --header NAME:VALUE --switch NAME=VALUE ...",
        priority=True,
    ),
    Command("escape", "leave", N_("Back"), N_("Go back; what is not saved is lost only after a yes")),
    Command(
        "ctrl+e",
        "same_as_main",
        N_("Same as main"),
        N_("Give the other three roles the main model"),
        "ccswitch edit NAME --same-as-main",
        shown=False,
        priority=True,
    ),
)
