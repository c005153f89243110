"""Examine everything that ccswitch and its targets rely on, and fix what can be fixed without loss."""
