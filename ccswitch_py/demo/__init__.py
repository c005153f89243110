"""The embedded gateway of ``ccswitch demo``: the Messages page, tools, token counts and a prompt cache, on loopback."""
