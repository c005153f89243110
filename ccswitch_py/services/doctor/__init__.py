"""Examine everything that ccswitch and its targets rely on, and mend what can be mended without loss."""
