"""The live test: sends what a tool will send, and judges what comes back. It knows no tool.

``plan`` describes a test, ``runner`` runs it, ``report`` has the result; ``prompt`` sends a prompt of the user's.
Below them: ``checks`` (one question each), ``judge`` (what an answer means), ``client`` (requests on the wire).
``client_shape`` is what a target tells of its tool. Called by ``services``, which builds the plans.
"""
