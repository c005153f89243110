"""One request and its answer on the wire: TLS, proxy, transport, content encoding, server-sent events.

Knows neither the meaning of an answer nor any tool. Called by the modules of ``probe`` and by ``services``.
"""
