"""The protocols between a tool and a gateway: build requests, read answers and streams. Pure; ``judge`` judges them.

``base`` is the interface, ``table`` has the four; ``values`` reads JSON, ``stream`` has what streams have in common.
Called by the modules of ``probe``.
"""
