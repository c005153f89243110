"""Apply a profile to targets, restore the original settings, undo, and preview each."""
