"""The embedded gateway of ``ccswitch demo``: the whole of the Messages page, on loopback."""
