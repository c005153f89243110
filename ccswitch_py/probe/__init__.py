"""The live test: sends what a tool will send, and judges what comes back. It knows no tool.

``plan`` says what to test, ``runner`` does it, ``report`` has the result; ``prompt`` is one question of the user's own.
Below them: ``checks`` (one question each), ``judge`` (what an answer means), ``client`` (requests on the wire).
``client_shape`` is what a target tells of its tool. Called by ``services``, which builds the plans.
"""
