"""The protocols between a tool and a gateway: the body of a request, and what an answer or a stream holds.

``base`` is the interface, ``table`` has the four; ``values`` reads JSON, ``stream`` what streams have in common. Pure,
and without a judgement. Called by the modules of ``probe``.
"""
