"""A provider file of the user's own, with the embedded gateway in the place of mingyan."""

OWN_MINGYAN = """
schema = 1
id = "mingyan"
name = "mingyan"
base_url = "{base_url}"
source = "a test"
checked = 2026-01-01

[[models]]
id = "gpt-5.4-low"
family = "GPT"
version = "low-cost"
images = false

[[models]]
id = "claude-haiku-4-5"
family = "Claude"

[defaults]
main = "gpt-5.4-low"
"""
