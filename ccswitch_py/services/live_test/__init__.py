"""The live test of saved profiles and of drafts, for ``cli`` and ``tui``.

``batch`` tests many profiles, ``draft`` the setup form; ``plans`` has what will be sent, ``results``
remembers what was found, ``fix`` acts on it, ``models`` lists a gateway's models, ``real_client`` runs the tool itself.
"""
