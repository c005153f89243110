"""Makes secrets and untrusted text safe to show. One function for each job; it knows no tool's settings.

- ``secret``: a key in memory, and ``scrub``, which removes it from a text in every encoding.
- ``key_patterns``: what a key looks like, and which names carry one.
- ``plaintext_keys``: keys in files of any kind, told from placeholders and references.
- ``masking``: addresses, commands and texts without what may be a key.
- ``printable``: text for a terminal or a widget, and JSON with escapes; nothing moves the cursor.
- ``gateway_text``: a gateway's text: short, printable, without the key or a part of it.
- ``streamed_text``: the same for an answer that arrives in pieces.
"""
