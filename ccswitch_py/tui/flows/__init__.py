"""Actions of several steps (ask, run, report) that screens start for a profile; only screens call them."""
