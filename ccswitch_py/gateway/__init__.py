"""The embedded gateway of ``ccswitch demo``: the Messages page, with tools and token counts, on loopback."""
