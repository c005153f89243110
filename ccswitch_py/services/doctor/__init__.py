"""Looks whether everything that ccswitch and Claude Code rely on is in order, and says how to mend what is not."""
