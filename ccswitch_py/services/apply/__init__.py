"""Writing a profile into a target, and restoring what was there: use, off, undo and their preview."""
