"""The embedded gateway of ``ccswitch demo``: the Messages page, tools, token counts and a prompt cache, on loopback.

``server`` has the sockets, ``routes`` the rules, ``request`` and ``answer`` the two sides of a conversation. Needs the
standard library only. Called by ``services`` and ``cli``.
"""
