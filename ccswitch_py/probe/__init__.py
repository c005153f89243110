"""The live test: what the tool will send, sent for real, and what the answer means."""
