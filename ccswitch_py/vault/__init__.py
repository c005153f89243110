"""Keys: the backends that may keep them, and how a reference becomes a key. Nothing here knows a tool.

- ``reference``: fetches the key of a ``KeyRef``; the quick commands call only this.
- ``store``, ``backends``, ``backend_policy``: where keys are kept, and which backend is trusted.
- ``library_process``, ``secret_service_client``: the two ways to an OS keyring.
- ``program``: runs a program that prints a key.
- ``pasted_key``: cleans what a user pastes.
"""
